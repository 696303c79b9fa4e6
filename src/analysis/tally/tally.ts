import { type Block, HOUR_BITS, KIND_SHIFT, NEVER } from '../cache/block.js';
import type { Snapshot } from '../cache/cache.js';
import { FACT_SOURCES } from '../cache/facts.js';
import type { Counted, Month } from '../cache/months.js';
import { weekdayOf } from '../calendar.js';
import { RESPONSE_WINDOW } from '../metrics/questions.js';
import { MEDIA_KINDS } from './media.js';
import { blocksIn, formsOf, monthsIn, passing, type Selection } from './selection.js';

export const CHANNELS = FACT_SOURCES.length;
const HOUR_MASK = (1 << HOUR_BITS) - 1;

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
  readonly byConversation: Uint32Array;
  readonly questions: QuestionTally;
}

export interface QuestionTally {
  count: number;
  unanswered: number;
  /** By day from the selection's first. */
  readonly byDay: Uint32Array;
  readonly unansweredByDay: Uint32Array;
  /** Answered questions by seconds to the response: by a person, and by a bot. */
  readonly byPerson: Uint32Array;
  readonly byBot: Uint32Array;
  /** Answers by responder's number. */
  readonly byResponder: Uint32Array;
}

/**
 * What panels may ask beside the counts: called for every block with rows that pass (`ok`, null: all), in order of day.
 * `present`: the people, bots left out, whose rows these are, each once. Both are valid during the call only.
 */
export interface Visitor {
  block(block: Block, ok: Uint8Array | null, present: Uint32Array): void;
  /** Where given, called once for a closed month in place of its blocks. `forms` that pass; null: all. */
  readonly month?: (month: Month, forms: Uint8Array | null) => void;
}

/** Counts everything once. Visitors see each block in order of day. */
export function tallyOf(snapshot: Snapshot, selection: Selection, visitors: readonly Visitor[] = []): Tally {
  const tally = emptyTally(snapshot, selection);
  const media = Uint8Array.from(snapshot.names.kinds.values, (kind) => (MEDIA_KINDS.includes(kind) ? 1 : 0));
  const rolled = new Set<Block>();
  const forms = formsOf(selection);
  for (const month of monthsIn(snapshot, selection)) {
    for (const block of month.blocks) rolled.add(block);
    addMonth(tally, month, forms);
    for (const visitor of visitors) visitor.month?.(month, forms);
  }
  for (const block of blocksIn(snapshot, selection)) {
    const ok = passing(block, selection);
    const before = tally.messages;
    addSlots(tally, block, ok, media);
    if (tally.messages === before) continue;
    const isRolled = rolled.has(block);
    const present = isRolled ? presentIn(block, ok, snapshot.humans) : addPeople(tally, block, ok, snapshot.humans);
    if (!isRolled) addConversations(tally, block, ok);
    addQuestions(tally.questions, block, ok, snapshot, block.day - selection.from);
    for (const visitor of visitors) if (!isRolled || visitor.month === undefined) visitor.block(block, ok, present);
  }
  return tally;
}

function emptyTally({ names }: Snapshot, selection: Selection): Tally {
  const days = selection.to - selection.from + 1;
  const people = names.people.values.length;
  return {
    selection,
    messages: 0,
    media: 0,
    byDay: new Uint32Array(days * CHANNELS),
    mediaByDay: new Uint32Array(days),
    byKind: new Uint32Array(2 ** (16 - KIND_SHIFT)),
    byTime: new Uint32Array(8 * 24),
    byHour: new Uint32Array(24 * CHANNELS),
    byPerson: new Uint32Array(people),
    charsByPerson: new Float64Array(people),
    byConversation: new Uint32Array(names.conversations.values.length),
    questions: {
      count: 0,
      unanswered: 0,
      byDay: new Uint32Array(days),
      unansweredByDay: new Uint32Array(days),
      byPerson: new Uint32Array(RESPONSE_WINDOW + 1),
      byBot: new Uint32Array(RESPONSE_WINDOW + 1),
      byResponder: new Uint32Array(people),
    },
  };
}

const counts = new Uint32Array(65_536);

