import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { start, stop } from './support/child.js';
import { openDashboard } from './support/dashboard.js';
import type { LoadResult } from './support/load-result.js';
import { printed } from './support/printed.js';
import { median, type BenchRow } from './support/rows.js';
import { BENCH_SECRET } from './support/updates.js';

const USERS = 50;
const RATE = 500;
const ROUNDS = 3;
const SECONDS = 4;
const WARM_UP = 1;
/** Far more than there is time for. */
const HEAVY = 'SELECT count(*), sum(a.range * b.range) AS total FROM range(1000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 3';

/** Durable ingest at a steady rate, alone and while fifty people run heavy SQL on the same server, in alternating rounds. */
export async function run(): Promise<BenchRow[]> {
  await mkdir(resolve('.cache'), { recursive: true });
  const folder = await mkdtemp(resolve('.cache', 'bench-crowd-'));
  const dashboard = await openDashboard(join(folder, 'enriched'), join(folder, 'raw'), Date.now(), {
    TELEGRAM_WEBHOOK_SECRET: BENCH_SECRET,
    CHATLAKE_SQL_TIMEOUT: '2',
  });
  try {
    const alone: LoadResult[] = [];
    const crowded: LoadResult[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push(await ingested(dashboard.port));
      const gone = crowd(dashboard.port);
      crowded.push(await ingested(dashboard.port));
      await gone();
    }
    const p99 = (results: readonly LoadResult[]) => median(results.map((result) => result.p99));
    return [
      { name: `durable ingest, ${RATE} requests/s, p99`, value: p99(alone), unit: 'ms', target: 25 },
      {
        name: `durable ingest, ${RATE} requests/s, p99 while ${USERS} people run heavy SQL`,
        value: p99(crowded),
        unit: 'ms',
        ratio: p99(alone) / p99(crowded),
      },
      { name: 'durable ingest then', value: median(crowded.map(({ perSecond }) => perSecond)), unit: 'requests/s', target: RATE * 0.99 },
    ];
  } finally {
    await dashboard.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function ingested(port: number): Promise<LoadResult> {
  const { child, message } = await start<LoadResult>('./load.ts', [port, 64, SECONDS, WARM_UP, RATE].map(String));
  await stop(child);
  if (message.failed > 0) throw new Error(`${message.failed} requests were refused`);
  return message;
}

/** People who ask again as soon as they are answered, whatever the answer; the function returned sends them home. */
function crowd(port: number): () => Promise<unknown> {
  const leave = new AbortController();
  const body = JSON.stringify({ sql: HEAVY });
  const one = async () => {
    while (!leave.signal.aborted) {
      const asked = fetch(`http://127.0.0.1:${port}/api/sql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: leave.signal,
      });
      await asked.then((response) => response.text()).catch(() => undefined);
    }
  };
  const people = Array.from({ length: USERS }, one);
  return () => {
    leave.abort();
    return Promise.all(people);
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printed(await run());
