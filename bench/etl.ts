import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, type BenchRow } from './support/rows.js';
import { type Run, runNode } from './support/run.js';
import { line, writeDay } from './support/raw-days.js';

const CLI = resolve('dist/cli.js');
const TSX = ['--import', 'tsx'];
const DATE = '2024-07-01';
const START = Date.UTC(2024, 6, 1, 3) / 1000;
const ROUNDS = 5;
const MILLION = 1_000_000;

/** The ETL against DuckDB alone on the same lines, process start included in both; memory, size, re-runs, many days. */
export async function run(): Promise<BenchRow[]> {
  await mkdir(resolve('.cache'), { recursive: true });
  const folder = await mkdtemp(resolve('.cache', 'bench-etl-'));
  try {
    const rows = await million(folder);
    rows.push(...(await manyDays(folder)), ...(await byHand(folder)));
    // Ten million lines take minutes and 4 GB of disk.
    if (process.env['BENCH_LARGE'] === '1') rows.push(...(await large(folder)));
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const etl = (raw: string, enriched: string): Promise<Run> =>
  runNode([CLI, 'etl', '--all'], { CHATLAKE_RAW: raw, CHATLAKE_ENRICHED: enriched, CHATLAKE_TIMEZONE: 'America/Sao_Paulo' });
const plain = (kind: 'copy' | 'merged', raw: string, target: string): Promise<Run> =>
  runNode([resolve('bench/support/plain.mjs'), kind, join(raw, 'telegram', `context_date=${DATE}`), target]);

async function million(folder: string): Promise<BenchRow[]> {
  const raw = join(folder, 'raw');
  const enriched = join(folder, 'enriched');
  const target = join(folder, 'plain.parquet');
  writeDay(raw, DATE, START, MILLION);
  const ours: Run[] = [];
  const copies: Run[] = [];
  const merged: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    copies.push(await plain('copy', raw, target));
    merged.push(await plain('merged', raw, target));
    await rm(enriched, { recursive: true, force: true });
    ours.push(await etl(raw, enriched));
  }
  const again = await etl(raw, enriched);
  const size = (await stat(join(enriched, 'telegram', `context_date=${DATE}`, 'data.parquet'))).size;
  const seconds = (runs: Run[]) => median(runs.map((one) => one.seconds));
  const beside = (runs: Run[]) => median(runs.map((one, round) => one.seconds / (ours[round]?.seconds ?? Number.NaN)));
  return [
    { name: 'DuckDB alone, copy, 1,000,000 lines', value: seconds(copies), unit: 's' },
    { name: 'DuckDB alone, dedup and sort included', value: seconds(merged), unit: 's' },
    { name: 'etl, beside the copy', value: seconds(ours), unit: 's', ratio: beside(copies) },
    { name: 'etl, beside dedup and sort', value: seconds(ours), unit: 's', ratio: beside(merged), target: 0.7 },
    {
      name: 'DuckDB alone, dedup and sort included, peak memory',
      value: Math.max(...merged.map(({ megabytes }) => megabytes)),
      unit: 'MB',
    },
    { name: 'etl, 1,000,000 lines, peak memory', value: Math.max(...ours.map(({ megabytes }) => megabytes)), unit: 'MB', target: 1000 },
    { name: 'enriched size beside plain Parquet', value: size / 1e6, unit: 'MB', ratio: size / (await stat(target)).size, target: 1.05 },
    { name: 'etl again, nothing new', value: again.seconds, unit: 's', target: 0.5 },
  ];
}

/** Whether a day costs the same at the end of a long lake as at its beginning. */
async function manyDays(folder: string): Promise<BenchRow[]> {
  const raw = join(folder, 'days');
  const enriched = join(folder, 'days-enriched');
  const day = (index: number) => new Date((START + index * 86_400) * 1000).toISOString().slice(0, 10);
  for (let index = 0; index < 1000; index++) writeDay(raw, day(index), START + index * 86_400, 1000);
  const range = (from: number, to: number) =>
    runNode([CLI, 'etl', '--from', day(from), '--to', day(to)], {
      CHATLAKE_RAW: raw,
      CHATLAKE_ENRICHED: enriched,
      CHATLAKE_TIMEZONE: 'America/Sao_Paulo',
    });
  const first = (await range(0, 49)).seconds / 50;
  const middle = (await range(50, 949)).seconds / 900;
  const last = (await range(950, 999)).seconds / 50;
  return [
    { name: 'etl, a day of 1,000 messages, first 50 days', value: first * 1000, unit: 'ms' },
    { name: 'etl, a day of 1,000 messages, next 900', value: middle * 1000, unit: 'ms' },
    { name: 'etl, a day of 1,000 messages, last 50 of 1,000', value: last * 1000, unit: 'ms', ratio: last / first },
  ];
}

/** The same work as pipelines made by hand do it, on fewer messages. */
async function byHand(folder: string): Promise<BenchRow[]> {
  const count = 10_000;
  const files = join(folder, 'by-hand');
  await mkdir(files);
  let state = 1;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let index = 0; index < count; index++) await writeFile(join(files, `${START + index}.json`), line(index, START + index, 1, random));
  const { seconds } = await runNode([...TSX, resolve('bench/support/one-by-one.ts'), files]);
  return [{ name: 'a loop over one file a message, one INSERT each', value: count / seconds, unit: 'messages/s' }];
}

async function large(folder: string): Promise<BenchRow[]> {
  const raw = join(folder, 'large');
  writeDay(raw, DATE, START, 10 * MILLION);
  const ours = await etl(raw, join(folder, 'large-enriched'));
  return [
    { name: 'etl, 10,000,000 lines in one day', value: ours.seconds, unit: 's' },
    { name: 'etl, 10,000,000 lines in one day, peak memory', value: ours.megabytes, unit: 'MB', target: 2000 },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await run());
