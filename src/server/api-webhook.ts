import type { Hono } from 'hono';
import { printable } from '../checks/printable.js';
import type { Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { WebhookInfo } from '../sources/telegram/api-types.js';
import { botApi } from '../sources/telegram/client.js';
import { missingKinds, shownWebhook } from '../sources/telegram/webhook.js';
import type { WebhooksView } from './api-types.js';
import { FRESH } from './failures.js';
import { kept } from './kept.js';

export interface WebhookApi {
  readonly settings: Settings;
  readonly demo: boolean;
  readonly fetch: typeof fetch;
}

type Telegram = WebhooksView['telegram'];

/** How long what Telegram said is not asked again. */
const ASK_AGAIN_MS = 20_000;
const NOTHING = { url: null, pending: null, lastError: null, maxConnections: null, notSent: [] } as const;

/** Adds `/api/webhooks`. It tells no token and no secret: not even an address's path that is not chatlake's own. */
export function mountWebhooks(app: Hono, { settings, demo, fetch }: WebhookApi): void {
  const telegram = kept(ASK_AGAIN_MS, () => telegramState(settings, demo, fetch));
  const { appSecret } = settings.whatsapp;
  app.get('/api/webhooks', async (c) => {
    const whatsapp = { state: demo ? ('demo' as const) : appSecret === undefined ? ('off' as const) : ('set' as const) };
    return c.json({ telegram: await telegram(), whatsapp } satisfies WebhooksView, 200, FRESH);
  });
}

async function telegramState({ telegram }: Settings, demo: boolean, send: typeof fetch): Promise<Telegram> {
  const { token, apiUrl, webhookSecret } = telegram;
  if (demo) return { state: 'demo', ...NOTHING };
  if (token === undefined) return { state: webhookSecret === undefined ? 'off' : 'set', ...NOTHING };
  try {
    return told(await botApi({ token, apiUrl, fetch: send }).getWebhookInfo());
  } catch (error) {
    if (error instanceof ChatlakeError) return { state: 'trouble', ...NOTHING };
    throw error;
  }
}

function told(info: WebhookInfo): Telegram {
  return {
    state: info.url === '' ? 'none' : 'set',
    url: info.url === '' ? null : shownWebhook(info.url),
    pending: info.pending_update_count,
    lastError:
      info.last_error_date === undefined
        ? null
        : { at: info.last_error_date * 1000, message: printable(info.last_error_message ?? '', 200) },
    maxConnections: info.max_connections ?? null,
    notSent: info.url === '' ? [] : missingKinds(info),
  };
}
