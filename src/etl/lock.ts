import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatlakeError, messageOf } from '../errors.js';

/**
 * Locks `file` against other processes; resolves with what lets go of it, or with undefined while another one holds it. The lock is
 * the one DuckDB takes on a database file: the operating system frees it when its holder dies, however it dies. Throws
 * LAKE_UNAVAILABLE when the file cannot be made.
 */
export async function lockFile(file: string): Promise<(() => void) | undefined> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  try {
    await mkdir(dirname(file), { recursive: true });
    const instance = await DuckDBInstance.create(file);
    return () => instance.closeSync();
  } catch (error) {
    if (/lock|being used by another process/i.test(messageOf(error))) return undefined;
    throw new ChatlakeError('LAKE_UNAVAILABLE', `${file} cannot be locked: is the folder writable?`, { cause: error });
  }
}

const held = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other ETL runs on the lake in `folder`, in this process or another; tells it whether it had to wait for one.
 * Throws LAKE_UNAVAILABLE when another process still holds it after `patience` milliseconds.
 */
export async function alone<T>(folder: string, patience: number, waiting: () => void, work: (waited: boolean) => Promise<T>): Promise<T> {
  const before = held.get(folder);
  const turn = async () => {
    await before?.catch(() => undefined);
    let waited = before !== undefined;
    const release = await acquire(folder, patience, () => {
      waited = true;
      waiting();
    });
    try {
      return await work(waited);
    } finally {
      release();
    }
  };
  const mine = turn().finally(() => {
    if (held.get(folder) === mine) held.delete(folder);
  });
  held.set(folder, mine);
  return mine;
}

async function acquire(folder: string, patience: number, waiting: () => void): Promise<() => void> {
  const file = join(folder, '_etl.lock');
  const until = performance.now() + patience;
  for (let told = false; ; told = true) {
    const release = await lockFile(file);
    if (release) return release;
    if (performance.now() > until) {
      throw new ChatlakeError(
        'LAKE_UNAVAILABLE',
        `Another ETL run has held ${file} for ${Math.round(patience / 1000)} s. Try again when it has finished.`,
      );
    }
    if (!told) waiting();
    await delay(100);
  }
}
