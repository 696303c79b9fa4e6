import type { Block } from '../cache/block.js';
import { KIND_SHIFT, slotOf } from '../cache/block.js';
import type { Snapshot } from '../cache/snapshot.js';
import { FACT_SOURCES } from '../facts/sources.js';
import type { Rollup } from '../cache/rollups.js';
import { type Day, dayOf, weekdayOf } from '../calendar.js';
import type { Filters, Range } from '../types.js';

/** Filters as lookups by number. A lookup that is null lets everything pass. */
export interface Selection {
  readonly from: Day;
  readonly to: Day;
  readonly channels: readonly boolean[];
  readonly weekdays: readonly boolean[] | null;
  /** By slot: kind, direction and hour together. */
  readonly slots: Uint8Array | null;
  readonly people: Uint8Array | null;
  /** The people that pass, in order of their numbers; none where all do. */
  readonly wanted: readonly number[];
  readonly conversations: Uint8Array | null;
}

export function selectionOf(snapshot: Snapshot, filters: Filters, range: Range): Selection {
  const { names, aliases } = snapshot;
  const { channel, weekday, person, conversation } = filters;
  const within = (things: readonly { readonly key: string }[], wanted: readonly string[] | undefined) => {
    if (wanted === undefined || wanted.length === 0) return null;
    const set = new Set(wanted);
    return Uint8Array.from(things, ({ key }) => (set.has(aliases.get(key) ?? key) ? 1 : 0));
  };
  const people = within(names.people.values, person);
  return {
    from: dayOf(range.from),
    to: dayOf(range.to),
    channels: FACT_SOURCES.map((source) => channel === undefined || channel.length === 0 || channel.includes(source.channel)),
    weekdays: weekday === undefined || weekday.length === 0 ? null : Array.from({ length: 8 }, (_, at) => weekday.includes(at)),
    slots: slotsOf(names.kinds.values, filters),
    people,
    wanted: people === null ? [] : Array.from(people.keys()).filter((number) => people[number] === 1),
    conversations: within(names.conversations.values, conversation),
  };
}

function slotsOf(kinds: readonly string[], { kind = [], direction = [], hour = [] }: Filters): Uint8Array | null {
  if (kind.length === 0 && direction.length === 0 && hour.length === 0) return null;
  const slots = new Uint8Array(65_536);
  for (const [number, name] of kinds.entries()) {
    if (number === 0 || number >= 2 ** (16 - KIND_SHIFT) || (kind.length > 0 && !kind.includes(name))) continue;
    for (const out of [false, true]) {
      if (direction.length > 0 && !direction.includes(out ? 'out' : 'in')) continue;
      for (let at = 0; at < 24; at += 1) if (hour.length === 0 || hour.includes(at)) slots[slotOf(number, out, at)] = 1;
    }
  }
  return slots;
}

/** The blocks that a selection reaches at all, in order. */
export function blocksIn({ blocks }: Snapshot, { from, to, channels, weekdays }: Selection): Block[] {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as Block).day < from) low = middle + 1;
    else high = middle;
  }
  const found: Block[] = [];
  for (let at = low; at < blocks.length && (blocks[at] as Block).day <= to; at += 1) {
    const block = blocks[at] as Block;
    if (channels[block.channel] === true && (weekdays === null || weekdays[weekdayOf(block.day)] === true)) found.push(block);
  }
  return found;
}

/** Closed quarters that lie whole in a selection which tells their rows apart by weekday, kind, direction and hour at most. */
export function rollupsIn({ rollups }: Snapshot, { from, to, channels, weekdays, people, conversations }: Selection): Rollup[] {
  if (people !== null || conversations !== null) return [];
  return rollups.list.filter(({ channel, blocks }) => {
    const [first, last] = [blocks[0]?.day ?? from, blocks.at(-1)?.day ?? to];
    return channels[channel] === true && first >= from && last <= to && (weekdays === null || weekdays[weekdayOf(first)] === true);
  });
}

/** What passes of a block. Valid until the next block is looked at. */
export interface Passing {
  /** 1 or 0 a row; null when all do. */
  readonly ok: Uint8Array | null;
  /** The rows, in order; null when all do. */
  readonly rows: Uint32Array | null;
  /** The runs in which some may lie; null for all. */
  readonly runs: Uint32Array | null;
}

const ALL: Passing = { ok: null, rows: null, runs: null };

let ok = new Uint8Array(16_384);
let rows = new Uint32Array(16_384);
let runs = new Uint32Array(16_384);
/** Rows of the last block whose marks are still to be cleared. */
let marked = 0;

/** What passes of a block; undefined when nothing does. */
export function passing(block: Block, selection: Selection): Passing | undefined {
  const { slots, people, conversations } = selection;
  if (slots === null && people === null && conversations === null) return ALL;
  const { count, slot, conversation } = block;
  if (conversations !== null && !block.conversations.value.some((value) => conversations[value] === 1)) return undefined;
  if (slots !== null && !block.slots.value.some((value) => slots[value] === 1)) return undefined;
  const some = people === null ? null : runsOf(block, selection);
  if (some !== null && some.length === 0) return undefined;
  ok.fill(0, 0, marked);
  if (ok.length < count) {
    ok = new Uint8Array(2 * count);
    rows = new Uint32Array(2 * count);
  }
  marked = count;
  let found = 0;
  const { from } = block.runs;
  const stretches = some === null ? 1 : some.length;
  for (let at = 0; at < stretches; at += 1) {
    const first = some === null ? 0 : (from[some[at] as number] as number);
    const end = some === null ? count : (from[(some[at] as number) + 1] as number);
    for (let row = first; row < end; row += 1) {
      if (slots !== null && slots[slot[row] as number] === 0) continue;
      if (conversations !== null && conversations[conversation[row] as number] === 0) continue;
      ok[row] = 1;
      rows[found] = row;
      found += 1;
    }
  }
  return found === 0 ? undefined : { ok, rows: rows.subarray(0, found), runs: some };
}

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
