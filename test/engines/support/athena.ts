import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TrinoFailed, trinoPages, type TrinoPage } from '../../../src/query/remote/trino-client.js';
import { synchronised } from '../../../src/query/trino.js';
import { CATALOG, type Trino } from './trino.js';

/**
 * Athena's API for statements, as far as it is asked here, before a real Trino, which is Athena's engine: answers come by
 * pages, values as text, errors in a reason with their name in front.
 */
export interface Athena {
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
  /** States of the statements, in the order they came. */
  readonly states: () => readonly string[];
  stop(): Promise<void>;
}

interface Statement {
  state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly type: 'DML' | 'DDL' | 'UTILITY';
  readonly stop: AbortController;
  reason?: string;
  columns: NonNullable<TrinoPage['columns']>;
  rows: (readonly unknown[])[];
}

type Body = Readonly<Record<string, unknown>>;

export async function startAthena(trino: Trino): Promise<Athena> {
  const statements = new Map<string, Statement>();
  const actions: Readonly<Record<string, (body: Body) => object>> = {
    StartQueryExecution(body) {
      if (body['WorkGroup'] !== 'primary') throw new Error('WorkGroup is not found.');
      const id = randomUUID();
      const sql = String(body['QueryString']);
      const database = (body['QueryExecutionContext'] as { Database: string }).Database;
      const type = /^\s*msck/i.test(sql) ? 'DDL' : /^\s*(?:show|describe|explain)/i.test(sql) ? 'UTILITY' : 'DML';
      const statement: Statement = { state: 'RUNNING', type, stop: new AbortController(), columns: [], rows: [] };
      statements.set(id, statement);
      void execute(trino, statement, sql, database);
      return { QueryExecutionId: id };
    },
    GetQueryExecution: (body) => ({ QueryExecution: told(String(body['QueryExecutionId']), statements) }),
    StopQueryExecution(body) {
      statements.get(String(body['QueryExecutionId']))?.stop.abort();
      return {};
    },
    GetQueryResults: (body) => page(statements.get(String(body['QueryExecutionId'])) as Statement, body),
  };
  const server = createServer((request, response) => {
    const action = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      try {
        response.end(JSON.stringify(actions[action]?.(JSON.parse(text) as Body)));
      } catch (error) {
        response.statusCode = 400;
        response.end(JSON.stringify({ __type: 'InvalidRequestException', message: (error as Error).message }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    env: { AWS_ENDPOINT_URL_ATHENA: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    states: () => [...statements.values()].map(({ state }) => state),
    async stop() {
      for (const { stop } of statements.values()) stop.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function execute(trino: Trino, statement: Statement, sql: string, database: string): Promise<void> {
  const address = { url: trino.url, user: 'athena', catalog: CATALOG, schema: database };
  const names = [...sql.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name));
  const text = statement.type === 'DDL' ? synchronised(names, address, 'ADD') : sql;
  try {
    for await (const { columns, data } of trinoPages(address, text, statement.stop.signal)) {
      if (columns && statement.type !== 'DDL') statement.columns = columns;
      if (data && statement.type !== 'DDL') statement.rows.push(...data);
    }
    statement.state = 'SUCCEEDED';
  } catch (error) {
    statement.state = statement.stop.signal.aborted ? 'CANCELLED' : 'FAILED';
    statement.reason = error instanceof TrinoFailed ? `${error.failure.name}: ${error.failure.message}` : String(error);
  }
}

function told(id: string, statements: ReadonlyMap<string, Statement>): object {
  const { state, type, reason } = statements.get(id) as Statement;
  const failed = state === 'FAILED' ? { AthenaError: { ErrorCategory: 2 } } : {};
  return {
    QueryExecutionId: id,
    StatementType: type,
    Status: { State: state, ...(reason !== undefined && { StateChangeReason: reason }), ...failed },
    Statistics: { DataScannedInBytes: 12_345_678, TotalExecutionTimeInMillis: 1_400 },
  };
}

/** `MaxResults` rows; the first of all repeats the names of the columns, where the statement is a SELECT. */
function page({ columns, rows, type }: Statement, body: Body): object {
  const texts = rows.map((row) => row.map((value, at) => datum(value, columns[at]?.typeSignature.rawType ?? '')));
  const all = type === 'DML' ? [columns.map(({ name }) => ({ VarCharValue: name })), ...texts] : texts;
  const from = Number(body['NextToken'] ?? 0);
  const to = from + Number(body['MaxResults']);
  const info = columns.map(({ name, typeSignature: { rawType, arguments: [precision, scale] = [] } }) => ({
    Name: name,
    Type: rawType,
    ...(rawType === 'decimal' && { Precision: precision?.value, Scale: scale?.value }),
  }));
  return {
    ResultSet: { ResultSetMetadata: { ColumnInfo: info }, Rows: all.slice(from, to).map((Data) => ({ Data })) },
    ...(to < all.length && { NextToken: String(to) }),
  };
}

function datum(value: unknown, type: string): object {
  if (value === null) return {};
  if (Array.isArray(value)) return { VarCharValue: `[${value.join(', ')}]` };
  if (type === 'varbinary')
    return {
      VarCharValue: Buffer.from(String(value), 'base64')
        .toString('hex')
        .replace(/..(?=.)/g, '$& '),
    };
  return { VarCharValue: typeof value === 'object' ? JSON.stringify(value) : String(value as string | number) };
}
