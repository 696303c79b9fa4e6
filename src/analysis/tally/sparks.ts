import { NEVER } from '../cache/responses.js';
import { type Bucket, bucketStarts, type Day, startOfBucket } from '../calendar.js';
import { share } from '../panels/most.js';
import type { FigureId, Range } from '../types.js';
import type { Counts } from './counts.js';
import { gather, medianOfGathered, put } from './median.js';
import { stretchesOf } from './people.js';
import { CHANNELS, type Tally, type Visitor } from './tally.js';

/** The course of every figure: a value for each bucket of the range, in order. */
export type Courses = Readonly<Record<FigureId, readonly (number | null)[]>>;

/** What the figures' sparklines need beside the common counts. */
export interface Sparks {
  readonly visitor: Visitor;
  /** What the visitor has counted. */
  readonly counts: () => Counts;
  readonly courses: (tally: Tally) => Courses;
}

/** Of what was asked; null where nothing was answered. */
export const resolvedShare = (resolved: number, asked: number, unanswered: number): number | null =>
  asked === unanswered ? null : resolved / asked;

/** Courses by days and what is longer. */
export function sparksOf(bucket: Bucket, range: Range): Sparks {
  const startOf = (day: Day) => startOfBucket(bucket, day);
  const medians = mediansIn(startOf);
  const starts = bucketStarts(bucket, range);
  return {
    visitor: medians.visitor,
    counts: () => [medians.values()],
    courses({ selection, active, talks, byDay, mediaByDay, questions: asked }) {
      const people = new Map(stretchesOf(active, bucket).map((stretch) => [stretch.start, stretch]));
      const sums = (counts: Uint32Array, each = 1) => {
        const found = new Map<Day, number>();
        for (let day = selection.from; day <= selection.to; day += 1) {
          const start = startOf(day);
          let sum = found.get(start) ?? 0;
          for (let at = 0; at < each; at += 1) sum += counts[(day - selection.from) * each + at] as number;
          found.set(start, sum);
        }
        return starts.map((start) => found.get(start) ?? 0);
      };
      const [messages, questions, unanswered] = [sums(byDay, CHANNELS), sums(asked.byDay), sums(asked.unansweredByDay)];
      return {
        messages,
        people: starts.map((start) => people.get(start)?.people ?? 0),
        conversations: starts.map((start) => talks.conversations.get(start) ?? 0),
        newPeople: starts.map((start) => people.get(start)?.newcomers ?? 0),
        questions,
        medianResponse: starts.map((start) => medians.values().get(start) ?? null),
        unanswered,
        resolvedShare: sums(asked.resolvedByDay).map((resolved, at) =>
          resolvedShare(resolved, questions[at] as number, unanswered[at] as number),
        ),
        mediaShare: sums(mediaByDay).map((media, at) => share(media, messages[at] as number)),
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
