import { expect, it } from 'vitest';
import { calledBy, channelName } from '../../src/dashboard/format/cell.js';
import { pt } from '../../src/dashboard/words/pt.js';

it('the nameless are told apart by the end of their ids, and no more of a number is shown', () => {
  expect(calledBy('Ana', 'whatsapp:5511900000075', pt)).toBe('Ana');
  expect(calledBy(null, 'whatsapp:5511900000075', pt)).toBe('sem nome …0075');
  expect(calledBy(null, null, pt)).toBe('sem nome');
});

it('channels are written as their owners do', () =>
  expect(['telegram', 'whatsapp', 'signal'].map(channelName)).toEqual(['Telegram', 'WhatsApp', 'signal']));
