import { Command } from 'commander';
import { pino } from 'pino';
import { loadSettings, type Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { storedMigrations } from '../lake/migrations.js';
import { openRawLog, openStore } from '../lake/open.js';
import { botApi } from '../sources/telegram/client.js';
import { pollTelegram } from '../sources/telegram/poll.js';
import { telegramReceiver } from '../sources/telegram/receive.js';
import type { Clock, RawLog, Store } from '../types.js';
import type { Io } from './io.js';

export interface PollerOptions {
  readonly settings: Settings;
  readonly log: RawLog;
  /** Where changed chat ids are remembered: the raw lake. */
  readonly rawStore: Store;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onReceived?: (updates: number) => void;
  readonly onFiltered?: (updates: number) => void;
  readonly onError?: (error: Error, retryInMs: number) => void;
}

/**
 * Polls Telegram into a raw log until the signal is aborted; the log stays open. Throws ChatlakeError SETTINGS without
 * a token, and what `pollTelegram` throws.
 */
export async function runPoller(options: PollerOptions): Promise<void> {
  const { settings, log, rawStore, fetch, clock, signal, onReceived, onFiltered, onError } = options;
  const { apiUrl, chatIds } = settings.telegram;
  const receiver = telegramReceiver({ secret: undefined, chatIds, migrations: storedMigrations(rawStore) });
  await pollTelegram({
    api: botApi({ token: requiredToken(settings), apiUrl, fetch }),
    append: (payload) => settled((done) => log.append(receiver.source, payload, done)),
    reject: (body, reason) => settled((done) => log.reject(receiver.source, Buffer.from(body), reason, done)),
    wants: (payload) => receiver.wants(payload),
    signal,
    clock,
    ...(onReceived && { onReceived }),
    ...(onFiltered && { onFiltered }),
    ...(onError && { onError }),
  });
}

/** The bot's token. Throws ChatlakeError SETTINGS when it is not set. */
export function requiredToken(settings: Settings): string {
  const { token } = settings.telegram;
  if (token !== undefined) return token;
  throw new ChatlakeError('SETTINGS', 'TELEGRAM_BOT_TOKEN is not set. Run "chatlake init", or set it to the token @BotFather gave you.');
}

export function pollCommand(io: Io): Command {
  return new Command('poll').description('receive Telegram by long polling; no public address needed').action(async () => {
    const settings = loadSettings(io.env);
    requiredToken(settings);
    const logger = pino({ base: null }, io.stderr);
    const log = openRawLog(settings.raw, { zone: settings.zone, clock: io.clock, logger }, settings.s3);
    const totals = { received: 0, filtered: 0 };
    try {
      await log.probe();
      logger.info({ raw: settings.raw, chats: settings.telegram.chatIds }, 'polling Telegram');
      await runPoller({
        settings,
        log,
        rawStore: openStore(settings.raw, settings.s3),
        fetch: io.fetch,
        clock: io.clock,
        signal: io.stop,
        onReceived: (updates) => {
          if (totals.received === 0) logger.info({ updates }, 'the first updates are in the lake');
          totals.received += updates;
        },
        onFiltered: (updates) => (totals.filtered += updates),
        onError: (error, retryInMs) => logger.warn({ retry_in_seconds: retryInMs / 1000 }, error.message),
      });
    } finally {
      await log.close();
    }
    logger.info(totals, 'stopped');
  });
}

/** A call that reports by callback, as a promise. */
function settled(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}
