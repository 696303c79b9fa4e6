import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBotApi } from '../support/bot-api.js';
import { chatlake, type CliRun } from '../support/cli.js';

interface Channels {
  readonly channels: readonly { readonly channel: string; readonly messages: number }[];
}

const READY = /Ctrl-C stops/;
const TOKEN = '123456789:AAfake-token_for-tests-0123456789';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatlake-up-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const up = (env: Record<string, string> = {}) => chatlake(folder, ['up', '--demo-days', '1'], { CHATLAKE_PORT: '0', ...env });
const addressOf = async (run: CliRun) => (await run.says(/Page: +(http:\S+)/))[1] ?? '';
const messagesAt = async (url: string) => {
  const { channels } = (await (await fetch(`${url}/api/summary`)).json()) as Channels;
  return channels.reduce((sum, { messages }) => sum + messages, 0);
};
const received = async (url: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^chatlake_received_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
};
const update = (id: number) => ({
  update_id: id,
  message: {
    message_id: id,
    date: Math.floor(Date.now() / 1000),
    chat: { id: -100, type: 'group' },
    from: { id: 1, is_bot: false, first_name: 'A' },
    text: 'oi',
  },
});
/** A message of an export of Telegram Desktop. */
const exported = (id: number) => ({
  id,
  type: 'message',
  date: `2024-07-02T15:00:0${id}`,
  date_unixtime: `${1_719_943_200 + id}`,
  from: 'A',
  from_id: 'user1',
  text: 'oi',
  text_entities: [{ type: 'plain', text: 'oi' }],
});
async function stop(run: CliRun): Promise<void> {
  run.child.kill('SIGTERM');
  expect({ code: await run.ended, err: run.err() }).toEqual({ code: 0, err: '' });
  expect(run.out()).toMatch(/Stopped\.\n$/);
}

