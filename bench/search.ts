import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Filters } from '../src/analysis/types.js';
import { fileStore } from '../src/lake/file.js';
import { duckdbEngine } from '../src/query/duckdb.js';
import { openReader } from '../src/query/reader.js';
import { dayIndex } from '../src/server/day-index.js';
import { messagesIn } from '../src/server/messages.js';
import { zoneOf } from '../src/zone.js';
import { writeAnalysisLake } from './support/analysis-lake.js';
import type { BenchRow } from './support/rows.js';

const FROM = '2023-01-01';
const DAYS = 1096;
const ROUNDS = 10;

/** What people look for: anything, what is frequent, what is rare, what is not there. */
const SEARCHES: readonly (readonly [string, Filters, string])[] = [
  ['newest', { period: 'all' }, ''],
  ['a frequent word', { period: 'all' }, 'obrigado'],
  ['a phrase', { period: 'all' }, '"prazo de entrega"'],
  ['without accents', { period: 'all' }, 'alguem sabe'],
  ['two words', { period: 'all' }, 'loja frete'],
  ['nothing', { period: 'all' }, 'zzyzx'],
  ['a number', { period: 'all' }, '4711'],
  ['a person', { period: 'all', person: ['telegram:1000'] }, ''],
  ['a channel', { period: '12m', channel: ['whatsapp'] }, 'pedido'],
];

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(q * values.length) - 1)] ?? Number.NaN;

/** First pages of /api/messages over a generated lake of three years, and the cost of the index behind them. */
export async function run(): Promise<BenchRow[]> {
  const messages = process.env['BENCH_LARGE'] === '1' ? 10_000_000 : 1_000_000;
  await mkdir(resolve('.cache'), { recursive: true });
  const kept = process.env['BENCH_ANALYSIS_LAKE'];
  const root = kept ?? (await mkdtemp(resolve('.cache', 'bench-search-')));
  const zone = zoneOf('-03:00');
  if (!zone) throw new Error('no zone');
  const name = `search, ${messages / 1e6} M messages`;
  try {
    if (kept === undefined) await writeAnalysisLake(root, { messages, days: DAYS, from: FROM });
    const engine = await duckdbEngine({ root, memoryLimit: '512MB' });
    const reader = await openReader({ root });
    const stop = new AbortController();
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const enriched = fileStore(root);
    const index = dayIndex({ reader, enriched, logger, signal: stop.signal, share: 1 });
    const clock = { now: () => (zone.startOf(FROM) + DAYS * 86_400 - 3600) * 1000 };
    const found = messagesIn({ engine, reader, index, enriched, zone, clock });
    const began = performance.now();
    await index.fill();
    const rows: BenchRow[] = [{ name: `${name}, index of days`, value: (performance.now() - began) / 1000, unit: 's' }];
    const all: number[] = [];
    for (const [what, filters, q] of SEARCHES) {
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const start = performance.now();
        await found.search({ filters, q, limit: 50 });
        if (round > 0) times.push(performance.now() - start);
      }
      all.push(...times);
      rows.push({ name: `${name}, ${what}`, value: quantile(times, 0.5), unit: 'ms', target: 300 });
      rows.push({ name: `${name}, ${what}, slowest`, value: quantile(times, 1), unit: 'ms' });
    }
    rows.push({ name: `${name}, p95 of all`, value: quantile(all, 0.95), unit: 'ms', target: 300 });
    stop.abort();
    await reader.close();
    await engine.close();
    return rows;
  } finally {
    if (kept === undefined) await rm(root, { recursive: true, force: true });
  }
}
