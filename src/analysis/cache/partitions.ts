import { dateOf, tableFolder } from '../../lake/layout.js';
import type { Store } from '../../types.js';
import { type Day, dayOf } from '../calendar.js';
import { FACT_SOURCES } from './facts.js';

/** A channel's day as it lies in the lake. */
export interface Partition {
  readonly channel: number;
  readonly day: Day;
  /** Keys of its files, by table. */
  readonly files: Readonly<Record<string, string>>;
  /** Changes whenever one of them does. */
  readonly etag: string;
}

export const partitionId = (channel: number, day: Day): string => `${channel} ${day}`;

/** Every channel's days, as they are now, by `partitionId`. */
export async function partitionsOf(enriched: Store): Promise<Map<string, Partition>> {
  const found = new Map<string, Partition>();
  for (const [channel, { tables }] of FACT_SOURCES.entries()) {
    for (const table of tables) {
      for await (const { key, size, etag } of enriched.list(tableFolder(table))) {
        const [, folder = '', file] = key.split('/');
        const date = dateOf(folder);
        if (date === undefined || file !== 'data.parquet') continue;
        const day = dayOf(date);
        const id = partitionId(channel, day);
        const known = found.get(id);
        const mark = `${table} ${size} ${etag};`;
        found.set(id, { channel, day, files: { ...known?.files, [table]: key }, etag: (known?.etag ?? '') + mark });
      }
    }
  }
  return found;
}

/** Ids of partitions that are in one and not, or not the same, in the other. */
export function changedBetween(before: ReadonlyMap<string, { readonly etag: string }>, after: ReadonlyMap<string, Partition>): string[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id)?.etag !== after.get(id)?.etag);
}
