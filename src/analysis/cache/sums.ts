import { MANNERS, mannerOf } from './block.js';
import { type Compact, compact } from './compact.js';
import type { Lines } from './only.js';

/** Rows of a stretch by what they belong to and by manner, in order of number. */
export interface Sums {
  readonly number: Uint32Array;
  readonly manner: Uint16Array;
  readonly rows: Compact;
  readonly chars: Compact;
}

/** What each person wrote. */
export const peopleSums = (blocks: readonly Lines[]): Sums =>
  sumsOf(blocks, ({ runs: { person, from } }, row) => {
    for (let run = 0; run < person.length; run += 1)
      for (let at = from[run] as number; at < (from[run + 1] as number); at += 1) row(person[run] as number, at);
  });

/** What was written in each conversation. */
export function conversationSums(blocks: readonly Lines[]): Omit<Sums, 'chars'> {
  const { number, manner, rows } = sumsOf(blocks, ({ count, conversation, conversations: { value } }, row) => {
    for (let at = 0; at < count; at += 1) row(value[conversation[at] as number] as number, at);
  });
  return { number, manner, rows };
}

/** `each` tells of every row of a block what it belongs to. */
function sumsOf(blocks: readonly Lines[], each: (block: Lines, row: (number: number, at: number) => void) => void): Sums {
  let most = 0;
  for (const block of blocks) each(block, (number) => (most = Math.max(most, number)));
  // Rows of the same number side by side, as in a counting sort.
  const to = new Uint32Array(most + 2);
  for (const block of blocks) each(block, (number) => (to[number + 1] = (to[number + 1] as number) + 1));
  for (let number = 0; number <= most; number += 1) to[number + 1] = (to[number + 1] as number) + (to[number] as number);
  const free = to.slice();
  const total = to[most + 1] as number;
  const [manners, lengths] = [new Uint16Array(total), new Uint16Array(total)];
  for (const block of blocks)
    each(block, (number, at) => {
      const place = free[number] as number;
      free[number] = place + 1;
      manners[place] = mannerOf(block.slot[at] as number);
      lengths[place] = block.chars[at] as number;
    });
  const [number, manner, rows, chars]: [number[], number[], number[], number[]] = [[], [], [], []];
  const counts = new Uint32Array(MANNERS);
  const sums = new Uint32Array(MANNERS);
  for (let who = 0; who <= most; who += 1) {
    for (let at = to[who] as number; at < (to[who + 1] as number); at += 1) {
      const how = manners[at] as number;
      if (counts[how] === 0) {
        number.push(who);
        manner.push(how);
      }
      counts[how] = (counts[how] as number) + 1;
      sums[how] = (sums[how] as number) + (lengths[at] as number);
    }
    for (let at = rows.length; at < manner.length; at += 1) {
      const how = manner[at] as number;
      rows.push(counts[how] as number);
      chars.push(sums[how] as number);
      counts[how] = 0;
      sums[how] = 0;
    }
  }
  return {
    number: Uint32Array.from(number),
    manner: Uint16Array.from(manner),
    rows: compact(Uint32Array.from(rows)),
    chars: compact(Uint32Array.from(chars)),
  };
}
