import { Bot, InputFile } from 'grammy';
import emulator from 'telegram-test-api';
import { expect, it, onTestFinished } from 'vitest';
import type { AnalysisView } from '../../src/analysis/types.js';
import { newService } from '../server/service.js';
import { SECRET } from '../server/receiving.js';
import { fakeBotApi } from '../support/bot-api.js';
import { newLake } from '../support/lake.js';
import { rawLines } from '../lake/raw.js';
import { rowsOf } from '../support/rows.js';

const TOKEN = '123456789:AAtest_token-of-a-bot-0123456789';
const CHAT = { id: 7, type: 'private', first_name: 'Ana' };

const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let round = 0; round < 1000 && !(await holds()); round += 1) await new Promise((resolve) => setTimeout(resolve, 20));
};

it('takes in what a grammY bot answers through the proxy, once, and the page says that it answers', { timeout: 120_000 }, async () => {
  const api = await fakeBotApi({ token: TOKEN });
  onTestFinished(() => api.close());
  const lake = await newLake();
  lake.clock.at = Date.now();
  const service = await newService(lake, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: api.url });
  const helping = async () => {
    const view = (await (await fetch(`${service.url}/api/view?period=7d&lang=en`)).json()) as AnalysisView;
    return { ...view.answers.find(({ id }) => id === 'helping'), unanswered: view.figures.find(({ id }) => id === 'unanswered')?.value };
  };
  const process = async () => {
    await service.stack.etl.once('all');
  };
  const asks = async (id: number, text: string) => {
    const message = {
      message_id: id,
      from: { id: 7, is_bot: false, first_name: 'Ana' },
      chat: CHAT,
      date: Math.floor(Date.now() / 1000) - 60,
      text,
    };
    const update_id = api.send({ message });
    const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET };
    const answer = await fetch(`${service.url}/webhook/telegram`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ update_id, message }),
    });
    expect(answer.status).toBe(200);
  };

  await asks(1, 'when do you open?');
  await asks(2, 'where are you?');
  await process();
  await until(async () => (await helping()).unanswered === 2);
  const before = await helping();
  expect(before.unanswered).toBe(2);

  const bot = new Bot(TOKEN, { client: { apiRoot: `${service.url}/proxy/telegram` } });
  bot.on('message:text', async (ctx) => {
    await ctx.reply('at nine', { reply_parameters: { message_id: ctx.message.message_id } });
  });
  const running = bot.start();
  await until(() => api.sent.length === 2);
  await bot.stop();
  await running;
  await bot.api.sendDocument(7, new InputFile(Buffer.alloc(300_000, 'x'), 'menu.pdf'), { caption: 'the menu' });
  await bot.api.editMessageText(7, 5001, 'at ten');
  await bot.api.sendMediaGroup(7, [
    { type: 'photo', media: new InputFile(Buffer.alloc(10), 'a.jpg') },
    { type: 'photo', media: new InputFile(Buffer.alloc(20), 'b.jpg') },
  ]);
  await bot.api.deleteMessage(7, 5002);
  await until(async () => (await rawLines(lake.rawPath)).filter(({ fields }) => fields['outbound'] !== undefined).length >= 7);
  await process();

  const rows = await rowsOf(lake, 'telegram', 'message_id');
  expect(
    rows.map((row) => [row['message_id'], row['direction'], row['data_type'], row['text'] ?? row['caption'], row['deleted_date'] !== null]),
  ).toEqual([
    [1, 'in', 'text', 'when do you open?', false],
    [2, 'in', 'text', 'where are you?', false],
    [5001, 'out', 'text', 'at ten', false],
    [5002, 'out', 'text', 'at nine', true],
    [5003, 'out', 'document', 'the menu', false],
    [5004, 'out', 'photo', null, false],
    [5005, 'out', 'photo', null, false],
  ]);
  expect(rows.find((row) => row['message_id'] === 5003)?.['file_size']).toBe(300_000);
  expect(rows.every((row) => row['raw_file'] !== null)).toBe(true);
  await until(async () => (await helping()).unanswered === 0);
  const after = await helping();
  expect(after.unanswered).toBe(0);
  expect(after.sentence).not.toBe(before.sentence);
  expect(service.logged.join()).not.toContain(TOKEN.slice(10));
  const everything = (await rawLines(lake.rawPath)).map(({ text }) => text).join();
  expect(everything).not.toContain(TOKEN.slice(10));
});

it('takes in what a bot sends to the telegram-test-api emulator', { timeout: 60_000 }, async () => {
  const lake = await newLake();
  lake.clock.at = Date.now();
  const probe = await fakeBotApi({ token: TOKEN });
  const port = Number(new URL(probe.url).port);
  await probe.close();
  const TelegramServer = emulator as unknown as typeof emulator.default; // the package is CommonJS, its types are not
  const server = new TelegramServer({ host: '127.0.0.1', port });
  await server.start();
  onTestFinished(async () => void (await server.stop()));
  const service = await newService(lake, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: server.config.apiURL });
  const bot = new Bot(TOKEN, { client: { apiRoot: `${service.url}/proxy/telegram` } });
  const client = server.getClient(TOKEN, { chatId: 7 });
  await client.sendMessage(client.makeMessage('hello'));
  await bot.api.sendMessage(7, 'hello yourself');
  await until(async () => (await rawLines(lake.rawPath)).length > 0);
  expect((await rawLines(lake.rawPath)).map(({ fields }) => fields['outbound'])).toMatchObject([
    { method: 'sendMessage', message: { text: 'hello yourself' } },
  ]);
});
