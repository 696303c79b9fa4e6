import { type Block, HOUR_MASK, KIND_SHIFT } from '../cache/block.js';
import { NEVER } from '../cache/responses.js';
import type { Countable } from '../cache/snapshot.js';
import { FACT_SOURCES } from '../facts/sources.js';
import type { Occurrences, Rollup } from '../cache/rollup.js';
import { type Day, mondayOf, startOfBucket, weekdayOf } from '../calendar.js';
import { RESPONSE_WINDOW } from '../metrics/questions.js';
import { rolledIn } from './large.js';
import { mediaAmong } from './media.js';
import { type Passed, marking, type Passing, passing } from './passing.js';
import { type Active, inOrder, peopleIn } from './people.js';
import { blocksIn, type Selection } from './selection.js';
import { type SeeWeek, standingIn } from './standing.js';
import { type Talks, talksIn } from './talks.js';
import { daysBefore, mend, tornBy } from './torn.js';

export const CHANNELS = FACT_SOURCES.length;

/** Counts of the rows that pass a selection. */
export interface Tally {
  readonly selection: Selection;
  messages: number;
  media: number;
  /** By day from the selection's first, then channel. */
  readonly byDay: Uint32Array;
  readonly mediaByDay: Uint32Array;
  /** By kind's number. */
  readonly byKind: Uint32Array;
  /** By weekday (1 to 7), then hour. */
  readonly byTime: Uint32Array;
  /** By hour, then channel. */
  readonly byHour: Uint32Array;
  /** By person's number. */
  readonly byPerson: Uint32Array;
  readonly charsByPerson: Float64Array;
  /** By conversation, and by bucket of the selection's range. */
  readonly talks: Pick<Talks, 'rows' | 'conversations'>;
  readonly active: Active;
  readonly questions: QuestionTally;
}

export interface QuestionTally {
  count: number;
  unanswered: number;
  resolved: number;
  /** By day from the selection's first. */
  readonly byDay: Uint32Array;
  readonly unansweredByDay: Uint32Array;
  readonly resolvedByDay: Uint32Array;
  /** Answered questions by seconds to the response: by a person, and by a bot. */
  readonly byPerson: Uint32Array;
  readonly byBot: Uint32Array;
  /** Answers by responder's number. */
  readonly byResponder: Uint32Array;
}

/**
 * What panels may ask beside the counts: called for every block with rows that pass, in order of day. `arrived`: the people, bots left out, who were
 * not seen before in the block's week; nobody where the week is counted beforehand. Both are valid during the call only.
 */
export interface Visitor {
  /** The first day of which nothing may be counted beforehand; none where not given. */
  readonly byBlockFrom?: Day | undefined;
  /** Called for each week that is counted beforehand, in place of the arrivals of its blocks. */
  readonly week?: SeeWeek;
  block(block: Block, passing: Passing, arrived: Uint32Array): void;
  /** Where given, called for a rollup, or for each of some, in place of their blocks. `slots` that pass; null: all. */
  readonly rollup?: (rollup: Rollup, slots: Uint8Array | null) => void;
}

/** Counts everything once. Visitors see each block in order of day. */
export function tallyOf(snapshot: Countable, selection: Selection, visitors: readonly Visitor[] = []): Tally {
  const counters = countersOf(snapshot, selection);
  const { people, talks } = counters;
  const tally = emptyTally(snapshot, selection);
  const media = mediaAmong(snapshot.kinds);
  const rolled = new Set<Block>();
  const byBlock = visitors.filter(({ rollup }) => rollup === undefined);
  if (byBlock.length < visitors.length) {
    for (const rollup of rolledIn(snapshot, selection)) {
      for (const block of rollup.blocks) rolled.add(block);
      for (const visitor of visitors) visitor.rollup?.(rollup, selection.slots);
    }
  }
  const standing = standingIn(snapshot, selection, Math.min(...visitors.map(({ byBlockFrom = Infinity }) => byBlockFrom)));
  standing.give(
    people,
    talks,
    visitors.flatMap(({ week = [] }) => week),
  );
  const torn = new Set([...standing.torn, ...tornBy(selection)]);
  const weeks = torn.size === 0 ? undefined : countersOf(snapshot, selection);
  for (const block of daysBefore(snapshot, selection)) {
    const counted = passing(block, selection);
    if (counted !== undefined) weeks?.add(block, counted);
  }
  for (const block of blocksIn(snapshot, selection)) {
    if (block.count === 0) continue;
    const stands = standing.blocks.has(block);
    const isTorn = torn.has(mondayOf(block.day));
    // Whose people are counted beforehand is looked at for the week that it shares with others alone.
    const counted = stands && !isTorn ? undefined : passing(block, selection);
    const passed = counted ?? (stands ? marking(block, selection) : undefined);
    if (passed === undefined) continue;
    addSlots(tally, block, passed, media, selection);
    addQuestions(tally.questions, block, passed.ok, snapshot, block.day - selection.from);
    let arrived: Uint32Array = NOBODY;
    if (counted !== undefined && !stands) arrived = counters.add(block, counted);
    if (counted !== undefined && weeks !== undefined && isTorn) arrived = weeks.add(block, counted);
    for (const visitor of rolled.has(block) ? byBlock : visitors) visitor.block(block, passed, arrived);
  }
  if (weeks) mend(torn, selection.bucket, counters, weeks);
  return { ...tally, ...people.sums(), talks: { rows: talks.rows, conversations: talks.conversations }, active: inOrder(people.active) };
}

