import { ChatlakeError } from '../../errors.js';
import type { Receiver } from '../../types.js';
import { secretMatcher } from '../secret.js';

/** What the lake remembers of groups whose id changed. */
export interface Migrations {
  /** Every pair [old id, new id] learned so far, by any process. */
  known(): Promise<readonly (readonly [number, number])[]>;
  /** Durable when it resolves; learning a pair again is fine. */
  learn(from: number, to: number): Promise<void>;
}

export interface TelegramReceiverOptions {
  /** `secret_token` of setWebhook; without one no request is admitted. */
  readonly secret: string | undefined;
  /** Chats to keep; empty = every chat. */
  readonly chatIds: readonly number[];
  readonly migrations: Migrations;
}

type Fields = Readonly<Record<string, unknown>>;

const HEADER = 'x-telegram-bot-api-secret-token';
/** Milliseconds for which what was learned is not read again on account of a chat seen before. */
const REFRESH = 5000;
/** Ids of filtered chats that are remembered as seen. */
const MAX_SEEN = 10_000;

/**
 * Telegram's webhook (core.telegram.org/bots/api#setwebhook): the secret stands in a header, updates are not signed.
 *
 * The filter drops an update only when it names a chat and that chat is not wanted. Updates that name none (inline
 * queries, polls and their answers, payments, buttons under inline messages) are kept, unknown kinds included. When a
 * wanted group changes its id, the new id is wanted too, here and in every process that shares the lake.
 */
export function telegramReceiver(options: TelegramReceiverOptions): Receiver {
  const matches = secretMatcher(options.secret);
  return {
    source: 'telegram',
    admits: (headers) => {
      const given = headers[HEADER];
      return matches(typeof given === 'string' ? given : '');
    },
    authentic: () => true,
    wants: options.chatIds.length === 0 ? () => true : chatFilter(options.chatIds, options.migrations),
  };
}

function chatFilter(chatIds: readonly number[], migrations: Migrations): (update: Fields) => boolean | Promise<boolean> {
  const wanted = new Set(chatIds);
  const seen = new Set<number>();
  let read = -Infinity;

  function wants(update: Fields): boolean | Promise<boolean> {
    const named = chatsOf(update);
    if (named.length === 0) return true;
    let keep = false;
    for (const { id, to } of named) {
      if (!wanted.has(id)) continue;
      if (to !== undefined && !wanted.has(to)) return learn(id, to);
      keep = true;
    }
    return keep || unknown(named);
  }

  async function learn(from: number, to: number): Promise<boolean> {
    await durable(() => migrations.learn(from, to));
    wanted.add(to);
    return true;
  }

  function unknown(named: readonly NamedChat[]): boolean | Promise<boolean> {
    for (const { id, from } of named) if (from !== undefined && wanted.has(from)) return learn(from, id);
    // Another process may have learned of this chat. The first message of a chat always looks; later ones now and then.
    const fresh = named.every(({ id }) => seen.has(id)) && performance.now() - read < REFRESH;
    return fresh ? false : refreshed(named);
  }

  async function refreshed(named: readonly NamedChat[]): Promise<boolean> {
    const began = performance.now();
    follow(wanted, await durable(() => migrations.known()));
    read = began;
    if (seen.size > MAX_SEEN) seen.clear();
    for (const { id } of named) seen.add(id);
    for (const { id, from } of named) if (from !== undefined && !wanted.has(id) && wanted.has(from)) return learn(from, id);
    return named.some(({ id }) => wanted.has(id));
  }

  return wants;
}

/** Adds to `wanted` what its members became, through any number of changes. */
function follow(wanted: Set<number>, pairs: readonly (readonly [number, number])[]): void {
  for (let grown = true; grown;) {
    const before = wanted.size;
    for (const [from, to] of pairs) if (wanted.has(from)) wanted.add(to);
    grown = wanted.size > before;
  }
}

async function durable<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new ChatlakeError(
      'LAKE_UNAVAILABLE',
      'Cannot read or write the changed chat ids under _state/telegram in the raw lake: check that it is writable',
      {
        cause: error,
      },
    );
  }
}

interface NamedChat {
  readonly id: number;
  /** `migrate_to_chat_id` and `migrate_from_chat_id` of the message. */
  readonly to?: number | undefined;
  readonly from?: number | undefined;
}

/** The chats that an update names: in the value of its kind, or in the message that value is about. */
function chatsOf(update: Fields): NamedChat[] {
  const named: NamedChat[] = [];
  for (const key in update) {
    const value = update[key];
    if (!isObject(value)) continue;
    const chat = named.length;
    add(value);
    if (named.length === chat && isObject(value['message'])) add(value['message']);
  }
  return named;

  function add(fields: Fields): void {
    const chat = fields['chat'];
    const id = isObject(chat) ? idOf(chat['id']) : undefined;
    if (id !== undefined) named.push({ id, to: idOf(fields['migrate_to_chat_id']), from: idOf(fields['migrate_from_chat_id']) });
  }
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const idOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