describe('chatlake up without any settings', () => {
  it('says that it is a demonstration, sends it through the webhooks, answers, shows the page, and goes on where it stopped', async () => {
    const first = up();
    await first.says(READY);
    expect(first.out()).toContain('DEMONSTRATION');
    expect(first.out()).toMatch(/People write most around \d+:00/);
    expect(first.out()).toMatch(/Most active: \S+/);
    const url = await addressOf(first);
    const sent = Number((await first.says(/(\d+) webhook calls sent/))[1]);
    expect(sent).toBeGreaterThan(50);
    expect(await received(url)).toBeGreaterThanOrEqual(sent);
    const page = await (await fetch(url, { headers: { 'accept-language': 'pt-BR' } })).text();
    expect(page).toContain('<html lang="pt-BR" data-demo>');
    expect(
      (await fetch(`${url}/webhook/telegram`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status,
    ).toBe(401);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    const before = await messagesAt(url);
    expect(before).toBeGreaterThan(20);
    await stop(first);

    const second = up();
    await second.says(READY);
    expect(Number((await second.says(/(\d+) webhook calls sent/))[1])).toBeLessThan(sent);
    expect(await messagesAt(await addressOf(second))).toBeGreaterThanOrEqual(before);
    await stop(second);
  });

  it('keeps the demonstration apart from the lake of the settings, and plays it once at a time', async () => {
    const run = up({ CHATLAKE_RAW: './mine' });
    await run.says(READY);
    expect(existsSync(join(folder, 'mine'))).toBe(false);
    const other = up();
    expect(await other.ended).toBe(1);
    expect(other.err()).toMatch(/^chatlake: The demonstration in data\/demo is running in another window.*\n$/);
    await stop(run);
  });
});

describe('chatlake up over a lake without a channel', () => {
  it('shows what was imported, and no simulation', async () => {
    const chat = { name: 'G', type: 'private_group', id: 7, messages: [exported(1), exported(2)] };
    await writeFile(join(folder, 'result.json'), JSON.stringify(chat));
    expect(await chatlake(folder, ['import', 'result.json']).ended).toBe(0);
    const run = up();
    await run.says(READY);
    expect(run.out()).toMatch(/No channel is set up/);
    expect(await messagesAt(await addressOf(run))).toBe(2);
    expect(existsSync(join(folder, 'data', 'demo'))).toBe(false);
    await stop(run);
  });

  it('takes what a file manager or git leaves in the folders for no lake', async () => {
    await mkdir(join(folder, 'data', 'raw', '_tmp'), { recursive: true });
    await mkdir(join(folder, 'data', 'enriched', '_derived'), { recursive: true });
    for (const name of ['.DS_Store', '.gitkeep', 'notes.txt']) await writeFile(join(folder, 'data', 'raw', name), '');
    const run = up();
    await run.says(/DEMONSTRATION/);
    await stop(run);
  });
});

describe('chatlake up with a channel', () => {
  it('receives by webhook and brings what arrives into the tables, without any simulation', async () => {
    const run = up({ TELEGRAM_WEBHOOK_SECRET: 's3cret', CHATLAKE_REFRESH: '0.05' });
    await run.says(READY);
    const url = await addressOf(run);
    const post = (secret: string) =>
      fetch(`${url}/webhook/telegram`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify(update(1)),
      });
    expect((await post('guess')).status).toBe(401);
    expect((await post('s3cret')).status).toBe(200);
    expect((await post('s3cret')).status).toBe(200);
    await vi.waitFor(async () => expect(await messagesAt(url)).toBe(1), { timeout: 20_000 });
    expect(existsSync(join(folder, 'data', 'demo'))).toBe(false);
    await stop(run);
  });

  it('polls when a token is set and no webhook is', async () => {
    const api = await fakeBotApi({ token: TOKEN });
    api.send({ message: update(7).message });
    const run = up({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: api.url, CHATLAKE_REFRESH: '0.05' });
    await run.says(READY);
    const url = await addressOf(run);
    await vi.waitFor(async () => expect(await messagesAt(url)).toBe(1), { timeout: 20_000 });
    await stop(run);
    await api.close();
  });

  it('ends with one clear line when the token is wrong', async () => {
    const api = await fakeBotApi({ token: TOKEN });
    const run = up({ TELEGRAM_BOT_TOKEN: `${TOKEN}x`, TELEGRAM_API_URL: api.url });
    expect(await run.ended).toBe(1);
    expect(run.err()).toMatch(/^chatlake: .+\n$/);
    expect(run.err()).not.toContain(TOKEN);
    await api.close();
  });

  it('says what is missing when a channel was only begun', async () => {
    const run = up({ WHATSAPP_VERIFY_TOKEN: 'x' });
    expect(await run.ended).toBe(2);
    expect(run.err()).toMatch(/^chatlake: .*WHATSAPP_APP_SECRET.*\n$/);
  });

  it('says that the port is taken when it was asked for', async () => {
    const env = { TELEGRAM_WEBHOOK_SECRET: 's' };
    const run = up(env);
    const { port } = new URL(await addressOf(run));
    await run.says(READY);
    const other = up({ ...env, CHATLAKE_PORT: port });
    expect(await other.ended).toBe(2);
    expect(other.err()).toMatch(/^chatlake: .*CHATLAKE_PORT.*\n$/);
    await stop(run);
  });
});

describe('the command line', () => {
  it('reads .env as editors on Windows write it: a mark in front, lines that end in CR LF', async () => {
    await writeFile(join(folder, '.env'), '\uFEFFCHATLAKE_PORT=none\r\nexport CHATLAKE_TIMEZONE="Nowhere/X"\r\n');
    const run = chatlake(folder, ['status']);
    expect(await run.ended).toBe(2);
    expect(run.err()).toContain('CHATLAKE_PORT must be');
    expect(run.err()).toContain('CHATLAKE_TIMEZONE must be');
  });
  it('tells its version and its commands', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    const versions = chatlake(folder, ['--version']);
    expect(await versions.ended).toBe(0);
    expect(versions.out()).toBe(`${version}\n`);
    const help = chatlake(folder, ['--help']);
    expect(await help.ended).toBe(0);
    for (const name of ['up', 'serve', 'poll', 'query', 'init', 'doctor', 'webhook', 'ddl'])
      expect(help.out()).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each([[['nonsense']], [['up', '--nonsense']], [['up', '--demo-days', 'x']]])(
    'answers %j with what is wrong and exit code 2',
    async (args) => {
      const run = chatlake(folder, args);
      expect(await run.ended).toBe(2);
      expect(run.err()).not.toBe('');
      expect(run.err()).not.toMatch(/^\s+at /m);
    },
  );

  it('names each wrong setting in a line, and keeps secrets to itself', async () => {
    const run = chatlake(folder, ['up'], { CHATLAKE_PORT: 'many', CHATLAKE_TIMEZONE: 'Mars/Base', TELEGRAM_BOT_TOKEN: 'hunter2' });
    expect(await run.ended).toBe(2);
    for (const name of ['CHATLAKE_PORT', 'CHATLAKE_TIMEZONE', 'TELEGRAM_BOT_TOKEN']) expect(run.err()).toContain(name);
    expect(run.err()).not.toContain('hunter2');
    expect(run.err()).not.toMatch(/^\s+at /m);
  });

  it('says where .env holds a setting that was cut off', async () => {
    await writeFile(join(folder, '.env'), 'CHATLAKE_PORT=0\nTELEGRAM_BOT_TOKEN\nCHATLAKE_TIMEZONE=UTC\n');
    const run = chatlake(folder, ['status']);
    expect(await run.ended).toBe(2);
    expect(run.err()).toBe('chatlake: .env cannot be read (line 2 has no "="): mend it, or remove it\n');
  });

  it('reads .env, and lets the real environment win', async () => {
    await writeFile(join(folder, '.env'), 'CHATLAKE_PORT=many\nCHATLAKE_TIMEZONE=Mars/Base\n');
    const run = chatlake(folder, ['up'], { CHATLAKE_TIMEZONE: 'UTC' });
    expect(await run.ended).toBe(2);
    expect(run.err()).toContain('CHATLAKE_PORT');
    expect(run.err()).not.toContain('CHATLAKE_TIMEZONE');
  });
});
