import type { Block } from '../cache/block.js';
import { HOUR_BITS, KIND_SHIFT, slotOf } from '../cache/block.js';
import type { Snapshot } from '../cache/cache.js';
import { FACT_SOURCES } from '../cache/facts.js';
import type { Month } from '../cache/months.js';
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
  /** Whether only some hours pass. */
  readonly hourly: boolean;
  readonly people: Uint8Array | null;
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
  return {
    from: dayOf(range.from),
    to: dayOf(range.to),
    channels: FACT_SOURCES.map((source) => channel === undefined || channel.length === 0 || channel.includes(source.channel)),
    weekdays: weekday === undefined || weekday.length === 0 ? null : Array.from({ length: 8 }, (_, at) => weekday.includes(at)),
    slots: slotsOf(names.kinds.values, filters),
    hourly: (filters.hour ?? []).length > 0,
    people: within(names.people.values, person),
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

/** Closed months that lie whole in a selection which tells their rows apart by kind and direction at most. */
export function monthsIn({ months }: Snapshot, { from, to, channels, weekdays, hourly, people, conversations }: Selection): Month[] {
  if (weekdays !== null || hourly || people !== null || conversations !== null) return [];
  return months.filter(({ channel, blocks }) => {
    const [first, last] = [blocks[0]?.day ?? from, blocks.at(-1)?.day ?? to];
    return channels[channel] === true && first >= from && last <= to;
  });
}

/** Which forms (kind and direction) pass; null when all do. */
export function formsOf({ slots }: Selection): Uint8Array | null {
  return slots === null ? null : Uint8Array.from({ length: 2 ** (16 - HOUR_BITS) }, (_, form) => slots[form << HOUR_BITS] as number);
}

let scratch = new Uint8Array(16_384);

/** Which rows of a block pass: 1 or 0 a row, valid until the next call; null when all do. */
export function passing(block: Block, { slots, people, conversations }: Selection): Uint8Array | null {
  if (slots === null && people === null && conversations === null) return null;
  if (scratch.length < block.count) scratch = new Uint8Array(2 * block.count);
  const ok = scratch;
  if (people === null) ok.fill(1, 0, block.count);
  else {
    ok.fill(0, 0, block.count);
    const { person, from } = block.runs;
    for (let run = 0; run < person.length; run += 1) if (people[person[run] as number] === 1) ok.fill(1, from[run], from[run + 1]);
  }
  if (slots !== null) keep(ok, block.slot, slots, block.count);
  if (conversations !== null) keep(ok, block.conversation, conversations, block.count);
  return ok;
}

function keep(ok: Uint8Array, values: Uint16Array | Uint32Array, mask: Uint8Array, count: number): void {
  for (let row = 0; row < count; row += 1) ok[row] = (ok[row] as number) & (mask[values[row] as number] as number);
}
