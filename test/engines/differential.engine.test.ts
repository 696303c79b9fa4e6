import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMED_QUERIES } from '../../deploy/lib/queries.js';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import { complains } from '../../src/analysis/text/complaint.js';
import { alike, meaning, meaningList } from '../../src/analysis/text/meaning.js';
import { normalForm } from '../../src/analysis/text/normal.js';
import { questionKind } from '../../src/analysis/text/question.js';
import type { Filters } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { PRESETS } from '../../src/server/sql-presets.js';
import { literal } from '../../src/sources/shape.js';
import type { QueryEngine } from '../../src/types.js';
import { LAST_DAY, newRoot, randomRows, type Rows, writeLake, ZONE } from '../analysis/lake.js';
import { answerOf } from './support/answers.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { makeTables } from './support/tables.js';
import { NO_TRINO, S3_CATALOG, startTrino, type Trino } from './support/trino.js';
import { uploaded } from './support/upload.js';

const ESTABLISHED = fileURLToPath(new URL('../../../shared/sql/', import.meta.url));
const WHY = NO_TRINO ?? NO_MINIO;
/** Planning a statement takes Trino more than running it: a hundred of them take their time on a busy machine. */
const PATIENCE = 600_000;
/** Statements at once. */
const LANES = 4;

/** A few days of all there are: each file is work for Trino, and one more of them proves nothing. The day of the group's move is among them. */
function someDays(rows: Rows): ReadonlySet<string> {
  const moved = [...(rows.get('telegram') ?? [])].filter(([, found]) => found.some((row) => row['migrate_to_chat_id'] !== undefined));
  const days = [...(rows.get('telegram')?.keys() ?? [])].sort();
  return new Set([...days.filter((_, at) => at % 5 === 0), ...moved.map(([day]) => day), ...days.slice(-2)]);
}

/** The texts of a fixture of the analysis, however it groups them. */
function textsIn(fixture: string): string[] {
  const found: string[] = [];
  JSON.parse(readFileSync(new URL(`../analysis/fixtures/${fixture}.json`, import.meta.url), 'utf8'), (_, value: unknown) => {
    if (typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}
const ODD_TEXTS = ['', '?', ' ', '你好吗？', "it's 5' or 6\"?", '\\1 $1 $0', 'e\u0301 bom?', 'KKKKK 😂😂', `${'palavra '.repeat(300)}?`];

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

  /** What the engines elsewhere answer otherwise. */
  async function differences(statements: readonly (readonly [string, string])[], engines = elsewhere): Promise<string> {
    const found: string[] = [];
    const compare = async ([name, sql]: readonly [string, string]) => {
      const expected = await answerOf(duckdb, sql);
      for (const [where, engine] of engines) {
        const got = await answerOf(engine, sql).catch((error: unknown) => ({ columns: [String(error)], rows: [] }));
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
    await Promise.all(Array.from({ length: LANES }, lane));
    return found.join('\n\n');
  }

  it('tables and views', async () => {
    const relations = [...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => [name, `SELECT * FROM ${name}`] as const);
    expect(await differences(relations)).toBe('');
  });

  it('what a text asks, means and complains of', async () => {
    const texts = [...new Set([...textsIn('follow-ups'), ...textsIn('question-kinds'), ...ODD_TEXTS])];
    const said = `(VALUES ${texts.map((text, place) => `(${place}, ${literal(text)})`).join(', ')}) t(place, said)`;
    const normal = normalForm('said', 'trino');
    const told = `SELECT place, ${normal} AS normal, ${questionKind('said', 'trino')} AS kind, ${complains(normal, 'trino')} AS complaint,
      ${meaning(normal, 'trino')} AS meaning FROM ${said}`;
    const lists = `SELECT place, ${meaningList(meaning(normal, 'trino'), 'trino')} AS words FROM ${said}`;
    const pairs = `WITH meant AS (${lists}) SELECT a.place, b.place AS other FROM meant a JOIN meant b ON a.place < b.place
      WHERE ${alike('a.words', 'b.words', 'trino')}`;
    expect(await differences([['told', told] as const, ['alike', pairs] as const])).toBe('');
  });

  // Trino reads a WITH, and a view, anew wherever it is named: a view over views that are careless of it is hundreds of reads.
  it.each([
    ['person_links', 1],
    ['activity', 4],
    ['people', 4],
    ['topics', 2],
    ['requests', 12],
    ['questions', 12],
    ['sessions', 4],
  ])('%s reads tables %d times', async (view, times) => {
    const plan = JSON.stringify(await trino.run(`EXPLAIN SELECT * FROM ${view}`));
    expect(plan.match(/TableScan\[|ScanFilter|ScanProject/g)).toHaveLength(times);
  });

  it.skipIf(!existsSync(ESTABLISHED))('the established statements (skipped where their folder is absent)', async () => {
    const files = readdirSync(ESTABLISHED).filter((name) => name.endsWith('.sql') && !name.startsWith('11'));
    const statements = files.map((name) => [name, readFileSync(join(ESTABLISHED, name), 'utf8')] as const);
    expect(statements).toHaveLength(10);
    expect(await differences(statements)).toBe('');
  });

  it('the presets of the SQL page', async () => {
    expect(await differences(PRESETS.map(({ id, sql }) => [id, sql] as const))).toBe('');
  });

  it('the questions saved in Athena', async () => {
    const statements = NAMED_QUERIES.map(({ name, sql }) => [name, sql.replace('current_date', `DATE '${LAST_DAY}'`)] as const);
    expect(await differences(statements)).toBe('');
  });

  it('tables whose days are projected, not registered', async () => {
    await makeTables(trino, { location: `local://${root}`, partitions: 'projection' }, { schema: 'projected', views: [] });
    const days = LAKE_TABLES.map(
      ({ name }) => [name, `SELECT * FROM ${name} WHERE context_date >= DATE '${LAST_DAY}' - INTERVAL '10' DAY`] as const,
    );
    expect(await differences(days, [['Trino with projected days', trino.engine('projected')]])).toBe('');
    expect((await answerOf(duckdb, days[0]?.[1] ?? '')).rows).not.toEqual([]);
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
  /** A statement but for its days, ids and numbers: of those compared before, another proves nothing. */
  const shapeOf = (sql: string) => sql.replaceAll(/'[^']*'|\b\d+\b/g, '?');
  const compared = new Set<string>();
  // Where the files lie changes nothing in a statement, and one place writes the conditions of all: of a view of everything each statement is
  // asked, and one in six from S3 too; under filters, one in eight.
  it.each(FILTERS)('every panel, figure and question: %s', { timeout: PATIENCE }, async (_, filters) => {
    const view = await analysis.view(filters, { language: 'en', targetMinutes: 10 });
    const { sql } = await analysis.questions(filters, { language: 'en' });
    const statements = [...view.panels, ...view.figures, { id: 'questions', sql }].map((one) => [one.id, one.sql] as const);
    const fresh = statements.filter((one) => !compared.has(shapeOf(one[1])));
    for (const [, one] of fresh) compared.add(shapeOf(one));
    expect(fresh.length).toBeGreaterThan(0);
    const [local, remote] = elsewhere.map((engine) => [engine]);
    const all = filters.period === 'all';
    expect(await differences(all ? fresh : fresh.filter((_one, at) => fresh.length < 8 || at % 8 === 0), local)).toBe('');
    if (all)
      expect(
        await differences(
          fresh.filter((_one, at) => at % 6 === 0),
          remote,
        ),
      ).toBe('');
  });
});
