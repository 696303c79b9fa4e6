import type { Block } from '../cache/block.js';
import type { Rollup } from '../cache/rollups.js';
import type { Snapshot } from '../cache/snapshot.js';
import { type Found, most } from '../panels/most.js';
import { passing } from './passing.js';
import type { Selection } from './selection.js';
import { addCounted, type Visitor } from './tally.js';

/** What is said most often, where it must be said twice at least. */
export interface Said {
  readonly visitor: Visitor;
  readonly most: (limit: number, textOf: (number: number) => string) => Found[];
}

const LEAST = 2;

/**
 * Counts words or contents. Of closed quarters only the heads are counted at first; when one of the others might be among the most frequent ones,
 * those days are gone through after all. `count` adds what the rows of a block say; null: all of them.
 */
export function saidIn(
  { rollups }: Snapshot,
  selection: Selection,
  what: 'words' | 'contents',
  size: number,
  count: (counts: Uint32Array, block: Block, rows: Uint32Array | null) => void,
): Said {
  const heads = rollups[what];
  let counts = new Uint32Array(size);
  const rolled: Rollup[] = [];
  /** Counts the quarters' days row by row; what was counted of their heads is there already. */
  function countOthers(): void {
    const all = new Uint32Array(size);
    for (const { blocks } of rolled) {
      for (const block of blocks) {
        const passed = passing(block, selection);
        if (passed !== undefined) count(all, block, passed.rows);
      }
    }
    for (const number of heads.numbers) all[number] = 0;
    counts = counts.map((found, number) => found + (all[number] as number));
  }
  return {
    visitor: {
      rollup(rollup, slots) {
        rolled.push(rollup);
        addCounted(counts, rollup[what], slots);
      },
      block: (block, { rows }) => count(counts, block, rows),
    },
    most(limit, textOf) {
      const found = most(counts, limit, textOf, LEAST);
      const bar = found.length < limit ? LEAST : (found[limit - 1] as Found).count;
      if (rolled.length === 0 || heads.others < bar) return found;
      countOthers();
      return most(counts, limit, textOf, LEAST);
    },
  };
}
