import type { Block } from '../cache/block.js';
import type { Compact } from '../cache/compact.js';
import type { Selection } from './selection.js';

/** All of a block passes, or some of it does. */
export type Passing = typeof ALL | Marked;

/** The same, with what people and conversations are counted by. */
export type Passed = typeof ALL | Some;

const ALL = { ok: null, rows: null, talks: null } as const;

/** Which rows of a block pass. Valid until the next block is looked at. */
export interface Marked {
  /** 1 or 0 for each row of which a block tells more: questions, hashtags, commands, topics. */
  readonly ok: Uint8Array;
  /** The rows that pass, in order. */
  readonly rows: Uint32Array;
}

export interface Some extends Marked {
  /** The runs in which some may lie; null: all of them. */
  readonly runs: Uint32Array | null;
  /** Within these runs: how many rows before each pass, and their characters; one more than rows. */
  readonly rowsTo: Uint32Array;
  readonly charsTo: Uint32Array;
  /** Rows by place of the conversation in the block. */
  readonly talks: Uint32Array;
}

/** Room for what passes of a block of so many rows. */
const roomFor = (size: number) => ({
  size,
  ok: new Uint8Array(size),
  rows: new Uint32Array(size),
  rowsTo: new Uint32Array(size + 1),
  charsTo: new Uint32Array(size + 1),
  talks: new Uint32Array(size),
  /** Whether each conversation passes. */
  places: new Uint8Array(size),
  everywhere: new Uint8Array(size).fill(1),
});
let room = roomFor(16_384);
/** Rows whose marks are still to be cleared; beyond them there are none. */
let marked = 0;

/** Takes the marks of earlier blocks away, and makes room for those of so many rows. */
function clearFor(count: number): void {
  room.ok.fill(0, 0, marked);
  if (room.size < count) room = roomFor(2 * count);
  marked = count;
}

/** What passes of a block; undefined when nothing does. */
export function passing(block: Block, selection: Selection): Passed | undefined {
  const { people } = selection;
  const slots = telling(block.slots.value, selection.slots);
  const conversations = telling(block.conversations.value, selection.conversations);
  if (slots === 'none' || conversations === 'none') return undefined;
  if (slots === null && people === null && conversations === null) return ALL;
  if (people === null && conversations !== null) return inConversations(block, slots ?? ALWAYS, conversations);
  const some = people === null ? null : runsOf(block, selection);
  if (some !== null && some.length === 0) return undefined;
  return scanned(block, slots, conversations, some);
}

/** The same where people tell no rows apart, and neither they nor conversations are counted. */
export function marking(block: Block, selection: Selection): Passing | undefined {
  const slots = telling(block.slots.value, selection.slots);
  const conversations = telling(block.conversations.value, selection.conversations);
  if (slots === 'none' || conversations === 'none') return undefined;
  if (conversations !== null) {
    const rows = rowsTogether(block, slots ?? ALWAYS, conversations);
    return rows.length === 0 ? undefined : { ok: room.ok, rows };
  }
  if (slots === null) return ALL;
  if (room.size < block.count) room = roomFor(2 * block.count);
  // Nothing is cleared here: a block before this one may have had more rows.
  marked = Math.max(marked, block.count);
  const { slot, questions, hashtags, commands, topics } = block;
  const { ok } = room;
  for (const { row } of [questions, hashtags, commands, topics])
    for (let at = 0; at < row.length; at += 1) ok[row[at] as number] = slots[slot[row[at] as number] as number] as number;
  let rows: Uint32Array | undefined;
  return {
    ok,
    // Few ask for them.
    get rows() {
      return (rows ??= rowsOf(block, slots));
    },
  };
}

function rowsOf({ count, slot }: Block, slots: Uint8Array): Uint32Array {
  let found = 0;
  for (let row = 0; row < count; row += 1) {
    room.rows[found] = row;
    found += slots[slot[row] as number] as number;
  }
  return room.rows.subarray(0, found);
}

/** A filter as far as it tells the rows of a block apart: null where all of its values pass. */
function telling(values: Uint16Array | Uint32Array, filter: Uint8Array | null): Uint8Array | null | 'none' {
  if (filter === null) return null;
  let passed = 0;
  for (let at = 0; at < values.length; at += 1) passed += filter[values[at] as number] as number;
  return passed === 0 ? 'none' : passed === values.length ? null : filter;
}

