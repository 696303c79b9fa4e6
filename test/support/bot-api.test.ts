import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { botApi } from '../../src/sources/telegram/client.js';
import { fakeBotApi, type FakeBotApi } from './bot-api.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const message = (text: string, chat: number) => ({ message: { message_id: 1, date: 1, chat: { id: chat, type: 'group' }, text } });

let api: FakeBotApi;
let hook: Server;
let got: { secret: unknown; chat: number; text: string }[];
let statusOf: (text: string) => number;
let most: number;
beforeEach(async () => {
  api = await fakeBotApi({ token: TOKEN, anyWebhook: true, retryMs: 5 });
  got = [];
  statusOf = () => 200;
  most = 0;
  let open = 0;
  hook = createServer((request, response) => {
    most = Math.max(most, (open += 1));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { chat, text } = (JSON.parse(body) as ReturnType<typeof message>).message;
      got.push({ secret: request.headers['x-telegram-bot-api-secret-token'], chat: chat.id, text });
      setTimeout(() => {
        open -= 1;
        response.writeHead(statusOf(text)).end();
      }, 5);
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await api.close();
  hook.close();
  hook.closeAllConnections();
});

const client = () => botApi({ token: TOKEN, apiUrl: api.url, fetch });
const set = (connections = 40) =>
  client().setWebhook({
    url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/webhook/telegram`,
    secret_token: 'the-secret',
    allowed_updates: ['message'],
    max_connections: connections,
  });
const delivered = () => vi.waitFor(() => expect(api.pending()).toEqual([]), { timeout: 10_000, interval: 5 });

describe('the fake Bot API as a webhook client', () => {
  test('delivers what was pending and what comes, with the secret', async () => {
    api.send(message('before', -1));
    await set();
    api.send(message('after', -1));
    api.send({ message_reaction: { chat: { id: -1 } } });
    await delivered();
    expect(got).toEqual([
      { secret: 'the-secret', chat: -1, text: 'before' },
      { secret: 'the-secret', chat: -1, text: 'after' },
    ]);
  });

  test('sends again what was not answered 2xx, and holds back only its chat', async () => {
    let broken = true;
    statusOf = (text) => (text === 'a1' && broken ? 503 : 200);
    await set();
    for (const [text, chat] of [
      ['a1', -1],
      ['a2', -1],
      ['b1', -2],
    ] as const) {
      api.send(message(text, chat));
    }
    await vi.waitFor(() => expect(got.map(({ text }) => text)).toContain('b1'), { timeout: 10_000, interval: 5 });
    const errors = async () => (await client().getWebhookInfo()).last_error_message;
    await vi.waitFor(async () => expect(await errors()).toContain('503'), { timeout: 10_000, interval: 5 });
    broken = false;
    await delivered();
    const ofChat = got.filter(({ chat }) => chat === -1).map(({ text }) => text);
    expect(ofChat.length).toBeGreaterThan(2);
    expect(ofChat.indexOf('a2')).toBe(ofChat.length - 1);
    expect((await client().getWebhookInfo()).last_error_date).toBeUndefined();
  });

  test('opens no more connections than it was told', async () => {
    await set(3);
    for (let chat = 1; chat <= 20; chat += 1) api.send(message('x', -chat));
    await delivered();
    expect(most).toBeLessThanOrEqual(3);
    expect(got.length).toBe(20);
  });

  test('stops at deleteWebhook and keeps what is pending', async () => {
    statusOf = () => 500;
    await set();
    const id = api.send(message('x', -1));
    await vi.waitFor(() => expect(got.length).toBeGreaterThan(1), { timeout: 10_000, interval: 5 });
    await client().deleteWebhook();
    expect((await client().getUpdates({})).map(({ value }) => (value as { update_id: number }).update_id)).toEqual([id]);
  });

  test('serves files by the path getFile names', async () => {
    api.setFile('f1', Buffer.from('bytes'));
    const { file_path } = await client().getFile('f1');
    expect(await (await fetch(`${api.url}/file/bot${TOKEN}/${file_path}`)).text()).toBe('bytes');
  });
});
