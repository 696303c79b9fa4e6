import type { Snapshot } from '../cache/snapshot.js';
import { type Bucket, type Day, mondayOf, monthStartOf } from '../calendar.js';

/** People active in a stretch of days, and how many of them never wrote before it. */
export interface ActiveIn {
  readonly start: Day;
  people: number;
  newcomers: number;
}

/** The people active on each day, in each week and in each month, bots left out. */
export interface Active {
  readonly stretches: Readonly<Record<'day' | 'week' | 'month', ActiveIn[]>>;
  /**
   * Takes in the people present in a block, each there once; blocks come in order of day. Returns those of them who were not seen before in the
   * block's week; valid until the next call.
   */
  see(day: Day, present: Uint32Array): Uint32Array;
}

/** The stretches that a bucket's figures are about. */
export const stretchesOf = ({ stretches }: Active, bucket: Bucket): readonly ActiveIn[] => stretches[bucket === 'hour' ? 'day' : bucket];

let arrived = new Uint32Array(16_384);

export function activeIn({ firstDay }: Pick<Snapshot, 'firstDay'>): Active {
  const stretches = { day: [] as ActiveIn[], week: [] as ActiveIn[], month: [] as ActiveIn[] };
  /** The day each was seen last. */
  const last = new Int32Array(firstDay.length).fill(-0x8000_0000);
  const current = (list: ActiveIn[], start: Day): ActiveIn => {
    const known = list.at(-1);
    if (known?.start === start) return known;
    const begun = { start, people: 0, newcomers: 0 };
    list.push(begun);
    return begun;
  };
  return {
    stretches,
    see(day, present) {
      const [monday, first] = [mondayOf(day), monthStartOf(day)];
      if (arrived.length < present.length) arrived = new Uint32Array(2 * present.length);
      let [inWeek, newInWeek, inMonth, newInMonth, newToday] = [0, 0, 0, 0, 0];
      for (let at = 0; at < present.length; at += 1) {
        const who = present[at] as number;
        const before = last[who] as number;
        last[who] = day;
        if (before >= monday && before >= first) continue;
        const since = firstDay[who] as number;
        if (before < monday) {
          arrived[inWeek] = who;
          inWeek += 1;
          if (since >= monday) newInWeek += 1;
        }
        if (before < first) {
          inMonth += 1;
          if (since >= first) newInMonth += 1;
        }
        if (since === day && before < day) newToday += 1;
      }
      // In a block everybody present is there once, and nobody is in two of a day's blocks.
      for (const [stretch, people, newcomers] of [
        [current(stretches.day, day), present.length, newToday],
        [current(stretches.week, monday), inWeek, newInWeek],
        [current(stretches.month, first), inMonth, newInMonth],
      ] as const) {
        stretch.people += people;
        stretch.newcomers += newcomers;
      }
      return arrived.subarray(0, inWeek);
    },
  };
}
