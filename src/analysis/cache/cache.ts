import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ChatlakeError } from '../../errors.js';
import type { Store } from '../../types.js';
import type { Zone } from '../../zone.js';
import { dateOfDay, type Day } from '../calendar.js';
import { type Block, blockOf } from './block.js';
import { repeatContents } from './contents.js';
import { timelines } from './days.js';
import { FACT_SOURCES, type Files } from './facts.js';
import { type Aliases, aliasesOf, canonOf } from './links.js';
import { type Month, monthsOf } from './months.js';
import { type Names, newNames } from './names.js';
import { changedBetween, type Partition, partitionId, partitionsOf } from './partitions.js';
import { type Side, sidesOf } from './sides.js';
import type { Timeline } from './timeline.js';

/** The lake as the analysis sees it, at one moment. Everything in it belongs together. */
export interface Snapshot {
  readonly names: Names;
  readonly aliases: Aliases;
  /** In order of day, then channel. */
  readonly blocks: readonly Block[];
  /** Closed months, counted. */
  readonly months: readonly Month[];
  /** What happened beside messages, in order of day. */
  readonly sides: readonly Side[];
  /** By person's number: 1 for people, 0 for bots, businesses and nobody. */
  readonly humans: Uint8Array;
  /** First and last day of each person, by number; 0 and -1 for none. */
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  /** Changes when a file of the lake does. */
  readonly version: string;
}

export interface CacheOptions {
  readonly enriched: Store;
  readonly zone: Zone;
  /** DuckDB's spelling; `256MB` by default. Only reading needs it: the cache itself lies outside. */
  readonly memoryLimit?: string;
  readonly threads?: number;
}

export interface Cache {
  /** What the last refresh found; an empty lake before the first. */
  snapshot(): Snapshot;
  /**
   * Reads the days whose files changed since the last time and takes them in at once. Runs one at a time; throws
   * LAKE_UNAVAILABLE when files keep changing.
   */
  refresh(): Promise<Refreshed>;
  /** Stops a refresh under way. Resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface Refreshed {
  /** Partitions read, neighbours whose responses had to be looked for again included. */
  readonly read: number;
  readonly changed: boolean;
}

/** Days read by one statement. */
const DAYS_AT_ONCE = 31;
const INTERRUPT_AGAIN_MS = 20;
const ATTEMPTS = 6;
/** Before another attempt, and more before each further one. */
const PAUSE_MS = 50;

interface State {
  names: Names;
  aliases: Aliases;
  /** The state of each partition that `blocks` holds. */
  partitions: Map<string, Partition>;
  blocks: Map<string, Block>;
  sides: Map<string, Side>;
}

const emptyState = (): State => ({ names: newNames(), aliases: new Map(), partitions: new Map(), blocks: new Map(), sides: new Map() });

