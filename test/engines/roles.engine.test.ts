import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/server/lambda/nightly.js';
import { httpEvent, sqsEvent } from '../server/lambda/events.js';
import { type Functions, type Handler, startFunctions } from './support/functions.js';
import { NO_LAMBDA } from './support/lambda-runtime.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { type Moto, NO_MOTO, startMoto } from './support/moto.js';

const WHY_NOT = NO_MINIO ?? NO_MOTO ?? NO_LAMBDA;
const SECRET = 'test_secret-1';
const telegram = { 'x-telegram-bot-api-secret-token': SECRET, 'content-type': 'application/json' };
const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));

/** The buckets' own guard keeps each function to what the role of the deployment says of S3; moto guards nothing, so the rest is not tried. */
describe.skipIf(WHY_NOT)(`the functions with the rights of their roles${WHY_NOT ? ` (skipped: ${WHY_NOT})` : ''}`, () => {
  let minio: Minio;
  let moto: Moto;
  let functions: Functions;
  let rights: Readonly<Record<Handler, readonly Readonly<Record<string, unknown>>[]>>;

  beforeAll(async () => {
    [minio, moto] = await Promise.all([startMinio(), startMoto()]);
    functions = await startFunctions({ minio, moto, secrets: { TELEGRAM_WEBHOOK_SECRET: SECRET }, database: 'chatlake' });
    const { raw, enriched } = functions.buckets;
    const printed = execFileSync(process.execPath, ['--import', 'tsx', 'test/print-s3-rights.ts'], { cwd: deploy, encoding: 'utf8' });
    rights = JSON.parse(printed.replaceAll(':::RAW', `:::${raw}`).replaceAll(':::ENRICHED', `:::${enriched}`)) as typeof rights;
  });
  afterAll(async () => {
    await functions?.stop();
    await Promise.all([minio?.stop(), moto?.stop()]);
  });

  /** A container of a function, with keys that may do what the role of `handler` may. */
  const started = async (handler: Handler, role = handler, more = {}) =>
    functions.start(handler, { ...(await keysFor(rights[role])), ...more });

  /** Keys that a policy limits, from MinIO's part of AWS's STS. */
  async function keysFor(statements: readonly Readonly<Record<string, unknown>>[]): Promise<Record<string, string>> {
    // MinIO knows no IfExists: without the condition, more may be listed than there.
    const Statement = statements.map(({ Condition, ...rest }) =>
      JSON.stringify(Condition ?? {}).includes('IfExists') || Condition === undefined ? rest : { ...rest, Condition },
    );
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', Policy }).toString();
    const { host, hostname, port } = new URL(minio.endpoint);
    const headers = {
      host,
      'content-type': 'application/x-www-form-urlencoded',
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    };
    const client = minio.client();
    const signer = await client.config.signer();
    const request = { method: 'POST', protocol: 'http:', hostname, port: Number(port), path: '/', query: {}, headers, body };
    const signed = await signer.sign(request, { signingService: 'sts' });
    client.destroy();
    const answer = await (await fetch(minio.endpoint, { method: 'POST', headers: signed.headers, body })).text();
    const told = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(answer)?.[1] ?? expect.fail(answer);
    return {
      AWS_ACCESS_KEY_ID: told('AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: told('SecretAccessKey'),
      AWS_SESSION_TOKEN: told('SessionToken'),
    };
  }

  const update = (id: number, more: object) => {
    const message = { message_id: id, chat: { id: -1, type: 'group', title: 'g' }, date: Math.floor(Date.now() / 1000), ...more };
    return JSON.stringify({ update_id: id, message });
  };
  const line = (id: number) => ({
    body: update(id, { text: 'queued' }),
    attributes: { source: 'telegram', received_at: String(Date.now()) },
  });

  it('bring lines from a webhook to the catalog', async () => {
    const ingest = await started('ingest', 'ingest', { CHATLAKE_QUEUE: '', TELEGRAM_CHAT_ID: '-1' });
    const bodies = [update(1, { text: 'without a queue' }), update(2, { migrate_to_chat_id: -1002 }), '["no update"'];
    for (const body of bodies) {
      const { statusCode } = await ingest.invoke<APIGatewayProxyStructuredResultV2>(httpEvent('POST', '/webhook/telegram', telegram, body));
      expect(statusCode, ingest.logged()).toBe(200);
    }
    const writer = await started('writer');
    expect(await writer.invoke<SQSBatchResponse>(sqsEvent([line(3), line(4)]))).toEqual({ batchItemFailures: [] });

    const plan = await (await started('plan')).invoke<Plan>({ days: 'all' });
    expect(plan.days).toHaveLength(1);
    const day = await started('day');
    const outcomes: object[] = [];
    for (const task of plan.days) outcomes.push(await day.invoke<object>(task));
    expect(outcomes).toMatchObject([{ rows: 4, quarantined: 1 }]);
    // Once more, over tables that are there.
    expect(await writer.invoke<SQSBatchResponse>(sqsEvent([line(5)]))).toEqual({ batchItemFailures: [] });
    for (const task of plan.days) expect(await day.invoke<object>(task)).toMatchObject({ rows: 1 });
    expect(await (await started('register')).invoke<object>({ ...plan, days: outcomes })).toMatchObject({ registered: 2, failed: 0 });
  });

  it('may not do what others may', async () => {
    const writer = await started('writer', 'plan');
    expect(await writer.invoke<SQSBatchResponse>(sqsEvent([line(6)]))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    const plan = await started('plan', 'writer');
    await expect(plan.invoke({ days: 'all' })).rejects.toThrow(/may not do that there.*AccessDenied/);
  });
});
