import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DayTask, Plan } from '../../src/server/lambda/nightly.js';
import { signature } from '../server/receiving.js';
import { httpEvent } from '../server/lambda/events.js';
import { NO_LAMBDA, type Runtime, startRuntime } from './support/lambda-runtime.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { type Moto, NO_MOTO, startMoto } from './support/moto.js';

const WHY_NOT = NO_MINIO ?? NO_MOTO ?? NO_LAMBDA;
const SECRET = 'test_secret-1';
const telegram = { 'x-telegram-bot-api-secret-token': SECRET, 'content-type': 'application/json' };
const HANDLERS = ['ingest', 'writer', 'plan', 'day', 'register'] as const;

interface Answers {
  readonly registered: number;
  readonly done: number;
  readonly failed: number;
}

/**
 * The functions as they are bundled, in the runtime client that AWS runs, on the Node of the managed runtime. Moto keeps the queue and the
 * secrets, MinIO the lake; what Lambda itself does between them (taking messages from the queue, counting tries) is done here.
 */
describe.skipIf(WHY_NOT)(`the functions in Lambda's own runtime client${WHY_NOT ? ` (skipped: ${WHY_NOT})` : ''}`, () => {
  let minio: Minio;
  let moto: Moto;
  let folder: string;
  let env: Record<string, string>;
  let queue: string;
  let dead: string;
  let sqs: SQSClient;
  let s3: S3Client;
  let buckets: { raw: string; enriched: string };
  const running: Runtime[] = [];
  const runtimes: Partial<Record<(typeof HANDLERS)[number], Promise<Runtime>>> = {};

  beforeAll(async () => {
    [minio, moto] = await Promise.all([startMinio(), startMoto()]);
    folder = await mkdtemp(join(tmpdir(), 'chatlake-functions-'));
    bundleInto(folder);
    sqs = new SQSClient(moto.client);
    s3 = minio.client();
    const ssm = new SSMClient(moto.client);
    for (const [name, value] of Object.entries({ TELEGRAM_WEBHOOK_SECRET: SECRET, WHATSAPP_APP_SECRET: 'app secret' }))
      await ssm.send(new PutParameterCommand({ Name: `/chatlake/${name}`, Value: value, Type: 'SecureString' }));
    dead = (await sqs.send(new CreateQueueCommand({ QueueName: 'chatlake-dead' }))).QueueUrl ?? '';
    queue = (await sqs.send(new CreateQueueCommand({ QueueName: 'chatlake-lines' }))).QueueUrl ?? '';
    buckets = { raw: await minio.bucket(), enriched: await minio.bucket() };
    env = {
      ...moto.env,
      ...minio.env,
      CHATLAKE_RAW: `s3://${buckets.raw}`,
      CHATLAKE_ENRICHED: `s3://${buckets.enriched}`,
      CHATLAKE_CACHE: join(folder, 'cache'),
      CHATLAKE_TIMEZONE: 'America/Sao_Paulo',
      CHATLAKE_SECRETS: '/chatlake/',
      CHATLAKE_QUEUE: queue,
      ATHENA_DATABASE: 'chatlake',
    };
  });
  afterAll(async () => {
    await Promise.all(running.map((runtime) => runtime.stop()));
    sqs?.destroy();
    s3?.destroy();
    await Promise.all([minio?.stop(), moto?.stop()]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function start(handler: (typeof HANDLERS)[number], more: Readonly<Record<string, string>> = {}): Promise<Runtime> {
    const runtime = await startRuntime(join(folder, handler === 'day' ? 'full' : 'light'), handler, { ...env, ...more });
    running.push(runtime);
    return runtime;
  }
  /** One container of each function, as long as the suite runs. */
  const warm = (handler: (typeof HANDLERS)[number]): Promise<Runtime> => (runtimes[handler] ??= start(handler));
  const ingest = async (event: object) => (await warm('ingest')).invoke<APIGatewayProxyStructuredResultV2>(event);
  const keys = async (bucket: string, Prefix = ''): Promise<string[]> =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))).Contents ?? []).map(({ Key }) => Key ?? '');
  const textOf = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket: buckets.raw, Key }))).Body?.transformToString();
  const counted = async (QueueUrl: string) =>
    Number(
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes?.['ApproximateNumberOfMessages'],
    );

  async function receive(QueueUrl: string): Promise<Message[]> {
    const found: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout: 0 }),
      );
      const fresh = Messages.filter(({ MessageId }) => !found.some((one) => one.MessageId === MessageId));
      if (fresh.length === 0) return found;
      found.push(...fresh);
    }
  }

  /** What Lambda does for a function with a queue: a batch is taken, what the function does not report is removed. Gives how many stay. */
  async function drain(): Promise<number> {
    const messages = await receive(queue);
    const Records = messages.map(({ MessageId, ReceiptHandle, Body, MessageAttributes = {} }) => ({
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
    }));
    const { batchItemFailures } = await (await warm('writer')).invoke<SQSBatchResponse>({ Records });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId, ReceiptHandle } of messages)
      if (!failed.has(MessageId ?? '')) await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    return failed.size;
  }

  const update = (id: number, text: string) =>
    JSON.stringify({
      update_id: id,
      message: { message_id: id, chat: { id: -1, type: 'group', title: 'g' }, date: Math.floor(Date.now() / 1000), text },
    });

  it('answer a webhook when the queue has its payload, and file it as one object a batch', async () => {
    for (const id of [1, 2, 3])
      expect((await ingest(httpEvent('POST', '/webhook/telegram', telegram, update(id, `olá ${id}`)))).statusCode).toBe(200);
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [] }] });
    expect((await ingest(httpEvent('POST', '/webhook/whatsapp', { 'x-hub-signature-256': signature(body) }, body))).statusCode).toBe(200);
    expect(
      (await ingest(httpEvent('POST', '/webhook/telegram', { ...telegram, 'x-telegram-bot-api-secret-token': 'no' }, update(4, 'no'))))
        .statusCode,
    ).toBe(401);
    expect(await keys(buckets.raw)).toEqual([]);
    expect(await counted(queue)).toBe(4);

    expect(await drain()).toBe(0);
    expect(await counted(queue)).toBe(0);
    const objects = await keys(buckets.raw);
    expect(objects.map((key) => key.split('/')[0])).toEqual(['telegram', 'whatsapp']);
    const lines = (await textOf(objects[0] ?? ''))?.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => (JSON.parse(line) as { message: { text: string } }).message.text).sort()).toEqual([
      'olá 1',
      'olá 2',
      'olá 3',
    ]);
  });

  it('write a body that no queue takes straight to the raw lake', async () => {
    const before = await keys(buckets.raw, 'telegram/');
    const large = update(5, 'x'.repeat(1_100_000));
    expect((await ingest(httpEvent('POST', '/webhook/telegram', telegram, large))).statusCode).toBe(200);
    expect(await counted(queue)).toBe(0);
    expect(await keys(buckets.raw, 'telegram/')).toHaveLength(before.length + 1);
  });

  it('leave a poisoned message in the queue and take the others, until it goes to the dead-letter queue', async () => {
    const attributes = {
      source: { DataType: 'String', StringValue: 'telegram' },
      received_at: { DataType: 'String', StringValue: String(Date.now()) },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'poison', MessageAttributes: attributes }));
    await ingest(httpEvent('POST', '/webhook/telegram', telegram, update(6, 'beside poison')));
    expect(await drain()).toBe(1);
    expect((await receive(queue)).map(({ Body }) => Body)).toEqual(['poison']);

    // From here on SQS does it by itself, once the message was received as often as the queue allows.
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }));
    const limited = await sqs.send(
      new CreateQueueCommand({
        QueueName: 'chatlake-limited',
        Attributes: {
          VisibilityTimeout: '0',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount: '3' }),
        },
      }),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl: limited.QueueUrl, MessageBody: 'poison', MessageAttributes: attributes }));
    for (let round = 0; round < 5; round += 1)
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: limited.QueueUrl, VisibilityTimeout: 0 }));
    expect(await counted(dead)).toBe(1);
    for (const { ReceiptHandle } of await receive(queue)) await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
  });

  it('answer 503 while the queue is away, and 200 when it is back', async () => {
    const away = await start('ingest', { CHATLAKE_QUEUE: `${moto.endpoint}/123456789012/no-such-queue` });
    const answer = await away.invoke<APIGatewayProxyStructuredResultV2>(
      httpEvent('POST', '/webhook/telegram', telegram, update(7, 'secret text')),
    );
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(away.logged()).not.toContain('secret text');
    expect((await ingest(httpEvent('POST', '/webhook/telegram', telegram, update(7, 'again')))).statusCode).toBe(200);
    expect(await drain()).toBe(0);
  });

  it('answer 503 when their credentials have expired, and lose nothing', async () => {
    const before = await keys(buckets.raw);
    const expired = await start('ingest', {
      AWS_ACCESS_KEY_ID: 'expired',
      AWS_SECRET_ACCESS_KEY: 'expired',
      CHATLAKE_QUEUE: '',
      CHATLAKE_SECRETS: '/chatlake/',
    });
    const answer = await expired.invoke<APIGatewayProxyStructuredResultV2>(
      httpEvent('POST', '/webhook/telegram', telegram, update(8, 'x')),
    );
    expect(answer.statusCode).toBe(503);
    expect(await keys(buckets.raw)).toEqual(before);
  });

  it('bring the open day into tables: the plan, a function a day, and nothing left to plan', async () => {
    // What the schedule sends to the state machine, and what the state machine sends to each function.
    const plan = await (await warm('plan')).invoke<Plan>({ days: 'open' });
    expect(plan).toMatchObject({ more: false });
    expect(plan.days.map(({ source }) => source)).toEqual(['telegram', 'whatsapp']);
    const outcomes: (DayTask & { rows: number })[] = [];
    for (const task of plan.days) outcomes.push(await (await warm('day')).invoke(task));
    expect(outcomes.map(({ source, rows }) => [source, rows])).toEqual([
      ['telegram', 6],
      // A delivery without changes, as an event.
      ['whatsapp', 1],
    ]);
    expect((await (await warm('plan')).invoke<Plan>({ days: 'open' })).days).toEqual([]);
    expect((await keys(buckets.enriched, 'telegram/')).map((key) => key.replace(/\d{4}-\d\d-\d\d/, 'DAY'))).toEqual([
      'telegram/context_date=DAY/data.parquet',
    ]);
    // A day of telegram and one of whatsapp_events, in Glue; a second time there is nothing new.
    expect(await (await warm('register')).invoke<Answers>({ days: outcomes })).toMatchObject({ registered: 2, done: 2, failed: 0 });
    expect(await (await start('register')).invoke<Answers>({ days: [] })).toMatchObject({ registered: 0, done: 0 });
  });

  it('fail with a reason that the state machine can tell, for an order that is none', async () => {
    const plan = await warm('plan');
    await expect(plan.invoke({ from: 'yesterday' })).rejects.toThrow(/The order of this execution is wrong: from/);
    expect((await plan.invoke<Plan>({ days: 'open' })).more).toBe(false);
  });

  it('load no SQL engine but where it is used', () => {
    const { node_modules: there } = { node_modules: execFileSync('ls', [join(folder, 'light')]).toString() };
    expect(there).not.toContain('node_modules');
    expect(readFileSync(join(folder, 'light', 'lambda.mjs'), 'utf8')).not.toMatch(/from\s*"@duckdb/);
  });
});

/** The packages as a deployment makes them, for this machine's processor. */
function bundleInto(folder: string): void {
  const script = fileURLToPath(new URL('../../deploy/bin/bundle.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', script, folder, process.arch], { stdio: ['ignore', 'ignore', 'inherit'] });
}
