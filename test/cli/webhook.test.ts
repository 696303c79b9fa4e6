import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { webhookCommand } from '../../src/cli/webhook.js';
import { ALL_KINDS } from '../../src/sources/telegram/kinds.js';
import { fakeBotApi, type FakeBotApi } from '../support/bot-api.js';
import { testIo, type TestIo } from '../support/io.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const SECRET = 'webhook-secret_0123456789';

let api: FakeBotApi;
beforeEach(async () => void (api = await fakeBotApi({ token: TOKEN })));
afterEach(() => api.close());

const io = (options: { terminal?: boolean; env?: Record<string, string> } = {}) =>
  testIo({ ...options, env: { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: SECRET, TELEGRAM_API_URL: api.url, ...options.env } });

async function run(to: TestIo, ...words: string[]): Promise<string> {
  const command = webhookCommand(to);
  for (const each of [command, ...command.commands]) each.exitOverride().configureOutput({ writeErr: () => undefined });
  await new Command().addCommand(command).parseAsync(['webhook', ...words], { from: 'user' });
  expect(to.out() + to.err()).not.toContain(TOKEN);
  expect(to.out() + to.err()).not.toContain(SECRET);
  return to.out();
}

const call = (method: string) => api.requests.find((request) => request.method === method)?.params;
const message = { message: { message_id: 1, date: 1, chat: { id: -1, type: 'group' }, text: 'x' } };

describe('chatlake webhook', () => {
  test('set asks for every kind, sends the secret, completes the address and shows the result', async () => {
    const out = await run(io(), 'set', 'https://lake.example', '--max-connections', '12', '--ip', '203.0.113.5');
    expect(call('setWebhook')).toEqual({
      url: 'https://lake.example/webhook/telegram',
      secret_token: SECRET,
      allowed_updates: ALL_KINDS,
      max_connections: 12,
      ip_address: '203.0.113.5',
    });
    expect(out).toMatch(/address\s+https:\/\/lake\.example\/webhook\/telegram/);
    expect(out).toMatch(/connections\s+at most 12/);
    expect(out).toMatch(/kinds\s+all\n/);
  });

  test('a path of its own is kept and not shown', async () => {
    const out = await run(io(), 'set', 'https://lake.example:8443/hidden-path');
    expect(call('setWebhook')?.['url']).toBe('https://lake.example:8443/hidden-path');
    expect(out).toContain('https://lake.example:8443/…');
    expect(out).not.toContain('hidden-path');
  });

  test.each([
    ['http://lake.example', /https/],
    ['https://lake.example:8080', /443, 80, 88, 8443/],
    ['lake.example', /whole address/],
    ['https://me:pw@lake.example', /no user name/],
  ])('set %s is refused before Telegram is asked', async (url, why) => {
    const to = io({ env: { TELEGRAM_API_URL: 'https://api.telegram.org' } });
    await expect(run(to, 'set', url)).rejects.toThrow(why);
    expect(api.requests).toEqual([]);
  });

  test('what a Bot API server refuses is told in its words', async () => {
    await expect(run(io(), 'set', 'http://lake.example')).rejects.toThrow(/An HTTPS URL must be provided/);
  });

  test('set needs a secret and a token', async () => {
    await expect(run(io({ env: { TELEGRAM_WEBHOOK_SECRET: '' } }), 'set', 'https://lake.example')).rejects.toThrow(
      /TELEGRAM_WEBHOOK_SECRET/,
    );
    await expect(run(io({ env: { TELEGRAM_BOT_TOKEN: '' } }), 'info')).rejects.toThrow(/TELEGRAM_BOT_TOKEN/);
    await expect(run(io(), 'set', 'https://lake.example', '--max-connections', '101')).rejects.toThrow(/1 to 100/);
  });

  test('info tells what waits when there is none', async () => {
    api.send(message);
    const out = await run(io(), 'info');
    expect(out).toMatch(/address\s+none/);
    expect(out).toMatch(/pending\s+1/);
  });

  test('delete keeps what is pending', async () => {
    api.send(message);
    expect(await run(io(), 'delete')).toContain('1 pending updates kept');
    expect(call('deleteWebhook')).toEqual({});
    expect(api.pending().length).toBe(1);
  });

  test('delete --drop-pending off a terminal wants --yes, and says what is lost', async () => {
    api.send(message);
    await expect(run(io(), 'delete', '--drop-pending')).rejects.toThrow(/1 pending updates will be lost/);
    expect(api.pending().length).toBe(1);
    expect(await run(io(), 'delete', '--drop-pending', '--yes')).toContain('1 pending updates destroyed');
    expect(api.pending()).toEqual([]);
  });

  test.each([
    ['n', 1],
    ['y', 0],
  ])('delete --drop-pending asks at a terminal: %s', async (answer, left) => {
    api.send(message);
    const to = io({ terminal: true });
    const done = run(to, 'delete', '--drop-pending').catch((error: unknown) => String(error));
    await vi.waitFor(() => expect(to.out()).toContain('[y/N]'), { timeout: 10_000, interval: 5 });
    to.input.write(`${answer}\r`);
    await done;
    expect(api.pending().length).toBe(left);
  });
});
