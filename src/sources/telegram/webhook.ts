import type { WebhookInfo } from './api-types.js';
import { ALL_KINDS } from './kinds.js';

/** Where chatlake's server takes updates. */
export const WEBHOOK_PATH = '/webhook/telegram';

/** Ports Telegram connects to: https://core.telegram.org/bots/api#setwebhook. */
export const WEBHOOK_PORTS: readonly string[] = ['443', '80', '88', '8443'];

/** Kinds that Telegram leaves out unless they are named. */
const ONLY_WHEN_NAMED = ['chat_member', 'message_reaction', 'message_reaction_count'];

/** Kinds of updates that Telegram was not asked for. */
export function missingKinds(info: WebhookInfo): string[] {
  const { allowed_updates: allowed } = info;
  return ALL_KINDS.filter((kind) => (allowed === undefined ? ONLY_WHEN_NAMED.includes(kind) : !allowed.includes(kind)));
}

/** A webhook's address as it may be shown: without its query, and its path only where that is chatlake's own. */
export function shownWebhook(url: string): string {
  if (!URL.canParse(url)) return webhookHost(url);
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === WEBHOOK_PATH ? pathname : '/…'}`;
}

/** Host of a webhook's address: the path may be a secret. */
export function webhookHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '(unreadable address)';
}
