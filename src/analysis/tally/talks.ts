import type { Block } from '../cache/block.js';
import type { Day } from '../calendar.js';
import type { Sums } from '../cache/sums.js';
import type { Passed } from './passing.js';

/** Rows by conversation, and how many conversations each stretch of days has. */
export interface Talks {
  /** By conversation's number. */
  readonly rows: Uint32Array;
  /** By first day of the stretch. */
  readonly conversations: Map<Day, number>;
  add(block: Block, passing: Passed): void;
  /** Takes in rows that are summed already, of the manners that pass; null: all. */
  take(sums: Omit<Sums, 'chars'>, manners: Uint8Array | null): void;
}

/** `startOf` gives the first day of the stretch that a day belongs to. Blocks come in order of day. */
export function talksIn(size: number, startOf: (day: Day) => Day): Talks {
  const rows = new Uint32Array(size);
  const conversations = new Map<Day, number>();
  const last = new Int32Array(size).fill(-0x8000_0000);
  return {
    rows,
    conversations,
    take({ number, manner, rows: summed }, manners) {
      for (let at = 0; at < number.length; at += 1) {
        const which = number[at] as number;
        if (manners === null || manners[manner[at] as number] === 1) rows[which] = (rows[which] as number) + (summed[at] as number);
      }
    },
    add({ day, conversations: { value, count } }, { talks }) {
      const start = startOf(day);
      const found = talks ?? count;
      let fresh = 0;
      for (let place = 0; place < value.length; place += 1) {
        const by = found[place] as number;
        if (by === 0) continue;
        const which = value[place] as number;
        rows[which] = (rows[which] as number) + by;
        if (last[which] !== start) fresh += 1;
        last[which] = start;
      }
      if (fresh > 0) conversations.set(start, (conversations.get(start) ?? 0) + fresh);
    },
  };
}
