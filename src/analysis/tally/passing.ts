import type { Block } from '../cache/block.js';
import type { Selection } from './selection.js';

/** What passes of a block. Valid until the next block is looked at. */
export interface Passing {
  /** 1 or 0 a row; null when all do. */
  readonly ok: Uint8Array | null;
  /** The rows, in order; null when all do. */
  readonly rows: Uint32Array | null;
  /** The runs in which some lie, and how many rows and characters of each do; null when all do. */
  readonly runs: { readonly run: Uint32Array; readonly rows: Uint32Array; readonly chars: Uint32Array } | null;
  /** Rows by place of the conversation in the block; null when all do. */
  readonly talks: Uint32Array | null;
}

const ALL: Passing = { ok: null, rows: null, runs: null, talks: null };

/** Room for what passes of a block; all of one length, but for `places`. */
const roomFor = (size: number) => ({
  size,
  ok: new Uint8Array(size),
  rows: new Uint32Array(size),
  run: new Uint32Array(size),
  rowsOf: new Uint32Array(size),
  charsOf: new Uint32Array(size),
  talks: new Uint32Array(size),
  places: new Uint8Array(size),
});
let room = roomFor(16_384);
/** Rows of the last block, whose marks are still to be cleared. */
let marked = 0;

/** What passes of a block; undefined when nothing does. */
export function passing(block: Block, selection: Selection): Passing | undefined {
  const { people } = selection;
  const slots = telling(block.slots.value, selection.slots);
  const conversations = telling(block.conversations.value, selection.conversations);
  if (slots === 'none' || conversations === 'none') return undefined;
  if (slots === null && people === null && conversations === null) return ALL;
  const some = people === null ? null : runsOf(block, selection);
  if (some !== null && some.length === 0) return undefined;
  return scanned(block, slots, conversations, some);
}

/** A filter as far as it tells the rows of a block apart: null where all of its values pass. */
function telling(values: Uint16Array | Uint32Array, filter: Uint8Array | null): Uint8Array | null | 'none' {
  if (filter === null) return null;
  let passed = 0;
  for (let at = 0; at < values.length; at += 1) passed += filter[values[at] as number] as number;
  return passed === 0 ? 'none' : passed === values.length ? null : filter;
}

function scanned(block: Block, slots: Uint8Array | null, conversations: Uint8Array | null, some: Uint32Array | null): Passing | undefined {
  const { count, slot, conversation, chars } = block;
  room.ok.fill(0, 0, marked);
  if (room.size < count) room = roomFor(2 * count);
  const { ok, rows, run, rowsOf, charsOf, talks, places } = room;
  marked = count;
  const { value } = block.conversations;
  talks.fill(0, 0, value.length);
  if (conversations !== null) for (let at = 0; at < value.length; at += 1) places[at] = conversations[value[at] as number] as number;
  const { from, person } = block.runs;
  const stretches = some === null ? person.length : some.length;
  let [found, met] = [0, 0];
  for (let at = 0; at < stretches; at += 1) {
    const which = some === null ? at : (some[at] as number);
    const end = from[which + 1] as number;
    const before = found;
    let length = 0;
    for (let row = from[which] as number; row < end; row += 1) {
      if (slots !== null && slots[slot[row] as number] === 0) continue;
      const place = conversation[row] as number;
      if (conversations !== null && places[place] === 0) continue;
      ok[row] = 1;
      rows[found] = row;
      found += 1;
      talks[place] = (talks[place] as number) + 1;
      length += chars[row] as number;
    }
    if (found === before) continue;
    run[met] = which;
    rowsOf[met] = found - before;
    charsOf[met] = length;
    met += 1;
  }
  if (found === 0) return undefined;
  return {
    ok,
    rows: rows.subarray(0, found),
    runs: { run: run.subarray(0, met), rows: rowsOf, chars: charsOf },
    talks,
  };
}

let runs = new Uint32Array(16_384);

/** Runs of the people selected. */
function runsOf({ runs: { person } }: Block, { people, wanted }: Selection): Uint32Array {
  if (runs.length < person.length) runs = new Uint32Array(2 * person.length);
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
