import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { ChatlakeError } from '../errors.js';
import type { QueryColumn, QueryResult } from '../types.js';
import { ANONYMOUS } from './compat.js';
import { engineError, fileChanged } from './sqlerror.js';
import { prepareSelect } from './translate.js';
import type { Translated } from './translate.js';
import { converter } from './values.js';
import type { LakeViews } from './views.js';

/** A statement under way. */
export interface Started {
  readonly result: DuckDBResult;
  /** Chunks fetched so far. */
  readonly chunks: DuckDBDataChunk[];
  /** Whether rows still come from the connection. */
  readonly open: boolean;
  /** The next chunk; undefined at the end. Throws a ChatlakeError. */
  readonly next: () => Promise<DuckDBDataChunk | undefined>;
}

/** Ends the transaction of a statement, whatever state it is in. */
export async function endTransaction(connection: DuckDBConnection): Promise<void> {
  // An interrupt meant for the statement may still hit the first attempt.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      await connection.run('ROLLBACK');
      return;
    } catch (error) {
      if (/no transaction is active/i.test(String(error))) return;
    }
  }
}

/** How often a statement is started when files of the lake are replaced under it; the later ones doubt the lake's word. */
const ATTEMPTS = 5;

/**
 * Starts a statement, again where a file was replaced before a row was handed out. With a row limit the rows are
 * gathered first, since a stream binds a statement twice, which costs as much as a small query over many files.
 * Throws a ChatlakeError.
 */
export async function start(
  connection: DuckDBConnection,
  views: LakeViews,
  translated: Translated,
  maxRows: number,
  signal: AbortSignal,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const gather = isGathered(translated, maxRows);
    try {
      await views.refresh(attempt > 2);
      signal.throwIfAborted();
      return await (gather ? gathered(connection, translated, maxRows, signal) : streamed(connection, translated, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ChatlakeError) throw error;
      if (!gather) await endTransaction(connection);
      if (attempt < ATTEMPTS && fileChanged(engineError(error))) continue;
      throw await translated.explain(connection, error, gather ? GATHER.length : translated.prefix.length);
    }
  }
}

const GATHER = 'SELECT * FROM (';

/** Rows that are gathered rather than streamed, at most. */
const GATHERED = 100_000;

/** Whether the rows of a statement are gathered; else it is streamed, in a transaction that has to be ended. */
export const isGathered = ({ prefix }: Translated, maxRows: number): boolean => maxRows <= GATHERED && prefix === '';

async function gathered(connection: DuckDBConnection, { select }: Translated, maxRows: number, signal: AbortSignal): Promise<Started> {
  const result = await connection.run(`${GATHER}${select}) LIMIT ${maxRows + 1}`);
  signal.throwIfAborted();
  const next = async () => {
    const chunk = await result.fetchChunk();
    return chunk && chunk.rowCount > 0 ? chunk : undefined;
  };
  return { result, chunks: [], open: false, next };
}

/**
 * DuckDB's C interface ends a stream that failed like one that is complete, so a streamed statement runs in a
 * transaction: an error makes it unusable, which the end of the stream checks.
 */
async function streamed(connection: DuckDBConnection, translated: Translated, signal: AbortSignal): Promise<Started> {
  await connection.run('BEGIN TRANSACTION READ ONLY');
  const prepared = await prepareSelect(connection, translated);
  const result = await prepared.stream();
  const first = await fetch(connection, result, translated, signal);
  // With none left after the first, the connection is free before a row is read.
  const second = first && (await fetch(connection, result, translated, signal));
  const more = () =>
    fetch(connection, result, translated, signal).catch(async (error: unknown) =>
      Promise.reject(error instanceof ChatlakeError ? error : await translated.explain(connection, error, translated.prefix.length)),
    );
  const open = second !== undefined;
  return { result, chunks: [first, second].filter((chunk) => chunk !== undefined), open, next: open ? more : async () => undefined };
}

/** The next chunk with rows; undefined at the end. Throws DuckDB's error, or the signal's reason. */
async function fetch(
  connection: DuckDBConnection,
  result: DuckDBResult,
  translated: Translated,
  signal: AbortSignal,
): Promise<DuckDBDataChunk | undefined> {
  signal.throwIfAborted();
  const chunk = await result.fetchChunk();
  signal.throwIfAborted();
  if (chunk && chunk.rowCount > 0) return chunk;
  const failed = await connection.run('SELECT 1').then(
    () => false,
    () => true,
  );
  signal.throwIfAborted();
  if (failed) await failure(connection, translated);
  return undefined;
}

const ANALYZE = 'EXPLAIN ANALYZE ';

/** Throws the error of a stream that ended without telling why, by running its statement again without the rows. */
async function failure(connection: DuckDBConnection, { select, explain }: Translated): Promise<never> {
  await endTransaction(connection);
  await connection.run(`${ANALYZE}${select}`).catch(async (error: unknown) => {
    throw fileChanged(engineError(error)) ? error : await explain(connection, error, ANALYZE.length);
  });
  throw new ChatlakeError('LAKE_UNAVAILABLE', 'Reading the lake stopped before the end. Run the query again.');
}

function columnsOf(result: DuckDBResult, types: readonly DuckDBType[]): QueryColumn[] {
  return result.columnNames().map((name, at) => ({ name: ANONYMOUS.test(name) ? `_col${at}` : name, type: String(types[at]) }));
}

/** The rows of a started statement, at most `maxRows`. `letGo` is called once no more will be fetched. */
export function stream({ result, chunks, open, next }: Started, maxRows: number, letGo: () => void): QueryResult {
  const types = result.columnTypes();
  const converters = types.map(converter);
  let left = maxRows;
  let truncated = false;
  let done = false;
  if (!open) letGo();

  function finish(): IteratorReturnResult<undefined> {
    done = true;
    chunks.length = 0;
    letGo();
    return { done: true, value: undefined };
  }
  const iterator: AsyncIterator<readonly (readonly unknown[])[]> = {
    async next() {
      try {
        const chunk = chunks.shift() ?? (done ? undefined : await next());
        if (!chunk) return finish();
        if (left === 0) {
          truncated = true;
          return finish();
        }
        const rows = rowsOf(chunk, converters);
        truncated = rows.length > left;
        const batch = truncated ? rows.slice(0, left) : rows;
        left -= batch.length;
        if (truncated) finish();
        return { done: false, value: batch };
      } catch (error) {
        finish();
        throw error;
      }
    },
    return: async () => finish(),
  };
  return {
    columns: columnsOf(result, types),
    batches: { [Symbol.asyncIterator]: () => iterator },
    truncated: () => truncated,
    notices: [],
  };
}

function rowsOf(chunk: DuckDBDataChunk, converters: readonly ((value: DuckDBValue) => unknown)[]): unknown[][] {
  const rows: unknown[][] = Array.from({ length: chunk.rowCount }, () => Array.from({ length: converters.length }));
  for (const [column, convert] of converters.entries()) {
    for (const [row, value] of chunk.getColumnValues(column).entries()) (rows[row] as unknown[])[column] = convert(value);
  }
  return rows;
}
