import { expect, it } from 'vitest';
import { importText } from '../../src/cli/import-text.js';
import { type Zone, zoneOf } from '../../src/zone.js';

const ZONE = zoneOf('-03:00') as Zone;

function told(count: number): string {
  const chats = Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    name: 'Clube',
    messages: count,
    people: count,
    first: 1720000000,
    last: null,
  }));
  const summary = {
    file: 'result.json',
    source: 'telegram' as const,
    notes: [],
    chats,
    kinds: { text: count },
    messages: count,
    others: 0,
    rejected: 0,
    reasons: {},
    people: count,
    sample: [],
  };
  return importText({ summary, written: count, before: 0, began: 0, cut: undefined }, ZONE, false);
}

it('counts one of a thing and several as people say it', () => {
  expect(told(1)).toBe(
    'result.json: telegram, 1 message in 1 chat by 1 person\n  Clube: 1 message, 1 person, 2024-07-03 to no date\n  1 text\n1 line written.\n',
  );
  expect(told(2)).toContain('2 messages in 2 chats by 2 people\n  Clube (1): 2 messages, 2 people,');
});
