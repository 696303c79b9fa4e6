import { expect, it } from 'vitest';
import fc from 'fast-check';
import { byText } from '../../src/analysis/panels/panel.js';

it('texts stand in the order of their bytes, as SQL has them, also where emoji meet rare letters', () => {
  expect(['\u{1f469}', '\ufdfa', 'a', '', 'ab', '\u3164'].sort(byText)).toEqual(['', 'a', 'ab', '\u3164', '\ufdfa', '\u{1f469}']);
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  fc.assert(fc.property(text, text, (a, b) => Math.sign(byText(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))));
});
