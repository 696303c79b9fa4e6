import type { Day } from '../calendar.js';
import { firstResponses } from './responses.js';
import { GHOST, type Link, OUT, QUESTION, type Timeline } from './timeline.js';

/** Bits of a slot: the hour in the lowest five, then the direction, then the kind. */
export const HOUR_BITS = 5;
export const OUT_BIT = 1 << HOUR_BITS;
export const KIND_SHIFT = HOUR_BITS + 1;
export const slotOf = (kind: number, out: boolean, hour: number): number => (kind << KIND_SHIFT) | (out ? OUT_BIT : 0) | hour;

/** Stands for no response in `Questions.wait`. */
export const NEVER = 0xffff_ffff;

/** Something a few rows have: the row's number and what it is. */
export interface Sparse {
  readonly row: Uint32Array;
  readonly value: Uint32Array;
}

export interface Questions {
  /** Row of the message in its block. */
  readonly row: Uint32Array;
  /** Number of its form: the same for texts that differ in case, accents and punctuation alone. */
  readonly form: Uint32Array;
  /** Seconds until the first response, or NEVER. */
  readonly wait: Uint32Array;
  /** Person who responded; 0 when unknown. */
  readonly responder: Uint32Array;
}

/** What one person wrote on a day, as a run of rows. */
export interface Runs {
  readonly person: Uint32Array;
  /** First row of each run; one more than runs. */
  readonly from: Uint32Array;
  readonly chars: Uint32Array;
}

/** How many rows have each slot, for the slots that occur. */
export interface Histogram {
  readonly slot: Uint16Array;
  readonly count: Uint32Array;
}

/** One day of a channel, ready to count: columns by row, rows of a person side by side. Never changed but for `content`. */
export interface Block {
  readonly channel: number;
  readonly day: Day;
  readonly count: number;
  readonly slot: Uint16Array;
  readonly person: Uint32Array;
  readonly conversation: Uint32Array;
  readonly chars: Uint16Array;
  readonly language: Uint8Array;
  readonly content: Uint32Array;
  readonly contentKey: Float64Array;
  readonly wordsFrom: Uint32Array;
  readonly words: Uint32Array;
  readonly runs: Runs;
  readonly histogram: Histogram;
  /** Rows by conversation. */
  readonly conversations: { readonly value: Uint32Array; readonly count: Uint32Array };
  readonly questions: Questions;
  readonly hashtags: Sparse;
  readonly commands: Sparse;
  /** Rows in a forum topic: the topic's id. */
  readonly topics: { readonly row: Uint32Array; readonly value: Float64Array };
  readonly links: readonly Link[];
}

/** Canonical numbers of people and conversations. */
export interface Canon {
  readonly person: (number: number) => number;
  readonly conversation: (number: number) => number;
}

/** The block of a day. `next` is the channel's following day, where responses may lie. */
export function blockOf(day: Timeline, next: Timeline | undefined, canon: Canon, hourOf: (sentAt: number) => number): Block {
  const order = byPerson(day, canon);
  const rowOf = new Uint32Array(day.count);
  for (let row = 0; row < order.length; row += 1) rowOf[order[row] as number] = row;
  const slot = Uint16Array.from(order, (at) =>
    slotOf(day.kind[at] as number, ((day.flags[at] as number) & OUT) !== 0, hourOf(day.sentAt[at] as number)),
  );
  const person = Uint32Array.from(order, (at) => canon.person(day.person[at] as number));
  const conversation = Uint32Array.from(order, (at) => canon.conversation(day.conversation[at] as number));
  const chars = Uint16Array.from(order, (at) => day.chars[at] as number);
  const { wordsFrom, words } = wordsBy(order, day);
  const inTopic = [...order.keys()].filter((row) => day.topic[order[row] as number] !== 0);
  return {
    channel: day.channel,
    day: day.day,
    count: order.length,
    slot,
    person,
    conversation,
    conversations: countsOf(conversation),
    chars,
    language: Uint8Array.from(order, (at) => day.language[at] as number),
    content: Uint32Array.from(order, (at) => day.content[at] as number),
    contentKey: Float64Array.from(order, (at) => day.contentKey[at] as number),
    wordsFrom,
    words,
    runs: runsOf(person, chars),
    histogram: histogramOf(slot),
    questions: questionsOf(day, next, canon, rowOf),
    hashtags: sparseOf(day.hashtags, rowOf),
    commands: sparseOf(day.commands, rowOf),
    topics: {
      row: Uint32Array.from(inTopic),
      value: Float64Array.from(inTopic, (row) => day.topic[order[row] as number] as number),
    },
    links: [...day.links.values()],
  };
}

