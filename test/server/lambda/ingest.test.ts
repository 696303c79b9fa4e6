import { describe, expect, it } from 'vitest';
import { storedMigrations } from '../../../src/lake/migrations.js';
import { openRawLog, openStore } from '../../../src/lake/open.js';
import { httpIngest } from '../../../src/server/lambda/ingest.js';
import { type QueuedLine, queueLog } from '../../../src/server/lambda/queue-log.js';
import { batchWriter } from '../../../src/server/lambda/writer.js';
import { telegramReceiver } from '../../../src/sources/telegram/receive.js';
import { whatsappReceiver } from '../../../src/sources/whatsapp/receive.js';
import type { Logger } from '../../../src/types.js';
import { temporaryFolder } from '../../lake/disks.js';
import { payloadIn, rawLines } from '../../lake/raw.js';
import { zoneNamed } from '../../support/lake.js';
import { APP_SECRET, SECRET, signature, VERIFY_TOKEN } from '../receiving.js';
import { httpEvent, sqsEvent } from './events.js';

const update = '{"update_id":1, "message":{"message_id":1,"chat":{"id":-1},"date":1720000000,"text":"olá\\n\u{1f600}"}}';
const telegram = { 'x-telegram-bot-api-secret-token': SECRET, 'content-type': 'application/json' };
const zone = zoneNamed('America/Sao_Paulo');
/** 21:00 on the third of July in São Paulo. */
const evening = Date.parse('2024-07-04T00:00:00Z');

interface Options {
  readonly chatIds?: readonly number[];
  readonly queueFails?: boolean;
  /** Bytes of a message. */
  readonly limit?: number;
}

/** Receiving into an array that stands for the queue, the raw lake in a folder, and the writer that moves lines from one to the other. */
async function onLambda({ chatIds = [], queueFails, limit }: Options = {}) {
  const folder = await temporaryFolder();
  const clock = { at: evening, now: () => clock.at };
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const logger: Logger = { info: log, warn: log, error: log };
  const queue: QueuedLine[] = [];
  const send = (line: QueuedLine) =>
    queueFails ? Promise.reject(new Error('ServiceUnavailable')) : Promise.resolve(void queue.push(structuredClone(line)));
  const direct = openRawLog(folder, { zone, clock });
  const inlet = queueLog({ send, aside: () => Promise.resolve(direct), clock, ...(limit === undefined ? {} : { limit }) });
  const receivers = [
    telegramReceiver({ secret: SECRET, chatIds, migrations: storedMigrations(openStore(folder)) }),
    whatsappReceiver({ appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN, phoneNumberIds: [] }),
  ];
  const writer = batchWriter({
    openLog: (arrivals) => openRawLog(folder, { zone, clock: arrivals }),
    sources: ['telegram', 'whatsapp'],
    logger,
  });
  return { ingest: httpIngest({ receivers, inlet, logger }), writer, queue, clock, folder, logged };
}

