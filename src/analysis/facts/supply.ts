import type { DuckDBConnection } from '@duckdb/node-api';
import { ChatlakeError } from '../../errors.js';
import type { Store } from '../../types.js';
import type { Day } from '../calendar.js';
import { type Partition, type Partitions, changedBetween, partitionId, partitionsAt } from './partitions.js';
import type { DayFacts } from './day-facts.js';
import type { KeptFacts } from './kept.js';
import { readFacts } from './read.js';
import type { Files } from './sources.js';

export interface SupplyOptions {
  readonly connection: DuckDBConnection;
  readonly enriched: Store;
  /** Where facts are kept; without, they are made from the files each time. */
  readonly kept: KeptFacts | undefined;
}

/** Facts of days: from memory, from where they are kept, or from the lake's files. */
export interface Supply {
  /**
   * Of these days of a channel, in order, as they are in `partitions`; none for a day without rows. Throws LAKE_UNAVAILABLE when files were replaced
   * meanwhile, and what DuckDB throws then.
   */
  of(channel: number, days: readonly Day[], partitions: Partitions): AsyncGenerator<DayFacts>;
  /** Keeps what does not change every moment; to be called when a state is complete. */
  settle(partitions: Partitions): Promise<void>;
}

/** Days read by one statement, by number and by bytes of their files. */
const DAYS_AT_ONCE = 31;
const BYTES_AT_ONCE = 3_000_000;
/** The newest days change all the time: they are kept in memory, and in the folder once they are older. */
const NEWEST = 2;

export function supply({ connection, enriched, kept }: SupplyOptions): Supply {
  const recent = new Map<string, { readonly etag: string; readonly facts: DayFacts }>();

  async function known(channel: number, day: Day, { etag }: Partition): Promise<DayFacts | undefined> {
    const held = recent.get(partitionId(channel, day));
    return held?.etag === etag ? held.facts : kept?.read(channel, day, etag);
  }

  async function made(channel: number, parts: readonly Partition[], newest: Day): Promise<DayFacts[]> {
    const files: Record<string, string[]> = {};
    for (const part of parts) for (const [table, key] of Object.entries(part.files)) (files[table] ??= []).push(await enriched.local(key));
    const facts = await readFacts(connection, channel, files satisfies Files);
    const own = new Map(parts.map((part) => [partitionId(channel, part.day), part]));
    const now = new Map(
      [
        ...(await partitionsAt(
          enriched,
          parts.map(({ day }) => day),
        )),
      ].filter(([, part]) => part.channel === channel),
    );
    if (changedBetween(own, now).length > 0)
      throw new ChatlakeError('LAKE_UNAVAILABLE', 'The lake keeps changing while it is read for the analysis. Try again in a moment.');
    for (const day of facts) {
      const etag = own.get(partitionId(channel, day.day))?.etag;
      if (etag === undefined) continue;
      if (day.day > newest - NEWEST) recent.set(partitionId(channel, day.day), { etag, facts: day });
      else await kept?.write(day, etag);
    }
    return facts;
  }

  return {
    async *of(channel, days, partitions) {
      const newest = newestOf(partitions);
      let missing: Partition[] = [];
      let bytes = 0;
      for (const day of days) {
        const part = partitions.get(partitionId(channel, day));
        if (part === undefined) continue;
        const facts = await known(channel, day, part);
        const full = missing.length === DAYS_AT_ONCE || bytes + part.bytes > BYTES_AT_ONCE;
        if (missing.length > 0 && (facts !== undefined || full)) {
          yield* await made(channel, missing, newest);
          missing = [];
          bytes = 0;
        }
        if (facts !== undefined) yield facts;
        else {
          missing.push(part);
          bytes += part.bytes;
        }
      }
      if (missing.length > 0) yield* await made(channel, missing, newest);
    },
    async settle(partitions) {
      const newest = newestOf(partitions);
      for (const [id, { etag, facts }] of recent) {
        if (partitions.get(id)?.etag === etag && facts.day > newest - NEWEST) continue;
        if (partitions.get(id)?.etag === etag) await kept?.write(facts, etag);
        recent.delete(id);
      }
    },
  };
}

const newestOf = (partitions: Partitions): Day =>
  Array.from(partitions.values(), ({ day }) => day).reduce((a, b) => Math.max(a, b), -Infinity);
