import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SQSBatchResponse } from 'aws-lambda';
import type { Plan } from '../src/server/lambda/nightly.js';
import { type Functions, startFunctions } from '../test/engines/support/functions.js';
import { NO_LAMBDA, type Runtime, startRuntime } from '../test/engines/support/lambda-runtime.js';
import { NO_MINIO, startMinio } from '../test/engines/support/minio.js';
import { NO_MOTO, startMoto } from '../test/engines/support/moto.js';
import { httpEvent, sqsEvent } from '../test/server/lambda/events.js';
import { BARE, type Cold, coldRows, type Measured } from './support/cold.js';
import { printed } from './support/printed.js';
import type { BenchRow } from './support/rows.js';

const ROUNDS = 7;
const SECRET = 'bench_secret-1';

/**
 * Cold starts of the bundled functions in AWS's runtime client, on the Node of the managed runtime and this machine's processor, beside a
 * handler that does nothing: a new process each, one after the other, with MinIO and moto on loopback in place of the services.
 */
export async function run(): Promise<BenchRow[]> {
  const why = NO_LAMBDA ?? NO_MINIO ?? NO_MOTO;
  if (why !== undefined) {
    process.stderr.write(`cold: skipped: ${why}\n`);
    return [];
  }
  const [minio, moto] = await Promise.all([startMinio(), startMoto()]);
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-cold-'));
  let functions: Functions | undefined;
  try {
    await writeFile(join(folder, 'lambda.mjs'), `export const ${BARE} = async () => null;\n`);
    functions = await startFunctions({ minio, moto, secrets: { TELEGRAM_WEBHOOK_SECRET: SECRET }, database: 'chatlake' });
    // The first start of all reads the packages from the disk.
    await round(functions, folder, 0);
    const rounds: Measured[] = [];
    for (let number = 1; number <= ROUNDS; number += 1) rounds.push(await round(functions, folder, number));
    return coldRows(rounds);
  } finally {
    await functions?.stop();
    await Promise.all([minio.stop(), moto.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** One message's way through every function, so that none of them finds its work done: the open day has one line more each round. */
async function round(functions: Functions, folder: string, number: number): Promise<Measured> {
  const body = JSON.stringify({
    update_id: number,
    message: { message_id: number, chat: { id: -1, type: 'group' }, date: Math.floor(Date.now() / 1000), text: 'cold' },
  });
  const request = httpEvent('POST', '/webhook/telegram', { 'x-telegram-bot-api-secret-token': SECRET }, body);
  const batch = sqsEvent([{ body, attributes: { source: 'telegram', received_at: String(Date.now()) } }]);
  const start = (handler: keyof Omit<Measured, 'bare'>) => functions.start(handler);

  const { cold: bare } = await cold(startRuntime(folder, BARE, {}), {}, () => true);
  const { cold: ingest } = await cold<{ statusCode: number }>(start('ingest'), request, ({ statusCode }) => statusCode === 200);
  const { cold: writer } = await cold<SQSBatchResponse>(start('writer'), batch, ({ batchItemFailures }) => batchItemFailures.length === 0);
  const { cold: plan, answer } = await cold<Plan>(start('plan'), { days: 'open' }, ({ days }) => days.length === 1);
  const { cold: day } = await cold<{ rows: number }>(start('day'), answer.days[0], ({ rows }) => rows > 0);
  const { cold: register } = await cold<{ failed: number }>(start('register'), answer, ({ failed }) => failed === 0);
  return { bare, ingest, writer, plan, day, register };
}

/** The times of a new container, and the answer to its first event. Throws where the function has not done its work: then they say nothing. */
async function cold<T>(starting: Promise<Runtime>, event: unknown, done: (answer: T) => boolean): Promise<{ cold: Cold; answer: T }> {
  const runtime = await starting;
  try {
    const [first, answer] = await timed(() => runtime.invoke<T>(event));
    if (!done(answer)) throw new Error('A function has not done its work');
    const [further] = await timed(() => runtime.invoke<T>(event));
    return { cold: { ready: runtime.initMs, first, further }, answer };
  } finally {
    await runtime.stop();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[milliseconds: number, result: T]> {
  const begun = performance.now();
  const result = await work();
  return [performance.now() - begun, result];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printed(await run());