const ROWS_OF_A_DAY = 2 ** 22;

/** Rows that are messages, those of a person side by side, in order of time. */
function byPerson(day: Timeline, canon: Canon): Uint32Array {
  if (day.count > ROWS_OF_A_DAY) throw new Error('more messages in a day than the analysis can number');
  const keys = new Float64Array(day.count);
  let count = 0;
  for (let at = 0; at < day.count; at += 1) {
    if (((day.flags[at] as number) & GHOST) === 0) keys[count++] = canon.person(day.person[at] as number) * ROWS_OF_A_DAY + at;
  }
  return Uint32Array.from(keys.subarray(0, count).sort(), (key) => key % ROWS_OF_A_DAY);
}

function runsOf(person: Uint32Array, chars: Uint16Array): Runs {
  const people: number[] = [];
  const from: number[] = [];
  const sums: number[] = [];
  for (let row = 0; row < person.length; row += 1) {
    if (row === 0 || person[row] !== person[row - 1]) {
      people.push(person[row] as number);
      from.push(row);
      sums.push(0);
    }
    sums[sums.length - 1] = (sums[sums.length - 1] as number) + (chars[row] as number);
  }
  return { person: Uint32Array.from(people), from: Uint32Array.from([...from, person.length]), chars: Uint32Array.from(sums) };
}

const scratch = new Uint32Array(65_536);

function histogramOf(slots: Uint16Array): Histogram {
  const found: number[] = [];
  for (const slot of slots) {
    if (scratch[slot] === 0) found.push(slot);
    scratch[slot] = (scratch[slot] as number) + 1;
  }
  const count = Uint32Array.from(found, (slot) => scratch[slot] as number);
  for (const slot of found) scratch[slot] = 0;
  return { slot: Uint16Array.from(found), count };
}

function countsOf(values: Uint32Array): Block['conversations'] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { value: Uint32Array.from(counts.keys()), count: Uint32Array.from(counts.values()) };
}

function wordsBy(order: Uint32Array, day: Timeline): { wordsFrom: Uint32Array; words: Uint32Array } {
  const wordsFrom = new Uint32Array(order.length + 1);
  const words = new Uint32Array(day.words.length);
  let at = 0;
  for (let row = 0; row < order.length; row += 1) {
    wordsFrom[row] = at;
    const old = order[row] as number;
    for (let word = day.wordsFrom[old] as number; word < (day.wordsFrom[old + 1] as number); word += 1)
      words[at++] = day.words[word] as number;
  }
  wordsFrom[order.length] = at;
  return { wordsFrom, words };
}

function questionsOf(day: Timeline, next: Timeline | undefined, canon: Canon, rowOf: Uint32Array): Questions {
  const found = firstResponses(day, next, canon).filter(({ at }) => ((day.flags[at] as number) & QUESTION) !== 0);
  return {
    row: Uint32Array.from(found, ({ at }) => rowOf[at] as number),
    form: Uint32Array.from(found, ({ at }) => day.form[at] as number),
    wait: Uint32Array.from(found, ({ wait }) => wait),
    responder: Uint32Array.from(found, ({ responder }) => responder),
  };
}

function sparseOf(pairs: readonly (readonly [number, number])[], rowOf: Uint32Array): Sparse {
  return { row: Uint32Array.from(pairs, ([at]) => rowOf[at] as number), value: Uint32Array.from(pairs, ([, value]) => value) };
}