function addSlots(tally: Tally, block: Block, ok: Uint8Array | null, media: Uint8Array): void {
  const { slot: slots, count } = block.histogram;
  if (ok !== null) {
    const { slot } = block;
    for (let row = 0; row < block.count; row += 1)
      counts[slot[row] as number] = (counts[slot[row] as number] as number) + (ok[row] as number);
  }
  const offset = block.day - tally.selection.from;
  const weekday = weekdayOf(block.day) * 24;
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] as number;
    const found = ok === null ? (count[at] as number) : (counts[slot] as number);
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

let scratch = new Uint32Array(16_384);

/** Adds what each person wrote; returns the people among them who wrote anything. */
function addPeople({ byPerson, charsByPerson }: Tally, { runs, chars }: Block, ok: Uint8Array | null, humans: Uint8Array): Uint32Array {
  const { person, from, chars: sums } = runs;
  if (scratch.length < person.length) scratch = new Uint32Array(2 * person.length);
  let present = 0;
  for (let run = 0; run < person.length; run += 1) {
    const who = person[run] as number;
    const first = from[run] as number;
    const end = from[run + 1] as number;
    let found = end - first;
    let length = sums[run] as number;
    if (ok !== null) {
      found = 0;
      length = 0;
      for (let row = first; row < end; row += 1) {
        found += ok[row] as number;
        length += (ok[row] as number) * (chars[row] as number);
      }
    }
    byPerson[who] = (byPerson[who] as number) + found;
    charsByPerson[who] = (charsByPerson[who] as number) + length;
    scratch[present] = who;
    present += found > 0 && humans[who] === 1 ? 1 : 0;
  }
  return scratch.subarray(0, present);
}

/** The people who wrote what passes. */
function presentIn({ runs }: Block, ok: Uint8Array | null, humans: Uint8Array): Uint32Array {
  const { person, from } = runs;
  if (scratch.length < person.length) scratch = new Uint32Array(2 * person.length);
  let present = 0;
  for (let run = 0; run < person.length; run += 1) {
    const who = person[run] as number;
    let found = ok === null ? 1 : 0;
    if (ok !== null)
      for (let row = from[run] as number; row < (from[run + 1] as number) && found === 0; row += 1) found = ok[row] as number;
    scratch[present] = who;
    present += found & (humans[who] as number);
  }
  return scratch.subarray(0, present);
}

/** Adds how often each number occurs in a month, for the forms that pass. */
export function addCounted(counts: Uint32Array, { id, form, count }: Counted, forms: Uint8Array | null): void {
  for (let at = 0; at < id.length; at += 1) {
    if (forms === null || forms[form[at] as number] === 1)
      counts[id[at] as number] = (counts[id[at] as number] as number) + (count[at] as number);
  }
}

function addMonth({ byPerson, charsByPerson, byConversation }: Tally, { people, conversations }: Month, forms: Uint8Array | null): void {
  addCounted(byPerson, people, forms);
  addCounted(byConversation, conversations, forms);
  const { id, form, chars } = people;
  for (let at = 0; at < id.length; at += 1) {
    if (forms === null || forms[form[at] as number] === 1)
      charsByPerson[id[at] as number] = (charsByPerson[id[at] as number] as number) + (chars[at] as number);
  }
}

function addConversations({ byConversation }: Tally, { conversation, count, conversations }: Block, ok: Uint8Array | null): void {
  if (ok === null) {
    for (let at = 0; at < conversations.value.length; at += 1)
      add(byConversation, conversations.value[at] as number, conversations.count[at] as number);
    return;
  }
  for (let row = 0; row < count; row += 1) {
    const at = conversation[row] as number;
    byConversation[at] = (byConversation[at] as number) + (ok[row] as number);
  }
}

function addQuestions(tally: QuestionTally, { questions }: Block, ok: Uint8Array | null, { humans }: Snapshot, offset: number): void {
  const { row, wait, responder } = questions;
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
    const who = responder[at] as number;
    add(who !== 0 && humans[who] === 0 ? tally.byBot : tally.byPerson, seconds, 1);
    add(tally.byResponder, who, 1);
  }
}
