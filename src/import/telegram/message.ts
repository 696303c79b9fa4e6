import type { Found } from '../types.js';
import { defined, type Loose, stableNumber, text, whole } from '../values.js';
import { contentOf, textOf } from './content.js';
import { reactionCounts, serviceContent } from './service.js';

/** Written into each raw line, and so into each row. */
export const TELEGRAM_MARK = 'telegram-desktop';

/** A chat of an export as the Bot API names it. */
export interface Chat {
  readonly chat: Loose;
  readonly id: number;
  readonly name: string;
  readonly channel: boolean;
  /** Whether every account counts the messages alike: only then do ids line up with what a bot received. */
  readonly shared: boolean;
  /** The other side of a chat with a bot. */
  readonly bot: number | undefined;
}

const SUPERGROUP = 1_000_000_000_000;
const TYPES: Readonly<Record<string, string>> = {
  private_supergroup: 'supergroup',
  public_supergroup: 'supergroup',
  private_channel: 'channel',
  public_channel: 'channel',
  private_group: 'group',
};

/** Telegram Desktop writes ids without what tells kinds of chats apart: `-100` in front of supergroups and channels, `-` of groups. */
export function chatOf(header: Loose): Chat {
  const bare = whole(header['id']);
  const name = text(header['name']);
  const kind = text(header['type']);
  const type = (kind !== undefined && Object.hasOwn(TYPES, kind) && TYPES[kind]) || (kind === undefined ? 'group' : 'private');
  const shared = type === 'supergroup' || type === 'channel';
  const positive = bare === undefined ? stableNumber('chat', kind ?? null, name ?? null) : Math.abs(bare);
  const id =
    bare === undefined
      ? -positive
      : shared
        ? positive > SUPERGROUP
          ? -positive
          : -SUPERGROUP - positive
        : type === 'group'
          ? -positive
          : positive;
  const chat = type === 'private' ? defined({ id, type, first_name: name }) : defined({ id, type, title: name });
  return {
    chat,
    id,
    name: name ?? (kind === 'saved_messages' ? 'saved messages' : String(id)),
    channel: type === 'channel',
    shared: shared && bare !== undefined,
    bot: kind === 'bot_chat' ? bare : undefined,
  };
}

const CHAT_BEFORE_2021 = 2 ** 33;
const USER_BEFORE_2021 = 2 ** 32;

/** `user123`, `channel123`, `chat123`; before 2021 a number with the kind in its 33rd and 34th bit. */
function peer(value: unknown): { readonly user: number } | { readonly chat: number } | undefined {
  const named = typeof value === 'string' ? /^(user|channel|chat)(\d{1,15})$/.exec(value) : null;
  if (named) {
    const id = Number(named[2]);
    return named[1] === 'user' ? { user: id } : { chat: named[1] === 'channel' ? -SUPERGROUP - id : -id };
  }
  const bare = whole(value);
  if (bare === undefined || bare <= 0) return undefined;
  if (bare >= CHAT_BEFORE_2021) return { chat: -SUPERGROUP - (bare - CHAT_BEFORE_2021) };
  return { user: bare >= USER_BEFORE_2021 ? bare - USER_BEFORE_2021 : bare };
}

export interface Context {
  readonly bots: ReadonlySet<number>;
  /** Epoch seconds of a wall clock time, for exports that tell no others. */
  readonly epochOf: (local: string) => number | undefined;
  readonly ordinal: (key: string, date: number) => number;
}

