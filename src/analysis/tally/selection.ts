import type { Block } from '../cache/block.js';
import { HOUR_BITS, KIND_SHIFT, MANNERS, slotOf } from '../cache/block.js';
import type { Aliases } from '../cache/links.js';
import type { Countable, Snapshot } from '../cache/snapshot.js';
import { FACT_SOURCES } from '../facts/sources.js';
import type { Rollup } from '../cache/rollup.js';
import { type Bucket, bucketOf, type Day, dayOf, weekdayOf } from '../calendar.js';
import type { Filters, Range } from '../types.js';

/** Filters as lookups by number. A lookup that is null lets everything pass. */
export interface Selection {
  readonly from: Day;
  readonly to: Day;
  /** Those of its days that are counted: all of them, or a part. */
  readonly first: Day;
  readonly last: Day;
  /** How finely the range is drawn. */
  readonly bucket: Bucket;
  readonly channels: readonly boolean[];
  /** Those of them in which the people and conversations that pass can be. */
  readonly holding: readonly boolean[];
  readonly weekdays: readonly boolean[] | null;
  /** By slot: kind, direction and hour together. */
  readonly slots: Uint8Array | null;
  /** By kind and direction, where these, the period, the channel and conversations are all that tells rows apart; else undefined. */
  readonly manners: Uint8Array | null | undefined;
  readonly people: Uint8Array | null;
  /** The people that pass, in order of their numbers; none where all do. */
  readonly wanted: readonly number[];
  readonly conversations: Uint8Array | null;
}

export function selectionOf(snapshot: Snapshot, filters: Filters, range: Range): Selection {
  const { names, aliases } = snapshot;
  const { channel, weekday, hour, person, conversation } = filters;
  const within = (things: Named, wanted: readonly string[] | undefined) => {
    if (wanted === undefined || wanted.length === 0) return null;
    const flags = new Uint8Array(things.values.length);
    for (const number of numbersIn(things, aliases, wanted)) flags[number] = 1;
    return flags;
  };
  const people = within(names.people, person);
  const conversations = within(names.conversations, conversation);
  const channels = FACT_SOURCES.map((source) => channel === undefined || channel.length === 0 || channel.includes(source.channel));
  const slots = slotsOf(names.kinds.values, filters);
  const alone = [person, weekday, hour].every((wanted = []) => wanted.length === 0);
  const [from, to] = [dayOf(range.from), dayOf(range.to)];
  return {
    from,
    to,
    first: from,
    last: to,
    bucket: bucketOf(range),
    channels,
    holding: channels.map((passes, at) => passes && isIn(at, names.people, people) && isIn(at, names.conversations, conversations)),
    weekdays: weekday === undefined || weekday.length === 0 ? null : Array.from({ length: 8 }, (_, at) => weekday.includes(at)),
    slots,
    manners: alone ? mannersOf(slots) : undefined,
    people,
    wanted: people === null ? [] : Array.from(people.keys()).filter((number) => people[number] === 1),
    conversations,
  };
}

/** Whether any that passes is in the channel. */
export const isIn = (channel: number, { values }: Named, flags: Uint8Array | null): boolean =>
  flags === null || values.some((thing, number) => flags[number] === 1 && thing.channel === channel);

type Named = Pick<Snapshot['names']['people' | 'conversations'], 'numbers' | 'values'>;

const known = new WeakMap<Aliases, ReadonlyMap<string, readonly string[]>>();

/** The ids that some are known under, by what they are now. */
function formerOf(aliases: Aliases): ReadonlyMap<string, readonly string[]> {
  const found = known.get(aliases);
  if (found) return found;
  const former = new Map<string, string[]>();
  for (const [before, now] of aliases) former.set(now, [...(former.get(now) ?? []), before]);
  known.set(aliases, former);
  return former;
}

/** The numbers of everything that is one of `wanted` now. */
function numbersIn({ numbers }: Named, aliases: Aliases, wanted: readonly string[]): number[] {
  return wanted
    .flatMap((key) => [...(aliases.has(key) ? [] : [key]), ...(formerOf(aliases).get(key) ?? [])])
    .flatMap((key) => numbers.get(key) ?? []);
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

/** Of slots that pass whatever the hour. */
const mannersOf = (slots: Uint8Array | null): Uint8Array | null =>
  slots === null ? null : Uint8Array.from({ length: MANNERS }, (_, manner) => slots[manner << HOUR_BITS] as number);

/** The same, of all its days. */
export const wholeOf = (selection: Selection): Selection => ({ ...selection, first: selection.from, last: selection.to });

/** The blocks that a selection counts, in order. */
export function blocksIn({ blocks }: Countable, { first, last, holding, weekdays }: Selection): Block[] {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as Block).day < first) low = middle + 1;
    else high = middle;
  }
  const found: Block[] = [];
  for (let at = low; at < blocks.length && (blocks[at] as Block).day <= last; at += 1) {
    const block = blocks[at] as Block;
    if (holding[block.channel] === true && (weekdays === null || weekdays[weekdayOf(block.day)] === true)) found.push(block);
  }
  return found;
}

/** Rollups that lie whole in a selection which tells their rows apart by weekday, kind, direction and hour at most. */
export function rollupsIn({ rollups }: Countable, { first, last, channels, weekdays, people, conversations }: Selection): Rollup[] {
  if (people !== null || conversations !== null) return [];
  return rollups.list.filter(({ channel, blocks }) => {
    const [start, end] = [blocks[0]?.day ?? first, blocks.at(-1)?.day ?? last];
    return channels[channel] === true && start >= first && end <= last && (weekdays === null || weekdays[weekdayOf(start)] === true);
  });
}