describe('receiving on Lambda', () => {
  it('answers 200 with the payload, byte for byte, and its time of arrival in the queue', async () => {
    const { ingest, queue, folder } = await onLambda();
    expect(await ingest(httpEvent('POST', '/webhook/telegram', telegram, update))).toEqual({ statusCode: 200 });
    expect(queue).toEqual([{ body: update, attributes: { source: 'telegram', received_at: String(evening) } }]);
    expect(await rawLines(folder)).toEqual([]);
  });

  it('takes a body in base64 as the bytes it stands for', async () => {
    const { ingest, queue } = await onLambda();
    const body = Buffer.from('{"object":"whatsapp_business_account","entry":[{"id":"ç"}]}');
    const answer = await ingest(httpEvent('POST', '/webhook/whatsapp', { 'x-hub-signature-256': signature(body) }, body));
    expect(answer.statusCode).toBe(200);
    expect(queue.map((line) => line.body)).toEqual([body.toString()]);
  });

  it('refuses what serve refuses, with the same answers, and keeps nothing', async () => {
    const { ingest, queue, folder } = await onLambda();
    const status = async (...event: Parameters<typeof httpEvent>) => (await ingest(httpEvent(...event))).statusCode;
    expect(await status('POST', '/webhook/telegram', { ...telegram, 'x-telegram-bot-api-secret-token': 'no' }, update)).toBe(401);
    expect(await status('POST', '/webhook/telegram', {}, update)).toBe(401);
    expect(await status('POST', '/webhook/whatsapp', { 'x-hub-signature-256': signature('other') }, '{}')).toBe(401);
    expect(await status('POST', '/webhook/telegram', { ...telegram, 'content-type': 'text/plain' }, update)).toBe(415);
    expect(await status('POST', '/webhook/telegram', { ...telegram, 'content-encoding': 'gzip' }, update)).toBe(415);
    expect(await status('POST', '/webhook/telegram', telegram, `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`)).toBe(413);
    expect(await status('POST', '/webhook/signal', telegram, update)).toBe(404);
    expect(await ingest(httpEvent('PUT', '/webhook/telegram', telegram, update))).toEqual({ statusCode: 405, headers: { allow: 'POST' } });
    expect(queue).toEqual([]);
    expect(await rawLines(folder)).toEqual([]);
  });

  it('answers the handshake of WhatsApp', async () => {
    const { ingest } = await onLambda();
    const query = (token: string) => `/webhook/whatsapp?hub.mode=subscribe&hub.challenge=12%2034&hub.verify_token=${token}`;
    expect(await ingest(httpEvent('GET', query('verify%20token')))).toMatchObject({ statusCode: 200, body: '12 34' });
    expect(await ingest(httpEvent('GET', query('wrong')))).toMatchObject({ statusCode: 403, body: '' });
  });

  it('leaves out what the filter leaves out', async () => {
    const { ingest, queue } = await onLambda({ chatIds: [-2] });
    expect(await ingest(httpEvent('POST', '/webhook/telegram', telegram, update))).toEqual({ statusCode: 200 });
    expect(queue).toEqual([]);
  });

  it('answers 503 and tells no text when the queue does not take it', async () => {
    const { ingest, logged } = await onLambda({ queueFails: true });
    const answer = await ingest(httpEvent('POST', '/webhook/telegram', telegram, update));
    expect(answer).toEqual({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(logged.join()).toContain('ServiceUnavailable');
    expect(logged.join()).not.toContain('olá');
  });

  it.each([
    ['is too large for it', `{"update_id":2,"x":"${'x'.repeat(2000)}"}`],
    ['holds a character that it refuses', '{"update_id":2,"x":"\uffff"}'],
  ])('writes straight to the raw lake what the queue cannot carry because it %s', async (_why, body) => {
    const { ingest, queue, folder } = await onLambda({ limit: 2000 });
    expect(await ingest(httpEvent('POST', '/webhook/telegram', telegram, body))).toEqual({ statusCode: 200 });
    expect(queue).toEqual([]);
    expect((await rawLines(folder)).map((line) => payloadIn(line.text))).toEqual([body]);
  });
});

describe('the writer', () => {
  it('files queued lines under the days they arrived, one file a source and day', async () => {
    const { ingest, writer, queue, clock, folder } = await onLambda();
    const body = '{"object":"whatsapp_business_account","entry":[]}';
    const midnight = Date.parse('2024-07-04T03:00:00Z');
    for (const at of [midnight - 1, midnight, midnight - 2, midnight + 1]) {
      clock.at = at;
      await ingest(httpEvent('POST', '/webhook/telegram', telegram, `{"update_id":${at}}`));
    }
    await ingest(httpEvent('POST', '/webhook/whatsapp', { 'x-hub-signature-256': signature(body) }, body));
    clock.at = midnight + 90_000_000;
    expect(await writer(sqsEvent(queue))).toEqual({ batchItemFailures: [] });
    const lines = await rawLines(folder);
    expect(lines.map(({ fields }) => fields['_received_at']).sort()).toEqual(
      [midnight - 2, midnight - 1, midnight, midnight + 1, midnight + 1].sort(),
    );
    const files = [...new Set(lines.map(({ file }) => file.slice(0, file.lastIndexOf('/'))))].sort();
    expect(files).toEqual(['telegram/context_date=2024-07-03', 'telegram/context_date=2024-07-04', 'whatsapp/context_date=2024-07-04']);
    expect(new Set(lines.map(({ file }) => file)).size).toBe(3);
  });

  it('brings a body that is no payload to the quarantine', async () => {
    const { ingest, writer, queue, folder } = await onLambda();
    await ingest(httpEvent('POST', '/webhook/telegram', telegram, 'not json'));
    expect(await writer(sqsEvent(queue))).toEqual({ batchItemFailures: [] });
    const [line] = await rawLines(folder);
    expect(line?.file).toMatch(/^_rejected\/telegram\/context_date=2024-07-03\//);
    expect(line?.fields).toMatchObject({
      _received_at: evening,
      reason: 'invalid_json',
      body: Buffer.from('not json').toString('base64'),
    });
  });

  it('reports the messages that nobody here sent, without their text, and keeps the others', async () => {
    const { writer, folder, logged } = await onLambda();
    const attributes = { source: 'telegram', received_at: String(evening) };
    const batch = sqsEvent([
      { body: 'secret text', attributes },
      { body: update, attributes },
      { body: update, attributes: { ...attributes, source: '../../etc' } },
      { body: update, attributes: { ...attributes, received_at: 'yesterday' } },
      { body: '[1]', attributes },
      // Beyond what a date holds.
      { body: update, attributes: { ...attributes, received_at: '8640000000000001' } },
    ]);
    const { batchItemFailures } = await writer(batch);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'message-0',
      'message-2',
      'message-3',
      'message-4',
      'message-5',
    ]);
    expect((await rawLines(folder)).map((line) => payloadIn(line.text))).toEqual([update]);
    expect(logged.join()).not.toContain('secret text');
  });

  it('reports every message of a source whose raw lake cannot be written', async () => {
    const { queue, ingest, logged } = await onLambda();
    await ingest(httpEvent('POST', '/webhook/telegram', telegram, update));
    const openLog = () => openRawLog('/dev/null/lake', { zone, clock: { now: Date.now } });
    const log = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
    const writer = batchWriter({ openLog, sources: ['telegram'], logger: { info: log, warn: log, error: log } });
    expect(await writer(sqsEvent(queue))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });
});
