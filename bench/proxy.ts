import { pathToFileURL } from 'node:url';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { start, startServe, stop } from './support/child.js';
import { PROXY_TOKEN } from './support/proxy-token.js';
import { median, type BenchRow } from './support/rows.js';

interface Load {
  readonly perSecond: number;
  readonly p99: number;
  readonly failed: number;
}

const ROUNDS = 3;

/**
 * Calls of sendMessage through the proxy of `chatlake serve` as built, captured and synced, against a bare `node:http` proxy that pipes requests and answers, and against
 * the platform itself, on one machine in alternating rounds: so what else the machine does falls on all.
 */
export async function run(): Promise<BenchRow[]> {
  const cache = resolve('.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'bench-proxy-'));
  const platform = await start<number>('./proxy-server.mjs', ['platform']);
  try {
    const measured = { bare: [] as number[], ours: [] as number[], added: [] as number[], bareAdded: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      measured.bare.push((await through('bare', platform.message, folder, 32, 0)).perSecond);
      measured.ours.push((await through('chatlake', platform.message, folder, 32, 0)).perSecond);
      // A steady rate that none of them is busy with: else the wait for the machine would be measured.
      const direct = await load(platform.message, '', 8, 200);
      measured.bareAdded.push((await through('bare', platform.message, folder, 8, 200)).p99 - direct.p99);
      measured.added.push((await through('chatlake', platform.message, folder, 8, 200)).p99 - direct.p99);
    }
    const ratio = median(measured.ours.map((value, round) => value / (measured.bare[round] ?? Number.NaN)));
    return [
      { name: 'bare proxy, 32 connections', value: median(measured.bare), unit: 'requests/s' },
      { name: 'capturing proxy, 32 connections', value: median(measured.ours), unit: 'requests/s', ratio, target: 0.7 },
      { name: 'bare proxy, 200 requests/s, p99 above direct calls', value: median(measured.bareAdded), unit: 'ms' },
      { name: 'capturing proxy, 200 requests/s, p99 above direct calls', value: median(measured.added), unit: 'ms', target: 2 },
    ];
  } finally {
    await stop(platform.child);
    await rm(folder, { recursive: true, force: true });
  }
}

async function through(kind: 'bare' | 'chatlake', platform: number, folder: string, connections: number, rate: number): Promise<Load> {
  const server = await (kind === 'bare'
    ? start<number>('./proxy-server.mjs', [kind, String(platform)])
    : startServe({ CHATLAKE_RAW: folder, TELEGRAM_BOT_TOKEN: PROXY_TOKEN, TELEGRAM_API_URL: `http://127.0.0.1:${platform}` }));
  try {
    return await load(server.message, kind === 'chatlake' ? '/proxy/telegram' : '', connections, rate);
  } finally {
    await stop(server.child);
  }
}

async function load(port: number, prefix: string, connections: number, rate: number): Promise<Load> {
  const { message } = await start<Load>('./proxy-load.ts', [String(port), prefix, String(connections), String(rate)]);
  if (message.failed > 0) throw new Error(`${message.failed} calls were refused`);
  return message;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, value, unit, ratio, target } of await run())
    process.stdout.write(`${name.padEnd(60)} ${value.toFixed(2).padStart(10)} ${unit}  ${ratio?.toFixed(2) ?? ''}  ${target ?? ''}\n`);
}
