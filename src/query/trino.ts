import type { QueryEngine, QueryOptions, QueryResult } from '../types.js';
import { literal } from '../sources/shape.js';
import { type Brake, brakeOf } from './brake.js';
import { remoteError } from './remote/failure.js';
import { type RemoteStatement, remoteStatement } from './remote/statement.js';
import { streamed } from './remote/stream.js';
import { type TrinoAddress, TrinoFailed, type TrinoPage, trinoPages } from './remote/trino-client.js';
import { converter } from './remote/values.js';

export interface TrinoOptions extends TrinoAddress {
  /** Milliseconds a statement may take when the caller gives no limit: 30 minutes by default. */
  readonly timeoutMs?: number;
}

/** A Trino over the files of the enriched lake. Values are handed out as those of the embedded engine. */
export function trinoEngine(options: TrinoOptions): QueryEngine {
  const active = new Map<Brake, () => Promise<unknown>>();
  return {
    name: 'trino',
    async run(sql, { timeoutMs = options.timeoutMs ?? 1_800_000, ...given } = {}) {
      const statement = remoteStatement(sql);
      const brake = brakeOf({ timeoutMs, ...given });
      const over = () => {
        brake.release();
        active.delete(brake);
      };
      const pages = trinoPages(options, statement.repairs ? synchronised(statement.repairs, options, 'ADD') : statement.sql, brake.signal);
      const leave = () => pages.return(undefined);
      active.set(brake, leave);
      // Rows that nobody reads must not keep a statement alive there.
      brake.signal.addEventListener('abort', () => void leave(), { once: true });
      try {
        return await started(pages, statement, sql, given, over);
      } catch (error) {
        over();
        throw told(error, sql);
      }
    },
    async close() {
      const leaving = [...active].map(([brake, leave]) => (brake.cancel(), leave()));
      await Promise.allSettled(leaving);
    },
  };
}

const told = (error: unknown, sql: string): unknown => (error instanceof TrinoFailed ? remoteError(error.failure, sql) : error);

async function started(
  pages: AsyncGenerator<TrinoPage, void>,
  { repairs }: RemoteStatement,
  written: string,
  { maxRows = Infinity }: QueryOptions,
  over: () => void,
): Promise<QueryResult> {
  // Columns come with some page, which may have no rows, and rows never before them.
  let page: TrinoPage | undefined;
  do page = (await pages.next()).value as TrinoPage | undefined;
  while (page !== undefined && page.columns === undefined);
  const columns = repairs ? [] : (page?.columns ?? []);
  const converters = columns.map(({ typeSignature }) => converter(typeSignature));
  async function* rows() {
    for (; page !== undefined; page = (await pages.next()).value as TrinoPage | undefined)
      yield (page.data ?? []).map((row) => row.map((value, at) => (converters[at] as (value: unknown) => unknown)(value)));
  }
  return streamed({
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows(),
    maxRows,
    ...(repairs && { notices: ['The days of the table are registered as the files now are.'] }),
    told: (error) => told(error, written),
    async end() {
      over();
      await pages.return(undefined);
    },
  });
}

/** What Trino has for Hive's `MSCK REPAIR TABLE`; `FULL` also forgets days whose folder is gone. */
export function synchronised(table: readonly string[], { schema }: TrinoAddress, mode: 'ADD' | 'FULL'): string {
  const [name = '', within = schema] = [...table].reverse();
  return `CALL system.sync_partition_metadata(${literal(within.toLowerCase())}, ${literal(name.toLowerCase())}, '${mode}')`;
}
