import type { Block } from '../cache/block.js';
import type { Countable } from '../cache/snapshot.js';
import { type Day, monthStartOf } from '../calendar.js';
import { blocksIn, type Selection } from './selection.js';

/** Share of the rows that the first part has: the newest months, and what else a view has, take longer. */
const FIRST = 0.64;

/**
 * Cuts a selection in two that take about as long, and are counted each for itself: the days before, and the others. Undefined where it has fewer than
 * `least` rows, or no quarter to be cut at. Quarters are counted beforehand, and no bucket but a week is torn.
 */
export function inTwo(snapshot: Countable, selection: Selection, least: number): readonly [Selection, Selection] | undefined {
  if (selection.bucket !== 'month') return undefined;
  const blocks = blocksIn(snapshot, selection);
  const total = rowsOf(blocks);
  if (total < least) return undefined;
  let [best, nearest, before] = [selection.first, total, 0];
  for (const { day, count } of blocks) {
    const start = monthStartOf(day);
    const off = Math.abs(FIRST * total - before);
    if (before > 0 && start > best && isQuarter(start) && off < nearest) [best, nearest] = [start, off];
    before += count;
  }
  return best === selection.first
    ? undefined
    : [
        { ...selection, last: best - 1 },
        { ...selection, first: best },
      ];
}

/** Rows that are gone through at most. */
export const rowsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { count }) => sum + count, 0);

const isQuarter = (monthStart: Day): boolean => new Date(monthStart * 86_400_000).getUTCMonth() % 3 === 0;
