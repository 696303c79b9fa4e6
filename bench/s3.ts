import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSettings } from '../src/config.js';
import { openRawLog, openStore } from '../src/lake/open.js';
import type { RawLog } from '../src/types.js';
import { type Zone, zoneOf } from '../src/zone.js';
import { type Minio, NO_MINIO, startMinio } from '../test/engines/support/minio.js';
import { type S3Proxy, startS3Proxy } from '../test/support/s3-proxy.js';
import { start, startServe, stop } from './support/child.js';
import { farAway } from './support/far.js';
import type { LoadResult } from './support/load-result.js';
import { line } from './support/raw-days.js';
import { type BenchRow, median } from './support/rows.js';
import { type Run, runNode } from './support/run.js';
import { BENCH_SECRET } from './support/updates.js';

const CLI = resolve('dist/cli.js');
const LATENCY = 20;
const DATE = '2024-07-01';
const NOON = Date.UTC(2024, 6, 1, 15);
/** Objects of the older layout, and how many of them are got one after the other: each takes as long as any other, and all would take 40 minutes. */
const OBJECTS = 100_000;
const SAMPLE = 2000;
const LINES = 200_000;
/** Lines of one object: what the raw log makes of a thousand messages a second, and what it makes of a rush, or the writer behind a queue. */
const BATCHES: readonly number[] = [20, 1000];
/** Replicas that receive them: one begins fifty objects a second and no more. */
const REPLICAS = 10;
const ROUNDS = 3;
/** Each may be run alone: `npx tsx bench/s3.ts older`. */
const PARTS: readonly string[] = ['ingest', 'older', 'batched'];