const NOBODY = new Uint32Array();

function countersOf(snapshot: Countable, { bucket }: Selection) {
  const people = peopleIn(snapshot);
  const talks = talksIn(snapshot.sizes.conversations, (day: Day) => startOfBucket(bucket, day));
  return {
    people,
    talks,
    /** Takes in what passes of a block; returns what `People.add` does. */
    add(block: Block, counted: Passed): Uint32Array {
      talks.add(block, counted);
      return people.add(block, counted);
    },
  };
}

/** What is counted row by row; people and conversations have counters of their own. */
type Rows = Omit<Tally, 'byPerson' | 'charsByPerson' | 'talks' | 'active'>;

function emptyTally({ sizes }: Countable, selection: Selection): Rows {
  const days = selection.to - selection.from + 1;
  return {
    selection,
    messages: 0,
    media: 0,
    byDay: new Uint32Array(days * CHANNELS),
    mediaByDay: new Uint32Array(days),
    byKind: new Uint32Array(2 ** (16 - KIND_SHIFT)),
    byTime: new Uint32Array(8 * 24),
    byHour: new Uint32Array(24 * CHANNELS),
    questions: {
      count: 0,
      unanswered: 0,
      resolved: 0,
      byDay: new Uint32Array(days),
      unansweredByDay: new Uint32Array(days),
      resolvedByDay: new Uint32Array(days),
      byPerson: new Uint32Array(RESPONSE_WINDOW + 1),
      byBot: new Uint32Array(RESPONSE_WINDOW + 1),
      byResponder: new Uint32Array(sizes.people),
    },
  };
}

const counts = new Uint32Array(65_536);

function addSlots(tally: Rows, block: Block, passed: Passing, media: Uint8Array, { slots, people, conversations }: Selection): void {
  const { value, count } = block.slots;
  const rows = people === null && conversations === null ? null : passed.rows;
  const whole = rows === null;
  if (!whole) for (let at = 0; at < rows.length; at += 1) add(counts, block.slot[rows[at] as number] as number, 1);
  const offset = block.day - tally.selection.from;
  const weekday = weekdayOf(block.day) * 24;
  for (let at = 0; at < value.length; at += 1) {
    const slot = value[at] as number;
    const found = !whole ? (counts[slot] as number) : slots === null || slots[slot] === 1 ? (count[at] as number) : 0;
    counts[slot] = 0;
    if (found === 0) continue;
    const kind = slot >> KIND_SHIFT;
    const hour = slot & HOUR_MASK;
    tally.messages += found;
    add(tally.byDay, offset * CHANNELS + block.channel, found);
    add(tally.byKind, kind, found);
    add(tally.byTime, weekday + hour, found);
    add(tally.byHour, hour * CHANNELS + block.channel, found);
    if (media[kind] === 1) {
      tally.media += found;
      add(tally.mediaByDay, offset, found);
    }
  }
}

const add = (counts: Uint32Array, at: number, by: number): void => {
  counts[at] = (counts[at] as number) + by;
};

/** Adds how often each number occurs in a rollup, for the slots that pass. */
export function addOccurrences(counts: Uint32Array, { number, slot, count }: Occurrences, slots: Uint8Array | null): void {
  for (let at = 0; at < number.length; at += 1)
    if (slots === null || slots[slot[at] as number] === 1) add(counts, number[at] as number, count[at] as number);
}

function addQuestions(tally: QuestionTally, { questions }: Block, ok: Uint8Array | null, { humans }: Countable, offset: number): void {
  const { row, wait, responder, resolved } = questions;
  for (let at = 0; at < row.length; at += 1) {
    if (ok !== null && ok[row[at] as number] === 0) continue;
    tally.count += 1;
    add(tally.byDay, offset, 1);
    const seconds = wait[at] as number;
    if (seconds === NEVER) {
      tally.unanswered += 1;
      add(tally.unansweredByDay, offset, 1);
      continue;
    }
    const helped = resolved[at] as number;
    tally.resolved += helped;
    add(tally.resolvedByDay, offset, helped);
    const who = responder[at] as number;
    add(who !== 0 && humans[who] === 0 ? tally.byBot : tally.byPerson, seconds, 1);
    add(tally.byResponder, who, 1);
  }
}
