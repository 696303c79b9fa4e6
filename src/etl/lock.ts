import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { ChatlakeError, messageOf } from '../errors.js';
import type { Store } from '../types.js';

/** What DuckDB says of a lock that another process holds, on POSIX systems and on Windows; the path follows. */
const HELD = /Could not set lock on file|being used by another process/i;
/** What it says of a file that was not written whole. */
const DAMAGED = /not a valid DuckDB database|Could not read enough bytes/i;

/**
 * Locks `file` against other processes; resolves with what lets go of it, or with undefined while another one holds it. The lock is
 * the one DuckDB takes on a database file: the operating system frees it when its holder dies, however it dies. Throws
 * LAKE_UNAVAILABLE when the file cannot be made or read.
 */
export async function lockFile(file: string): Promise<(() => void) | undefined> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  try {
    await mkdir(dirname(file), { recursive: true });
    if (!existsSync(file)) await makeWhole(file, DuckDBInstance);
    const instance = await DuckDBInstance.create(file);
    return () => instance.closeSync();
  } catch (error) {
    const told = messageOf(error);
    if (HELD.test(told)) return undefined;
    const next = DAMAGED.test(told)
      ? 'it is damaged, as a full disk or a power cut may leave it. Remove it while nothing works on this lake'
      : 'can the folder be written, and has the disk some space?';
    throw new ChatlakeError('LAKE_UNAVAILABLE', `${file} cannot be locked: ${next}`, { cause: error });
  }
}

/** Makes the file under another name first: half of one, which a full disk or a crash would leave, nobody could ever lock. */
async function makeWhole(file: string, database: typeof DuckDBInstance): Promise<void> {
  const fresh = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    (await database.create(fresh)).closeSync();
    // Fails where another process was faster, and where a file cannot have two names: there DuckDB makes it in its place.
    await link(fresh, file).catch(() => undefined);
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Whether runs can keep each other out by a lock. Elsewhere each compares what it writes with what it read. */
export const isFolder = (enriched: Store): boolean => isAbsolute(enriched.url);

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