/** A lake in MinIO, with 20 ms added to each answer, beside a plain loop of PUTs or GETs; and the ETL there beside that on a disk and DuckDB alone. */
export async function run(parts: readonly string[] = PARTS): Promise<BenchRow[]> {
  if (NO_MINIO) {
    process.stderr.write(`s3: skipped: ${NO_MINIO}\n`);
    return [];
  }
  await mkdir(resolve('.cache'), { recursive: true });
  const folder = await mkdtemp(resolve('.cache', 'bench-s3-'));
  const minio = await startMinio();
  const proxy = await startS3Proxy(minio.endpoint);
  proxy.latency = LATENCY;
  const far = await farAway(minio.endpoint, LATENCY);
  const env = { ...minio.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', CHATLAKE_TIMEZONE: 'America/Sao_Paulo' };
  Object.assign(process.env, env, { CHATLAKE_CACHE: join(folder, 'cache') });
  const rows: BenchRow[] = [];
  try {
    if (parts.includes('ingest')) rows.push(...(await ingest(minio, proxy)));
    if (parts.includes('older')) rows.push(...(await older(folder, minio, far.endpoint)));
    if (parts.includes('batched')) rows.push(...(await batched(folder, minio)));
    return rows;
  } finally {
    await Promise.all([proxy.close(), far.close()]);
    await minio.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const through = (endpoint: string) => loadSettings({ ...process.env, AWS_ENDPOINT_URL_S3: endpoint }).s3;
const etl = (raw: string, enriched: string, endpoint: string, cache: string): Promise<Run> =>
  runNode([CLI, 'etl', '--all'], { CHATLAKE_RAW: raw, CHATLAKE_ENRICHED: enriched, AWS_ENDPOINT_URL_S3: endpoint, CHATLAKE_CACHE: cache });

async function ingest(minio: Minio, proxy: S3Proxy): Promise<BenchRow[]> {
  const bucket = await minio.bucket();
  const store = openStore(`s3://${bucket}/loop`, through(proxy.endpoint));
  const each: number[] = [];
  for (let index = 0; index < 60; index += 1) {
    const begun = performance.now();
    await store.write(`key-${index}`, '{}\n', { ifAbsent: true });
    each.push(performance.now() - begun);
  }
  const [seconds, warmUp] = [10, 2];
  const server = await startServe({
    CHATLAKE_RAW: `s3://${bucket}/raw`,
    ...minio.env,
    AWS_ENDPOINT_URL_S3: proxy.endpoint,
    TELEGRAM_WEBHOOK_SECRET: BENCH_SECRET,
    TELEGRAM_CHAT_ID: '-1001234567890',
  });
  try {
    const before = proxy.requests.length;
    const { message: load } = await start<LoadResult>('./load.ts', [server.message, 64, seconds, warmUp, 1000].map(String));
    if (load.failed > 0) throw new Error(`${load.failed} requests were refused`);
    const puts = proxy.requests.slice(before).filter(({ method }) => method === 'PUT').length / (seconds + warmUp);
    return [
      { name: `PUTs one after the other, ${LATENCY} ms away, each`, value: median(each), unit: 'ms' },
      { name: 'durable ingest in S3, 1,000 requests/s, p50', value: load.p50, unit: 'ms', ratio: load.p50 / median(each) },
      { name: 'durable ingest in S3, 1,000 requests/s, p99', value: load.p99, unit: 'ms', ratio: load.p99 / median(each), target: 80 },
      { name: 'durable ingest in S3, PUTs', value: puts, unit: '/s', target: 60 },
    ];
  } finally {
    await stop(server.child);
  }
}

/** An update as a platform sends it. */
function update(index: number, seconds: number): string {
  const text = line(index, seconds, 1, Math.random);
  return `{${text.slice(text.indexOf('"update_id"')).trimEnd()}`;
}

/** A day of one JSON object per object, read by the ETL, beside getting them one after the other. */
async function older(folder: string, minio: Minio, endpoint: string): Promise<BenchRow[]> {
  const bucket = await minio.bucket();
  const near = openStore(`s3://${bucket}/raw`, through(minio.endpoint));
  const key = (index: number) => `telegram/context_date=${DATE}/${NOON / 1000 + index / 10}.json`;
  for (let index = 0; index < OBJECTS; index += 50)
    await Promise.all(Array.from({ length: 50 }, (_, next) => near.write(key(index + next), update(index + next, NOON / 1000 + index))));
  const far = openStore(`s3://${bucket}/raw`, through(endpoint));
  const every = OBJECTS / SAMPLE;
  const begun = performance.now();
  for (let index = 0; index < OBJECTS; index += every) await far.read(key(index));
  const loop = ((performance.now() - begun) / 1000) * every;
  const ours = await etl(`s3://${bucket}/raw`, `s3://${bucket}/enriched`, endpoint, join(folder, 'older'));
  const rows = lines(ours);
  if (rows !== OBJECTS) throw new Error(`${rows} of ${OBJECTS} objects were read`);
  const count = OBJECTS.toLocaleString('en');
  return [
    {
      name: `${count} objects got one after the other, ${LATENCY} ms away (${SAMPLE.toLocaleString('en')} got, times ${every})`,
      value: loop,
      unit: 's',
    },
    {
      name: `etl of ${count} objects of one message, ${LATENCY} ms away`,
      value: ours.seconds,
      unit: 's',
      ratio: loop / ours.seconds,
      target: 20,
    },
    { name: `etl of ${count} objects of one message, peak memory`, value: ours.megabytes, unit: 'MB', target: 1000 },
  ];
}

/** Lines that a run says it has read. */
const lines = ({ stdout }: Run): number => Number(/(\d+) lines/.exec(stdout)?.[1] ?? Number.NaN);

/**
 * Days that the raw log wrote to S3, beside the same lines in a file on a disk, which DuckDB alone reads as well; and that of few lines an object
 * beside a loop that gets its objects.
 */
async function batched(folder: string, minio: Minio): Promise<BenchRow[]> {
  const bucket = await minio.bucket();
  const zone = zoneOf('America/Sao_Paulo') as Zone;
  const options = { zone, clock: { now: () => NOON } };
  const raw = (batch: number) => `s3://${bucket}/raw-${batch}`;
  const share = LINES / REPLICAS;
  for (const batch of BATCHES) {
    const replica = (at: number) => fill(openRawLog(raw(batch), options, through(minio.endpoint)), at * share, share, batch);
    await Promise.all(Array.from({ length: REPLICAS }, (_, at) => replica(at)));
  }
  const disk = join(folder, 'disk');
  await fill(openRawLog(join(disk, 'raw'), options), 0, LINES, 1000);
  const plain = [
    resolve('bench/support/plain.mjs'),
    'merged',
    join(disk, 'raw', 'telegram', `context_date=${DATE}`),
    join(folder, 'plain.parquet'),
  ];

  const [few = 0] = BATCHES;
  const got = [resolve('bench/support/get-all.mjs'), bucket, `raw-${few}/`];
  const [alone, local, loop]: [Run[], Run[], Run[]] = [[], [], []];
  const remote = new Map(BATCHES.map((batch): [number, Run[]] => [batch, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await runNode(plain));
    local.push(await etl(join(disk, 'raw'), join(disk, `enriched-${round}`), minio.endpoint, join(folder, 'disk-cache')));
    loop.push(await runNode(got, { AWS_ENDPOINT_URL_S3: minio.endpoint }));
    for (const [batch, runs] of remote)
      runs.push(
        await etl(raw(batch), `s3://${bucket}/enriched-${batch}-${round}`, minio.endpoint, join(folder, `cache-${batch}-${round}`)),
      );
  }
  if ([local, ...remote.values()].flat().some((one) => lines(one) !== LINES)) throw new Error('Not every line was read');

  const seconds = (runs: readonly Run[]) => median(runs.map((one) => one.seconds));
  const beside = (runs: readonly Run[], those: readonly Run[]) =>
    median(those.map((one, round) => one.seconds / (runs[round]?.seconds ?? Number.NaN)));
  const count = LINES.toLocaleString('en');
  const objects = Number.parseInt(loop[0]?.stdout ?? '', 10).toLocaleString('en');
  return [
    { name: `DuckDB alone, ${count} lines on a disk, dedup and sort included`, value: seconds(alone), unit: 's' },
    { name: `etl of ${count} lines on a disk, beside DuckDB alone`, value: seconds(local), unit: 's', ratio: beside(local, alone) },
    ...[...remote].map(([batch, runs]) => ({
      name: `etl of ${count} lines in S3, ${batch.toLocaleString('en')} an object, beside the disk`,
      value: seconds(runs),
      unit: 's',
      ratio: beside(runs, local),
      target: 0.7,
    })),
    { name: `${objects} objects got by the AWS SDK, 64 at once, and nothing done with them`, value: seconds(loop), unit: 's' },
    {
      name: `etl of ${count} lines in S3, ${few} an object, beside getting them`,
      value: seconds(remote.get(few) ?? []),
      unit: 's',
      ratio: beside(remote.get(few) ?? [], loop),
    },
  ];
}

async function fill(log: RawLog, first: number, count: number, batch: number): Promise<void> {
  for (let index = first; index < first + count; index += batch) {
    await Promise.all(
      Array.from({ length: batch }, (_, next) => {
        const payload = update(index + next, NOON / 1000 - 40_000 + Math.floor((index + next) / 10));
        return new Promise<void>((resolve, reject) => log.append('telegram', payload, (error) => (error ? reject(error) : resolve())));
      }),
    );
  }
  await log.close();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const asked = process.argv.slice(2);
  console.table(await run(asked.length > 0 ? asked : PARTS));
}
