import { loadSettings, type Settings } from '../config.js';
import { ChatlakeError, messageOf } from '../errors.js';
import { pendingDays } from '../etl/pending.js';
import { openRawLog, openStore } from '../lake/open.js';
import { SOURCES } from '../sources/registry.js';
import type { Clock } from '../types.js';
import { RETRY } from './intake.js';
import { httpIngest } from './lambda/ingest.js';
import { consoleLogger } from './lambda/log.js';
import { dayWorker, planner, registrar } from './lambda/nightly.js';
import { type Inlet, type QueuedLine, queueLog } from './lambda/queue-log.js';
import { parameterStore, readSecrets } from './lambda/secrets.js';
import { batchWriter } from './lambda/writer.js';
import { receiversOf } from './receivers.js';

/**
 * The entry points of the AWS Lambda functions: each puts its parts together once a container and hands events on. They receive and
 * process by the same code as `serve` and `etl`. What only one of them needs, the SQL engine above all, is loaded by it alone.
 *
 * Settings come from the environment as everywhere; besides them `CHATLAKE_QUEUE` (address of the SQS queue; none: straight to the
 * raw lake) and `CHATLAKE_SECRETS` (prefix of the parameters that hold the secrets).
 */

const clock: Clock = { now: () => Date.now() };
const logger = consoleLogger(console);
/** Milliseconds for the queue to answer, attempts included: well within the patience of the platforms. */
const QUEUE_PATIENCE = 8_000;

/** HTTP API event -> queue or raw lake. Answered 200 only when durable; 503 when not, or when the secrets cannot be read. */
export const ingest: ReturnType<typeof httpIngest> = async (event) => {
  try {
    return await (
      await ingesting()
    )(event);
  } catch (error) {
    logger.error({ reason: messageOf(error) }, 'receiving could not begin; the sender is told to try again');
    return { statusCode: 503, headers: RETRY };
  }
};

/** SQS batch -> raw lake. */
export const writer: ReturnType<typeof batchWriter> = (event) => writing()(event);

/** What the night has to do. */
export const plan: ReturnType<typeof planner> = (event) => planning()(event);

/** One source and day into the tables. */
export const day: ReturnType<typeof dayWorker> = async (event) => (await processing())(event);

/** New days into the catalog. */
export const register: ReturnType<typeof registrar> = async (event) => (await registering())(event);

const ingesting = once(async () => {
  const prefix = process.env['CHATLAKE_SECRETS'];
  const secrets = prefix === undefined ? {} : await readSecrets(prefix, await parameterStore());
  const settings = loadSettings({ ...process.env, ...secrets });
  const receivers = receiversOf(settings, openStore(settings.raw, settings.s3));
  if (receivers.length === 0) throw new ChatlakeError('SETTINGS', `No channel is on: there is no secret under ${prefix ?? '(none)'}`);
  return httpIngest({ receivers, inlet: await inletOf(settings), logger });
});

const writing = once(() => {
  const settings = loadSettings(process.env);
  const openLog = (arrivals: Clock) => openRawLog(settings.raw, { zone: settings.zone, clock: arrivals, logger }, settings.s3);
  return batchWriter({ openLog, sources: SOURCES.map(({ name }) => name), logger });
});

const planning = once(() => planner(lake(), pendingDays));

const processing = once(async () => {
  const { runEtl } = await import('../etl/run.js');
  return dayWorker(lake(), runEtl);
});

const registering = once(async () => {
  const settings = loadSettings(process.env);
  const { openRegistrar } = await import('../query/register/registrar.js');
  const glue = await openRegistrar(settings, 'glue', openStore(settings.enriched, settings.s3));
  return registrar(async () => Object.values((await glue.register()).days).reduce((sum, count) => sum + count, 0), logger);
});

function lake() {
  const { raw, enriched, s3, zone } = loadSettings(process.env);
  // Half of it for the SQL engine; the rest is the process itself, and what is on its way to and from S3.
  const megabytes = Math.floor(Number(process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 1440) / 2);
  return { raw: openStore(raw, s3), enriched: openStore(enriched, s3), zone, clock, sources: SOURCES, memoryLimit: `${megabytes}MB` };
}

async function inletOf({ raw, s3, zone }: Settings): Promise<Inlet> {
  const direct = once(() => openRawLog(raw, { zone, clock, logger }, s3));
  const queue = process.env['CHATLAKE_QUEUE'] ?? '';
  if (queue === '') return direct();
  return queueLog({ send: await sender(queue), aside: () => Promise.resolve(direct()), clock });
}

async function sender(QueueUrl: string): Promise<(line: QueuedLine) => Promise<void>> {
  const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient({ maxAttempts: 3 });
  return async ({ body, attributes }) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    const abortSignal = AbortSignal.timeout(QUEUE_PATIENCE);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }), { abortSignal });
  };
}

/** What `make` gave when it was first called; a promise that rejected is forgotten, so that the next event tries again. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    if (made) return made.value;
    const value = make();
    made = { value };
    if (value instanceof Promise) value.catch(() => (made = undefined));
    return value;
  };
}
