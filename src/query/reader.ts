import { resolve } from 'node:path';
import { ChatlakeError } from '../errors.js';
import { openPool } from './pool.js';
import { engineError, fileChanged, userError } from './sqlerror.js';

export interface ReaderOptions {
  /** Folder of the enriched lake. */
  readonly root: string;
  /** DuckDB's spelling; `256MB` by default. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Statements at a time; 4 by default. */
  readonly connections?: number;
}

/** Runs SQL of this program's own over files of the lake, as it stands: nothing is translated. */
export interface Reader {
  /**
   * Every row; integers are bigints. `sql` is made anew for each attempt, since a file may be replaced while it is read.
   * Throws LAKE_UNAVAILABLE when that goes on, and CANCELLED.
   */
  rows(sql: () => string | Promise<string>, signal?: AbortSignal): Promise<readonly (readonly unknown[])[]>;
  close(): void;
}

const ATTEMPTS = 5;
const INTERRUPT_AGAIN_MS = 20;

export async function openReader(options: ReaderOptions): Promise<Reader> {
  const { root, memoryLimit = '256MB', threads = 2, connections = 4 } = options;
  const pool = await openPool({ folder: resolve(root), memoryLimit, threads, connections });
  const never = new AbortController().signal;

  async function rows(sql: () => string | Promise<string>, signal = never): Promise<readonly (readonly unknown[])[]> {
    const connection = await acquired(signal);
    let again: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      again ??= setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS);
    };
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      for (let attempt = 1; ; attempt += 1) {
        if (signal.aborted) throw cancelled();
        const text = await sql();
        try {
          return (await connection.runAndReadAll(text)).getRows();
        } catch (error) {
          if (signal.aborted) throw cancelled();
          const found = engineError(error);
          if (!fileChanged(found) || attempt === ATTEMPTS) throw userError(found, text, undefined, error);
        }
      }
    } finally {
      clearInterval(again);
      signal.removeEventListener('abort', interrupt);
      pool.release(connection);
    }
  }

  const acquired = (signal: AbortSignal) =>
    pool.acquire(signal).catch(() => {
      throw cancelled();
    });

  return { rows, close: () => pool.close() };
}

const cancelled = (): ChatlakeError => new ChatlakeError('CANCELLED', 'The reading was cancelled.');
