import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { fileColumns } from '../../src/etl/fingerprint.js';
import { SOURCE_TABLES } from '../../src/sources/registry.js';
import type { QueryEngine, QueryOptions, QueryResult, Table } from '../../src/types.js';

export function table(name: string): Table {
  const found = SOURCE_TABLES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
}

export const newRoot = (): Promise<string> => mkdtemp(join(tmpdir(), 'chatlake-query-'));

/** Writes rows given by column name as one day's file, with every column of the table but those of `without`. */
export async function writeDay(
  root: string,
  name: string,
  date: string,
  rows: readonly Readonly<Record<string, string>>[],
  without: readonly string[] = [],
): Promise<string> {
  const columns = fileColumns(table(name)).filter((column) => !without.includes(column.name));
  const selects = rows.map(
    (row) => `SELECT ${columns.map(({ name: column, type }) => `CAST(${row[column] ?? 'NULL'} AS ${type}) AS "${column}"`).join(', ')}`,
  );
  const folder = join(root, name, `context_date=${date}`);
  await mkdir(folder, { recursive: true });
  await copy(selects.join(' UNION ALL '), join(folder, 'data.parquet'));
  return join(folder, 'data.parquet');
}

/** Runs `COPY (select) TO file` in a DuckDB of its own; the file appears complete. */
export async function copy(select: string, file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file}.tmp' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  await rename(`${file}.tmp`, file);
}

/** 2024-07-02 is a Tuesday, 2024-07-07 a Sunday; times are UTC. */
export async function smallLake(root: string): Promise<void> {
  const ana = {
    user_id: '1',
    user_is_bot: 'false',
    user_first_name: "'Ana'",
    chat_id: '-100',
    chat_type: "'supergroup'",
    data_type: "'text'",
    direction: "'in'",
  };
  const bot = { ...ana, user_id: '2', user_is_bot: 'true', user_first_name: "'Bot'" };
  await writeDay(root, 'telegram', '2024-07-02', [
    { ...ana, message_id: '1', text: "'ab'", date: String(epoch('2024-07-02T10:00:00Z')), commands: "['/start', '/help']" },
    { ...ana, message_id: '2', text: "'abc'", date: String(epoch('2024-07-02T23:30:00Z')) },
  ]);
  await writeDay(root, 'telegram', '2024-07-07', [
    { ...ana, message_id: '3', text: "'é😀'", date: String(epoch('2024-07-07T08:00:00Z')) },
    { ...bot, message_id: '9007199254740993', data_type: "'photo'", caption: "'a picture'", date: String(epoch('2024-07-07T08:00:01Z')) },
  ]);
  await writeDay(root, 'whatsapp', '2024-07-02', [
    {
      name: "'Zé'",
      number: '5511999990000',
      message: "'oi'",
      date: String(epoch('2024-07-02T12:00:00Z')),
      type: "'text'",
      message_id: "'wamid.1'",
      direction: "'in'",
    },
    {
      user_id: "'u1'",
      group_id: "'g1'",
      caption: "'foto'",
      date: String(epoch('2024-07-02T12:00:01Z')),
      type: "'image'",
      message_id: "'wamid.2'",
      direction: "'in'",
    },
  ]);
}

export const epoch = (iso: string): number => Date.parse(iso) / 1000;

export async function rowsOf(result: QueryResult): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const batch of result.batches) for (const row of batch) rows.push([...row]);
  return rows;
}

export async function ask(engine: QueryEngine, sql: string, options?: QueryOptions): Promise<unknown[][]> {
  return rowsOf(await engine.run(sql, options));
}
