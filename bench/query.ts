import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckdbEngine } from '../src/query/duckdb.js';
import { median, type BenchRow } from './support/rows.js';
import { runNode } from './support/run.js';
import { writeDay } from './support/raw-days.js';

const MILLION = 1_000_000;
/**
 * Days that a million messages are spread over, each a file; how often each statement is run unmeasured, as a server runs long after its compiler
 * has done with it, and then measured.
 */
const LAKES = [
  { days: 10, before: 150, rounds: 60 },
  { days: 1000, before: 1, rounds: 5 },
] as const;
const DATE = '2024-07-01';
const START = Date.UTC(2024, 6, 1, 3) / 1000;

const QUERIES = [
  ['messages a day', 'SELECT context_date, count(*) AS n FROM telegram GROUP BY context_date ORDER BY context_date'],
  [
    'people by messages and length',
    'SELECT user_id, user_first_name, count(*) AS n, avg(length(text)) AS average FROM telegram GROUP BY user_id, user_first_name ORDER BY n DESC LIMIT 20',
  ],
  ['distinct people an hour', 'SELECT "date" % 86400 // 3600 AS h, count(DISTINCT user_id) AS n FROM telegram GROUP BY 1 ORDER BY 1'],
] as const;

/** The embedded engine against plain DuckDB: same statement, same files, connections open. */
export async function run(): Promise<BenchRow[]> {
  await mkdir(resolve('.cache'), { recursive: true });
  const folder = await mkdtemp(resolve('.cache', 'bench-query-'));
  try {
    const rows: BenchRow[] = [];
    for (const lake of LAKES) rows.push(...(await compare(join(folder, String(lake.days)), lake)));
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(folder: string, { days, before, rounds }: (typeof LAKES)[number]): Promise<BenchRow[]> {
  const enriched = join(folder, 'enriched');
  writeDay(join(folder, 'raw'), DATE, START, MILLION, days * 86_400 - 10);
  await runNode([resolve('dist/cli.js'), 'etl', '--all'], { CHATLAKE_RAW: join(folder, 'raw'), CHATLAKE_ENRICHED: enriched });
  const engine = await duckdbEngine({ root: enriched });
  const plain = await DuckDBInstance.create(':memory:');
  const connection = await plain.connect();
  await connection.run(
    `CREATE VIEW telegram AS SELECT * FROM read_parquet('${enriched}/telegram/*/data.parquet', hive_partitioning = true)`,
  );
  try {
    const rows: BenchRow[] = [];
    for (const [name, sql] of QUERIES) {
      const ratios: number[] = [];
      const times: number[] = [];
      for (let round = -before; round < rounds; round++) {
        const theirs = await timed(async () => void (await connection.runAndReadAll(sql.replace('//', '/'))));
        const ours = await timed(async () => {
          for await (const batch of (await engine.run(sql.replace('//', '/'), { maxRows: 1000 })).batches) void batch;
        });
        if (round < 0) continue;
        ratios.push(ours / theirs);
        times.push(ours);
      }
      const value = median(times) * 1000;
      rows.push({ name: `query of ${days.toLocaleString('en')} files, ${name}`, value, unit: 'ms', ratio: median(ratios), target: 1.2 });
    }
    return rows;
  } finally {
    await engine.close();
    connection.closeSync();
    plain.closeSync();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
