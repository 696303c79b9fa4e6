import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatsKeys } from '../../src/sources/repeated-keys.js';

describe('repeatsKeys', () => {
  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"x":[{"b":{}},{"c":{"d":1,"e":[],"d":2}}]}', true],
    ['{ "a" : "}" , "a" : "{" }', true],
    ['{"a":"a","b":"a","c":["a","a"]}', false],
    ['{"a":{"a":{"a":1}},"b":{"a":1}}', false],
    ['[{"a":1},{"a":2}]', false],
    ['{"a":"\\",\\"a\\":","b":"\\\\"}', false],
    ['{}', false],
  ])('of %s is %s', (text, expected) => {
    expect(repeatsKeys(text)).toBe(expected);
  });

  it('finds a key that was written twice anywhere, and none where none was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, key) => {
        const text = JSON.stringify(value, null, 1);
        expect(repeatsKeys(text)).toBe(false);
        const name = JSON.stringify(key);
        expect(repeatsKeys(`[${text},{${name}:${text},${name}:${text}}]`)).toBe(true);
      }),
    );
  });
});
