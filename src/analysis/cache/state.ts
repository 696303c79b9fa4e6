import { ChatlakeError } from '../../errors.js';
import type { Zone } from '../../zone.js';
import { dateOfDay, type Day } from '../calendar.js';
import { changedBetween, partitionId, type Partitions } from '../facts/partitions.js';
import { FACT_SOURCES } from '../facts/sources.js';
import type { Supply } from '../facts/supply.js';
import type { Watch } from '../facts/watch.js';
import { type Block, blockOf } from './block.js';
import { type Aliases, aliasesOf, canonOf, differing, type Moved, movedBy } from './links.js';
import { type Names, newNames, numbersOf } from './names.js';
import { canonical, type NumberedDay } from './numbered.js';
import { inShared } from './shared.js';
import { type Side, sideOf } from './side.js';

/** Everything the cache holds, by partition. */
export interface State {
  readonly names: Names;
  aliases: Aliases;
  moved: Moved;
  /** The partitions that `blocks` hold. */
  readonly partitions: Partitions;
  readonly blocks: Map<string, Block>;
  readonly sides: Map<string, Side>;
}

export const emptyState = (): State => ({
  names: newNames(),
  aliases: new Map(),
  moved: { people: new Map(), conversations: new Map() },
  partitions: new Map(),
  blocks: new Map(),
  sides: new Map(),
});

/** What a state is built from. */
export interface Build {
  readonly zone: Zone;
  readonly watch: Watch;
  readonly supply: Supply;
  /** Whether to stop. */
  readonly over: () => boolean;
}

/** The state that fits the files of now; undefined when it is the one given. Throws when a file is replaced meanwhile. */
export async function updated(state: State, build: Build): Promise<{ state: State; read: number } | undefined> {
  const now = await build.watch.look();
  const changed = changedBetween(state.partitions, now);
  if (changed.length === 0) return undefined;
  const next: State = { ...state, partitions: now, blocks: new Map(state.blocks), sides: new Map(state.sides) };
  for (const id of changed) {
    next.blocks.delete(id);
    next.sides.delete(id);
  }
  let read = await buildDays(next, withDaysBefore(changed, now), build);
  next.aliases = aliasesOf(next.names, next.blocks.values());
  const moved = movedBy(next.names, next.aliases);
  const touched = touchedBy(next, moved);
  next.moved = moved;
  read += await buildDays(next, withDaysBefore(touched, now), build);
  if (changedBetween(now, await build.watch.look()).length > 0)
    throw new ChatlakeError('LAKE_UNAVAILABLE', 'The lake keeps changing while it is read for the analysis. Try again in a moment.');
  return { state: next, read };
}

/** Some partitions and those of the days before, which may have been answered on them. */
function withDaysBefore(changed: readonly string[], now: Partitions): string[] {
  const ids = new Set<string>();
  for (const id of changed) {
    const [channel = 0, day = 0] = id.split(' ').map(Number);
    for (const near of [partitionId(channel, day), partitionId(channel, day - 1)]) if (now.has(near)) ids.add(near);
  }
  return [...ids];
}

/** Partitions in which somebody, or some conversation, is another one's now. */
function touchedBy({ blocks, sides, moved: before }: State, after: Moved): string[] {
  const people = differing(before.people, after.people);
  const conversations = differing(before.conversations, after.conversations);
  if (people.size + conversations.size === 0) return [];
  const touched = new Set<string>();
  for (const [id, block] of blocks) {
    if (block.runs.person.some((person) => people.has(person)) || block.conversations.value.some((one) => conversations.has(one)))
      touched.add(id);
  }
  for (const [id, { reactions, members, sent }] of sides) {
    if ([reactions, members, sent].some(({ conversation }) => conversation.some((one) => conversations.has(one)))) touched.add(id);
  }
  return [...touched];
}

/** Builds the blocks of these partitions anew; returns how many. */
async function buildDays(state: State, ids: readonly string[], { zone, supply, over }: Build): Promise<number> {
  const { names, partitions } = state;
  const canon = canonOf(state.moved);
  let built = 0;
  for (const [channel, source] of FACT_SOURCES.entries()) {
    const wanted = new Set<Day>(ids.map((id) => id.split(' ').map(Number)).flatMap(([of, day = 0]) => (of === channel ? [day] : [])));
    // The day after is looked at too: responses may lie there.
    const days = [...new Set([...wanted].flatMap((day) => [day, day + 1]))].sort((a, b) => a - b);
    let waiting: NumberedDay | undefined;
    const finish = (next: NumberedDay | undefined) => {
      if (waiting === undefined || !wanted.has(waiting.facts.day)) return;
      const { day } = waiting.facts;
      const follows = next?.facts.day === day + 1 ? next : undefined;
      state.blocks.set(partitionId(channel, day), inShared(blockOf(waiting, follows, names, hours(zone, day))));
      const side = sideOf(waiting, follows, { names, channelName: source.channel, canon });
      if (side === undefined) state.sides.delete(partitionId(channel, day));
      else state.sides.set(partitionId(channel, day), side);
      built += 1;
    };
    for await (const facts of supply.of(channel, days, partitions)) {
      if (over()) throw new ChatlakeError('CANCELLED', 'The analysis is closed.');
      const next = canonical({ facts, numbers: numbersOf(names, facts, source.channel) }, canon);
      finish(next);
      waiting = next;
    }
    finish(undefined);
  }
  return built;
}

/** The hour of the day, in the zone, at seconds from the start of the UTC day. */
function hours(zone: Zone, day: Day): (seconds: number) => number {
  const start = zone.startOf(dateOfDay(day));
  const end = zone.startOf(dateOfDay(day + 1));
  const hourAt = (offset: number, sentAt: number) => Math.floor(((((sentAt + offset) % 86_400) + 86_400) % 86_400) / 3600);
  const offset = zone.offsetAt(start);
  if (offset === zone.offsetAt(end - 1)) return (seconds) => hourAt(offset, seconds);
  return (seconds) => hourAt(zone.offsetAt(day * 86_400 + seconds), seconds);
}
