import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { type Runtime, startRuntime } from './lambda-runtime.js';
import type { Minio } from './minio.js';
import type { Moto } from './moto.js';

export type Handler = 'ingest' | 'writer' | 'plan' | 'day' | 'register';

export interface FunctionsOptions {
  readonly minio: Minio;
  readonly moto: Moto;
  /** Kept in Parameter Store under their settings' names. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly database: string;
}

/** The deployed system without AWS: the bundled functions, MinIO for the buckets, moto for the queue, the secrets and the catalog. */
export interface Functions {
  /** Where the packages are: `light` and `full`. */
  readonly folder: string;
  readonly buckets: { readonly raw: string; readonly enriched: string };
  readonly queue: string;
  readonly dead: string;
  readonly sqs: SQSClient;
  /** A container of a function, with settings beside those of all. */
  start(handler: Handler, more?: Readonly<Record<string, string>>): Promise<Runtime>;
  /** The one container of each function that lives as long as this does. */
  warm(handler: Handler): Promise<Runtime>;
  ingest(event: object): Promise<APIGatewayProxyStructuredResultV2>;
  /** What a queue would hand out now, ten messages at most. */
  peek(queueUrl: string): Promise<Message[]>;
  /** What Lambda does for a function with a queue: a batch is taken, what the function does not report is removed. Gives how many stay. */
  drain(): Promise<number>;
  counted(queueUrl: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startFunctions({ minio, moto, secrets, database }: FunctionsOptions): Promise<Functions> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-functions-'));
  bundleInto(folder);
  const sqs = new SQSClient(moto.client);
  const ssm = new SSMClient(moto.client);
  for (const [name, value] of Object.entries(secrets))
    await ssm.send(new PutParameterCommand({ Name: `/chatlake/${name}`, Value: value, Type: 'SecureString' }));
  ssm.destroy();
  const made = async (QueueName: string) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  const [dead, queue] = [await made('chatlake-dead'), await made('chatlake-lines')];
  const buckets = { raw: await minio.bucket(), enriched: await minio.bucket() };
  const env = {
    ...moto.env,
    ...minio.env,
    CHATLAKE_RAW: `s3://${buckets.raw}`,
    CHATLAKE_ENRICHED: `s3://${buckets.enriched}`,
    CHATLAKE_CACHE: join(folder, 'cache'),
    CHATLAKE_TIMEZONE: 'America/Sao_Paulo',
    CHATLAKE_SECRETS: '/chatlake/',
    CHATLAKE_QUEUE: queue,
    ATHENA_DATABASE: database,
  };
  const running: Runtime[] = [];
  const runtimes: Partial<Record<Handler, Promise<Runtime>>> = {};

  async function start(handler: Handler, more: Readonly<Record<string, string>> = {}): Promise<Runtime> {
    const runtime = await startRuntime(join(folder, handler === 'day' ? 'full' : 'light'), handler, { ...env, ...more });
    running.push(runtime);
    return runtime;
  }
  const warm = (handler: Handler): Promise<Runtime> => (runtimes[handler] ??= start(handler));

  /** Messages that the queue hands out, and keeps from others for so many seconds. */
  async function receive(QueueUrl: string, VisibilityTimeout = 0): Promise<Message[]> {
    const found = new Map<string, Message>();
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout }),
      );
      const before = found.size;
      for (const message of Messages) found.set(message.MessageId ?? '', message);
      if (found.size === before) return [...found.values()];
    }
  }

  async function drain(): Promise<number> {
    const messages = await receive(queue, 600);
    const { batchItemFailures } = await (await warm('writer')).invoke<SQSBatchResponse>({ Records: messages.map(recordOf) });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId = '', ReceiptHandle } of messages) {
      const one = { QueueUrl: queue, ReceiptHandle };
      if (failed.has(MessageId)) await sqs.send(new ChangeMessageVisibilityCommand({ ...one, VisibilityTimeout: 0 }));
      else await sqs.send(new DeleteMessageCommand(one));
    }
    return failed.size;
  }

  return {
    folder,
    buckets,
    queue,
    dead,
    sqs,
    start,
    warm,
    ingest: async (event) => (await warm('ingest')).invoke(event),
    peek: (queueUrl) => receive(queueUrl),
    drain,
    counted: async (QueueUrl) =>
      Number(
        (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes?.['ApproximateNumberOfMessages'],
      ),
    async stop() {
      await Promise.all(running.map((runtime) => runtime.stop()));
      sqs.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A message as Lambda hands it to a function. */
function recordOf({ MessageId, ReceiptHandle, Body, MessageAttributes = {} }: Message): object {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) => [
        name,
        { stringValue: StringValue, dataType: DataType },
      ]),
    ),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:chatlake-lines',
    awsRegion: 'us-east-1',
  };
}

/** The packages as a deployment makes them, for this machine's processor. */
function bundleInto(folder: string): void {
  const script = fileURLToPath(new URL('../../../deploy/bin/bundle.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', script, folder, process.arch], { stdio: ['ignore', 'ignore', 'inherit'] });
}
