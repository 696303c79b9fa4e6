import { NEVER } from '../cache/responses.js';
import { type Bucket, bucketStarts, type Day, startOfBucket } from '../calendar.js';
import type { Range } from '../types.js';
import type { Counts } from './counts.js';
import { stretchesOf } from './people.js';
import { gather, medianOfGathered, put } from './median.js';
import type { Tally, Visitor } from './tally.js';

/** What the figures' sparklines need beside the common counts, by the first day of a bucket. */
export interface Sparks {
  readonly visitor: Visitor;
  /** What the visitor has counted. */
  readonly counts: () => Counts;
  /** A value for each bucket of the range, in order. */
  series(tally: Tally): {
    readonly people: readonly number[];
    readonly newPeople: readonly number[];
    readonly conversations: readonly number[];
    readonly medians: readonly (number | null)[];
    /** Sums of counts by day. */
    readonly sums: (byDay: Uint32Array, each?: number) => number[];
  };
}

export function sparksOf(bucket: Bucket, range: Range): Sparks {
  const startOf = (day: Day) => startOfBucket(bucket, day);
  const medians = mediansIn(startOf);
  const starts = bucketStarts(bucket, range);
  return {
    visitor: medians.visitor,
    counts: () => [medians.values()],
    series({ selection, active, talks }) {
      const people = new Map(stretchesOf(active, bucket).map((stretch) => [stretch.start, stretch]));
      return {
        people: starts.map((start) => people.get(start)?.people ?? 0),
        newPeople: starts.map((start) => people.get(start)?.newcomers ?? 0),
        conversations: starts.map((start) => talks.conversations.get(start) ?? 0),
        medians: starts.map((start) => medians.values().get(start) ?? null),
        sums: (byDay, each = 1) => {
          const sums = new Map<Day, number>();
          for (let day = selection.from; day <= selection.to; day += 1) {
            const start = startOf(day);
            let sum = sums.get(start) ?? 0;
            for (let at = 0; at < each; at += 1) sum += byDay[(day - selection.from) * each + at] as number;
            sums.set(start, sum);
          }
          return starts.map((start) => sums.get(start) ?? 0);
        },
      };
    },
  };
}

function mediansIn(startOf: (day: Day) => Day) {
  const values = new Map<Day, number | null>();
  const gathered = gather();
  let current: Day | undefined;
  const finish = () => {
    if (current !== undefined && gathered.count > 0) values.set(current, medianOfGathered(gathered));
    gathered.count = 0;
  };
  const visitor: Visitor = {
    block({ day, questions: { row, wait } }, { ok }) {
      const start = startOf(day);
      if (start !== current) finish();
      current = start;
      for (let at = 0; at < row.length; at += 1) {
        const seconds = wait[at] as number;
        if (seconds !== NEVER && (ok === null || ok[row[at] as number] === 1)) put(gathered, seconds);
      }
    },
  };
  return {
    visitor,
    values: () => {
      finish();
      return values;
    },
  };
}
