import { setTimeout as delay } from 'node:timers/promises';
import { ChatlakeError } from '../../errors.js';
import type { Clock } from '../../types.js';
import type { PolledUpdate } from './api-types.js';
import { type BotApi, refusalOf } from './client.js';
import { keeper, type Sinks } from './keep.js';
import { ALL_KINDS } from './kinds.js';
import { webhookHost } from './webhook.js';

export interface PollOptions extends Sinks {
  readonly api: BotApi;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Resolves after `ms` or when the signal is aborted, whichever comes first. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Seconds Telegram holds a call open while there is nothing to send. 30 by default. */
  readonly waitSeconds?: number;
  /** Updates of one answer that are durable now, those filtered out not counted. */
  readonly onReceived?: (updates: number) => void;
  readonly onFiltered?: (updates: number) => void;
  /** A failure that will be tried again after `retryInMs`. */
  readonly onError?: (error: Error, retryInMs: number) => void;
}

const LIMIT = 100;
const BACKOFF_MS = 1_000;
const BACKOFF_CAP_MS = 60_000;
/** An empty answer that came sooner than this did not wait; asking again at once would be a busy loop. */
const TOO_SOON_MS = 500;
const CONFIRM_MS = 5_000;

/**
 * Receives updates by getUpdates until the signal is aborted; resolves then. Rejects with ChatlakeError PLATFORM when
 * waiting cannot help: the token is wrong or a webhook is set.
 *
 * An update is confirmed (by the next call's `offset`) only when it and all before it are durable; anything else comes
 * again. So an update may be appended twice, and none is lost. The offset does not outlive the run and is forgotten as
 * soon as an empty answer shows that it took effect: after a week of silence ids start again anywhere, below it too.
 */
export async function pollTelegram(options: PollOptions): Promise<void> {
  const { api, signal, clock, waitSeconds = 30, sleep = sleepUnlessAborted, random = Math.random } = options;
  const keep = keeper(options);
  let offset: number | undefined;
  let failures = 0;
  const pauseAfter = async (error: Error) => {
    failures += 1;
    const retryInMs = Math.max((refusalOf(error)?.retry_after ?? 0) * 1000, backoff(failures, random()));
    options.onError?.(error, retryInMs);
    await sleep(retryInMs, signal);
  };

  while (!signal.aborted) {
    const askedAt = clock.now();
    const asked = await ask(api, offset, waitSeconds, signal);
    if (signal.aborted && 'failure' in asked) break;
    if ('failure' in asked) {
      await pauseAfter(asked.failure);
      continue;
    }
    const { updates } = asked;
    const kept = await keep(updates, offset);
    if (kept.received > 0) options.onReceived?.(kept.received);
    if (kept.filtered > 0) options.onFiltered?.(kept.filtered);
    offset = updates.length === 0 ? undefined : (kept.offset ?? offset);

    if (kept.failure) await pauseAfter(kept.failure);
    else if (updates.length > 0 && kept.offset === undefined) await pauseAfter(new ChatlakeError('PLATFORM', STUCK));
    else failures = 0;
    if (updates.length === 0 && waitSeconds > 0 && clock.now() - askedAt < TOO_SOON_MS) await sleep(TOO_SOON_MS, signal);
  }
  if (offset !== undefined) await confirm(api, offset);
}

const STUCK = 'Telegram getUpdates: no update of the answer has an update_id, so nothing can be confirmed. They are kept in quarantine.';

type Asked = { readonly updates: readonly PolledUpdate[] } | { readonly failure: Error };

/** One long poll. Rejects when trying again cannot help. */
async function ask(api: BotApi, offset: number | undefined, timeout: number, signal: AbortSignal): Promise<Asked> {
  try {
    return { updates: await api.getUpdates({ ...from(offset), limit: LIMIT, timeout, allowed_updates: ALL_KINDS }, { signal }) };
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    const code = refusalOf(error)?.error_code;
    if (code === 401 || code === 404) throw new ChatlakeError('PLATFORM', WRONG_TOKEN);
    return { failure: code === 409 ? await conflict(api, signal) : error };
  }
}

const WRONG_TOKEN =
  'Telegram does not know this bot token. Set TELEGRAM_BOT_TOKEN to the one @BotFather shows under /mybots, API Token: a token stops working when a new one is made.';

/** Why getUpdates met a 409. Rejects when a webhook is set: that does not pass by itself. */
async function conflict(api: BotApi, signal: AbortSignal): Promise<Error> {
  let url: string;
  try {
    ({ url } = await api.getWebhookInfo({ signal }));
  } catch (error) {
    if (error instanceof ChatlakeError) return error;
    throw error;
  }
  if (url === '') {
    return new ChatlakeError(
      'PLATFORM',
      'Another process polls with this bot token, and Telegram serves only one. Stop the other one; until then each interrupts the other.',
    );
  }
  throw new ChatlakeError(
    'PLATFORM',
    `Telegram delivers this bot's updates to a webhook at ${webhookHost(url)}, so they cannot be polled. To poll here, run "chatlake webhook delete" first (what is pending is kept).`,
  );
}

/** Tells Telegram what is durable, so that the next run does not receive it again. It is only a courtesy: failing is fine. */
async function confirm(api: BotApi, offset: number): Promise<void> {
  try {
    await api.getUpdates({ offset, limit: 1, timeout: 0, allowed_updates: ALL_KINDS }, { signal: AbortSignal.timeout(CONFIRM_MS) });
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
  }
}

/** Doubles from 1 s to at most 60 s; `random` in [0, 1) takes off up to half, so that many pollers do not come back together. */
function backoff(failures: number, random: number): number {
  return Math.round(Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** (failures - 1)) * (1 - random / 2));
}

async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const from = (offset: number | undefined) => (offset === undefined ? {} : { offset });
