import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, expect, it } from 'vitest';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import type { AnalysisView } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { literal } from '../../src/sources/shape.js';
import { ask } from '../query/lake.js';
import { addRow, newRoot, type Row, type Rows, writeLake, ZONE } from './lake.js';

const START = ZONE.startOf('2024-06-03') + 12 * 3600;
const DAY = 86_400;
const now = (START + 5 * DAY) * 1000;

/** Messages of one forum, in order, each with the day it was sent on. */
const rowsOf = (messages: readonly (readonly [day: number, more: Row])[]): Rows => {
  const rows: Rows = new Map();
  for (const [at, [day, more]] of messages.entries())
    addRow(rows, ZONE, 'telegram', {
      message_id: at + 1,
      user_id: 1,
      user_is_bot: false,
      chat_id: -100,
      chat_type: 'supergroup',
      data_type: 'text',
      text: 'how does it work?',
      direction: 'in',
      date: START + day * DAY + at,
      ...more,
    });
  return rows;
};

const CREATED = { data_type: 'forum_topic_created', text: null };
const EDITED = { data_type: 'forum_topic_edited', text: null };

let root: string;
let analysis: Analysis | undefined;
afterEach(async () => {
  await analysis?.close();
  await rm(root, { recursive: true, force: true });
});

async function open(): Promise<void> {
  await analysis?.close();
  analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => now } });
  await analysis.refresh();
}

/** Topics and what they are called, with the panels' numbers, which their statements give too. */
async function topics(): Promise<unknown> {
  const view = (await analysis?.view({ period: 'all' }, { language: 'en', targetMinutes: 10 })) as AnalysisView;
  const engine = await duckdbEngine({ root, threads: 2 });
  const found = view.panels.filter(({ id }) => id === 'topics' || id === 'topic-outcomes');
  for (const { sql, rows } of found) expect((await ask(engine, sql)).map((row) => row.map(plain))).toEqual(rows);
  await engine.close();
  return found.map(({ rows }) => rows.map(([, topic, count]) => [topic, count]));
}
const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

it('a topic has its newest name, whatever those within it still say, and its number where none was told', async () => {
  root = await newRoot();
  await writeLake(
    root,
    rowsOf([
      [0, { ...CREATED, message_thread_id: 5, topic_name: 'Orders' }],
      [0, { message_thread_id: 5, topic_name: 'Orders' }],
      [1, { ...EDITED, message_thread_id: 5, topic_name: 'Orders 2024' }],
      [2, { message_thread_id: 5, topic_name: 'Orders' }],
      [2, { message_thread_id: 6, topic_name: 'Known by its messages alone' }],
      [2, { message_thread_id: 6 }],
      [2, { message_thread_id: 7 }],
      [2, {}],
    ]),
  );
  await open();
  const said = [
    [
      ['Orders 2024', 4],
      ['Known by its messages alone', 2],
      ['#7', 1],
    ],
    [
      ['Orders 2024', 2],
      ['Known by its messages alone', 2],
      ['#7', 1],
    ],
  ];
  expect(await topics()).toEqual(said);

  await writeLake(root, rowsOf(Array.from({ length: 9 }, () => [3, { ...EDITED, message_thread_id: 7, topic_name: 'Late' }] as const)));
  await analysis?.refresh();
  expect(await topics()).toEqual([
    [['Late', 10], ...(said[0] ?? []).slice(0, 2)],
    [...(said[1] ?? []).slice(0, 2), ['Late', 1]],
  ]);
});

it('a topic keeps its newest name when it is closed, which tells the one it was created with', async () => {
  root = await newRoot();
  const closed = { data_type: 'forum_topic_closed', text: null, message_thread_id: 5, topic_name: 'Orders' };
  await writeLake(
    root,
    rowsOf([
      [0, { ...EDITED, message_thread_id: 5, topic_name: 'Orders 2024' }],
      [1, closed],
    ]),
  );
  await open();
  expect(await topics()).toEqual([[['Orders 2024', 2]], []]);
});

it('a lake of files from before names were kept shows numbers, and names from the first file on that has one', async () => {
  root = await newRoot();
  await writeLake(root, rowsOf([[0, { message_thread_id: 5 }]]));
  const folder = join(root, 'telegram');
  const [day = ''] = await readdir(folder);
  const file = join(folder, day, 'data.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `CREATE TABLE older AS SELECT * EXCLUDE (topic_name) FROM read_parquet(${literal(file)}, hive_partitioning = false)`,
  );
  await connection.run(`COPY older TO ${literal(file)} (FORMAT parquet)`);
  connection.closeSync();
  await open();
  expect(await topics()).toEqual([[['#5', 1]], [['#5', 1]]]);

  await writeLake(root, rowsOf([[1, { message_thread_id: 5, topic_name: 'Orders' }]]));
  await analysis?.refresh();
  expect(await topics()).toEqual([[['Orders', 2]], [['Orders', 2]]]);
});
