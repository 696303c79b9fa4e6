import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { start, startServe, stop } from './support/child.js';
import type { LoadResult } from './support/load-result.js';
import { PROXY_TOKEN } from './support/proxy-token.js';
import { median, type BenchRow } from './support/rows.js';

const ROUNDS = 3;
const CONNECTIONS = 32;
/** Calls a second: more than a bot may send, which is 30 messages a second on Telegram and 80 on WhatsApp; and what a rush of all its other calls might be. */
const RATES = [100, 500, 1000] as const;
/** Calls that tell what one in a hundred of them takes. */
const CALLS = 2000;

const WAYS = ['direct', 'bare', 'capturing'] as const;
type Way = (typeof WAYS)[number];

/** Where one way begins. */
interface Entry {
  readonly port: number;
  readonly prefix: string;
}

/** What one round found: by calls a second, 0 for as fast as answered. */
type Round = Readonly<Record<Way, ReadonlyMap<number, LoadResult>>>;

/**
 * Calls of sendMessage through the proxy of `chatlake serve` as built, captured and synced, against a bare `node:http` proxy that pipes requests and answers, and against
 * the platform itself, on one machine in alternating rounds: so what else the machine does falls on all. What a proxy adds to a call is measured at a steady rate: where
 * all of them are as fast as they can, a call waits for the machine.
 */
export async function run(): Promise<BenchRow[]> {
  const cache = resolve('.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'bench-proxy-'));
  const platform = await start<number>('./proxy-server.mjs', ['platform']);
  try {
    const rounds: Round[] = [];
    for (let count = 0; count < ROUNDS; count += 1) rounds.push(await round(platform.message, folder));
    return rowsOf(rounds);
  } finally {
    await stop(platform.child);
    await rm(folder, { recursive: true, force: true });
  }
}

async function round(platform: number, folder: string): Promise<Round> {
  const servers: ChildProcess[] = [];
  const found = { direct: new Map<number, LoadResult>(), bare: new Map<number, LoadResult>(), capturing: new Map<number, LoadResult>() };
  try {
    const bare = await start<number>('./proxy-server.mjs', ['bare', String(platform)]);
    servers.push(bare.child);
    const url = `http://127.0.0.1:${platform}`;
    const serve = await startServe({ CHATLAKE_RAW: folder, TELEGRAM_BOT_TOKEN: PROXY_TOKEN, TELEGRAM_API_URL: url });
    servers.push(serve.child);
    const entries: Readonly<Record<Way, Entry>> = {
      direct: { port: platform, prefix: '' },
      bare: { port: bare.message, prefix: '' },
      capturing: { port: serve.message, prefix: '/proxy/telegram' },
    };
    // First as fast as they can: what is measured afterwards has been compiled.
    for (const rate of [0, ...RATES]) for (const way of WAYS) found[way].set(rate, await load(entries[way], rate));
    return found;
  } finally {
    await Promise.all(servers.map(stop));
  }
}

async function load({ port, prefix }: Entry, rate: number): Promise<LoadResult> {
  // Half a minute of a server's life says little of the years after it: what is measured comes once its compiler has done with it.
  const [seconds, warmUp] = rate === 0 ? [4, 6] : [Math.max(3, CALLS / rate), 2];
  const { message } = await start<LoadResult>('./proxy-load.ts', [prefix, ...[port, CONNECTIONS, rate, seconds, warmUp].map(String)]);
  if (message.failed > 0) throw new Error(`${message.failed} calls were refused`);
  return message;
}

function rowsOf(rounds: readonly Round[]): BenchRow[] {
  const over = (value: (found: (way: Way) => LoadResult) => number, rate: number): number =>
    median(rounds.map((one) => value((way) => one[way].get(rate) as LoadResult)));
  const above = (way: Way, rate: number, than: Way = 'direct') => over((found) => found(way).p99 - found(than).p99, rate);
  const ratio = over((found) => found('capturing').perSecond / found('bare').perSecond, 0);
  const rows: BenchRow[] = [
    { name: 'bare proxy, 32 connections', value: over((found) => found('bare').perSecond, 0), unit: 'requests/s' },
    {
      name: 'capturing proxy, 32 connections',
      value: over((found) => found('capturing').perSecond, 0),
      unit: 'requests/s',
      ratio,
      target: 0.7,
    },
    { name: 'bare proxy, 32 connections, p99', value: over((found) => found('bare').p99, 0), unit: 'ms' },
    { name: 'capturing proxy, 32 connections, p99', value: over((found) => found('capturing').p99, 0), unit: 'ms' },
  ];
  for (const rate of RATES) {
    const at = `${rate} requests/s`;
    rows.push(
      { name: `direct calls, ${at}, p99`, value: over((found) => found('direct').p99, rate), unit: 'ms' },
      { name: `bare proxy, ${at}, p99 above direct calls`, value: above('bare', rate), unit: 'ms' },
      { name: `capturing proxy, ${at}, p99 above direct calls`, value: above('capturing', rate), unit: 'ms', target: 2 },
      { name: `capturing proxy, ${at}, p99 above the bare one`, value: above('capturing', rate, 'bare'), unit: 'ms', target: 2 },
    );
  }
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, value, unit, ratio, target } of await run())
    process.stdout.write(`${name.padEnd(60)} ${value.toFixed(2).padStart(10)} ${unit}  ${ratio?.toFixed(2) ?? ''}  ${target ?? ''}\n`);
}
