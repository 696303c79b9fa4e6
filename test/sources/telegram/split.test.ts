import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementTexts } from '../../../src/sources/telegram/split.js';

/** JSON text of a value with random space between tokens and random escapes, together with the value. */
const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);
const stringText = fc
  .string({ unit: 'binary' })
  .chain((text) =>
    fc.constantFrom(
      JSON.stringify(text),
      `"${text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`,
    ),
  );
const scalarText = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1e3', '-12.50E-2', '""', '"]"', '"\\\\"', '"\\"],[{"'),
  fc.integer().map(String),
  stringText,
);
const { value: valueText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalarText,
    fc.tuple(fc.array(tie('value'), { maxLength: 4 }), space).map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    fc
      .tuple(fc.array(fc.tuple(stringText, tie('value')), { maxLength: 4 }), space)
      .map(([entries, gap]) => `{${gap}${entries.map(([key, value]) => `${key}${gap}:${gap}${value}`).join(`${gap},${gap}`)}${gap}}`),
  ),
}));

describe('elementTexts', () => {
  test('gives every element exactly as it stands in the text', () => {
    const body = fc
      .record({
        items: fc.array(valueText, { maxLength: 6 }),
        before: fc.array(fc.tuple(stringText, valueText), { maxLength: 2 }),
        after: valueText,
        gap: space,
      })
      .map(({ items, before, after, gap }) => ({
        items,
        text: `${gap}{${gap}${before.map(([key, value]) => `${key}:${value},`).join('')}"result"${gap}:${gap}[${gap}${items.join(`${gap},${gap}`)}${gap}]${gap},"z":${after}${gap}}${gap}`,
      }));
    fc.assert(
      fc.property(body, ({ items, text }) => {
        const texts = elementTexts(text, 'result');
        expect(texts).toEqual(items);
        expect(texts?.map((item) => JSON.parse(item) as unknown)).toEqual((JSON.parse(text) as { result: unknown[] }).result);
      }),
      { numRuns: 500 },
    );
  });

  test('agrees with JSON.parse on whether there is such an array, for any JSON', () => {
    fc.assert(
      fc.property(valueText, (text) => {
        const value: unknown = JSON.parse(text);
        const array =
          typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>)['a'] : undefined;
        expect(elementTexts(text, 'a')?.map((item) => JSON.parse(item) as unknown)).toEqual(Array.isArray(array) ? array : undefined);
      }),
      { numRuns: 300 },
    );
  });

  test('reads an escaped key, and of a repeated one the last', () => {
    expect(elementTexts('{"res\\u0075lt":[1, 2]}', 'result')).toEqual(['1', '2']);
    expect(elementTexts('{"result":[1],"result":[2]}', 'result')).toEqual(['2']);
    expect(elementTexts('{"result":[1],"result":7}', 'result')).toBeUndefined();
    expect(elementTexts('{"other":{"result":[1]}}', 'result')).toBeUndefined();
    expect(elementTexts('[]', 'result')).toBeUndefined();
  });
});
