import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { duration, printable } from '../checks/printable.js';
import { loadSettings, type Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { SetWebhookParams, WebhookInfo } from '../sources/telegram/api-types.js';
import { type BotApi, botApi } from '../sources/telegram/client.js';
import { ALL_KINDS } from '../sources/telegram/kinds.js';
import { missingKinds, WEBHOOK_PATH, WEBHOOK_PORTS } from '../sources/telegram/webhook.js';
import type { Io } from './io.js';
import { requiredToken } from './poll.js';

const TELEGRAM = 'https://api.telegram.org';

interface SetOptions {
  readonly maxConnections?: number;
  readonly ip?: string;
}

interface DeleteOptions {
  readonly dropPending?: boolean;
  readonly yes?: boolean;
}

export function webhookCommand(io: Io): Command {
  const command = new Command('webhook').description('where Telegram delivers updates');
  command
    .command('set')
    .description(`have Telegram deliver to a public https address (${WEBHOOK_PATH} is added when it has no path)`)
    .argument('<public-url>', 'for example https://lake.example.com')
    .option('--max-connections <n>', 'deliveries at once, 1-100 (Telegram: 40)', connections)
    .option('--ip <address>', 'deliver to this IP address instead of resolving the name')
    .action((url: string, options: SetOptions) => setWebhook(io, url, options));
  command
    .command('info')
    .description('show the webhook, what waits and the last error')
    .action(async () => show(io, await clientOf(io, loadSettings(io.env)).getWebhookInfo({ signal: io.stop })));
  command
    .command('delete')
    .description('stop delivery; what is pending is kept for polling')
    .option('--drop-pending', 'destroy what has not been delivered yet')
    .option('--yes', 'do not ask')
    .action((options: DeleteOptions) => deleteWebhook(io, options));
  return command;
}

async function setWebhook(io: Io, given: string, options: SetOptions): Promise<void> {
  const settings = loadSettings(io.env);
  const { webhookSecret, apiUrl } = settings.telegram;
  if (webhookSecret === undefined) {
    throw new ChatlakeError(
      'SETTINGS',
      'TELEGRAM_WEBHOOK_SECRET is not set: without it anyone could write into the lake. "chatlake init" makes one.',
    );
  }
  const params: SetWebhookParams = {
    url: publicUrl(given, apiUrl === TELEGRAM),
    secret_token: webhookSecret,
    allowed_updates: ALL_KINDS,
    ...(options.maxConnections !== undefined && { max_connections: options.maxConnections }),
    ...(options.ip !== undefined && { ip_address: options.ip }),
  };
  const api = clientOf(io, settings);
  await api.setWebhook(params, { signal: io.stop });
  io.stdout.write('The webhook is set.\n');
  show(io, await api.getWebhookInfo({ signal: io.stop }));
}

async function deleteWebhook(io: Io, options: DeleteOptions): Promise<void> {
  const api = clientOf(io, loadSettings(io.env));
  const { url, pending_update_count: pending } = await api.getWebhookInfo({ signal: io.stop });
  const drop = options.dropPending === true;
  if (
    drop &&
    pending > 0 &&
    options.yes !== true &&
    !(await agreed(io, `${pending} pending updates will be lost for ever. Destroy them?`))
  ) {
    throw new ChatlakeError('CANCELLED', 'Nothing was changed. Without --drop-pending the webhook is removed and what is pending is kept.');
  }
  await api.deleteWebhook(drop ? { drop_pending_updates: true } : {}, { signal: io.stop });
  io.stdout.write(
    `${url === '' ? 'No webhook was set' : 'The webhook is removed'}; ${drop ? `${pending} pending updates destroyed` : `${pending} pending updates kept`}.\n`,
  );
  if (!drop) io.stdout.write('Telegram keeps them for 24 hours: "chatlake poll" receives them.\n');
}

async function agreed(io: Io, question: string): Promise<boolean> {
  if (!io.stdin.isTTY) throw new ChatlakeError('USAGE', `${question} Add --yes to say so.`);
  const line = createInterface({ input: io.stdin, output: io.stdout });
  try {
    return /^y(es)?$/i.test((await line.question(`${question} [y/N] `, { signal: io.stop })).trim());
  } finally {
    line.close();
  }
}

/** The address to give to Telegram. `strict`: Telegram's own rules; a Bot API server of one's own has fewer. */
function publicUrl(given: string, strict: boolean): string {
  const wrong = (why: string) =>
    new ChatlakeError('USAGE', `${why} Give the public address of this server, such as https://lake.example.com.`);
  if (!URL.canParse(given)) throw wrong('The webhook needs a whole address, with https://.');
  const url = new URL(given);
  if (strict && url.protocol !== 'https:') throw wrong('Telegram delivers to https addresses only.');
  if (strict && url.port !== '' && !WEBHOOK_PORTS.includes(url.port))
    throw wrong(`Telegram delivers to the ports ${WEBHOOK_PORTS.join(', ')} only, not ${url.port}.`);
  if (url.username !== '' || url.password !== '') throw wrong('The address must hold no user name or password.');
  if (url.pathname === '/') url.pathname = WEBHOOK_PATH;
  return url.href;
}

/** Shows all but the path: it may be a secret. */
function show(io: Io, info: WebhookInfo): void {
  const lines: [string, string][] = [['address', addressOf(info.url)]];
  lines.push(['pending', String(info.pending_update_count)]);
  if (info.url !== '') {
    if (info.max_connections !== undefined) lines.push(['connections', `at most ${info.max_connections}`]);
    if (info.ip_address !== undefined) lines.push(['ip', info.ip_address]);
    const missing = missingKinds(info);
    lines.push(['kinds', missing.length === 0 ? 'all' : `all but ${missing.join(', ')}`]);
    if (info.last_error_date === undefined) lines.push(['last error', 'none']);
    else {
      const age = duration(io.clock.now() / 1000 - info.last_error_date);
      lines.push(['last error', `${age} ago: ${printable(info.last_error_message ?? 'unknown', 200)}`]);
    }
  }
  for (const [name, value] of lines) io.stdout.write(`${name.padEnd(12)} ${value}\n`);
}

function addressOf(url: string): string {
  if (url === '') return 'none: updates wait to be polled';
  if (!URL.canParse(url)) return '(unreadable)';
  const { origin, pathname } = new URL(url);
  return pathname === WEBHOOK_PATH ? `${origin}${WEBHOOK_PATH}` : `${origin}/… (path not shown)`;
}

function clientOf(io: Io, settings: Settings): BotApi {
  return botApi({ token: requiredToken(settings), apiUrl: settings.telegram.apiUrl, fetch: io.fetch });
}

function connections(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100) throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
  return value;
}
