import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
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

/** Made anew for each attempt, since a file may be replaced while it is read. */
export type Sql = () => string | Promise<string>;

/** Runs SQL of this program's own over files of the lake, as it stands: nothing is translated. */
export interface Reader {
  /**
   * Every row; integers are bigints. Throws LAKE_UNAVAILABLE when files go on being replaced while they are read, and
   * CANCELLED.
   */
  rows(sql: Sql, signal?: AbortSignal): Promise<readonly (readonly unknown[])[]>;
  /** The values of a single column, a few thousand at a time, all read before the first is handed out. Throws as `rows`. */
  column(sql: Sql, signal?: AbortSignal): Promise<Iterable<readonly unknown[]>>;
  /** Stops what is under way, and waits for it. */
  close(): Promise<void>;
}

const ATTEMPTS = 5;
const INTERRUPT_AGAIN_MS = 20;

export async function openReader(options: ReaderOptions): Promise<Reader> {
  const { root, memoryLimit = '256MB', threads = 2, connections = 4 } = options;
  const pool = await openPool({ folder: resolve(root), memoryLimit, threads, connections });
  const running = new Map<AbortController, Promise<unknown>>();
  let closed = false;

  /** Runs a statement that ends early at the caller's signal, and when the reader is closed. */
  async function stoppable<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (closed || signal?.aborted) throw cancelled();
    const stop = new AbortController();
    const abort = () => stop.abort();
    signal?.addEventListener('abort', abort, { once: true });
    const result = work(stop.signal);
    running.set(stop, result);
    try {
      return await result;
    } finally {
      running.delete(stop);
      signal?.removeEventListener('abort', abort);
    }
  }

  async function attempted<T>(sql: Sql, signal: AbortSignal, run: (connection: DuckDBConnection, text: string) => Promise<T>): Promise<T> {
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
          return await run(connection, text);
        } catch (error) {
          if (signal.aborted) throw cancelled();
          const found = engineError(error);
          if (!fileChanged(found) || attempt === ATTEMPTS) throw userError(found, text, undefined, error);
        }
      }
    } finally {
      clearInterval(again);
      pool.release(connection);
    }
  }

  const acquired = (signal: AbortSignal) =>
    pool.acquire(signal).catch(() => {
      throw cancelled();
    });

  return {
    rows: (sql, given) =>
      stoppable(given, (signal) => attempted(sql, signal, async (connection, text) => (await connection.runAndReadAll(text)).getRows())),
    column: (sql, given) =>
      stoppable(given, (signal) =>
        attempted(sql, signal, async (connection, text) => firstColumns(await (await connection.run(text)).fetchAllChunks())),
      ),
    close: async () => {
      closed = true;
      for (const stop of running.keys()) stop.abort();
      await Promise.allSettled(running.values());
      pool.close();
    },
  };
}

function* firstColumns(chunks: readonly DuckDBDataChunk[]): Generator<readonly unknown[]> {
  for (const chunk of chunks) yield chunk.getColumnValues(0);
}

const cancelled = (): ChatlakeError => new ChatlakeError('CANCELLED', 'The reading was cancelled.');
