import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import emulator from 'telegram-test-api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pollCommand } from '../../src/cli/poll.js';
import { fakeBotApi, type FakeBotApi } from '../support/bot-api.js';
import { testIo, type TestIo } from '../support/io.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const message = (text: string, chat = -100) => ({
  message: { message_id: 1, date: 1_700_000_000, chat: { id: chat, type: 'group' }, text },
});
const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

let api: FakeBotApi;
let folder: string;
beforeEach(async () => {
  api = await fakeBotApi({ token: TOKEN });
  folder = await mkdtemp(join(tmpdir(), 'chatlake-poll-'));
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const envOf = (url: string, extra: Record<string, string> = {}) => ({
  TELEGRAM_BOT_TOKEN: TOKEN,
  TELEGRAM_API_URL: url,
  CHATLAKE_RAW: join(folder, 'raw'),
  ...extra,
});
const start = (to: TestIo) => new Command().addCommand(pollCommand(to)).parseAsync(['poll'], { from: 'user' });

/** Lines of the raw lake under a source. */
async function lines(source = 'telegram'): Promise<string[]> {
  const root = join(folder, 'raw', source);
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const texts = await Promise.all(names.filter((name) => name.endsWith('.ndjson')).map((name) => readFile(join(root, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}
const updates = async () =>
  (await lines()).map((line) => JSON.parse(line) as { update_id: number; _received_at: number; message: { text: string } });

describe('chatlake poll', () => {
  test('puts updates into the raw lake as they came, those of other chats left out', async () => {
    const to = testIo({ env: envOf(api.url, { TELEGRAM_CHAT_ID: '-100' }) });
    const first = api.send(message('kept'));
    api.send(message('other', -7));
    api.sendText(`{ "update_id":${first + 2},"message":{"chat":{"id":-100},"text":"\\u00e9" } }`);
    api.sendText('"odd"');
    const done = start(to);
    await eventually(() => expect(api.pending()).toEqual([]));
    to.abort();
    await done;
    const kept = await lines();
    expect(kept.length).toBe(2);
    expect(kept[1]).toContain(`"update_id":${first + 2},"message":{"chat":{"id":-100},"text":"\\u00e9" }`);
    expect((await lines('_rejected')).length).toBe(1);
    expect(to.err()).toContain('"received":2,"filtered":1');
    expect(to.err()).not.toContain(TOKEN);
  });

  test('without a token it says which variable to set', async () => {
    await expect(start(testIo({ env: { CHATLAKE_RAW: folder } }))).rejects.toThrow(/TELEGRAM_BOT_TOKEN/);
  });

  test('a lake that cannot be written ends it before anything is received', async () => {
    await expect(start(testIo({ env: envOf(api.url, { CHATLAKE_RAW: '/dev/null/raw' }) }))).rejects.toMatchObject({
      code: 'LAKE_UNAVAILABLE',
    });
    expect(api.requests).toEqual([]);
  });

  test('killed at any moment and started again, it loses nothing', async () => {
    const sent = new Set<number>();
    const script = `
      import { Command } from 'commander';
      import { pollCommand } from './src/cli/poll.ts';
      const io = { env: process.env, clock: { now: () => Date.now() }, fetch, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, stop: new AbortController().signal, setExitCode() {} };
      await new Command().addCommand(pollCommand(io)).parseAsync(['poll'], { from: 'user' });`;
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 150; index += 1) sent.add(api.send(message(`${round}/${index}`)));
      const before = api.pending().length;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        cwd: join(import.meta.dirname, '../..'),
        env: { ...process.env, ...envOf(api.url) },
        stdio: 'ignore',
      });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await eventually(() => expect(api.pending().length).toBeLessThan(before));
      child.kill('SIGKILL');
      await gone;
    }
    const to = testIo({ env: envOf(api.url) });
    const done = start(to);
    await eventually(() => expect(api.pending()).toEqual([]));
    to.abort();
    await done;
    expect(new Set((await updates()).map((update) => update.update_id))).toEqual(sent);
  });

  test('receives from the telegram-test-api emulator', async () => {
    // It neither waits nor keeps what it has answered, and serves one host and port.
    const port = Number(new URL(api.url).port);
    await api.close();
    const TelegramServer = emulator as unknown as typeof emulator.default; // the package is CommonJS, its types are not
    const server = new TelegramServer({ host: '127.0.0.1', port });
    await server.start();
    const to = testIo({ env: envOf(server.config.apiURL) });
    const done = start(to);
    try {
      const client = server.getClient(TOKEN, { chatId: -100, type: 'group', chatTitle: 'Group' });
      await client.sendMessage(client.makeMessage('hello'));
      await client.sendCommand(client.makeCommand('/start'));
      await eventually(async () => expect((await updates()).map((update) => update.message.text)).toEqual(['hello', '/start']));
    } finally {
      to.abort();
      await done;
      await server.stop();
      api = await fakeBotApi({ token: TOKEN });
    }
  });
});
