import type { Found } from '../types.js';
import { defined, type Loose, stableNumber, text, whole } from '../values.js';
import { contentOf, type Text, textOf } from './content.js';
import { reactionCounts, serviceContent } from './service.js';

/** Written into each raw line, and so into each row. */
export const TELEGRAM_MARK = 'telegram-desktop';

/** A chat of an export as the Bot API names it. */
export interface Chat {
  readonly chat: Loose;
  /** The same as it is written. */
  readonly json: string;
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
    json: JSON.stringify(chat),
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
  readonly authors: Map<string, Author>;
}

/** What one element of `messages` becomes: the message, and a count of its reactions where it has some. */
export function messageFound(message: Loose, inChat: Chat, context: Context): Found[] {
  const service = message['type'] === 'service';
  const date = whole(message['date_unixtime']) ?? context.epochOf(text(message['date']) ?? '');
  const edited =
    message['edited'] === undefined && message['edited_unixtime'] === undefined
      ? undefined
      : (whole(message['edited_unixtime']) ?? context.epochOf(text(message['edited']) ?? ''));
  const name = text(service ? message['actor'] : message['from']) ?? text(message['from']);
  const author = authorOf((service ? message['actor_id'] : undefined) ?? message['from_id'], name, inChat, context);
  const said = textOf(message['text']);
  const content = service ? serviceContent(message, author.user) : contentOf(message);
  const id = whole(message['id']) ?? idOf(inChat, date, name, said.text, context);
  // Written by hand: there are millions, and most members are the same in all.
  let json = `{"import":"${TELEGRAM_MARK}","${inChat.channel ? 'channel_post' : 'message'}":{"message_id":${id ?? null}${author.json},"chat":${inChat.json},"date":${date ?? null}`;
  if (edited) json += `,"edit_date":${edited}`;
  if (!service) json += linksOf(message) + saidIn(said, content !== undefined);
  if (content !== undefined) for (const key in content) json += `,"${key}":${JSON.stringify(content[key])}`;
  if (inChat.channel && text(message['author']) !== undefined) json += `,"author_signature":${JSON.stringify(message['author'])}`;
  const kind = content === undefined ? (said.text === '' ? 'unknown' : 'text') : (Object.keys(content)[0] ?? 'unknown');
  const told = { chat: inChat.name, chatId: inChat.id, date, author: name, kind, text: said.text === '' ? undefined : said.text };
  const found: Found = { payload: `${json}}}`, told };
  const reactions = message['reactions'] === undefined ? [] : reactionCounts(message['reactions']);
  if (reactions.length === 0) return [found];
  const counted = { import: TELEGRAM_MARK, message_reaction_count: { chat: inChat.chat, message_id: id, date, reactions } };
  return [found, { payload: JSON.stringify(counted), told: undefined }];
}

function saidIn({ text: words, entities }: Text, captioned: boolean): string {
  if (words === '') return '';
  const said = `,"${captioned ? 'caption' : 'text'}":${JSON.stringify(words)}`;
  return entities.length === 0 ? said : `${said},"${captioned ? 'caption_entities' : 'entities'}":${JSON.stringify(entities)}`;
}

interface Author {
  /** Members `from` and `sender_chat`, with a comma before them. */
  readonly json: string;
  readonly user: Loose | undefined;
}

const NOBODY: Author = { json: '', user: undefined };
/** Authors that are remembered: a chat has few. */
const REMEMBERED = 50_000;

/** An author without an id has one made of the name: the same name is the same person. */
function authorOf(given: unknown, name: string | undefined, inChat: Chat, context: Context): Author {
  const id = typeof given === 'string' || typeof given === 'number' ? given : '';
  const key = `${inChat.id} ${id} ${name ?? ''}`;
  const known = context.authors.get(key);
  if (known) return known;
  if (context.authors.size >= REMEMBERED) context.authors.clear();
  const author = newAuthor(id, name, inChat, context);
  context.authors.set(key, author);
  return author;
}

function newAuthor(id: unknown, name: string | undefined, inChat: Chat, { bots }: Context): Author {
  if (inChat.channel) return { json: `,"sender_chat":${inChat.json}`, user: undefined };
  const who = peer(id);
  if (who === undefined && name === undefined) return NOBODY;
  if (who !== undefined && 'chat' in who) {
    const chat = who.chat === inChat.id ? inChat.json : JSON.stringify(defined({ id: who.chat, title: name }));
    return { json: `,"sender_chat":${chat}`, user: undefined };
  }
  const number = who?.user ?? stableNumber('user', name);
  const bot = bots.has(number) || number === inChat.bot;
  const user = defined({ id: number, is_bot: bot ? true : undefined, first_name: name ?? '' });
  return { json: `,"from":${JSON.stringify(user)}`, user };
}

function idOf(inChat: Chat, date: number | undefined, name: string | undefined, said: string, { ordinal }: Context): number | undefined {
  if (date === undefined) return undefined;
  const key = [inChat.id, date, name ?? null, said];
  return stableNumber('message', ...key, ordinal(JSON.stringify(key), date));
}

/** What a message answers, and where it comes from: members with a comma before each. */
function linksOf(message: Loose): string {
  let links = '';
  const answered = whole(message['reply_to_message_id']);
  if (answered !== undefined && message['reply_to_peer_id'] === undefined) links += `,"reply_to_message":{"message_id":${answered}}`;
  if (message['forwarded_from'] !== undefined || message['forwarded_from_id'] !== undefined)
    links += `,"forward_origin":${JSON.stringify(originOf(message))}`;
  const bot = text(message['via_bot']);
  if (bot !== undefined) links += `,"via_bot":${JSON.stringify({ is_bot: true, username: bot.replace(/^@/, '') })}`;
  return links;
}

function originOf(message: Loose): Loose {
  const name = text(message['forwarded_from']);
  const from = peer(message['forwarded_from_id']);
  const date = whole(message['forwarded_date_unixtime']);
  if (from === undefined) return defined({ type: 'hidden_user', sender_user_name: name, date });
  if ('user' in from) return defined({ type: 'user', sender_user: defined({ id: from.user, first_name: name }), date });
  return defined({ type: 'channel', chat: defined({ id: from.chat, title: name }), date });
}
