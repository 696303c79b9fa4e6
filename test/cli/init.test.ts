import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Command } from 'commander';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readEnvFile, withVariables } from '../../src/cli/init/envfile.js';
import { initCommand } from '../../src/cli/init.js';
import { botApi } from '../../src/sources/telegram/client.js';
import { fakeBotApi, type FakeBotApi } from '../support/bot-api.js';
import { testIo, type TestIo } from '../support/io.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';

let api: FakeBotApi;
let folder: string;
let file: string;
beforeEach(async () => {
  api = await fakeBotApi({ token: TOKEN });
  folder = await mkdtemp(join(tmpdir(), 'chatlake-init-'));
  file = join(folder, '.env');
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

function session(env: Record<string, string> = {}, terminal = true) {
  const to: TestIo = testIo({ terminal, env: { TELEGRAM_API_URL: api.url, ...env } });
  const done = new Command().addCommand(initCommand(to)).parseAsync(['init', '--file', file], { from: 'user' });
  done.catch(() => undefined);
  let read = 0;
  /** Waits until `text` is on the screen, after what was waited for before. */
  const says = (text: string) =>
    vi.waitFor(
      () => {
        const at = to.out().indexOf(text, read);
        expect(at, `${text} in ${to.out().slice(read)}`).toBeGreaterThanOrEqual(0);
        read = at + text.length;
      },
      { timeout: 10_000, interval: 5 },
    );
  const answer = async (question: string, text: string) => {
    await says(question);
    to.input.write(`${text}\r`);
  };
  return { to, done, says, answer };
}

const values = async () => parseEnv(await readFile(file, 'utf8'));
const group = { message: { message_id: 1, date: 1, chat: { id: -100, type: 'supergroup', title: 'Friends' }, text: 'hi' } };

describe('chatlake init', () => {
  test('asks for everything, learns the group from its first message, and leaves that message for the poller', async () => {
    api.setMe({ can_read_all_group_messages: false });
    const { to, done, says, answer } = session();
    await answer('Bot token', TOKEN);
    await says('@fake_bot');
    await says('/setprivacy');
    await says('Waiting for it');
    const id = api.send(group);
    await says('-100  supergroup  Friends');
    await answer('Keep this group only?', '');
    await answer('webhook', 'y');
    await answer('WhatsApp', 'y');
    await answer('App Secret', 'app-secret-value');
    await answer('Phone number ids', '+1 555 0001');
    await says('digits only');
    await answer('Phone number ids', '15550001, 15550002');
    await answer('Time zone', 'Nowhere/Else');
    await answer('Time zone', 'Europe/Lisbon');
    await answer('Write ', '');
    await done;

    expect(await values()).toMatchObject({
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_CHAT_ID: '-100',
      TELEGRAM_WEBHOOK_SECRET: expect.stringMatching(/^[\w-]{40,}$/) as string,
      WHATSAPP_APP_SECRET: 'app-secret-value',
      WHATSAPP_VERIFY_TOKEN: expect.stringMatching(/^[\w-]{30,}$/) as string,
      WHATSAPP_PHONE_NUMBER_ID: '15550001,15550002',
      CHATLAKE_TIMEZONE: 'Europe/Lisbon',
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['.env']);
    expect(api.pending()).toEqual([id]);
    expect(api.requests.filter((request) => 'offset' in request.params)).toEqual([]);
    const secrets = Object.entries(await values()).filter(([name]) => /TOKEN|SECRET/.test(name));
    for (const [, value] of secrets) expect(to.out() + to.err()).not.toContain(value);
  });

  test('asks only for what is missing and keeps the other lines', async () => {
    await writeFile(
      file,
      `# mine\nOTHER="a b"\nTELEGRAM_BOT_TOKEN=${TOKEN}\nTELEGRAM_CHAT_ID=\nWHATSAPP_APP_SECRET=s\nWHATSAPP_VERIFY_TOKEN=v\n`,
      { mode: 0o644 },
    );
    const { to, done, answer } = session({ CHATLAKE_TIMEZONE: 'UTC' });
    await answer('Waiting for it', '');
    await answer('Group id', '-55');
    await answer('webhook', '');
    await answer('Write TELEGRAM_CHAT_ID to', 'y');
    await done;
    expect(await readFile(file, 'utf8')).toBe(
      `# mine\nOTHER="a b"\nTELEGRAM_BOT_TOKEN=${TOKEN}\nTELEGRAM_CHAT_ID=-55\nWHATSAPP_APP_SECRET=s\nWHATSAPP_VERIFY_TOKEN=v\n`,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(to.out()).not.toContain('Bot token');
  });

  test('a wrong token is asked for again, and never shown', async () => {
    const { to, done, answer } = session({ TELEGRAM_CHAT_ID: '-1', TELEGRAM_WEBHOOK_SECRET: 's', CHATLAKE_TIMEZONE: 'UTC' });
    await answer('Bot token', 'not-a-token-at-all');
    await answer('Bot token', '123456789:AAanother-token-of-the-same-bot');
    await answer('does not know this token', TOKEN);
    await answer('WhatsApp', 'n');
    await answer('Write TELEGRAM_BOT_TOKEN to', '');
    await done;
    expect(await values()).toEqual({ TELEGRAM_BOT_TOKEN: TOKEN });
    expect(to.out()).not.toMatch(/AAfake|AAanother|not-a-token/);
  });

  test('several groups: the person names those to keep', async () => {
    api.send(group);
    api.send({ message: { message_id: 2, date: 1, chat: { id: 9, type: 'private', first_name: 'Ana' } } });
    api.send({ my_chat_member: { chat: { id: -200, type: 'group', title: 'Work\u0007' }, date: 1 } });
    const { to, done, says, answer } = session({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: 's', CHATLAKE_TIMEZONE: 'UTC' });
    await says('-200  group  Work\n');
    await answer('Ids to keep', 'Friends');
    await answer('Ids to keep', '-100, -200');
    await answer('WhatsApp', '');
    await answer('Write ', '');
    await done;
    expect(await values()).toEqual({ TELEGRAM_CHAT_ID: '-100,-200' });
    expect(to.out()).not.toContain('Ana');
    expect(api.pending().length).toBe(3);
  });

  test('while a webhook is set it asks for the id instead of taking updates away', async () => {
    await botApi({ token: TOKEN, apiUrl: api.url, fetch }).setWebhook({
      url: 'https://127.0.0.1/hidden',
      secret_token: 's',
      allowed_updates: [],
    });
    const { to, done, says, answer } = session({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: 's', CHATLAKE_TIMEZONE: 'UTC' });
    await says('webhook at 127.0.0.1');
    await answer('Group id', '');
    await answer('WhatsApp', '');
    await done;
    expect(to.out()).toContain('Nothing is missing');
    expect(to.out()).not.toContain('hidden');
    expect(await readdir(folder)).toEqual([]);
  });

  test('writes nothing when told so, at Ctrl-C, at the end of input, or when stopped', async () => {
    const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_CHAT_ID: '-1', TELEGRAM_WEBHOOK_SECRET: 's' };
    const declined = session(env);
    await declined.answer('WhatsApp', '');
    await declined.answer('Time zone', '');
    await declined.answer('Write ', 'n');
    await expect(declined.done).rejects.toMatchObject({ code: 'CANCELLED' });

    const interrupted = session();
    await interrupted.says('Bot token');
    interrupted.to.input.write('123\u0003');
    await expect(interrupted.done).rejects.toMatchObject({ code: 'CANCELLED' });

    const ended = session();
    await ended.says('Bot token');
    ended.to.input.end();
    await expect(ended.done).rejects.toMatchObject({ code: 'CANCELLED' });

    const stopped = session({ TELEGRAM_BOT_TOKEN: TOKEN });
    await stopped.says('Waiting for it');
    stopped.to.abort();
    await expect(stopped.done).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file it cannot change without touching other variables stays as it is', async () => {
    const text = "NOTE='first\nTELEGRAM_CHAT_ID=in a note'\n";
    await writeFile(file, text);
    const { done, answer } = session({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: 's', CHATLAKE_TIMEZONE: 'UTC' });
    await answer('Waiting for it', '');
    await answer('Group id', '-1');
    await answer('WhatsApp', '');
    await expect(done).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('TELEGRAM_CHAT_ID') as string });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('without a terminal it says which variables to set', async () => {
    await expect(session({}, false).done).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('TELEGRAM_CHAT_ID') as string,
    });
  });
});

describe('readEnvFile', () => {
  test('takes no mark in front for a part of the first name', async () => {
    await writeFile(file, '\uFEFFA=1\r\nB=2\r\n');
    expect((await readEnvFile(file)).values).toEqual({ A: '1', B: '2' });
  });
});

describe('withVariables', () => {
  test('sets what it is told and changes no other variable', () => {
    const name = fc.constantFrom('A', 'B', 'C_1', 'TELEGRAM_CHAT_ID');
    const value = fc.stringMatching(/^[ -_a-~]{0,12}$/).filter((text) => !(text.includes("'") && text.includes('"')));
    const line = fc.oneof(
      fc.constantFrom('', '# a comment', '#A=1'),
      fc.tuple(name, fc.stringMatching(/^[\w-]{0,6}$/)).map(([key, text]) => `${key}=${text}`),
    );
    fc.assert(
      fc.property(fc.array(line), fc.dictionary(name, value), (lines, changes) => {
        const text = lines.map((each) => `${each}\n`).join('');
        const written = withVariables(text, changes);
        expect(parseEnv(written)).toEqual({ ...parseEnv(text), ...changes });
      }),
    );
  });
});
