import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DayTask, Plan } from '../../src/server/lambda/nightly.js';
import { signature } from '../server/receiving.js';
import { httpEvent } from '../server/lambda/events.js';
import { type Functions, startFunctions } from './support/functions.js';
import { NO_LAMBDA } from './support/lambda-runtime.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { type Moto, NO_MOTO, startMoto } from './support/moto.js';

const WHY_NOT = NO_MINIO ?? NO_MOTO ?? NO_LAMBDA;
const SECRET = 'test_secret-1';
const telegram = { 'x-telegram-bot-api-secret-token': SECRET, 'content-type': 'application/json' };

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
  let functions: Functions;
  let s3: S3Client;

  beforeAll(async () => {
    [minio, moto] = await Promise.all([startMinio(), startMoto()]);
    const secrets = { TELEGRAM_WEBHOOK_SECRET: SECRET, WHATSAPP_APP_SECRET: 'app secret' };
    functions = await startFunctions({ minio, moto, secrets, database: 'chatlake' });
    s3 = minio.client();
  });
  afterAll(async () => {
    await functions?.stop();
    s3?.destroy();
    await Promise.all([minio?.stop(), moto?.stop()]);
  });

  const keys = async (bucket: string, Prefix = ''): Promise<string[]> =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))).Contents ?? []).map(({ Key }) => Key ?? '');
  const textOf = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: functions.buckets.raw, Key }))).Body?.transformToString();

  const update = (id: number, text: string) =>
    JSON.stringify({
      update_id: id,
      message: { message_id: id, chat: { id: -1, type: 'group', title: 'g' }, date: Math.floor(Date.now() / 1000), text },
    });

  it('answer a webhook when the queue has its payload, and file it as one object a batch', async () => {
    for (const id of [1, 2, 3])
      expect((await functions.ingest(httpEvent('POST', '/webhook/telegram', telegram, update(id, `olá ${id}`)))).statusCode).toBe(200);
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [] }] });
    expect(
      (await functions.ingest(httpEvent('POST', '/webhook/whatsapp', { 'x-hub-signature-256': signature(body) }, body))).statusCode,
    ).toBe(200);
    expect(
      (
        await functions.ingest(
          httpEvent('POST', '/webhook/telegram', { ...telegram, 'x-telegram-bot-api-secret-token': 'no' }, update(4, 'no')),
        )
      ).statusCode,
    ).toBe(401);
    expect(await keys(functions.buckets.raw)).toEqual([]);
    expect(await functions.counted(functions.queue)).toBe(4);

    expect(await functions.drain()).toBe(0);
    expect(await functions.counted(functions.queue)).toBe(0);
    const objects = await keys(functions.buckets.raw);
    expect(objects.map((key) => key.split('/')[0])).toEqual(['telegram', 'whatsapp']);
    const lines = (await textOf(objects[0] ?? ''))?.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => (JSON.parse(line) as { message: { text: string } }).message.text).sort()).toEqual([
      'olá 1',
      'olá 2',
      'olá 3',
    ]);
  });

  it('write a body that no queue takes straight to the raw lake', async () => {
    const before = await keys(functions.buckets.raw, 'telegram/');
    const large = update(5, 'x'.repeat(1_100_000));
    expect((await functions.ingest(httpEvent('POST', '/webhook/telegram', telegram, large))).statusCode).toBe(200);
    expect(await functions.counted(functions.queue)).toBe(0);
    expect(await keys(functions.buckets.raw, 'telegram/')).toHaveLength(before.length + 1);
  });

  it('leave a poisoned message in the queue and take the others, until it goes to the dead-letter queue', async () => {
    const attributes = {
      source: { DataType: 'String', StringValue: 'telegram' },
      received_at: { DataType: 'String', StringValue: String(Date.now()) },
    };
    await functions.sqs.send(new SendMessageCommand({ QueueUrl: functions.queue, MessageBody: 'poison', MessageAttributes: attributes }));
    await functions.ingest(httpEvent('POST', '/webhook/telegram', telegram, update(6, 'beside poison')));
    expect(await functions.drain()).toBe(1);
    expect((await functions.peek(functions.queue)).map(({ Body }) => Body)).toEqual(['poison']);

    // From here on SQS does it by itself, once the message was received as often as the queue allows.
    const { Attributes } = await functions.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: functions.dead, AttributeNames: ['QueueArn'] }),
    );
    const limited = await functions.sqs.send(
      new CreateQueueCommand({
        QueueName: 'chatlake-limited',
        Attributes: {
          VisibilityTimeout: '0',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.['QueueArn'], maxReceiveCount: '3' }),
        },
      }),
    );
    await functions.sqs.send(new SendMessageCommand({ QueueUrl: limited.QueueUrl, MessageBody: 'poison', MessageAttributes: attributes }));
    for (let round = 0; round < 5; round += 1)
      await functions.sqs.send(new ReceiveMessageCommand({ QueueUrl: limited.QueueUrl, VisibilityTimeout: 0 }));
    expect(await functions.counted(functions.dead)).toBe(1);
    for (const { ReceiptHandle } of await functions.peek(functions.queue))
      await functions.sqs.send(new DeleteMessageCommand({ QueueUrl: functions.queue, ReceiptHandle }));
  });

  it('answer 503 while the queue is away, and 200 when it is back', async () => {
    const away = await functions.start('ingest', { CHATLAKE_QUEUE: `${moto.endpoint}/123456789012/no-such-queue` });
    const answer = await away.invoke<APIGatewayProxyStructuredResultV2>(
      httpEvent('POST', '/webhook/telegram', telegram, update(7, 'secret text')),
    );
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(away.logged()).not.toContain('secret text');
    expect((await functions.ingest(httpEvent('POST', '/webhook/telegram', telegram, update(7, 'again')))).statusCode).toBe(200);
    expect(await functions.drain()).toBe(0);
  });

  it('answer 503 when their credentials have expired, and lose nothing', async () => {
    const before = await keys(functions.buckets.raw);
    const expired = await functions.start('ingest', {
      AWS_ACCESS_KEY_ID: 'expired',
      AWS_SECRET_ACCESS_KEY: 'expired',
      CHATLAKE_QUEUE: '',
      CHATLAKE_SECRETS: '/chatlake/',
    });
    const answer = await expired.invoke<APIGatewayProxyStructuredResultV2>(
      httpEvent('POST', '/webhook/telegram', telegram, update(8, 'x')),
    );
    expect(answer.statusCode).toBe(503);
    expect(await keys(functions.buckets.raw)).toEqual(before);
  });

  it('bring the open day into tables: the plan, a function a day, and nothing left to plan', async () => {
    // What the schedule sends to the state machine, and what the state machine sends to each function.
    const plan = await (await functions.warm('plan')).invoke<Plan>({ days: 'open' });
    expect(plan).toMatchObject({ more: false });
    expect(plan.days.map(({ source }) => source)).toEqual(['telegram', 'whatsapp']);
    const outcomes: (DayTask & { rows: number })[] = [];
    for (const task of plan.days) outcomes.push(await (await functions.warm('day')).invoke(task));
    expect(outcomes.map(({ source, rows }) => [source, rows])).toEqual([
      ['telegram', 6],
      // A delivery without changes, as an event.
      ['whatsapp', 1],
    ]);
    expect((await (await functions.warm('plan')).invoke<Plan>({ days: 'open' })).days).toEqual([]);
    expect((await keys(functions.buckets.enriched, 'telegram/')).map((key) => key.replace(/\d{4}-\d\d-\d\d/, 'DAY'))).toEqual([
      'telegram/context_date=DAY/data.parquet',
    ]);
    // A day of telegram and one of whatsapp_events, in Glue; a second time there is nothing new.
    expect(await (await functions.warm('register')).invoke<Answers>({ ...plan, days: outcomes })).toMatchObject({
      registered: 2,
      done: 2,
      failed: 0,
    });
    const night = await functions.start('register');
    expect(await night.invoke<Answers>({ order: { days: 'closed' }, more: false, days: [] })).toMatchObject({ registered: 0, done: 0 });
    // The line that the deployment's metric of good nights counts.
    expect(night.logged()).toMatch(/"message":\{[^}]*"night":"done"/);
  });

  it('fail with a reason that the state machine can tell, for an order that is none', async () => {
    const plan = await functions.warm('plan');
    await expect(plan.invoke({ from: 'yesterday' })).rejects.toThrow(/The order of this execution is wrong: from/);
    expect((await plan.invoke<Plan>({ days: 'open' })).more).toBe(false);
  });

  it('load no SQL engine but where it is used', () => {
    expect(readdirSync(join(functions.folder, 'light'))).not.toContain('node_modules');
    expect(readFileSync(join(functions.folder, 'light', 'lambda.mjs'), 'utf8')).not.toMatch(/from\s*"@duckdb/);
  });
});
