import type { Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { BotUser, WebhookInfo } from '../sources/telegram/api-types.js';
import { type BotApi, refusalOf } from '../sources/telegram/client.js';
import { missingKinds, webhookHost } from '../sources/telegram/webhook.js';
import type { Clock } from '../types.js';
import { fail, type Finding, ok, warn } from './finding.js';
import { duration, printable } from './printable.js';
import { type Said, say } from './said.js';

const CLOCK_OFF = 30;

/** Compares the clock with the `Date` of an answer of the Bot API's host; the token is not sent. */
export async function checkClock(apiUrl: string, send: typeof fetch, clock: Clock): Promise<Finding> {
  const before = clock.now();
  let date: number;
  try {
    const response = await send(`${apiUrl}/`, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    date = Date.parse(response.headers.get('date') ?? '');
    await response.body?.cancel();
  } catch {
    return warn('clock', 'not compared: Telegram could not be reached', 'Check the network and TELEGRAM_API_URL.');
  }
  if (Number.isNaN(date)) return ok('clock', 'not compared: the server tells no time');
  // The header has whole seconds, and the answer was written between asking and receiving.
  const off = Math.max(date - clock.now(), before - (date + 1_000), 0) / 1_000;
  if (off <= CLOCK_OFF) return ok('clock', 'agrees with Telegram');
  return warn(
    'clock',
    say`${duration(off)} away from Telegram's`,
    "Set this machine's clock (for example by NTP): arrival dates the raw files.",
  );
}

/** Everything that Telegram itself can tell about the set-up. */
export async function* checkTelegram(settings: Settings, api: BotApi, clock: Clock): AsyncGenerator<Finding> {
  let bot: BotUser;
  try {
    bot = await api.getMe();
  } catch (error) {
    yield tokenFinding(error, api.host);
    return;
  }
  yield ok('token', say`belongs to @${printable(bot.username ?? String(bot.id))}`);

  const { chatIds } = settings.telegram;
  const groups = chatIds.filter((id) => id < 0);
  let admin = groups.length > 0;
  for (const id of groups) {
    const finding = await checkGroup(api, id, bot.id);
    if (finding.level !== 'ok') admin = false;
    yield finding;
  }
  yield privacy(bot, admin, groups.length > 0);
  if (bot.can_join_groups === true) yield joining(chatIds.length > 0);
  yield* checkWebhook(settings, api, clock);
}

function tokenFinding(error: unknown, host: string): Finding {
  if (!(error instanceof ChatlakeError)) throw error;
  const code = refusalOf(error)?.error_code;
  if (code === 401 || code === 404) {
    return fail('token', 'Telegram does not know it', 'Set TELEGRAM_BOT_TOKEN to the one @BotFather shows under /mybots, API Token.');
  }
  return fail('token', say`not checked: ${error.message}`, say`See whether ${host} can be reached from here, then run the check again.`);
}

async function checkGroup(api: BotApi, chatId: number, botId: number): Promise<Finding> {
  const subject = say`chat ${chatId}`;
  const promote = 'Make the bot an administrator of the group (no single right is needed): only then reactions, joins and leaves are sent.';
  try {
    const { status } = await api.getChatMember(chatId, botId);
    if (status === 'administrator' || status === 'creator') return ok(subject, 'the bot is an administrator');
    if (status === 'left' || status === 'kicked') return fail(subject, say`the bot is not in it (${status})`, 'Add the bot to the group.');
    return warn(subject, say`the bot is a ${printable(status)}, not an administrator`, promote);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.migrate_to_chat_id !== undefined) {
      return warn(
        subject,
        say`became the supergroup ${refusal.migrate_to_chat_id}`,
        say`Put ${refusal.migrate_to_chat_id} in TELEGRAM_CHAT_ID too; leave the old id for its history.`,
      );
    }
    if (!(error instanceof ChatlakeError)) throw error;
    if (refusal?.error_code === undefined || refusal.error_code === 429)
      return warn(subject, say`not checked: ${error.message}`, 'Run the check again.');
    return fail(
      subject,
      say`the bot cannot see it: ${printable(refusal.description, 200)}`,
      'Check the id in TELEGRAM_CHAT_ID (groups are negative), and add the bot to the group.',
    );
  }
}

function privacy(bot: BotUser, adminEverywhere: boolean, groupsKnown: boolean): Finding {
  if (bot.can_read_all_group_messages !== false) return ok('privacy mode', 'off: the bot sees every message of its groups');
  if (adminEverywhere) return ok('privacy mode', 'on, and without effect where the bot is an administrator');
  return (groupsKnown ? fail : warn)(
    'privacy mode',
    'on: in groups the bot receives only commands and replies to it',
    'Tell @BotFather /setprivacy, choose the bot, Disable; then remove the bot from the group and add it again. Or make it an administrator.',
  );
}

function joining(filtered: boolean): Finding {
  const mend = say`Tell @BotFather /setjoingroups, choose the bot, Disable.`;
  if (filtered) return warn('groups', 'anyone can still add the bot to other groups; TELEGRAM_CHAT_ID leaves those out of the lake', mend);
  return warn(
    'groups',
    'TELEGRAM_CHAT_ID is empty and anyone can add the bot to a group: every chat goes into the lake',
    say`Set TELEGRAM_CHAT_ID to the chats you mean. ${mend}`,
  );
}

const updatesWait = ({ pending_update_count: count }: WebhookInfo): Said => say`${count} updates wait`;

async function* checkWebhook(settings: Settings, api: BotApi, clock: Clock): AsyncGenerator<Finding> {
  const info = await api.getWebhookInfo().catch((error: unknown) => {
    if (error instanceof ChatlakeError) return error;
    throw error;
  });
  if (info instanceof ChatlakeError) {
    yield warn('webhook', say`not checked: ${info.message}`, 'Run the check again.');
    return;
  }
  const pending = updatesWait(info);
  if (info.url === '') {
    yield ok('webhook', say`none: "chatlake up" and "chatlake poll" receive by polling; ${pending}`);
    return;
  }
  const host = printable(webhookHost(info.url));
  if (settings.telegram.webhookSecret === undefined) {
    yield fail(
      'webhook',
      say`set to ${host}, but TELEGRAM_WEBHOOK_SECRET is not set here: neither webhook nor polling can receive`,
      'To poll: chatlake webhook delete. To receive by webhook: set the secret, then chatlake webhook set.',
    );
  } else yield ok('webhook', say`set to ${host}; ${pending}`);
  yield lastError(info, clock);
  const missing = missingKinds(info);
  yield missing.length === 0
    ? ok('allowed_updates', 'every kind of update is sent')
    : warn(
        'allowed_updates',
        say`not sent: ${missing.join(', ')}`,
        'Run chatlake webhook set with the same address again: it asks for every kind.',
      );
}

function lastError(info: WebhookInfo, clock: Clock): Finding {
  if (info.last_error_date === undefined) return ok('delivery', 'no error');
  const age = Math.max(0, clock.now() / 1000 - info.last_error_date);
  const message = say`last error ${duration(age)} ago: ${printable(info.last_error_message ?? 'unknown', 200)}; ${updatesWait(info)}`;
  if (info.pending_update_count === 0) return ok('delivery', message);
  return fail(
    'delivery',
    message,
    'See that the server runs, is reachable from outside under a valid certificate and has the same TELEGRAM_WEBHOOK_SECRET; updates are kept for 24 hours.',
  );
}
