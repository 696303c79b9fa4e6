import { Bot } from 'grammy';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { AnalysisView } from '../../src/analysis/types.js';
import { importText, telegramChat, telegramExport } from '../import/importing.js';
import { rawLines } from '../lake/raw.js';
import { SECRET } from '../server/receiving.js';
import { newService, type Service } from '../server/service.js';
import { fakeBotApi } from '../support/bot-api.js';
import { newLake, sameRaw, type TestLake, etl } from '../support/lake.js';
import { CHAT, telegramMessage } from '../support/lake-payloads.js';
import { everything, manifests, rowsOf } from '../support/rows.js';

vi.setConfig({ testTimeout: 180_000 });

const TOKEN = '123456789:AAtest_token-of-a-bot-0123456789';
const THINGS = [
  'prazo',
  'frete',
  'troca',
  'boleto',
  'cupom',
  'estoque',
  'garantia',
  'horário',
  'cadastro',
  'desconto',
  'catálogo',
  'retirada',
];
/** Ids in the export, and of what arrives by the webhook, which the bot answers: four are in both. */
const EXPORTED = [1, 2, 3, 4, 5, 6, 7, 8];
const LIVE = [5, 6, 7, 8, 9, 10, 11, 12];

/** What is asked in the message of an id: each something else. */
const question = (id: number) => `como funciona ${THINGS[id - 1]}?`;

/** Counts of every manifest together; each must add up by itself. */
async function sums(lake: TestLake) {
  const all = await manifests(lake);
  for (const { units, rows, duplicates, quarantined } of all) expect(units).toBe(rows + duplicates + quarantined);
  const sum = (of: (manifest: (typeof all)[number]) => number) => all.reduce((total, manifest) => total + of(manifest), 0);
  return { rows: sum(({ rows }) => rows), duplicates: sum(({ duplicates }) => duplicates), quarantined: sum((one) => one.quarantined) };
}

/** What the page says of questions, of their answers, and its figures. */
async function said({ url }: Service) {
  const view = (await (await fetch(`${url}/api/view?period=7d&lang=en`)).json()) as AnalysisView;
  const answer = (name: string) => {
    const { sentence = [], evidence = '' } = view.answers.find(({ id }) => id === name) ?? {};
    return { text: sentence.map((part) => (typeof part === 'string' ? part : part.strong)).join(''), evidence };
  };
  const figure = (name: string) => view.figures.find(({ id }) => id === name)?.value;
  return { helping: answer('helping'), helped: answer('helped'), figure };
}

async function receives({ url }: Service, update: object): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET };
  expect((await fetch(`${url}/webhook/telegram`, { method: 'POST', headers, body: JSON.stringify(update) })).status).toBe(200);
}

it('imports history, receives what overlaps it, captures what the bot answers: all once, and the page tells when it answers and helps', async () => {
  const now = Math.floor(Date.now() / 1000);
  const sentAt = (id: number) => now - 3600 + id * 20;
  const lake = await newLake();
  lake.clock.at = now * 1000;
  const api = await fakeBotApi({ token: TOKEN });
  onTestFinished(() => api.close());
  const service = await newService(lake, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: api.url });
  const run = () => service.stack.etl.once('all');

  const history = telegramChat(EXPORTED.map((id) => telegramExport(id, sentAt(id), question(id))));
  const { written } = await importText(lake, 'result.json', history);
  expect(written).toBe(EXPORTED.length);
  for (const id of LIVE) await receives(service, telegramMessage({ id, date: sentAt(id), text: question(id) }));
  await run();
  expect(await sums(lake)).toEqual({ rows: 12, duplicates: 4, quarantined: 0 });
  await expect.poll(async () => (await said(service)).figure('questions'), { timeout: 60_000 }).toBe(12);
  const before = await said(service);
  expect(before.helping.text).toBe('None of the 12 questions got a response that is visible here.');
  expect(before.helping.evidence).toContain('What the bot or the business sends is not captured here');
  expect(before.helped.text).toBe('No answer is visible here, so nothing can be said of what it helped.');
  expect([before.figure('unanswered'), before.figure('resolvedShare')]).toEqual([12, null]);

  const bot = new Bot(TOKEN, { client: { apiRoot: `${service.url}/proxy/telegram` } });
  bot.on('message:text', async (ctx) => {
    await ctx.reply('assim', { reply_parameters: { message_id: ctx.message.message_id } });
  });
  for (const id of LIVE) {
    const { message } = telegramMessage({ id, date: sentAt(id), text: question(id) }) as { message: object };
    api.send({ message });
  }
  const running = bot.start();
  await expect.poll(() => api.sent.length, { timeout: 60_000 }).toBe(LIVE.length);
  await bot.stop();
  await running;
  const captured = async () => (await rawLines(lake.rawPath)).filter(({ fields }) => fields['outbound'] !== undefined).length;
  await expect.poll(captured, { timeout: 60_000 }).toBe(LIVE.length);
  // The last answer did not help.
  await receives(service, telegramMessage({ id: 6001, date: Math.floor(Date.now() / 1000) + 1, text: 'isso não funcionou' }));
  await run();

  const rows = await rowsOf(lake, 'telegram', 'message_id');
  expect(rows.map((row) => [row['message_id'], row['direction'], row['imported_from']])).toEqual([
    ...EXPORTED.slice(0, 4).map((id) => [id, 'in', 'telegram-desktop']),
    ...LIVE.map((id) => [id, 'in', null]),
    ...LIVE.map((_, at) => [5001 + at, 'out', null]),
    [6001, 'in', null],
  ]);
  expect(new Set(rows.map((row) => row['chat_id']))).toEqual(new Set([CHAT]));
  expect(await sums(lake)).toEqual({ rows: 21, duplicates: 4, quarantined: 0 });
  expect((await fetch(`${service.url}/api/health`)).status).toBe(200);
  // Whatever was seen when, raw alone gives the same.
  const anew = await sameRaw(lake);
  await etl(anew);
  expect(await everything(anew)).toEqual(await everything(lake));

  await expect.poll(async () => (await said(service)).figure('unanswered'), { timeout: 60_000 }).toBe(EXPORTED.length - 4);
  const after = await said(service);
  expect(after.helping.text).toMatch(/^67% of the questions got a response, half of them within .+; 4 stayed without one\.$/);
  expect(after.helping.evidence).toContain('100% of the responses by a bot or the business');
  expect(after.helping.evidence).not.toContain('not captured');
  expect(after.helped.text).toBe('58% of the questions were resolved; 13% of the answers did not help.');
  expect(after.figure('resolvedShare')).toBeCloseTo(7 / 12);
});
