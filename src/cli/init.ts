import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { isDeepStrictEqual, parseEnv } from 'node:util';
import { Command } from 'commander';
import { printable } from '../checks/printable.js';
import { ChatlakeError } from '../errors.js';
import type { BotUser } from '../sources/telegram/api-types.js';
import { type BotApi, botApi, refusalOf } from '../sources/telegram/client.js';
import { webhookHost } from '../sources/telegram/webhook.js';
import { zoneOf } from '../zone.js';
import { readEnvFile, withVariables, writeEnvFile } from './init/envfile.js';
import { waitForGroup } from './init/group.js';
import { type Prompt, terminalPrompt } from './init/prompt.js';
import type { Io } from './io.js';

const TOKEN = /^\d+:[\w-]{20,}$/;

/** What is known so far and what was learned now. */
interface Draft {
  /** Empty values count as absent. */
  known(name: string): string | undefined;
  readonly learned: Record<string, string>;
}

export function initCommand(io: Io): Command {
  return new Command('init')
    .description('ask for what is missing and write .env')
    .option('--file <path>', 'the file to write', '.env')
    .action(({ file }: { file: string }) => init(io, file));
}

async function init(io: Io, file: string): Promise<void> {
  if (!io.stdin.isTTY || !io.stdout.isTTY) {
    throw new ChatlakeError(
      'USAGE',
      'init asks questions and needs a terminal. Without one, set TELEGRAM_BOT_TOKEN (or TELEGRAM_WEBHOOK_SECRET), TELEGRAM_CHAT_ID, CHATLAKE_TIMEZONE and, for WhatsApp, WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN and WHATSAPP_PHONE_NUMBER_ID.',
    );
  }
  const before = await readEnvFile(file);
  const learned: Record<string, string> = {};
  const known = (name: string) =>
    [learned[name], io.env[name], before.values[name]].find((value) => value !== undefined && value.trim() !== '');
  const draft: Draft = { known, learned };
  const prompt = terminalPrompt(io.stdin, io.stdout, io.stop);
  try {
    await askTelegram(io, prompt, draft);
    await askWhatsapp(prompt, draft);
    await askZone(prompt, draft);
    await write(prompt, file, before.text, learned);
  } finally {
    prompt.close();
  }
}

async function write(prompt: Prompt, file: string, text: string, learned: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(learned);
  const path = resolve(file);
  if (names.length === 0) return prompt.say(`\nNothing is missing; ${path} stays as it is. Next: chatlake doctor`);
  const changed = withVariables(text, learned);
  if (!isDeepStrictEqual({ ...parseEnv(changed) }, { ...parseEnv(text), ...learned })) {
    throw new ChatlakeError('USAGE', `${path} cannot be changed line by line. Set ${names.join(', ')} there by hand. Nothing was written.`);
  }
  const others = text === '' ? '' : ' Its other lines stay.';
  if (!(await prompt.confirm(`\nWrite ${names.join(', ')} to ${path}?${others}`, true))) {
    throw new ChatlakeError('CANCELLED', 'Nothing was written.');
  }
  await writeEnvFile(file, changed);
  prompt.say('Written, readable by you only. Next: chatlake doctor, then chatlake up');
}

async function askTelegram(io: Io, prompt: Prompt, draft: Draft): Promise<void> {
  const found = await askToken(io, prompt, draft);
  if (!found) return;
  const { api, bot } = found;
  if (bot) showBot(prompt, bot);
  if (draft.known('TELEGRAM_CHAT_ID') === undefined) await askGroup(io, prompt, draft, api, bot);
  if (draft.known('TELEGRAM_WEBHOOK_SECRET') === undefined) {
    const wanted = await prompt.confirm(
      '\nWill Telegram deliver to a public https address of yours (a webhook)? Without one, chatlake polls.',
      false,
    );
    if (wanted) draft.learned['TELEGRAM_WEBHOOK_SECRET'] = randomBytes(32).toString('base64url');
  }
}

/** A token that Telegram takes, or that could not be checked and is kept all the same. Undefined = no Telegram. */
async function askToken(io: Io, prompt: Prompt, draft: Draft): Promise<{ api: BotApi; bot?: BotUser } | undefined> {
  const apiUrl = (draft.known('TELEGRAM_API_URL') ?? 'https://api.telegram.org').replace(/\/+$/, '');
  let token = draft.known('TELEGRAM_BOT_TOKEN');
  if (token === undefined) prompt.say('Telegram: tell @BotFather /newbot (or /mybots, API Token) and copy the token it gives you.');
  for (;;) {
    const given = token ?? (await prompt.askUnseen('Bot token (not shown; Enter for no Telegram): '));
    token = undefined;
    if (given === '') return undefined;
    if (!TOKEN.test(given)) {
      prompt.say('This is not a bot token: it looks like 123456789:AA...');
      continue;
    }
    const api = botApi({ token: given, apiUrl, fetch: io.fetch });
    const keep = () => given === draft.known('TELEGRAM_BOT_TOKEN') || (draft.learned['TELEGRAM_BOT_TOKEN'] = given);
    try {
      const bot = await api.getMe({ signal: io.stop });
      keep();
      return { api, bot };
    } catch (error) {
      if (!(error instanceof ChatlakeError) || error.code === 'CANCELLED') throw error;
      const code = refusalOf(error)?.error_code;
      if (code === 401 || code === 404) prompt.say('Telegram does not know this token. Copy it again from @BotFather.');
      else {
        prompt.say(error.message);
        if (!(await prompt.confirm('Keep the token without checking it?', false))) continue;
        keep();
        return { api };
      }
    }
  }
}

