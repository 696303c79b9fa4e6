import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diagnose } from '../../src/checks/diagnose.js';
import type { Finding } from '../../src/checks/finding.js';
import { untranslated } from '../../src/checks/said.js';
import { doctorCommand } from '../../src/cli/doctor.js';
import { openStore } from '../../src/lake/open.js';
import { botApi } from '../../src/sources/telegram/client.js';
import { ALL_KINDS } from '../../src/sources/telegram/kinds.js';
import { closedAddress, fakeBotApi, type FakeBotApi } from '../support/bot-api.js';
import { testIo } from '../support/io.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const BOT = 123456789;
const GIB = 1024 ** 3;

let api: FakeBotApi;
let folder: string;
beforeEach(async () => {
  api = await fakeBotApi({ token: TOKEN, me: { can_join_groups: false } });
  folder = await mkdtemp(join(tmpdir(), 'chatlake-doctor-'));
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const envOf = (extra: Record<string, string> = {}) => ({
  TELEGRAM_BOT_TOKEN: TOKEN,
  TELEGRAM_API_URL: api.url,
  CHATLAKE_RAW: join(folder, 'raw'),
  CHATLAKE_ENRICHED: join(folder, 'enriched'),
  ...extra,
});

async function findings(env: Record<string, string>, options: { now?: () => number; free?: number } = {}): Promise<Finding[]> {
  const found: Finding[] = [];
  const spaceAt = async () => ({ free: (options.free ?? 50) * GIB, total: 100 * GIB });
  for await (const finding of diagnose({ env, clock: { now: options.now ?? Date.now }, fetch, openStore, spaceAt })) found.push(finding);
  expect(JSON.stringify(found)).not.toContain(TOKEN);
  // Whatever the checks say here, the page says in each of its languages.
  expect(found.flatMap(({ said }) => Object.values(said).flatMap(untranslated))).toEqual([]);
  return found;
}
const about = (found: readonly Finding[], subject: string) => found.find((finding) => finding.subject === subject);
const bad = (found: readonly Finding[]) => found.filter((finding) => finding.level !== 'ok').map((finding) => finding.subject);

async function run(env: Record<string, string>, ...words: string[]) {
  const to = testIo({ env });
  await new Command().addCommand(doctorCommand(to)).parseAsync(['doctor', ...words], { from: 'user' });
  return to;
}

describe('diagnose', () => {
  test('finds nothing wrong with a good set-up', async () => {
    api.setMember(-100, BOT, { status: 'administrator' });
    const found = await findings(envOf({ TELEGRAM_CHAT_ID: '-100' }));
    expect(bad(found)).toEqual([]);
    expect(found.map((finding) => finding.subject)).toEqual(
      expect.arrayContaining([
        'settings',
        'raw lake',
        'enriched lake',
        'disk',
        'time zone',
        'clock',
        'token',
        'chat -100',
        'privacy mode',
        'webhook',
        'whatsapp',
      ]),
    );
  });

  test('names each wrong setting and stops there', async () => {
    const found = await findings(envOf({ CHATLAKE_PORT: 'x', CHATLAKE_TIMEZONE: 'Mars' }));
    expect(found.map((finding) => [finding.level, finding.subject])).toEqual([
      ['fail', 'settings'],
      ['fail', 'settings'],
    ]);
    expect(found.map((finding) => finding.message).join()).toContain('CHATLAKE_PORT');
  });

  test('tells a lake that cannot be written, and a full disk', async () => {
    await writeFile(join(folder, 'file'), '');
    const found = await findings(envOf({ CHATLAKE_RAW: join(folder, 'file', 'raw') }), { free: 0.01 });
    expect(about(found, 'raw lake')?.level).toBe('fail');
    expect(about(found, 'enriched lake')?.level).toBe('ok');
    expect(about(found, 'disk')?.level).toBe('fail');
    expect(about(await findings(envOf(), { free: 0.5 }), 'disk')?.level).toBe('warn');
  });

  test.each([-60_000, 60_000])('tells a clock that is %i ms off', async (off) => {
    const found = await findings(envOf(), { now: () => Date.now() + off });
    expect(about(found, 'clock')?.level).toBe('warn');
  });

  test('tells a token that Telegram does not know, and one that cannot be checked', async () => {
    const wrong = await findings(envOf({ TELEGRAM_BOT_TOKEN: '123456789:AAanother-token-of-the-same-bot' }));
    expect(about(wrong, 'token')).toMatchObject({ level: 'fail', mend: expect.stringContaining('@BotFather') as string });
    const unreachable = await findings(envOf({ TELEGRAM_API_URL: await closedAddress() }));
    expect(about(unreachable, 'token')?.message).toContain('refused');
    expect(about(unreachable, 'clock')?.level).toBe('warn');
  });

  test('tells privacy mode and how to end it; an administrator is not concerned', async () => {
    api.setMe({ can_read_all_group_messages: false });
    expect(about(await findings(envOf()), 'privacy mode')).toMatchObject({
      level: 'warn',
      mend: expect.stringContaining('/setprivacy') as string,
    });
    api.setMember(-100, BOT, { status: 'member' });
    expect(about(await findings(envOf({ TELEGRAM_CHAT_ID: '-100' })), 'privacy mode')?.level).toBe('fail');
    api.setMember(-100, BOT, { status: 'administrator' });
    expect(about(await findings(envOf({ TELEGRAM_CHAT_ID: '-100' })), 'privacy mode')?.level).toBe('ok');
  });

  test('tells in which chats the bot is no administrator, has left, or that are not there', async () => {
    api.setMember(-1, BOT, { status: 'member' });
    api.setMember(-2, BOT, { status: 'kicked' });
    const found = await findings(envOf({ TELEGRAM_CHAT_ID: '-1,-2,-3,44' }));
    expect(about(found, 'chat -1')).toMatchObject({ level: 'warn', mend: expect.stringContaining('administrator') as string });
    expect(about(found, 'chat -2')?.level).toBe('fail');
    expect(about(found, 'chat -3')?.level).toBe('fail');
    expect(about(found, 'chat 44')).toBeUndefined();
  });

  test('tells the new id of a group that became a supergroup', async () => {
    api.failNext('getChatMember', {
      status: 400,
      body: '{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1009}}',
    });
    expect(about(await findings(envOf({ TELEGRAM_CHAT_ID: '-9' })), 'chat -9')?.mend).toContain('-1009');
  });

  test('warns while anyone can add the bot to other groups', async () => {
    api.setMe({ can_join_groups: true });
    expect(about(await findings(envOf({ TELEGRAM_CHAT_ID: '44' })), 'groups')?.mend).toContain('/setjoingroups');
    expect(about(await findings(envOf()), 'groups')?.message).toContain('every chat');
  });

  test('tells a webhook that fails, lacks kinds, or that nothing here can receive', async () => {
    const client = botApi({ token: TOKEN, apiUrl: api.url, fetch });
    await client.setWebhook({ url: 'https://127.0.0.1:8443/hidden', secret_token: 's', allowed_updates: ['message'] });
    api.send({ message: { message_id: 1, date: 1, chat: { id: 1 }, text: 'x' } });
    const env = envOf({ TELEGRAM_WEBHOOK_SECRET: 's' });
    await expect.poll(async () => about(await findings(env), 'delivery')?.level, { timeout: 10_000 }).toBe('fail');
    const found = await findings(env);
    expect(about(found, 'delivery')?.message).toContain('Connection refused');
    expect(about(found, 'allowed_updates')).toMatchObject({ level: 'warn', message: expect.stringContaining('chat_member') as string });
    expect(JSON.stringify(found)).not.toContain('hidden');
    expect(about(await findings(envOf()), 'webhook')).toMatchObject({
      level: 'fail',
      mend: expect.stringContaining('webhook delete') as string,
    });

    await client.setWebhook({ url: 'https://127.0.0.1:8443/hidden', secret_token: 's', allowed_updates: ALL_KINDS });
    expect(about(await findings(env), 'allowed_updates')?.level).toBe('ok');
  });

  test('tells half a set-up of WhatsApp', async () => {
    expect(about(await findings(envOf({ WHATSAPP_APP_SECRET: 'a' })), 'whatsapp')?.message).toContain('WHATSAPP_VERIFY_TOKEN');
    expect(about(await findings(envOf({ WHATSAPP_VERIFY_TOKEN: 'v' })), 'whatsapp')?.level).toBe('fail');
    const whole = await findings(envOf({ WHATSAPP_APP_SECRET: 'a', WHATSAPP_VERIFY_TOKEN: 'v', WHATSAPP_PHONE_NUMBER_ID: '1,2' }));
    expect(bad(whole)).toEqual([]);
  });

  test('says so when no channel is on at all', async () => {
    expect(bad(await findings(envOf({ TELEGRAM_BOT_TOKEN: '' })))).toEqual(['channels']);
  });

  test('works with the webhook secret alone', async () => {
    const found = await findings(envOf({ TELEGRAM_BOT_TOKEN: '', TELEGRAM_WEBHOOK_SECRET: 's' }));
    expect(bad(found)).toEqual(['token']);
    expect(api.requests).toEqual([]);
  });
});

describe('chatlake doctor', () => {
  const line = (chat: object, more: object = {}) =>
    JSON.stringify({ update_id: 1, message: { chat, date: 1, text: 'secret words', ...more } });
  beforeEach(async () => {
    const day = (date: string) => join(folder, 'raw', 'telegram', `context_date=${date}`);
    await mkdir(day('2024-01-01'), { recursive: true });
    await mkdir(day('2024-01-02'), { recursive: true });
    await writeFile(
      join(day('2024-01-01'), '1-a-1.ndjson'),
      `${line({ id: -5, type: 'group', title: 'Old name' }, { migrate_to_chat_id: -1005 })}\n{"torn`,
    );
    await writeFile(join(day('2024-01-01'), '20240101.json'), line({ id: -1005, type: 'supergroup', title: 'Before' }));
    await writeFile(
      join(day('2024-01-02'), '2-a-1.ndjson'),
      [
        line({ id: -1005, type: 'supergroup', title: 'New\u001B[2J name' }),
        line({ id: 7, type: 'private', first_name: 'Ana' }),
        JSON.stringify({ update_id: 4, callback_query: { data: 'x', message: { chat: { id: -8, type: 'group', title: 'Buttons' } } } }),
      ].join('\n'),
    );
  });

  test('lists the chats in the raw lake, without any text', async () => {
    const to = await run(envOf());
    expect(to.out()).toMatch(/-1005\s+supergroup\s+2 {2}New \[2J name\n/);
    expect(to.out()).toMatch(/-5\s+group\s+1 {2}Old name {2}\(now -1005\)/);
    expect(to.out()).toMatch(/-8\s+group\s+0 {2}Buttons/);
    expect(to.out()).not.toContain('secret words');
    expect(to.exitCode()).toBe(0);
  });

  test('exits with 1 when something fails, and prints JSON on demand', async () => {
    const to = await run(envOf({ TELEGRAM_CHAT_ID: '-3' }), '--json');
    const printed = JSON.parse(to.out()) as { findings: Finding[]; chats: { id: number }[] };
    expect(about(printed.findings, 'chat -3')?.level).toBe('fail');
    expect(printed.chats.map((chat) => chat.id)).toEqual([-1005, -5, 7, -8]);
    expect(to.exitCode()).toBe(1);
  });
});
