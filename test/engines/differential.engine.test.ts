import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import type { Filters } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { PRESETS } from '../../src/server/sql-presets.js';
import type { QueryEngine } from '../../src/types.js';
import { LAST_DAY, newRoot, randomRows, type Rows, writeLake, ZONE } from '../analysis/lake.js';
import { rowsOf } from '../query/lake.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { makeTables } from './support/tables.js';
import { NO_TRINO, S3_CATALOG, startTrino, type Trino } from './support/trino.js';
import { uploaded } from './support/upload.js';

const ESTABLISHED = fileURLToPath(new URL('../../../shared/sql/', import.meta.url));
const WHY = NO_TRINO ?? NO_MINIO;
/** Statements of the page plan for long on Trino: minutes in all. */
const PATIENT = process.env['CHATLAKE_PATIENT'] === '1';
const LATER = PATIENT ? '' : ' (skipped: it takes minutes; set CHATLAKE_PATIENT=1)';

/** A value as both engines write it: shares and averages to nine digits. */
const alike = (value: unknown): unknown => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value);

/** A few days of all there are: each file is work for Trino, and one more of them proves nothing. The day of the group's move is among them. */
function someDays(rows: Rows): ReadonlySet<string> {
  const moved = [...(rows.get('telegram') ?? [])].filter(([, found]) => found.some((row) => row['migrate_to_chat_id'] !== undefined));
  const days = [...(rows.get('telegram')?.keys() ?? [])].sort();
  return new Set([...days.filter((_, at) => at % 4 === 0), ...moved.map(([day]) => day), ...days.slice(-2)]);
}

/** Some rows of many, and no word on which: only how many there are is the same everywhere. */
const anyRows = (sql: string): boolean => /\blimit\b/i.test(sql) && !/\border\s+by\b/i.test(sql);

/** An answer with its rows in an order of their own: SQL leaves open which of equal rows comes first. */
async function answer(engine: QueryEngine, sql: string): Promise<{ columns: string[]; rows: string[] }> {
  const result = await engine.run(sql);
  const rows = (await rowsOf(result)).map((row) =>
    JSON.stringify(row.map(alike), (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
  );
  return { columns: result.columns.map(({ name }) => name), rows: anyRows(sql) ? rows.map(() => 'a row') : rows.sort() };
}

describe.skipIf(WHY)(`one statement, one answer${WHY ? ` (skipped: ${WHY})` : ''}`, () => {
  let root: string;
  let minio: Minio;
  let trino: Trino;
  let duckdb: QueryEngine;
  let elsewhere: readonly (readonly [string, QueryEngine])[];
  let analysis: Analysis;

  beforeAll(async () => {
    root = await newRoot();
    const rows = randomRows('engines', 500);
    await writeLake(root, rows, someDays(rows));
    for (const { name } of LAKE_TABLES) await mkdir(join(root, name), { recursive: true });
    minio = await startMinio();
    const bucket = await uploaded(minio, root);
    trino = await startTrino({ minio });
    await makeTables(trino, { location: `local://${root}`, partitions: 'registered' });
    await makeTables(trino, { location: `s3://${bucket}`, partitions: 'registered' }, { catalog: S3_CATALOG });
    duckdb = await duckdbEngine({ root, threads: 2 });
    elsewhere = [
      ['Trino', trino.engine()],
      ['Trino on S3', trino.engine('default', S3_CATALOG)],
    ];
    const now = ZONE.startOf(LAST_DAY) * 1000 + 20 * 3_600_000;
    analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => now } });
  });
  afterAll(async () => {
    await analysis?.close();
    await duckdb?.close();
    await trino?.stop();
    await minio?.stop();
    await rm(root, { recursive: true, force: true });
  });

  /** What the engines elsewhere answer otherwise. On S3 the files differ, not the statements: tables and views are enough there. */
  async function differences(
    statements: readonly (readonly [string, string])[],
    engines: typeof elsewhere = elsewhere.slice(0, 1),
  ): Promise<string[]> {
    const found: string[] = [];
    const compare = async ([name, sql]: readonly [string, string]) => {
      const expected = await answer(duckdb, sql);
      for (const [where, engine] of engines) {
        const got = await answer(engine, sql).catch((error: unknown) => ({ columns: [String(error)], rows: [] }));
        if (JSON.stringify(got) !== JSON.stringify(expected))
          found.push(
            `${name} on ${where}\n${sql}\n  DuckDB: ${JSON.stringify(expected).slice(0, 500)}\n  ${where}: ${JSON.stringify(got).slice(0, 500)}`,
          );
      }
    };
    const queue = [...statements];
    const lane = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await compare(next);
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    return found;
  }

  it('tables and views', async () => {
    const relations = [...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => [name, `SELECT * FROM ${name}`] as const);
    expect((await differences(relations, elsewhere)).join('\n\n')).toBe('');
  });

  // Trino reads a WITH, and a view, anew wherever it is named: a view over views that are careless of it is hundreds of reads.
  it.each([
    ['person_links', 1],
    ['activity', 4],
    ['people', 4],
    ['questions', 12],
  ])('%s reads tables %d times', async (view, times) => {
    const plan = JSON.stringify(await trino.run(`EXPLAIN SELECT * FROM ${view}`));
    expect(plan.match(/TableScan\[|ScanFilter|ScanProject/g)).toHaveLength(times);
  });

  it.skipIf(!existsSync(ESTABLISHED))('the established statements (skipped where their folder is absent)', async () => {
    const files = readdirSync(ESTABLISHED).filter((name) => name.endsWith('.sql') && !name.startsWith('11'));
    const statements = files.map((name) => [name, readFileSync(join(ESTABLISHED, name), 'utf8')] as const);
    expect(statements).toHaveLength(10);
    expect((await differences(statements)).join('\n\n')).toBe('');
  });

  it.skipIf(!PATIENT)(`the presets of the SQL page${LATER}`, async () => {
    expect((await differences(PRESETS.map(({ id, sql }) => [id, sql] as const))).join('\n\n')).toBe('');
  });

  const FILTERS: readonly (readonly [string, Filters])[] = [
    ['all there is', { period: 'all' }],
    ['a day by hours', { period: 'today' }],
    [
      'texts at work in two conversations',
      {
        period: '12m',
        conversation: ['telegram:-1001000', 'telegram:-1002000'],
        kind: ['text'],
        hour: [9, 10, 11],
        weekday: [1, 2, 3],
        direction: ['in'],
      },
    ],
  ];
  it.skipIf(!PATIENT).each(FILTERS)(`every panel, figure and question: %s${LATER}`, async (_, filters) => {
    const view = await analysis.view(filters, { language: 'en', targetMinutes: 10 });
    const { sql } = await analysis.questions(filters, { language: 'en' });
    const statements = [...view.panels, ...view.figures, { id: 'questions', sql }].map((one) => [one.id, one.sql] as const);
    expect((await differences(statements)).join('\n\n')).toBe('');
  });
});
