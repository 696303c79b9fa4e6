import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ChatlakeError, messageOf } from '../errors.js';

const held = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other ETL runs on the lake in `folder`, in this process or another. The lock between processes is
 * the one DuckDB takes on a database file: the operating system lets go of it when its holder dies, however it dies.
 * Throws LAKE_UNAVAILABLE when another process still holds it after `patience` milliseconds.
 */
export async function alone<T>(folder: string, patience: number, waiting: () => void, work: () => Promise<T>): Promise<T> {
  const before = held.get(folder) ?? Promise.resolve();
  const mine = before
    .catch(() => undefined)
    .then(async () => {
      const release = await acquire(folder, patience, waiting);
      try {
        return await work();
      } finally {
        release();
      }
    });
  held.set(folder, mine);
  return mine;
}

async function acquire(folder: string, patience: number, waiting: () => void): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, '_etl.lock');
  const until = performance.now() + patience;
  for (let told = false; ;) {
    try {
      const instance = await DuckDBInstance.create(file);
      return () => instance.closeSync();
    } catch (error) {
      if (!/lock|being used by another process/i.test(messageOf(error))) {
        throw new ChatlakeError('LAKE_UNAVAILABLE', `${file} cannot be locked: is the folder writable?`, { cause: error });
      }
      if (performance.now() > until) {
        throw new ChatlakeError(
          'LAKE_UNAVAILABLE',
          `Another ETL run has held ${file} for ${Math.round(patience / 1000)} s. Try again when it has finished.`,
        );
      }
      if (!told) waiting();
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
