import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { start, startServe, stop } from './support/child.js';
import { syncedWrite } from './support/disk.js';
import type { LoadResult } from './support/load-result.js';
import { median, type BenchRow } from './support/rows.js';
import { BENCH_SECRET } from './support/updates.js';

type Kind = 'bare' | 'chatlake' | 'file' | 'put';

const ROUNDS = 3;
const SECONDS = 3;
const WARM_UP = 1;

/**
 * Durable acknowledged ingest of Telegram updates over HTTP, against a bare server on the same machine in the same run
 * that reads the body and answers 200, and against the naive ways of keeping a file a message.
 */
export async function run(): Promise<BenchRow[]> {
  const cache = resolve('.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'bench-ingest-'));
  try {
    return [
      { name: 'one synced write of 25 kB after another, median', value: syncedWrite(folder), unit: 'ms' },
      ...(await against(folder, 256, 0.85)),
      ...(await against(folder, 64, 0.6)),
      ...(await openLoop(folder)),
      await naive(folder, 'file', 'one file a message, synced, 64 connections'),
      await naive(folder, 'put', 'one file a message, synced and renamed, 64 connections'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Alternating rounds, so that what else the machine does falls on both. */
async function against(folder: string, connections: number, target: number): Promise<BenchRow[]> {
  const bare: number[] = [];
  const ours: number[] = [];
  const p99: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push((await measure(folder, 'bare', connections)).perSecond);
    const result = await measure(folder, 'chatlake', connections);
    ours.push(result.perSecond);
    p99.push(result.p99);
  }
  const ratio = median(ours.map((value, round) => value / (bare[round] ?? Number.NaN)));
  return [
    { name: `bare server, ${connections} connections`, value: median(bare), unit: 'requests/s' },
    { name: `durable ingest, ${connections} connections`, value: median(ours), unit: 'requests/s', ratio, target },
    { name: `durable ingest, ${connections} connections, p99`, value: median(p99), unit: 'ms' },
  ];
}

async function openLoop(folder: string): Promise<BenchRow[]> {
  const { p50, p99 } = await measure(folder, 'chatlake', 64, 1000);
  return [
    { name: 'durable ingest, 1,000 requests/s, p50', value: p50, unit: 'ms' },
    { name: 'durable ingest, 1,000 requests/s, p99', value: p99, unit: 'ms', target: 25 },
  ];
}

async function naive(folder: string, kind: Kind, name: string): Promise<BenchRow> {
  return { name, value: (await measure(folder, kind, 64)).perSecond, unit: 'requests/s' };
}

const serve = (raw: string) => startServe({ CHATLAKE_RAW: raw, TELEGRAM_WEBHOOK_SECRET: BENCH_SECRET, TELEGRAM_CHAT_ID: '-1001234567890' });

async function measure(folder: string, kind: Kind, connections: number, rate = 0): Promise<LoadResult> {
  const raw = await mkdtemp(join(folder, `${kind}-`));
  const server = kind === 'chatlake' ? await serve(raw) : await start<number>('./naive.mjs', [kind, raw]);
  try {
    const load = await start<LoadResult>('./load.ts', [server.message, connections, SECONDS, WARM_UP, rate].map(String));
    if (load.message.failed > 0) throw new Error(`${kind}: ${load.message.failed} requests were refused`);
    return load.message;
  } finally {
    await stop(server.child);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const row of await run()) {
    const ratio = row.ratio === undefined ? '' : `  ratio ${row.ratio.toFixed(2)}`;
    const target = row.target === undefined ? '' : `  target ${row.target}`;
    process.stdout.write(
      `${row.name.padEnd(60)} ${row.value.toFixed(row.unit === 'ms' ? 2 : 0).padStart(8)} ${row.unit}${ratio}${target}\n`,
    );
  }
}
