import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileColumns } from '../../src/etl/fingerprint.js';
import { ddlStatements } from '../../src/query/ddl.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { LAKE_TABLES } from '../../src/query/lake-tables.js';
import type { QueryEngine } from '../../src/types.js';
import { newRoot, randomRows, writeLake } from '../analysis/lake.js';
import { ask } from '../query/lake.js';
import { NO_SPARK, onSpark, sparkInstalled } from './support/spark.js';

const OLDER = fileURLToPath(new URL('../../../shared/sql/', import.meta.url));

const READERS = { 'the reader of Spark': 'true', 'the SerDe that the DDL names': 'false' };

/** Rows in an order of their own, values as text of JSON. */
const sorted = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).sort();

describe.skipIf(NO_SPARK)(`the DDL for Athena, on Spark with Hive${NO_SPARK ? ` (skipped: ${NO_SPARK})` : ''}`, () => {
  let root: string;
  let duckdb: QueryEngine;
  beforeAll(async () => {
    await sparkInstalled();
    root = await newRoot();
    await writeLake(root, randomRows('hive', 150));
    duckdb = await duckdbEngine({ root, threads: 2 });
  });
  afterAll(async () => {
    await duckdb?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('describes every table, for both readers, and so do older definitions', async () => {
    const location = pathToFileURL(root).href.replace(/\/$/, '');
    const tables = ddlStatements('athena', LAKE_TABLES, [], { location, partitions: 'registered' });
    const projected = ddlStatements('athena', LAKE_TABLES, [], { location, partitions: 'projection' });
    const older = existsSync(OLDER) ? ['telegram', 'whatsapp'] : [];
    const selects = [
      ...LAKE_TABLES.map((table) => ({
        sql: `SELECT ${fileColumns(table)
          .map(({ name }) => `\`${name}\``)
          .join(', ')}, context_date FROM ${table.name}`,
        expected: `SELECT ${fileColumns(table)
          .map(({ name }) => `"${name}"`)
          .join(', ')}, context_date FROM ${table.name}`,
      })),
      ...older.map((name) => ({
        sql: `SELECT * FROM older.${name}`,
        expected: `SELECT ${olderColumns(name).join(', ')}, context_date FROM ${name}`,
      })),
    ];
    const asked = Object.values(READERS).flatMap((converts) => [
      `SET spark.sql.hive.convertMetastoreParquet=${converts}`,
      ...selects.map(({ sql }) => sql),
    ]);
    const prepare = [
      ...tables.map(({ sql }) => sql),
      ...LAKE_TABLES.map(({ name }) => `MSCK REPAIR TABLE ${name}`),
      'CREATE DATABASE older',
      'USE older',
      ...older.map((name) => readFileSync(join(OLDER, `athena-${name}.ddl`), 'utf8').replace(/'s3:[^']*'/, `'${location}/${name}'`)),
      ...older.map((name) => `MSCK REPAIR TABLE ${name}`),
      'CREATE DATABASE projected',
      'USE projected',
      ...projected.map(({ sql }) => sql),
      'USE default',
    ];
    const answers = (await onSpark([...prepare, ...asked])).slice(prepare.length);
    const expected = await Promise.all(selects.map(async ({ expected: sql }) => sorted(await ask(duckdb, sql))));
    expect(expected.filter((rows) => rows.length > 0).length).toBeGreaterThan(3);
    for (const [at, reader] of Object.keys(READERS).entries()) {
      const from = at * (selects.length + 1) + 1;
      for (const [index, { sql }] of selects.entries())
        expect({ reader, sql, rows: sorted(answers[from + index] ?? []) }).toEqual({ reader, sql, rows: expected[index] });
    }
  }, 400_000);
});

/** The columns of an older definition, as it lists them. */
function olderColumns(name: string): string[] {
  const [columns = ''] = readFileSync(join(OLDER, `athena-${name}.ddl`), 'utf8').split('PARTITIONED');
  return [...columns.matchAll(/^\s+`(\w+)`/gm)].map(([, column]) => `"${column}"`);
}