function showBot(prompt: Prompt, bot: BotUser): void {
  prompt.say(`This is @${printable(bot.username ?? '')}, ${printable(bot.first_name ?? '')}.`);
  if (bot.can_read_all_group_messages === false) {
    prompt.say(
      'Privacy mode is on: in a group it sees only commands and replies to it. Tell @BotFather /setprivacy, Disable,\nbefore you add it to the group (or add it again afterwards), or make it an administrator there.',
    );
  }
}

async function askGroup(io: Io, prompt: Prompt, draft: Draft, api: BotApi, bot: BotUser | undefined): Promise<void> {
  const url = await webhookOf(api, io.stop);
  if (url !== '') {
    prompt.say(
      url === undefined
        ? '\nThe group cannot be looked up now.'
        : `\nUpdates go to a webhook at ${printable(webhookHost(url))}, so the group cannot be looked up here.`,
    );
    return remember(draft, await askIds(prompt, 'Group id (-100...; Enter for every chat): '));
  }
  prompt.say(
    `\nAdd ${bot?.username === undefined ? 'the bot' : `@${printable(bot.username)}`} to the group and write a message there. Waiting for it; Enter skips.`,
  );
  const groups = await waitForGroup(api, prompt, io.stop);
  if (io.stop.aborted) throw new ChatlakeError('CANCELLED', 'Stopped. Nothing was written.');
  if (groups.length === 0) return remember(draft, await askIds(prompt, 'Group id (-100...; Enter for every chat): '));
  for (const { id, type, title } of groups) prompt.say(`  ${id}  ${type}  ${title}`);
  const first = groups[0];
  if (groups.length === 1 && first) {
    if (await prompt.confirm('Keep this group only?', true)) remember(draft, String(first.id));
  } else remember(draft, await askIds(prompt, 'Ids to keep, separated by commas (Enter for every chat): '));
}

/** Undefined when Telegram could not be asked. */
async function webhookOf(api: BotApi, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await api.getWebhookInfo({ signal })).url;
  } catch (error) {
    if (!(error instanceof ChatlakeError) || error.code === 'CANCELLED') throw error;
    return undefined;
  }
}

const askIds = (prompt: Prompt, question: string): Promise<string> =>
  askNumbers(prompt, question, /^-?\d{1,16}$/, 'Chat ids are numbers such as -1001234567890.');

/** Numbers separated by commas; empty when Enter alone was pressed. Asks again, with `wrong`, until each is like `each`. */
async function askNumbers(prompt: Prompt, question: string, each: RegExp, wrong: string): Promise<string> {
  for (;;) {
    const given = (await prompt.ask(question)).replaceAll(/\s/g, '');
    if (given === '' || given.split(',').every((one) => each.test(one))) return given;
    prompt.say(wrong);
  }
}

function remember(draft: Draft, ids: string): void {
  if (ids !== '') draft.learned['TELEGRAM_CHAT_ID'] = ids;
}

async function askWhatsapp(prompt: Prompt, draft: Draft): Promise<void> {
  const missing = ['WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'].filter((name) => draft.known(name) === undefined);
  if (draft.known('VERIFY_TOKEN') !== undefined && missing.length === 1) return;
  if (missing.length === 0) return;
  if (missing.length === 2 && !(await prompt.confirm('\nReceive from WhatsApp Business too?', false))) return;
  if (draft.known('WHATSAPP_APP_SECRET') === undefined) {
    const secret = await prompt.askUnseen('App Secret (developers.facebook.com, Settings, Basic; not shown): ');
    if (secret === '') return prompt.say('Without the App Secret nothing can be received: WhatsApp stays off.');
    draft.learned['WHATSAPP_APP_SECRET'] = secret;
  }
  if (draft.known('WHATSAPP_VERIFY_TOKEN') === undefined) {
    draft.learned['WHATSAPP_VERIFY_TOKEN'] = randomBytes(24).toString('base64url');
    prompt.say('A verify token is made and goes into the file: enter the same under WhatsApp, Configuration.');
  }
  if (draft.known('WHATSAPP_PHONE_NUMBER_ID') === undefined) {
    const ids = await askNumbers(
      prompt,
      'Phone number ids to keep, separated by commas (Enter for every number): ',
      /^\d{1,32}$/,
      'A phone number id is what the app shows under the number: digits only, such as 106540352242922.',
    );
    if (ids !== '') draft.learned['WHATSAPP_PHONE_NUMBER_ID'] = ids;
  }
}

async function askZone(prompt: Prompt, draft: Draft): Promise<void> {
  if (draft.known('CHATLAKE_TIMEZONE') !== undefined) return;
  for (;;) {
    const given = await prompt.ask('\nTime zone that cuts the days (Enter for America/Sao_Paulo): ');
    const zone = given === '' ? 'America/Sao_Paulo' : given;
    if (zoneOf(zone)) {
      draft.learned['CHATLAKE_TIMEZONE'] = zone;
      return;
    }
    prompt.say('There is no such time zone. Give an IANA name such as Europe/Lisbon, or an offset such as -03:00.');
  }
}
