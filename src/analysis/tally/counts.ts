import { type Gathered, putAll } from './median.js';

/** Things counted, in a form that another thread can hand over: sums by number, values by the start of a bucket, values gathered. */
export type Counts = readonly (Uint32Array | Float64Array | Map<string | number, unknown> | Gathered)[];

/** Adds what was counted the same way on other days; no bucket has days of both. */
export function addCounts(counts: Counts, others: Counts): void {
  for (const [at, mine] of counts.entries()) {
    const theirs = others[at];
    if (mine instanceof Map) for (const [start, value] of theirs as typeof mine) mine.set(start, value);
    else if ('values' in mine && 'count' in mine) putAll(mine, theirs as Gathered);
    else addAll(mine, theirs as typeof mine);
  }
}

function addAll(sums: Uint32Array | Float64Array, others: Uint32Array | Float64Array): void {
  for (let at = 0; at < others.length; at += 1) sums[at] = (sums[at] as number) + (others[at] as number);
}
