import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openRawLog } from '../../src/lake/open.js';
import { telegramFiles, whatsappFiles } from '../../src/media/platforms.js';
import { type MediaQueue, mediaQueue } from '../../src/media/queue.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { botApi } from '../../src/sources/telegram/client.js';
import { fakeBotApi } from '../support/bot-api.js';
import { fakeGraphApi } from '../support/graph-api.js';
import { etl, lay, newLake, seconds } from '../support/lake.js';
import { CHAT, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import { rowsOf } from '../support/rows.js';

const TOKEN = '123456789:AAtest_token-of-a-bot-0123456789';
const CLOUD_TOKEN = 'EAAtest0123456789token';
const NOW = '2024-07-10T15:00:00Z';
const DAY = 86_400;

const never = new AbortController().signal;
const SENT = seconds(NOW) - 60;
const document = (id: number, file: string, date = SENT) =>
  telegramMessage({ id, date, more: { document: { file_id: file, file_unique_id: `u${file}` } } });

/** A lake, its platforms, and queues over both; all gone when the test ends. */
async function fetching() {
  const telegram = await fakeBotApi({ token: TOKEN });
  const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
  const lake = await newLake();
  lake.clock.at = Date.parse(NOW);
  const engine = await duckdbEngine({ root: lake.enrichedPath, memoryLimit: '256MB' });
  onTestFinished(async () => {
    await engine.close();
    await Promise.all([telegram.close(), graph.close()]);
  });
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const open = (): { queue: MediaQueue; close: () => Promise<void> } => {
    const rawLog = openRawLog(lake.rawPath, { zone: lake.zone, clock: lake.clock });
    const api = { token: TOKEN, apiUrl: telegram.url, fetch };
    const queue = mediaQueue({
      engine,
      raw: lake.raw,
      rawLog,
      zone: lake.zone,
      clock: lake.clock,
      logger: { info: log, warn: log },
      sources: { telegram: telegramFiles(api, botApi(api)), whatsapp: whatsappFiles({ token: CLOUD_TOKEN, apiUrl: graph.url, fetch }) },
      most: 1000,
    });
    return { queue, close: () => rawLog.close() };
  };
  return { lake, telegram, graph, open, logged };
}

it('keeps each file once, tries again what failed, gives up in the end, and goes on after a restart', { timeout: 240_000 }, async () => {
  const { lake, telegram, graph, open, logged } = await fetching();
  const picture = Buffer.from('a picture');
  telegram.setFile('one', picture);
  telegram.setFile('large', Buffer.alloc(2000));
  telegram.setFile('late', Buffer.from('late'));
  graph.setMedia('555', picture, 'image/jpeg');
  await lay(lake, 'telegram', Date.parse(NOW), [
    document(1, 'one'),
    document(2, 'large'),
    document(3, 'gone'),
    document(4, 'late'),
    document(5, 'never', SENT - 8 * DAY),
    telegramMessage({ id: 6, date: SENT, text: 'no file' }),
  ]);
  await lay(lake, 'whatsapp', Date.parse(NOW), [
    whatsappBody({
      messages: [whatsappMessage({ id: 'wamid.1', date: SENT, more: { type: 'image', image: { id: '555', mime_type: 'image/jpeg' } } })],
    }),
  ]);
  await etl(lake);
  telegram.failNext('getFile', { status: 500 }, 1);

  const first = open();
  let done = await first.queue.round(never);
  // Told, and not in the tables yet: nothing is fetched twice.
  const calls = telegram.requests.length;
  expect(await first.queue.round(never)).toBe(0);
  expect(telegram.requests.length).toBe(calls);
  await first.close();
  await etl(lake);
  const unknown = (await rowsOf(lake, 'telegram')).filter(
    (row) => row['file_id'] !== null && row['media_file'] === null && row['media_error'] === null,
  );
  expect(unknown.length).toBe(1);
  expect(done).toBe(5);

  const second = open();
  done = await second.queue.round(never);
  await second.close();
  expect(done).toBe(1);
  await etl(lake);
  const rows = await rowsOf(lake, 'telegram', 'message_id');
  const hash = '_media/';
  expect(rows.map((row) => [row['message_id'], row['chat_id'], String(row['media_file']).startsWith(hash), row['media_error']])).toEqual([
    [1, CHAT, true, null],
    [2, CHAT, false, 'too_large'],
    [3, CHAT, false, 'refused'],
    [4, CHAT, true, null],
    [5, CHAT, false, 'expired'],
    [6, CHAT, false, null],
  ]);
  const [image] = await rowsOf(lake, 'whatsapp');
  expect(image?.['media_file']).toBe(rows[0]?.['media_file']);
  expect(await readFile(join(lake.rawPath, String(image?.['media_file'])))).toEqual(picture);
  const kept = (await readdir(join(lake.rawPath, '_media'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(kept.length).toBe(2);
  expect(logged.join()).not.toContain(TOKEN.slice(10));
});

it('sends the token of WhatsApp to no other host', async () => {
  const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
  onTestFinished(() => graph.close());
  const asked: string[] = [];
  const files = whatsappFiles({
    token: CLOUD_TOKEN,
    apiUrl: graph.url,
    fetch: (input) => {
      asked.push(String(input));
      return Promise.resolve(Response.json({ url: 'https://example.com/file' }));
    },
  });
  await expect(files('555', new AbortController().signal)).rejects.toMatchObject({ reason: 'refused' });
  expect(asked.length).toBe(1);
});

it('leaves a platform alone for as long as it asks, and has every file afterwards', { timeout: 60_000 }, async () => {
  const { lake, telegram, open } = await fetching();
  const ids = Array.from({ length: 10 }, (_, id) => id + 1);
  for (const id of ids) telegram.setFile(`f${id}`, Buffer.from(`file ${id}`));
  await lay(
    lake,
    'telegram',
    Date.parse(NOW),
    ids.map((id) => document(id, `f${id}`)),
  );
  await etl(lake);
  telegram.failNext('getFile', { status: 429, retryAfter: 30 }, 4);
  const { queue, close } = open();
  const asked = () => telegram.requests.filter(({ method }) => method === 'getFile').length;
  expect([await queue.round(never), asked()]).toEqual([0, 4]);
  lake.clock.at += 29_000;
  expect([await queue.round(never), asked()]).toEqual([0, 4]);
  lake.clock.at += 2000;
  expect([await queue.round(never), asked()]).toEqual([10, 14]);
  await close();
  await etl(lake);
  expect((await rowsOf(lake, 'telegram')).filter((row) => row['media_file'] !== null).length).toBe(10);
});

it('gives up no file for what may pass: a file that is away for now, a token without the right, calls that come too often', async () => {
  const answering = (status: number, body: object) => () => Promise.resolve(Response.json(body, { status }));
  const away = { ok: false, error_code: 400, description: 'Bad Request: wrong file_id or the file is temporarily unavailable' };
  const telegram = { token: TOKEN, apiUrl: 'http://127.0.0.1', fetch: answering(400, away) };
  const whatsapp = (status: number, code: number) =>
    whatsappFiles({ token: CLOUD_TOKEN, apiUrl: 'http://127.0.0.1', fetch: answering(status, { error: { code } }) });
  const { signal } = new AbortController();
  for (const open of [telegramFiles(telegram, botApi(telegram)), whatsapp(403, 10), whatsapp(400, 80007), whatsapp(400, 4)])
    await expect(open('1', signal)).rejects.toMatchObject({ reason: 'refused', final: false });
});
