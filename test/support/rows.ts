import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { readManifests, type Manifest } from '../../src/etl/manifest.js';
import { QUARANTINE } from '../../src/etl/quarantine.js';
import { SOURCES, SOURCE_TABLES } from '../../src/sources/registry.js';
import type { TestLake } from './lake.js';

/** A row as it stands in a file, with its partition as `context_date`. BIGINT is a number where that is exact, else a bigint. */
export type Row = Readonly<Record<string, unknown>>;

export const TABLES: readonly string[] = [...SOURCE_TABLES.map(({ name }) => name), QUARANTINE.name];

let opened: Promise<DuckDBConnection> | undefined;

/** A DuckDB without settings of ours. */
export function plainDuckdb(): Promise<DuckDBConnection> {
  opened ??= DuckDBInstance.create(':memory:').then((instance) => instance.connect());
  return opened;
}

/** Rows of any SQL in plain DuckDB. */
export async function ask(sql: string): Promise<Row[]> {
  const connection = await plainDuckdb();
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
}

function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Relation of a table's files; undefined when it has none. */
export async function relation(lake: TestLake, table: string): Promise<string | undefined> {
  const found = await readdir(join(lake.enrichedPath, table), { recursive: true }).catch(() => []);
  if (!found.some((name) => name.endsWith('data.parquet'))) return undefined;
  return `read_parquet('${join(lake.enrichedPath, table)}/*/data.parquet', hive_partitioning = true, hive_types_autocast = false, union_by_name = true)`;
}

/** Every row of a table, in an order that only their values decide. */
export async function rowsOf(lake: TestLake, table: string, order = 'ALL'): Promise<Row[]> {
  const from = await relation(lake, table);
  return from === undefined ? [] : ask(`SELECT * FROM ${from} ORDER BY ${order}`);
}

/** Every row of every table. */
export async function everything(lake: TestLake): Promise<Record<string, Row[]>> {
  const all: Record<string, Row[]> = {};
  for (const table of TABLES) all[table] = await rowsOf(lake, table);
  return all;
}

/** The manifests of every source. */
export async function manifests(lake: TestLake): Promise<Manifest[]> {
  const all: Manifest[] = [];
  for (const source of SOURCES) all.push(...(await readManifests(lake.enriched, source.name)));
  return all;
}

/** Rows in tables by source and arrival day of the raw file they name, as `source date`; quarantined ones apart. */
export async function rowsByArrival(lake: TestLake): Promise<{ rows: Record<string, number>; quarantined: Record<string, number> }> {
  const count = async (tables: readonly string[]) => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const from = await relation(lake, table);
      if (from === undefined) continue;
      const day = `regexp_replace(raw_file, '^(?:_rejected/)?([^/]+)/context_date=([^/]+)/.*$', '\\1 \\2')`;
      for (const row of await ask(`SELECT ${day} AS day, count(*) AS n FROM ${from} GROUP BY 1`)) {
        counts[String(row['day'])] = (counts[String(row['day'])] ?? 0) + Number(row['n']);
      }
    }
    return counts;
  };
  return { rows: await count(SOURCE_TABLES.map(({ name }) => name)), quarantined: await count([QUARANTINE.name]) };
}
