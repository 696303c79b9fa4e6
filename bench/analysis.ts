import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openAnalysis } from '../src/analysis/analysis.js';
import type { Filters } from '../src/analysis/types.js';
import { fileStore } from '../src/lake/file.js';
import { zoneOf } from '../src/zone.js';
import { writeAnalysisLake } from './support/analysis-lake.js';
import type { BenchRow } from './support/rows.js';

const FROM = '2023-01-01';
const DAYS = 1096;
const ROUNDS = 3;

/** What people do to a page: begin with a month, look at all there is, click on marks. */
const VIEWS: readonly (readonly [string, Filters])[] = [
  ['30 days', { period: '30d' }],
  ['12 months', { period: '12m' }],
  ['all', { period: 'all' }],
  ['all, one channel', { period: 'all', channel: ['telegram'] }],
  ['all, the largest group', { period: 'all', conversation: ['telegram:-1000000000000'] }],
  ['all, one person', { period: 'all', person: ['telegram:1000'] }],
  ['all, texts', { period: 'all', kind: ['text'] }],
  ['all, received', { period: 'all', direction: ['in'] }],
  ['all, office hours', { period: 'all', hour: [9, 10, 11, 12, 13, 14, 15, 16, 17] }],
  ['all, Mondays', { period: 'all', weekday: [1] }],
  ['12 months, texts in the evening', { period: '12m', kind: ['text'], hour: [19, 20, 21, 22] }],
  ['a quarter, three people', { period: '90d', person: ['telegram:1000', 'telegram:1001', 'whatsapp:5511900000001'] }],
];

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(q * values.length) - 1)] ?? Number.NaN;

/** Answers of /api/view over a generated lake: server time of each filter change, cost of building, memory. */
export async function run(): Promise<BenchRow[]> {
  const messages = process.env['BENCH_LARGE'] === '1' ? 10_000_000 : 1_000_000;
  await mkdir(resolve('.cache'), { recursive: true });
  const kept = process.env['BENCH_ANALYSIS_LAKE'];
  const folder = kept ?? (await mkdtemp(resolve('.cache', 'bench-analysis-')));
  const zone = zoneOf('-03:00');
  if (!zone) throw new Error('no zone');
  try {
    if (kept === undefined || process.env['BENCH_ANALYSIS_WRITE'] === '1')
      await writeAnalysisLake(folder, { messages, days: DAYS, from: FROM });
    const clock = { now: () => (zone.startOf(FROM) + DAYS * 86_400 - 3600) * 1000 };
    const name = `analysis, ${messages / 1e6} M messages`;
    const opened = async (what: string) => {
      const began = performance.now();
      const one = await openAnalysis({ enriched: fileStore(folder), zone, clock, folder: join(folder, '_derived') });
      await one.refresh();
      rows.push({ name: `${name}, ${what}`, value: (performance.now() - began) / 1000, unit: 's' });
      return one;
    };
    const rows: BenchRow[] = [];
    await (await opened('building')).close();
    const analysis = await opened('starting from what was kept');
    const options = { language: 'pt-BR', targetMinutes: 10 } as const;
    const all: number[] = [];
    for (const [what, filters] of VIEWS) {
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const start = performance.now();
        await analysis.view(filters, options);
        if (round > 0) times.push(performance.now() - start);
      }
      all.push(...times);
      rows.push({ name: `${name}, ${what}`, value: quantile(times, 0.5), unit: 'ms', target: 200 });
    }
    rows.push({ name: `${name}, p50 of all`, value: quantile(all, 0.5), unit: 'ms' });
    rows.push({ name: `${name}, p95 of all`, value: quantile(all, 0.95), unit: 'ms', target: 200 });
    rows.push({ name: `${name}, peak memory`, value: process.resourceUsage().maxRSS / 1024, unit: 'MB', target: 1500 });
    await analysis.close();
    return rows;
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}
