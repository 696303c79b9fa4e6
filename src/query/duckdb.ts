import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { QueryEngine, QueryOptions, QueryResult, Table } from '../types.js';
import { type Brake, brakeOf } from './brake.js';
import { LAKE_TABLES, LAKE_VIEWS } from './lake-tables.js';
import { openPool } from './pool.js';
import type { Pool, PoolOptions } from './pool.js';
import { endTransaction, isGathered, start, stream } from './rows.js';
import { translator } from './translate.js';
import { lakeViews } from './views.js';
import type { LakeViews } from './views.js';

export interface DuckdbOptions {
  /** Folder of the enriched lake; it need not exist yet. The only place statements can read. */
  readonly root: string;
  /** Every table of the lake by default. */
  readonly tables?: readonly Table[];
  /** DuckDB's spelling; `1GB` by default. */
  readonly memoryLimit?: string;
  /** Cores used by one statement; all by default. */
  readonly threads?: number;
  /** Statements that run at a time; further ones wait. 4 by default. */
  readonly connections?: number;
  /** Milliseconds a statement may take when the caller gives no limit: 5 minutes by default. */
  readonly timeoutMs?: number;
  /** Where and how much sorts may spill to disk; nothing by default. */
  readonly spill?: PoolOptions['spill'];
}

/**
 * The embedded engine: DuckDB over the Parquet files of a local enriched lake, with Athena's spelling (`compat.ts`),
 * locked so that a statement can only read them. Values are handed out as `values.ts` says.
 */
export async function duckdbEngine(options: DuckdbOptions): Promise<QueryEngine> {
  const folder = resolve(options.root);
  const pool = await openPool({
    folder,
    memoryLimit: options.memoryLimit ?? '1GB',
    threads: options.threads ?? availableParallelism(),
    connections: options.connections ?? 4,
    ...(options.spill ? { spill: options.spill } : {}),
  });
  const views = lakeViews(folder, options.tables ?? LAKE_TABLES, LAKE_VIEWS, (sql) => pool.trusted.run(sql));
  const timeoutMs = options.timeoutMs ?? 300_000;
  const active = new Set<Active>();
  const translate = translator(pool.aggregates);
  return {
    name: 'duckdb',
    run: (sql, given = {}) => runStatement({ pool, views, active, translate }, sql, { timeoutMs, ...given }),
    async close() {
      await Promise.all([...active].map((statement) => statement.stop()));
      pool.close();
    },
  };
}

interface Parts {
  readonly pool: Pool;
  readonly views: LakeViews;
  readonly active: Set<Active>;
  readonly translate: ReturnType<typeof translator>;
}

/** A statement that holds a connection, or waits for one. */
interface Active {
  /** Cancels it; resolves when its connection is free. */
  stop(): Promise<void>;
}

/** Interrupts what `connection` runs once the brake is pulled; returns what ends that. */
function interruptAt(brake: Brake, connection: DuckDBConnection): () => void {
  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    // An interrupt between two steps of a statement is lost, so it is repeated.
    again ??= setInterval(() => connection.interrupt(), 20);
  };
  if (brake.signal.aborted) interrupt();
  else brake.signal.addEventListener('abort', interrupt, { once: true });
  return () => {
    brake.signal.removeEventListener('abort', interrupt);
    clearInterval(again);
  };
}

async function runStatement({ pool, views, active, translate }: Parts, sql: string, options: QueryOptions): Promise<QueryResult> {
  const brake = brakeOf(options);
  let connection: DuckDBConnection | undefined;
  let inTransaction = false;
  let leaveIt: () => void = () => undefined;
  let released: Promise<void> | undefined;
  const letGo = () => {
    released ??= (async () => {
      brake.release();
      leaveIt();
      if (connection) {
        if (inTransaction) await endTransaction(connection);
        pool.release(connection);
      }
      active.delete(statement);
    })();
    return released;
  };
  let begun: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const statement: Active = {
    async stop() {
      brake.cancel();
      await beginning;
      await letGo();
    },
  };
  active.add(statement);
  try {
    connection = await pool.acquire(brake.signal);
    leaveIt = interruptAt(brake, connection);
    const translated = await translate(connection, sql);
    if ('notice' in translated) {
      void letGo();
      return { columns: [], batches: none(), truncated: () => false, notices: [translated.notice] };
    }
    const maxRows = options.maxRows ?? Infinity;
    inTransaction = !isGathered(translated, maxRows);
    const started = await start(connection, views, translated, maxRows, brake.signal);
    // Rows that nobody reads must not hold the connection past the time limit.
    brake.signal.addEventListener('abort', () => void letGo(), { once: true });
    return stream(started, maxRows, () => void letGo());
  } catch (error) {
    await letGo();
    brake.signal.throwIfAborted();
    throw error;
  } finally {
    begun();
  }
}

async function* none(): AsyncGenerator<never> {
  // A notice has no rows.
}
