import type { Snapshot } from '../cache/snapshot.js';
import type { Filters, Range } from '../types.js';
import { selectionOf } from './selection.js';
import { type Tally, tallyOf } from './tally.js';

/** Counts of each hour of the one day of a range, in order; null where the filters leave an hour out, and after the last message of a day under way. */
export function hoursOf(snapshot: Snapshot, filters: Filters, range: Range, underway: boolean): (Tally | null)[] {
  const { hour: wanted = [] } = filters;
  const hours = Array.from({ length: 24 }, (_, hour) =>
    wanted.length > 0 && !wanted.includes(hour) ? null : tallyOf(snapshot, selectionOf(snapshot, { ...filters, hour: [hour] }, range)),
  );
  const last = underway ? hours.findLastIndex((tally) => tally !== null && tally.messages > 0) : hours.length;
  return hours.map((tally, hour) => (hour > last ? null : tally));
}