/** An in-memory copy of what metrics need, kept in step with the files of an enriched lake. */
export async function openCache(options: CacheOptions): Promise<Cache> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '256MB',
    preserve_insertion_order: 'true',
    // It is keyed by path, and mixes blocks of a file with those of the one that replaces it.
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  let state = emptyState();
  let snapshot = snapshotOf(state, []);
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const over = () => new ChatlakeError('CANCELLED', 'The analysis is closed.');

  async function refresh(): Promise<Refreshed> {
    for (let attempt = 1; ; attempt += 1) {
      if (closed) throw over();
      try {
        const next = await updated(state, options, connection);
        if (next !== undefined) {
          state = next.state;
          snapshot = snapshotOf(state, snapshot.months);
        }
        return { read: next?.read ?? 0, changed: next !== undefined };
      } catch (error) {
        // Files were replaced under the reader, most likely by the ETL: what is there in a moment belongs together again.
        if (closed) throw over();
        if (attempt === ATTEMPTS)
          throw error instanceof ChatlakeError
            ? error
            : new ChatlakeError('LAKE_UNAVAILABLE', 'The lake could not be read for the analysis. Try again in a moment.', {
                cause: error,
              });
        await setTimeout(attempt * PAUSE_MS);
      }
    }
  }

  return {
    snapshot: () => snapshot,
    refresh() {
      const next = last.then(refresh);
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      closed = true;
      // Closing under a statement that runs would end the whole process.
      const stopping = setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS);
      await last;
      clearInterval(stopping);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The state that fits the files of now; undefined when it is the one given. Throws when a file is replaced meanwhile. */
async function updated(
  state: State,
  options: CacheOptions,
  connection: DuckDBConnection,
): Promise<{ state: State; read: number } | undefined> {
  const now = await partitionsOf(options.enriched);
  const changed = changedBetween(state.partitions, now);
  if (changed.length === 0) return undefined;
  const next: State = { ...state, partitions: now, blocks: new Map(state.blocks), sides: new Map(state.sides) };
  for (const id of changed) {
    if (now.has(id)) continue;
    next.blocks.delete(id);
    next.sides.delete(id);
  }
  const read = await readDays(next, around(changed, now), options, connection);
  const aliases = aliasesOf([...next.blocks.values()].flatMap((block) => block.links));
  if (!sameAliases(aliases, next.aliases)) {
    // Who is whom changed: every day is numbered anew.
    next.aliases = aliases;
    await readDays(next, [...now.keys()], options, connection);
  }
  if (changedBetween(now, await partitionsOf(options.enriched)).length > 0)
    throw new ChatlakeError('LAKE_UNAVAILABLE', 'The lake keeps changing while it is read for the analysis. Try again in a moment.');
  repeatContents(next.names, [...next.blocks.values()]);
  return { state: next, read };
}

/** The changed partitions and those of the days before, which may have been answered by what is new. */
function around(changed: readonly string[], now: ReadonlyMap<string, Partition>): string[] {
  const ids = new Set<string>();
  for (const id of changed) {
    const [channel = 0, day = 0] = id.split(' ').map(Number);
    for (const near of [partitionId(channel, day), partitionId(channel, day - 1)]) if (now.has(near)) ids.add(near);
  }
  return [...ids];
}

async function readDays(state: State, ids: readonly string[], options: CacheOptions, connection: DuckDBConnection): Promise<number> {
  const canon = canonOf(state.names, state.aliases);
  let read = 0;
  for (const [channel, source] of FACT_SOURCES.entries()) {
    const wanted = new Set<Day>();
    for (const id of ids) {
      const [of, day = 0] = id.split(' ').map(Number);
      if (of === channel) wanted.add(day);
    }
    // The day after is read too: responses may lie there.
    const days = [...new Set([...wanted].flatMap((day) => [day, day + 1]))]
      .filter((day) => state.partitions.has(partitionId(channel, day)))
      .sort((a, b) => a - b);
    let waiting: Timeline | undefined;
    const finish = (next: Timeline | undefined) => {
      if (waiting === undefined || !wanted.has(waiting.day)) return;
      const follows = next?.day === waiting.day + 1 ? next : undefined;
      state.blocks.set(partitionId(channel, waiting.day), blockOf(waiting, follows, canon, hours(options.zone, waiting.day)));
      read += 1;
    };
    for (const day of wanted) {
      state.blocks.delete(partitionId(channel, day));
      state.sides.delete(partitionId(channel, day));
    }
    for (let at = 0; at < days.length; at += DAYS_AT_ONCE) {
      const files = await localFiles(state, channel, days.slice(at, at + DAYS_AT_ONCE), options.enriched);
      for await (const timeline of timelines(connection, state.names, channel, source.channel, source.select(files))) {
        finish(timeline);
        waiting = timeline;
      }
      for (const side of await sidesOf(connection, state.names, channel, source.channel, files, canon))
        if (wanted.has(side.day)) state.sides.set(partitionId(channel, side.day), side);
    }
    finish(undefined);
  }
  return read;
}

async function localFiles(state: State, channel: number, days: readonly Day[], enriched: Store): Promise<Files> {
  const files: Record<string, string[]> = {};
  for (const day of days) {
    for (const [table, key] of Object.entries(state.partitions.get(partitionId(channel, day))?.files ?? {}))
      (files[table] ??= []).push(await enriched.local(key));
  }
  return files;
}

/** The hour of the day at an instant of `day`, in the zone. */
function hours(zone: Zone, day: Day): (sentAt: number) => number {
  const start = zone.startOf(dateOfDay(day));
  const end = zone.startOf(dateOfDay(day + 1));
  const hourAt = (offset: number, sentAt: number) => Math.floor(((((sentAt + offset) % 86_400) + 86_400) % 86_400) / 3600);
  const offset = zone.offsetAt(start);
  return offset === zone.offsetAt(end - 1) ? (sentAt) => hourAt(offset, sentAt) : (sentAt) => hourAt(zone.offsetAt(sentAt), sentAt);
}

const sameAliases = (a: Aliases, b: Aliases): boolean => a.size === b.size && [...a].every(([former, now]) => b.get(former) === now);

function snapshotOf(state: State, months: readonly Month[]): Snapshot {
  const blocks = [...state.blocks.values()].sort((a, b) => a.day - b.day || a.channel - b.channel);
  const sides = [...state.sides.values()].sort((a, b) => a.day - b.day);
  const size = state.names.people.values.length;
  const firstDay = new Int32Array(size);
  const lastDay = new Int32Array(size).fill(-1);
  for (const { day, runs } of blocks) {
    for (const person of runs.person) {
      if (lastDay[person] === -1) firstDay[person] = day;
      lastDay[person] = day;
    }
  }
  const humans = Uint8Array.from(state.names.people.values, ({ bot, key }) => (bot || key === '' ? 0 : 1));
  const version = createHash('sha256');
  for (const [id, { etag }] of [...state.partitions].sort(([a], [b]) => (a < b ? -1 : 1))) version.update(`${id} ${etag}\n`);
  return {
    names: state.names,
    aliases: state.aliases,
    blocks,
    months: monthsOf(blocks, months),
    sides,
    humans,
    firstDay,
    lastDay,
    version: version.digest('hex').slice(0, 16),
  };
}