/** What one element of `messages` becomes: the message, and a count of its reactions where it has some. */
export function messageFound(message: Loose, inChat: Chat, context: Context): Found[] {
  const service = message['type'] === 'service';
  const date = whole(message['date_unixtime']) ?? context.epochOf(text(message['date']) ?? '');
  const edited =
    whole(message['edited_unixtime']) ?? (message['edited'] === undefined ? undefined : context.epochOf(text(message['edited']) ?? ''));
  const name = text(service ? message['actor'] : message['from']) ?? text(message['from']);
  const author = authorOf(message[service ? 'actor_id' : 'from_id'] ?? message['from_id'], name, inChat, context);
  const said = textOf(message['text']);
  const content = service ? serviceContent(message, author['from'] as Loose | undefined) : contentOf(message);
  const captioned = content !== undefined && !service;
  const id = whole(message['id']) ?? idOf(inChat, date, name, said.text, context);
  const result = {
    message_id: id,
    ...author,
    chat: inChat.chat,
    date,
    ...(edited ? { edit_date: edited } : {}),
    ...linksOf(message, service),
    ...(said.text === '' || (service && content !== undefined) ? {} : { [captioned ? 'caption' : 'text']: said.text }),
    ...(said.entities.length > 0 && !service ? { [captioned ? 'caption_entities' : 'entities']: said.entities } : {}),
    ...content,
    ...(inChat.channel && text(message['author']) !== undefined ? { author_signature: message['author'] } : {}),
  };
  const line = { import: TELEGRAM_MARK, [inChat.channel ? 'channel_post' : 'message']: result };
  const kind = content === undefined ? (said.text === '' ? 'unknown' : 'text') : (Object.keys(content)[0] ?? 'unknown');
  const found: Found = {
    payload: JSON.stringify(line),
    told: { chat: inChat.name, date, author: name, kind, text: said.text === '' ? undefined : said.text },
  };
  const reactions = message['reactions'] === undefined ? [] : reactionCounts(message['reactions']);
  if (reactions.length === 0) return [found];
  const counted = { import: TELEGRAM_MARK, message_reaction_count: { chat: inChat.chat, message_id: id, date, reactions } };
  return [found, { payload: JSON.stringify(counted), told: undefined }];
}

/** Members `from` and `sender_chat`. An author without an id has one made of the name: the same name is the same person. */
function authorOf(id: unknown, name: string | undefined, inChat: Chat, { bots }: Context): Loose {
  if (inChat.channel) return { sender_chat: inChat.chat };
  const who = peer(id);
  if (who === undefined && name === undefined) return {};
  if (who !== undefined && 'chat' in who)
    return { sender_chat: who.chat === inChat.id ? inChat.chat : defined({ id: who.chat, title: name }) };
  const user = who?.user ?? stableNumber('user', name);
  const bot = bots.has(user) || user === inChat.bot;
  return { from: bot ? { id: user, is_bot: true, first_name: name ?? '' } : { id: user, first_name: name ?? '' } };
}

function idOf(inChat: Chat, date: number | undefined, name: string | undefined, said: string, { ordinal }: Context): number | undefined {
  if (date === undefined) return undefined;
  const key = [inChat.id, date, name ?? null, said];
  return stableNumber('message', ...key, ordinal(JSON.stringify(key), date));
}

/** What a message answers, and where it comes from. */
function linksOf(message: Loose, service: boolean): Loose {
  if (service) return {};
  const links: Record<string, unknown> = {};
  const answered = whole(message['reply_to_message_id']);
  if (answered !== undefined && message['reply_to_peer_id'] === undefined) links['reply_to_message'] = { message_id: answered };
  const name = text(message['forwarded_from']);
  if (name !== undefined || message['forwarded_from_id'] !== undefined || message['forwarded_from'] === null) {
    const from = peer(message['forwarded_from_id']);
    const date = whole(message['forwarded_date_unixtime']);
    links['forward_origin'] =
      from === undefined
        ? defined({ type: 'hidden_user', sender_user_name: name, date })
        : 'user' in from
          ? defined({ type: 'user', sender_user: defined({ id: from.user, first_name: name }), date })
          : defined({ type: 'channel', chat: defined({ id: from.chat, title: name }), date });
  }
  const bot = text(message['via_bot']);
  if (bot !== undefined) links['via_bot'] = { is_bot: true, username: bot.replace(/^@/, '') };
  return links;
}
