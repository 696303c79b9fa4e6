import type { Block } from '../cache/block.js';
import type { Countable } from '../cache/snapshot.js';
import { type Bucket, type Day, mondayOf, monthStartOf } from '../calendar.js';
import type { Sums } from '../cache/sums.js';
import type { Passed, Some } from './passing.js';

/** People active in a stretch of days, and how many of them never wrote before it. */
export interface ActiveIn {
  readonly start: Day;
  readonly people: number;
  readonly newcomers: number;
}

/** The people active on each day, in each week and in each month, bots left out. */
export type Active = Readonly<Record<'day' | 'week' | 'month', readonly ActiveIn[]>>;

/** The stretches that a bucket's figures are about. */
export const stretchesOf = (active: Active, bucket: Bucket): readonly ActiveIn[] => active[unitOf(bucket)];

/** Hours are drawn of one day: who was there is counted for all of it. */
export const unitOf = (bucket: Bucket): keyof Active => (bucket === 'hour' ? 'day' : bucket);

/** Counts what each person wrote, and who was active when. */
export interface People {
  /** By unit, then first day; not in order. */
  readonly active: Readonly<Record<keyof Active, Map<Day, ActiveIn>>>;
  /**
   * Takes in what passes of a block; blocks come in order of day. Returns the people, bots left out, who were not seen before in the block's week;
   * valid until the next call.
   */
  add(block: Block, passing: Passed): Uint32Array;
  /** Takes in what is summed already, of the manners that pass; null: all. */
  take(sums: Sums, manners: Uint8Array | null): void;
  /** Messages and characters of each so far, by number. */
  sums(): { readonly byPerson: Uint32Array; readonly charsByPerson: Float64Array };
}

/** Of bots it is as if they had been seen in every week: they arrive never. */
const BOT = 0x3fff_ffff;
const NEVER_SEEN = -0x4000_0000;
/** Place of the last day among the whole numbers of a record. */
const LAST = 1;

let arrived = new Uint32Array(16_384);

