import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { zoneOf } from '../../src/zone.js';
import { stop } from './child.js';
import { writeAnalysisLake } from './analysis-lake.js';

const ENTRY = new URL('./dashboard-server.ts', import.meta.url);
const TIMEZONE = '-03:00';
const FROM = '2023-01-01';
const DAYS = 1096;

/** A server as `chatlake up` runs it, in a process of its own. */
export interface Dashboard {
  readonly port: number;
  /** The answer of an address, and the milliseconds until all of it was here. Rejects for anything but 200. */
  get(path: string): Promise<{ readonly milliseconds: number; readonly answer: unknown }>;
  /** Seconds of CPU so far, and resident memory now and at most, in megabytes. */
  usage(): Promise<{ readonly cpu: number; readonly memory: number; readonly peak: number }>;
  stop(): Promise<void>;
}

/** `now`: epoch milliseconds of its clock. */
export async function openDashboard(
  enriched: string,
  raw: string,
  now: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<Dashboard> {
  const child = fork(ENTRY, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      CHATLAKE_ENRICHED: enriched,
      CHATLAKE_RAW: raw,
      CHATLAKE_TIMEZONE: TIMEZONE,
      BENCH_NOW: String(now),
      ...environment,
    },
  });
  const port = Number(await said(child));
  return {
    port,
    get: (path) => got(port, path),
    async usage() {
      child.send('usage');
      return (await said(child)) as Awaited<ReturnType<Dashboard['usage']>>;
    },
    stop: () => stop(child),
  };
}

const agent = new Agent({ keepAlive: true });

/** No limit of time: the first answer waits until the lake was read. */
async function got(port: number, path: string): Promise<{ milliseconds: number; answer: unknown }> {
  const begun = performance.now();
  const [response] = (await once(request({ agent, host: '127.0.0.1', port, path }).end(), 'response')) as [IncomingMessage];
  const body = await text(response);
  const milliseconds = performance.now() - begun;
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`);
  return { milliseconds, answer: body.startsWith('{') ? JSON.parse(body) : body };
}

async function said(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const gone = once(child, 'exit', over).then(([code]) => {
    throw new Error(`the dashboard ended with ${code}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', over), gone])) as [unknown];
    return message;
  } finally {
    gone.catch(() => undefined);
    over.abort();
  }
}

export interface Large {
  readonly messages: number;
  readonly enriched: string;
  readonly raw: string;
  /** An hour before the end of the last day, epoch milliseconds. */
  readonly now: number;
}

/**
 * A lake of three years: 10,000,000 messages when `BENCH_LARGE` is 1, else 1,000,000. With `BENCH_LAKE` it lies in that folder and stays there, and is
 * made only where there is none yet.
 */
export async function withLargeLake<T>(use: (lake: Large) => Promise<T>): Promise<T> {
  const messages = process.env['BENCH_LARGE'] === '1' ? 10_000_000 : 1_000_000;
  const kept = process.env['BENCH_LAKE'];
  await mkdir(resolve('.cache'), { recursive: true });
  const folder = kept ?? (await mkdtemp(resolve('.cache', 'bench-lake-')));
  const enriched = join(folder, 'enriched');
  const zone = zoneOf(TIMEZONE);
  if (!zone) throw new Error('no zone');
  try {
    if ((await stat(enriched).catch(() => undefined)) === undefined)
      await writeAnalysisLake(enriched, { messages, days: DAYS, from: FROM });
    return await use({ messages, enriched, raw: join(folder, 'raw'), now: (zone.startOf(FROM) + DAYS * 86_400 - 3600) * 1000 });
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Megabytes of the files in a folder. */
export async function megabytesIn(folder: string): Promise<number> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size));
  return sizes.reduce((a, b) => a + b, 0) / 1e6;
}

export const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(q * values.length) - 1)] ?? Number.NaN;
