import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keeper } from '../../../src/sources/telegram/keep.js';

/** `{ id, named, fails }`: an update with its true id, whether its text shows it, and whether keeping it fails. */
const queue = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), named: fc.boolean(), fails: fc.boolean() }), { maxLength: 8 })
  .map((items) => {
    let id = 100;
    return items.map(({ gap, named, fails }) => ({ id: (id += gap), named, fails }));
  });

const updateOf = (id: number, named = true) => {
  const value = named ? { update_id: id } : { nameless: id };
  return { text: JSON.stringify(value), value };
};

describe('keeper', () => {
  test('never lets anything be confirmed that is not durable, and always gets on when all is', async () => {
    await fc.assert(
      fc.asyncProperty(queue, fc.constantFrom(undefined, 50, 101), async (items, offset) => {
        const durable = new Set<string>();
        const hand = async (text: string) => {
          if (items.some(({ id, named, fails }) => fails && updateOf(id, named).text === text)) throw new Error('disk full');
          durable.add(text);
        };
        const keep = keeper({ append: hand, reject: hand, wants: () => true });
        const kept = await keep(
          items.map(({ id, named }) => updateOf(id, named)),
          offset,
        );
        const confirmed = items.filter(({ id }) => id < (kept.offset ?? 0));
        expect(confirmed.filter(({ id, named }) => !durable.has(updateOf(id, named).text))).toEqual([]);
        expect(kept.failure !== undefined).toBe(items.some(({ fails }) => fails));
        const last = items.findLast(({ named }) => named);
        const complete = last !== undefined && kept.failure === undefined;
        expect(complete ? (kept.offset ?? 0) > last.id : true).toBe(true);
      }),
    );
  });

  test('ids that do not ascend are confirmed no further than the one that failed', async () => {
    const keep = keeper({
      append: async (text) => (text.includes('10') ? Promise.reject(new Error('no')) : undefined),
      reject: async () => {},
      wants: () => true,
    });
    expect((await keep([updateOf(12), updateOf(10)], undefined)).offset).toBe(10);
  });

  test('ids below the offset, as after a restart of the ids, are confirmed as they are', async () => {
    const keep = keeper({ append: async () => {}, reject: async () => {}, wants: () => true });
    expect((await keep([updateOf(7)], 900)).offset).toBe(8);
  });

  test('an id that would make a negative offset counts as none', async () => {
    const rejected: string[] = [];
    const keep = keeper({ append: async () => {}, reject: async (_, reason) => void rejected.push(reason), wants: () => true });
    expect((await keep([updateOf(-5), updateOf(1.5), { text: '[]', value: [] }], undefined)).offset).toBeUndefined();
    expect(rejected).toEqual(['no integer update_id', 'no integer update_id', 'not a JSON object']);
  });
});