export function peopleIn({ firstDay, humans }: Pick<Countable, 'firstDay' | 'humans'>): People {
  const active: People['active'] = { day: new Map(), week: new Map(), month: new Map() };
  // What is known of somebody lies side by side: messages, a day of the week and month in which they were seen last, and, in eight bytes, characters.
  const records = new ArrayBuffer(16 * firstDay.length);
  const whole = new Int32Array(records);
  const chars = new Float64Array(records);
  for (let who = 0; who < firstDay.length; who += 1) whole[4 * who + LAST] = humans[who] === 0 ? BOT : NEVER_SEEN;
  /** Adds what somebody wrote; returns their last day. */
  function wrote(who: number, rows: number, written: number): number {
    const at = 4 * who;
    whole[at] = (whole[at] as number) + rows;
    chars[2 * who + 1] = (chars[2 * who + 1] as number) + written;
    return whole[at + LAST] as number;
  }

  // Whether somebody arrives is a coin toss: the sign bit of a difference counts it without a branch.
  /** Counts what each person of a block wrote. */
  function every({ runs }: Block, recent: Day): Arrivals {
    const { person, from, chars: written } = runs;
    let [bots, fresh, first] = [0, 0, from[0] as number];
    for (let run = 0; run < person.length; run += 1) {
      const who = person[run] as number;
      const end = from[run + 1] as number;
      const before = wrote(who, end - first, written[run] as number);
      first = end;
      if (before === BOT) bots += 1;
      arrived[fresh] = who;
      fresh += (before - recent) >>> 31;
    }
    return { present: person.length - bots, fresh };
  }

  /** The same of some rows. */
  function some({ runs: { person, from } }: Block, { rowsTo, charsTo }: Some, recent: Day): Arrivals {
    let [present, fresh, rowsBefore, charsBefore] = [0, 0, 0, 0];
    for (let run = 0; run < person.length; run += 1) {
      const end = from[run + 1] as number;
      const [rowsNow, charsNow] = [rowsTo[end] as number, charsTo[end] as number];
      const rows = rowsNow - rowsBefore;
      const who = person[run] as number;
      const before = wrote(who, rows, charsNow - charsBefore);
      [rowsBefore, charsBefore] = [rowsNow, charsNow];
      if (before !== BOT) present += -rows >>> 31;
      arrived[fresh] = who;
      fresh += (-rows & (before - recent)) >>> 31;
    }
    return { present, fresh };
  }

  /** The same of some people. */
  function wanted({ runs: { person, from } }: Block, { rowsTo, charsTo }: Some, runs: Uint32Array, recent: Day): Arrivals {
    let [present, fresh] = [0, 0];
    for (const run of runs) {
      const [first, end] = [from[run] as number, from[run + 1] as number];
      const rows = (rowsTo[end] as number) - (rowsTo[first] as number);
      const who = person[run] as number;
      const before = wrote(who, rows, (charsTo[end] as number) - (charsTo[first] as number));
      if (before !== BOT) present += -rows >>> 31;
      arrived[fresh] = who;
      fresh += (-rows & (before - recent)) >>> 31;
    }
    return { present, fresh };
  }

  function counted(block: Block, passing: Passed, recent: Day): Arrivals {
    if (passing.ok === null) return every(block, recent);
    return passing.runs === null ? some(block, passing, recent) : wanted(block, passing, passing.runs, recent);
  }

  return {
    active,
    sums() {
      const byPerson = new Uint32Array(firstDay.length);
      const charsByPerson = new Float64Array(firstDay.length);
      for (let who = 0; who < byPerson.length; who += 1) {
        byPerson[who] = whole[4 * who] as number;
        charsByPerson[who] = chars[2 * who + 1] as number;
      }
      return { byPerson, charsByPerson };
    },
    take({ number, manner, rows, chars: written }, manners) {
      for (let at = 0; at < number.length; at += 1) {
        if (manners !== null && manners[manner[at] as number] === 0) continue;
        wrote(number[at] as number, rows[at] as number, written[at] as number);
      }
    },
    add(block, passing) {
      const { day } = block;
      const [monday, month] = [mondayOf(day), monthStartOf(day)];
      if (arrived.length < block.runs.person.length) arrived = new Uint32Array(2 * block.runs.person.length);
      const recent = Math.max(monday, month);
      const { present, fresh } = counted(block, passing, recent);
      let [inWeek, newInWeek, inMonth, newInMonth, newToday] = [0, 0, 0, 0, 0];
      for (let at = 0; at < fresh; at += 1) {
        const who = arrived[at] as number;
        const before = whole[4 * who + LAST] as number;
        whole[4 * who + LAST] = day;
        const since = firstDay[who] as number;
        if (since === day) newToday += 1;
        if (before < month) {
          inMonth += 1;
          if (since >= month) newInMonth += 1;
        }
        if (before < monday) {
          arrived[inWeek] = who;
          inWeek += 1;
          if (since >= monday) newInWeek += 1;
        }
      }
      // In a block everybody is there once, and nobody is in two of a day's blocks.
      noteActive(active.day, day, present, newToday);
      noteActive(active.week, monday, inWeek, newInWeek);
      noteActive(active.month, month, inMonth, newInMonth);
      return arrived.subarray(0, inWeek);
    },
  };
}

/** Adds people to a stretch. */
export function noteActive(stretches: Map<Day, ActiveIn>, start: Day, people: number, newcomers: number): void {
  const known = stretches.get(start);
  stretches.set(start, { start, people: people + (known?.people ?? 0), newcomers: newcomers + (known?.newcomers ?? 0) });
}

/** The stretches in order. */
export function inOrder(active: People['active']): Active {
  const sorted = (stretches: Map<Day, ActiveIn>) => [...stretches.values()].sort((a, b) => a.start - b.start);
  return { day: sorted(active.day), week: sorted(active.week), month: sorted(active.month) };
}

interface Arrivals {
  /** People, bots left out. */
  readonly present: number;
  /** Those of them who are in `arrived`: not seen before in the block's week, or in its month. */
  readonly fresh: number;
}
