import type { ColumnInfo, QueryExecution, ResultSet } from '@aws-sdk/client-athena';
import type { QueryColumn, QueryEngine, QueryOptions, QueryResult } from '../types.js';
import { type Brake, brakeOf } from './brake.js';
import { type Athena, type AthenaAddress, AthenaFailed, openAthena, type Polling } from './remote/athena-client.js';
import { remoteError } from './remote/failure.js';
import { remoteStatement } from './remote/statement.js';
import { streamed } from './remote/stream.js';
import { decimal, double, integer, time } from './remote/values.js';

export interface AthenaOptions extends AthenaAddress {
  /** Dollars for a terabyte scanned, for the notice of a statement's cost. */
  readonly pricePerTb: number;
  /** Milliseconds a statement may take when the caller gives no limit: 30 minutes by default. */
  readonly timeoutMs?: number;
  readonly polling?: Polling;
}

const POLLING: Polling = { firstMs: 150, mostMs: 3_000 };

/** Athena over the files of the enriched lake. Values are handed out as those of the embedded engine; lists as Athena's text. */
export async function athenaEngine(options: AthenaOptions): Promise<QueryEngine> {
  const athena = await openAthena(options, options.polling ?? POLLING);
  const active = new Set<Brake>();
  return {
    name: 'athena',
    async run(sql, { timeoutMs = options.timeoutMs ?? 1_800_000, ...given } = {}) {
      const statement = remoteStatement(sql);
      const brake = brakeOf({ timeoutMs, ...given });
      active.add(brake);
      const over = () => {
        brake.release();
        active.delete(brake);
      };
      try {
        const execution = await athena.execute(statement.sql, brake.signal);
        return await resultOf(athena, execution, { ...given, sql, signal: brake.signal }, over, options.pricePerTb);
      } catch (error) {
        over();
        throw told(error, sql);
      }
    },
    close() {
      for (const brake of active) brake.cancel();
      athena.close();
      return Promise.resolve();
    },
  };
}

const told = (error: unknown, sql: string): unknown => (error instanceof AthenaFailed ? remoteError(error.failure, sql) : error);

interface Asked extends QueryOptions {
  readonly sql: string;
  readonly signal: AbortSignal;
}

async function resultOf(
  athena: Athena,
  execution: QueryExecution,
  { sql, signal, maxRows = Infinity }: Asked,
  over: () => Promise<void> | void,
  pricePerTb: number,
): Promise<QueryResult> {
  const pages = athena.pages(execution.QueryExecutionId ?? '', signal);
  const first = await pages.next();
  const head: ResultSet = first.done === true ? {} : first.value;
  const info = head.ResultSetMetadata?.ColumnInfo ?? [];
  const converters = info.map(converter);
  const rowsOf = ({ Rows = [] }: ResultSet) =>
    Rows.map(({ Data = [] }) => converters.map((convert, at) => convert(Data[at]?.VarCharValue)));
  async function* rows() {
    // A SELECT's first row repeats the names of its columns; other statements have no such row.
    const named = execution.StatementType === 'DML' && info.every(({ Name }, at) => head.Rows?.[0]?.Data?.[at]?.VarCharValue === Name);
    yield rowsOf(named ? { ...head, Rows: (head.Rows ?? []).slice(1) } : head);
    for await (const page of pages) yield rowsOf(page);
  }
  return streamed({
    columns: info.map(columnOf),
    rows: rows(),
    maxRows,
    notices: [costNotice(execution, pricePerTb)],
    told: (error) => told(error, sql),
    end: async () => over(),
  });
}

/** The type as Trino would write it. */
function columnOf({ Name = '', Type = '', Precision, Scale }: ColumnInfo): QueryColumn {
  return { name: Name, type: Type === 'decimal' ? `decimal(${Precision ?? 38},${Scale ?? 0})` : Type };
}

const CONVERTERS: Readonly<Record<string, (text: string) => unknown>> = {
  boolean: (text) => text === 'true',
  tinyint: integer,
  smallint: integer,
  integer,
  int: integer,
  bigint: integer,
  double,
  float: double,
  real: double,
  decimal,
  time,
  'time with time zone': time,
  timestamp: time,
  'timestamp with time zone': time,
  // Athena writes bytes as pairs of hexadecimal digits with spaces between.
  varbinary: (text) => text.replaceAll(' ', '').toUpperCase(),
};

/** Every value comes as text; a NULL has none. */
function converter({ Type = '' }: ColumnInfo): (text: string | undefined) => unknown {
  const convert = CONVERTERS[Type] ?? ((text: string) => text);
  return (text) => (text === undefined ? null : convert(text));
}

/** Scans are charged by the megabyte, ten of them at least; what does not query costs nothing. */
export function costNotice({ Statistics, StatementType }: QueryExecution, pricePerTb: number): string {
  const { DataScannedInBytes: scanned = 0, TotalExecutionTimeInMillis: ms = 0 } = Statistics ?? {};
  const charged = StatementType !== 'DML' ? 0 : Math.max(10, Math.ceil(scanned / 1e6));
  const cost = (charged / 1e6) * pricePerTb;
  const amount = cost === 0 ? 'no charge' : `about $${cost.toFixed(cost < 0.01 ? 6 : 2)} at $${pricePerTb} a TB`;
  return `Athena scanned ${size(scanned)} in ${(ms / 1000).toFixed(1)} s: ${amount}.`;
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`;
}
