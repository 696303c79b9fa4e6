import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Dashboard, type Large, megabytesIn, openDashboard, quantile, withLargeLake } from './support/dashboard.js';
import { NAMED_PERIODS } from '../src/analysis/period.js';
import { printed } from './support/printed.js';
import type { BenchRow } from './support/rows.js';
import { messagesRows } from './support/messages-load.js';

const ROUNDS = 3;
/** What people limit a view to, and what they are after when they do. */
const LIMITS: readonly (readonly [string, string])[] = [
  ['everything', ''],
  ['a channel', '&channel=telegram'],
  ['the other channel', '&channel=whatsapp'],
  ['the largest group', '&conversation=telegram:-1000000000000'],
  ['a small group', '&conversation=telegram:-1000000000040'],
  ['who writes most', '&person=telegram:1000'],
  ['a contact', '&person=whatsapp:5511900000001'],
  ['three people', '&person=telegram:1000&person=telegram:1001&person=whatsapp:5511900000001'],
  ['texts', '&kind=text'],
  ['photos', '&kind=photo'],
  ['received', '&direction=in'],
  ['an hour of a weekday', '&weekday=1&hour=10'],
  ['office hours', [9, 10, 11, 12, 13, 14, 15, 16, 17].map((hour) => `&hour=${hour}`).join('')],
  ['Mondays', '&weekday=1'],
  ['texts in the largest group', '&conversation=telegram:-1000000000000&kind=text'],
  ['a person in a group', '&conversation=telegram:-1000000000000&person=telegram:1003'],
];

/**
 * The page over a lake of three years, asked over HTTP: first view, each change of a filter with all panels, searches and endless scrolling; the memory
 * of the process that answers; and what it costs to build what it answers from, and to start again from what was kept.
 */
export const run = (): Promise<BenchRow[]> => withLargeLake(measured);

async function measured(lake: Large): Promise<BenchRow[]> {
  const derived = join(lake.enriched, '_derived');
  await rm(derived, { recursive: true, force: true });
  const building = await started(lake);
  const kept = await megabytesIn(derived);
  await building.dashboard.stop();
  const { dashboard, ...starting } = await started(lake);
  try {
    const rows = [
      ...costs('building from the tables', building),
      { name: 'kept for the next start', value: kept, unit: 'MB' },
      ...costs('starting from what was kept', starting),
      ...(await firstView(dashboard)),
      ...(await filterChanges(dashboard)),
      ...(await messagesRows(dashboard)),
      { name: 'memory after all of it', value: (await dashboard.usage()).memory, unit: 'MB', target: 1500 },
      { name: 'memory, at most', value: Math.max(building.peak, (await dashboard.usage()).peak), unit: 'MB', target: 1500 },
    ];
    return rows.map((row) => ({ ...row, name: `page, ${lake.messages / 1e6} M messages: ${row.name}` }));
  } finally {
    await dashboard.stop();
  }
}

interface Start {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
}

/** A server that has answered its first question. */
async function started({ enriched, raw, now }: Large): Promise<Start & { readonly dashboard: Dashboard }> {
  const begun = performance.now();
  const dashboard = await openDashboard(enriched, raw, now, { TELEGRAM_WEBHOOK_SECRET: 'bench_secret_0123456789' });
  await dashboard.get('/api/view?period=30d');
  // Question groups and the index for searching come after.
  await settled(dashboard);
  return { dashboard, seconds: (performance.now() - begun) / 1000, ...(await dashboard.usage()) };
}

/** Waits until the server does nothing any more. */
async function settled(dashboard: Dashboard): Promise<void> {
  for (let before = 0, idle = 0; idle < 3;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { cpu } = await dashboard.usage();
    idle = cpu - before < 0.05 ? idle + 1 : 0;
    before = cpu;
  }
}

const costs = (what: string, { seconds, cpu, peak }: Start): BenchRow[] => [
  { name: what, value: seconds, unit: 's' },
  { name: `${what}, CPU`, value: cpu, unit: 's' },
  { name: `${what}, memory at most`, value: peak, unit: 'MB', target: 1500 },
];

/** What the page asks for once its HTML is there, all at once. */
async function firstView(dashboard: Dashboard): Promise<BenchRow[]> {
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const begun = performance.now();
    await Promise.all(
      ['/api/view?period=30d&lang=pt-BR', '/api/health', '/api/messages?period=30d&limit=20'].map((path) => dashboard.get(path)),
    );
    times.push(performance.now() - begun);
  }
  return [{ name: 'first view, p95', value: quantile(times, 0.95), unit: 'ms', target: 500 }];
}

async function filterChanges(dashboard: Dashboard): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const all: number[] = [];
  for (const [what, limits] of LIMITS) {
    const times: number[] = [];
    for (const period of NAMED_PERIODS) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { milliseconds } = await dashboard.get(`/api/view?period=${period}${limits}`);
        times.push(milliseconds);
      }
    }
    all.push(...times);
    rows.push({ name: `${what} over ${NAMED_PERIODS.join(', ')}, slowest`, value: quantile(times, 1), unit: 'ms', target: 200 });
  }
  return [
    ...rows,
    { name: 'change of a filter, p50', value: quantile(all, 0.5), unit: 'ms' },
    { name: 'change of a filter, p95', value: quantile(all, 0.95), unit: 'ms', target: 200 },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printed(await run());