function scanned(block: Block, slots: Uint8Array | null, conversations: Uint8Array | null, some: Uint32Array | null): Passed | undefined {
  const {
    count,
    conversations: all,
    runs: { from },
  } = block;
  clearFor(count);
  room.talks.fill(0, 0, all.value.length);
  if (conversations !== null) all.value.forEach((which, at) => (room.places[at] = conversations[which] as number));
  const filters = { slots: slots ?? ALWAYS, places: conversations === null ? room.everywhere : room.places };
  let found = 0;
  length = 0;
  if (some === null) found = mark(block, filters, 0, count, 0);
  else for (const run of some) found = mark(block, filters, from[run] as number, from[run + 1] as number, found);
  if (found === 0) return undefined;
  const { ok, rows, rowsTo, charsTo, talks } = room;
  return { ok, rows: rows.subarray(0, found), runs: some, rowsTo, charsTo, talks };
}

/** The same where conversations are chosen, of all people: of the others nothing is looked at. */
function inConversations(block: Block, slots: Uint8Array, wanted: Uint8Array): Some | undefined {
  const { chars, runs } = block;
  const passed = rowsTogether(block, slots, wanted);
  const found = passed.length;
  if (found === 0) return undefined;
  const { ok, rowsTo, charsTo, talks } = room;
  const touched = runsFor(runs.person.length);
  let [last, written] = [0, 0];
  for (let at = 0, run = 0; at < found; run += 1) {
    run = runWith(runs.from, passed[at] as number, run);
    const end = runs.from[run + 1] as number;
    rowsTo[runs.from[run] as number] = at;
    charsTo[runs.from[run] as number] = written;
    for (; at < found && (passed[at] as number) < end; at += 1) written += chars[passed[at] as number] as number;
    rowsTo[end] = at;
    charsTo[end] = written;
    touched[last] = run;
    last += 1;
  }
  return { ok, rows: passed, runs: touched.subarray(0, last), rowsTo, charsTo, talks };
}

/** The rows of conversations that pass, in order; marks them, and counts them by conversation. */
function rowsTogether({ count, slot, together, conversations }: Block, slots: Uint8Array, wanted: Uint8Array): Uint32Array {
  clearFor(count);
  const { ok, rows, talks } = room;
  let [found, pieces] = [0, 0];
  for (let place = 0, first = 0; place < conversations.value.length; place += 1) {
    const end = first + (conversations.count[place] as number);
    const before = found;
    if (wanted[conversations.value[place] as number] === 1) {
      for (let at = first; at < end; at += 1) {
        const row = together[at] as number;
        const passes = slots[slot[row] as number] as number;
        ok[row] = passes;
        rows[found] = row;
        found += passes;
      }
      pieces += 1;
    }
    talks[place] = found - before;
    first = end;
  }
  const passed = rows.subarray(0, found);
  return pieces > 1 ? passed.sort() : passed;
}

/** The run that holds a row, at `first` or later: near it most often. */
function runWith(from: Compact, row: number, first: number): number {
  let step = 1;
  let low = first;
  while (low + step < from.length - 1 && (from[low + step] as number) <= row) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, from.length - 1);
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((from[middle] as number) <= row) low = middle;
    else high = middle;
  }
  return low;
}

const ALWAYS = new Uint8Array(65_536).fill(1);
/** Characters of the rows marked so far. */
let length = 0;

/** Marks which rows of a stretch pass, of which `found` did before; returns how many did by its end. Without branches: they would be guesses. */
function mark(
  { slot, conversation, chars }: Block,
  { slots, places }: { readonly slots: Uint8Array; readonly places: Uint8Array },
  first: number,
  end: number,
  found: number,
): number {
  const { ok, rows, rowsTo, charsTo, talks } = room;
  let written = length;
  rowsTo[first] = found;
  charsTo[first] = length;
  for (let row = first; row < end; row += 1) {
    const place = conversation[row] as number;
    const passes = (slots[slot[row] as number] as number) & (places[place] as number);
    ok[row] = passes;
    rows[found] = row;
    found += passes;
    written += passes * (chars[row] as number);
    talks[place] = (talks[place] as number) + passes;
    rowsTo[row + 1] = found;
    charsTo[row + 1] = written;
  }
  length = written;
  return found;
}

let runsRoom = new Uint32Array(16_384);

function runsFor(count: number): Uint32Array {
  if (runsRoom.length < count) runsRoom = new Uint32Array(2 * count);
  return runsRoom;
}

/** Runs of the people selected. */
function runsOf({ runs: { person } }: Block, { people, wanted }: Selection): Uint32Array {
  const runs = runsFor(person.length);
  let found = 0;
  if (wanted.length * Math.log2(person.length + 2) > person.length) {
    for (let run = 0; run < person.length; run += 1) if ((people as Uint8Array)[person[run] as number] === 1) runs[found++] = run;
    return runs.subarray(0, found);
  }
  for (const who of wanted) {
    let low = 0;
    let high = person.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((person[middle] as number) < who) low = middle + 1;
      else high = middle;
    }
    if (person[low] === who) runs[found++] = low;
  }
  return runs.subarray(0, found);
}
