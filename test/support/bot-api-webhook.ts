/** The webhook side of the fake Bot API: see `bot-api.ts`. */

export interface QueuedUpdate {
  readonly id: number;
  readonly text: string;
  /** Updates of one chat are delivered in order, one at a time. */
  readonly chat: string;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string | undefined;
  readonly maxConnections: number;
  readonly ip: string | undefined;
}

export interface WebhookQueue {
  start(webhook: Webhook): void;
  /** Looks for something to deliver. */
  kick(): void;
  /** As getWebhookInfo spells it; empty after a success or before any failure. */
  lastError(): { last_error_date?: number; last_error_message?: string };
  /** Resolves when no delivery is under way. */
  stop(): Promise<void>;
}

/** Delivers from `queue`, and takes out what was answered 2xx. */
export function webhookQueue(queue: QueuedUpdate[], retryMs: number): WebhookQueue {
  let webhook: Webhook | undefined;
  let lastError: { last_error_date?: number; last_error_message?: string } = {};
  const busy = new Map<string, Promise<void>>();
  /** Ends the pause before each next attempt. */
  const pauses = new Set<() => void>();
  let cancel = new AbortController();

  const kick = () => {
    if (!webhook) return;
    for (const update of queue) {
      if (busy.size >= webhook.maxConnections) break;
      if (!busy.has(update.chat)) busy.set(update.chat, deliver(update, webhook));
    }
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, retryMs);
      pauses.add(end);
    });
  const deliver = async (update: QueuedUpdate, to: Webhook) => {
    const failure = await post(update, to, cancel.signal);
    if (failure === undefined) {
      const index = queue.indexOf(update);
      if (index !== -1) queue.splice(index, 1);
      lastError = {};
    } else if (webhook) {
      lastError = { last_error_date: Math.floor(Date.now() / 1000), last_error_message: failure };
      await pause();
    }
    busy.delete(update.chat);
    kick();
  };

  return {
    start: (to) => {
      webhook = to;
      lastError = {};
      if (cancel.signal.aborted) cancel = new AbortController();
      kick();
    },
    kick,
    lastError: () => lastError,
    stop: async () => {
      webhook = undefined;
      cancel.abort();
      for (const end of pauses) end();
      await Promise.all(busy.values());
    },
  };
}

/** Posts one update; what went wrong, in Telegram's words, or undefined. */
async function post(update: QueuedUpdate, to: Webhook, signal: AbortSignal): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', ...(to.secret !== undefined && { 'x-telegram-bot-api-secret-token': to.secret }) };
  try {
    const response = await fetch(to.url, { method: 'POST', headers, body: update.text, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.ok ? undefined : `Wrong response from the webhook: ${response.status} ${response.statusText}`;
  } catch (error) {
    const code = error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : '';
    return code === 'ECONNREFUSED' ? 'Connection refused' : 'Connection reset by peer';
  }
}
