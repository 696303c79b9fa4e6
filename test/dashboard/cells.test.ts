import { expect, it } from 'vitest';
import { calledBy } from '../../src/analysis/text/seen.js';
import { channelName } from '../../src/dashboard/format/cell.js';
import { initials } from '../../src/dashboard/format/initials.js';
import { pt } from '../../src/dashboard/words/pt.js';

it('the nameless are told apart by the end of their ids, and no more of a number is shown', () => {
  expect(calledBy('Ana', 'whatsapp:5511900000075', pt.noName)).toBe('Ana');
  expect(calledBy(null, 'whatsapp:5511900000075', pt.noName)).toBe('sem nome …0075');
  expect(calledBy(null, null, pt.noName)).toBe('sem nome');
});

it.each(['', '   ', '\u200b\u200d\ufeff', '\u2800', '\u3164', '\u202e', '\u0007', '\u0301'])(
  'a name that shows nothing is none: %j',
  (name) => expect(calledBy(name, 'telegram:123456', pt.noName)).toBe('sem nome …3456'),
);

it.each(['.', '👩‍👩‍👧‍👦', 'שלום', '\u202eAna', '0'])('a name that shows anything is kept: %j', (name) =>
  expect(calledBy(name, 'telegram:123456', pt.noName)).toBe(name),
);

it.each([
  ['Ana Beatriz Souza', 'AB'],
  ['"><img src', 'IS'],
  ['e\u0301rica', 'É'],
  ['हिन्दी', 'हि'],
  ['T\u0331\u033a\u033a\u0315\u0360o\u035e', '\u1e6e'],
  ['👩‍👩‍👧‍👦 ', '👩‍👩‍👧‍👦'],
  ['\u200b', '·'],
])('%j has the initials %s', (name, letters) => expect(initials(name)).toBe(letters));

it('channels are written as their owners do', () =>
  expect(['telegram', 'whatsapp', 'signal'].map(channelName)).toEqual(['Telegram', 'WhatsApp', 'signal']));
