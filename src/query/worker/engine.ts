import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ChatlakeError } from '../../errors.js';
import type { QueryEngine, QueryOptions, QueryResult } from '../../types.js';
import type { ExportFormat } from '../export.js';
import { residentOf } from './memory.js';
import { startWorker, type Task, type Worker } from './process.js';
import type { Reply, Request } from './protocol.js';
import { turnstile } from './turnstile.js';

export interface IsolatedOptions {
  /** Folder of the enriched lake. */
  readonly root: string;
  /** Processes, each with one statement at a time; 2 by default. Started when needed. */
  readonly workers?: number;
  /** Megabytes of resident memory that one may take; 1024 by default. */
  readonly memoryMb?: number;
  /** Milliseconds of one statement, when the caller gives no other limit; 30 s by default. */
  readonly timeoutMs?: number;
  /** Statements that may wait for a process, and milliseconds until they are told to come again; 100 and 20 s by default. */
  readonly waiting?: number;
  readonly patienceMs?: number;
  /** Milliseconds without a statement after which a process is ended; a minute by default. */
  readonly idleMs?: number;
}

/** A QueryEngine whose statements cannot harm this process, whatever they do. */
export interface IsolatedEngine extends QueryEngine {
  /** Writes the rows of a statement to `file`. Throws as `run` does. */
  exportTo(sql: string, format: ExportFormat, file: string, options: QueryOptions & { readonly maxBytes?: number }): Promise<void>;
}

const MEGABYTE = 1024 ** 2;
/** Bytes of a result that is handed out. */
const RESULT_BYTES = 64 * MEGABYTE;
const EXPORT_BYTES = 512 * MEGABYTE;
const GRACE_MS = 1000;
/** DuckDB's own limit, below that of the process: most statements end there, in words that fit better. */
const ENGINE_SHARE = 0.55;
/** A process that keeps more than this after a statement is replaced: the next one has a right to the whole. */
const LEFT_SHARE = 0.4;

/**
 * Runs statements in processes of their own, each watched: one that takes more memory or time than it may, or cannot be
 * interrupted, is ended, and another takes its place. They run below everything else on the machine.
 */
export function isolatedEngine(options: IsolatedOptions): IsolatedEngine {
  const { workers = 2, memoryMb = 1024, timeoutMs = 30_000, waiting = 100, patienceMs = 20_000, idleMs = 60_000 } = options;
  const start = () =>
    startWorker(
      {
        root: resolve(options.root),
        memoryLimit: `${Math.round(memoryMb * ENGINE_SHARE)}MB`,
        threads: Math.min(4, availableParallelism()),
      },
      { maxMemory: memoryMb * MEGABYTE, graceMs: GRACE_MS },
    );
  const turns = turnstile<Seat>(
    Array.from({ length: workers }, () => ({ worker: undefined, idle: undefined })),
    { waiting, patienceMs },
  );
  let serial = 0;
  let closed = false;

  async function begin(request: Unnumbered, signal: AbortSignal | undefined): Promise<Task> {
    const seat = await turns.enter(signal);
    clearTimeout(seat.idle);
    const leave = () => {
      seat.idle = setTimeout(() => seat.worker?.kill(), idleMs);
      seat.idle.unref();
      turns.leave(seat);
    };
    try {
      if (!seat.worker?.alive()) seat.worker = start();
      const { worker } = seat;
      await worker.ready;
      if (signal?.aborted) throw cancelled();
      const task = worker.begin({ ...request, id: (serial += 1) });
      const stop = () => task.stop(cancelled());
      signal?.addEventListener('abort', stop, { once: true });
      void task.over.then(() => {
        signal?.removeEventListener('abort', stop);
        if ((residentOf(worker.pid ?? 0) ?? 0) > LEFT_SHARE * memoryMb * MEGABYTE) worker.kill();
        if (!worker.alive() && !closed) seat.worker = start();
        leave();
      });
      return task;
    } catch (error) {
      leave();
      throw error;
    }
  }

  const limitsOf = (given: QueryOptions, maxBytes: number) => ({
    maxRows: given.maxRows ?? 1_000_000,
    timeoutMs: given.timeoutMs ?? timeoutMs,
    maxBytes,
  });

  return {
    name: 'duckdb',
    run: async (sql, given = {}) => {
      const task = await begin({ type: 'run', sql, limits: limitsOf(given, RESULT_BYTES) }, given.signal);
      const started = await task.reply();
      if (started.type !== 'started') throw new Error('a worker answered out of turn');
      return resultOf(task, started);
    },
    exportTo: async (sql, format, file, given) => {
      const limits = limitsOf(given, given.maxBytes ?? EXPORT_BYTES);
      await (await begin({ type: 'export', sql, format, file, limits }, given.signal)).reply();
    },
    close: async () => {
      closed = true;
      for (const seat of turns.close(cancelled())) {
        clearTimeout(seat.idle);
        seat.worker?.kill();
      }
    },
  };
}

/** A place for a process. */
interface Seat {
  worker: Worker | undefined;
  idle: NodeJS.Timeout | undefined;
}

type Statement = Extract<Request, { readonly type: 'run' | 'export' }>;
type Unnumbered = Statement extends infer One ? (One extends unknown ? Omit<One, 'id'> : never) : never;

const cancelled = (): ChatlakeError => new ChatlakeError('CANCELLED', 'The query was cancelled.');

/** The rows of a statement that has started, each batch asked for when it is wanted. */
function resultOf(task: Task, { id, columns, notices }: Extract<Reply, { type: 'started' }>): QueryResult {
  let truncated = false;
  async function* batches(): AsyncGenerator<readonly (readonly unknown[])[]> {
    let done = false;
    try {
      while (!done) {
        task.say({ type: 'next', id });
        const reply = await task.reply();
        if (reply.type === 'rows') yield reply.rows;
        else {
          done = true;
          truncated = reply.type === 'end' && reply.truncated;
        }
      }
    } finally {
      if (!done) task.stop(cancelled());
    }
  }
  return { columns, notices, batches: batches(), truncated: () => truncated };
}
