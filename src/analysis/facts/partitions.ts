import { dateOf, partition, tableFolder } from '../../lake/layout.js';
import type { Store } from '../../types.js';
import { dateOfDay, type Day, dayOf } from '../calendar.js';
import { FACT_SOURCES } from './sources.js';

/** A channel's day as it lies in the lake. */
export interface Partition {
  readonly channel: number;
  readonly day: Day;
  /** Keys of its files, by table. */
  readonly files: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Changes whenever one of them does. */
  readonly etag: string;
}

export type Partitions = ReadonlyMap<string, Partition>;

export const partitionId = (channel: number, day: Day): string => `${channel} ${day}`;

/** Every channel's days, as they are now, by `partitionId`. */
export function partitionsOf(enriched: Store): Promise<Partitions> {
  return found(enriched, (table) => [tableFolder(table)]);
}

/** The same of some days only. */
export function partitionsAt(enriched: Store, days: Iterable<Day>): Promise<Partitions> {
  const folders = [...days].map((day) => `${partition(dateOfDay(day))}/`);
  return found(enriched, (table) => folders.map((folder) => tableFolder(table) + folder));
}

async function found(enriched: Store, prefixes: (table: string) => readonly string[]): Promise<Partitions> {
  const partitions = new Map<string, Partition>();
  for (const [channel, { tables }] of FACT_SOURCES.entries()) {
    for (const table of tables) {
      for (const prefix of prefixes(table)) {
        for await (const { key, size, etag } of enriched.list(prefix)) {
          const [, folder = '', file] = key.split('/');
          const date = dateOf(folder);
          if (date === undefined || file !== 'data.parquet') continue;
          const day = dayOf(date);
          const id = partitionId(channel, day);
          const known = partitions.get(id);
          const mark = `${table} ${size} ${etag};`;
          partitions.set(id, {
            channel,
            day,
            files: { ...known?.files, [table]: key },
            bytes: (known?.bytes ?? 0) + size,
            etag: (known?.etag ?? '') + mark,
          });
        }
      }
    }
  }
  return partitions;
}

/** Ids of partitions that are in one and not, or not the same, in the other. */
export function changedBetween(before: ReadonlyMap<string, { readonly etag: string }>, after: Partitions): string[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id)?.etag !== after.get(id)?.etag);
}
