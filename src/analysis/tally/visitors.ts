import type { Block } from '../cache/block.js';
import type { Marks } from '../facts/day-facts.js';
import type { Visitor } from './tally.js';

/** How often each number occurs among the rows that pass. */
export function sparseCounts(of: (block: Block) => Marks, size: number): { readonly visitor: Visitor; readonly counts: Uint32Array } {
  const counts = new Uint32Array(size);
  const visitor: Visitor = {
    block(block, { ok }) {
      const { row, value } = of(block);
      for (let at = 0; at < row.length; at += 1) {
        const number = value[at] as number;
        if (ok === null || ok[row[at] as number] === 1) counts[number] = (counts[number] as number) + 1;
      }
    },
  };
  return { visitor, counts };
}
