import type { Filters, MessageRow } from '../analysis/types.js';
import { LAKE_TABLES } from '../query/lake-tables.js';
import { MESSAGES } from '../query/messages.js';
import { filesSelect } from '../query/views.js';
import { literal } from '../sources/shape.js';
import { AUTHOR } from '../analysis/metrics/author.js';
import type { Table } from '../types.js';
import type { Zone } from '../zone.js';

/** Where a message stands in the order of all: by time, then by names, so that no two stand at one place. */
export interface Place {
  /** Epoch seconds. */
  readonly sentAt: number;
  readonly channel: string;
  readonly conversation: string;
  readonly message: string;
}

/** Before every message that was sent at `sentAt` or later. */
export const before = (sentAt: number): Place => ({ sentAt, channel: '', conversation: '', message: '' });

/** What a message row needs beside the columns of the view, by table. */
const MORE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  telegram: {
    message_id: 'CAST(message_id AS VARCHAR)',
    conversation_name: `CASE WHEN chat_type = 'private' THEN user_first_name || coalesce(' ' || user_last_name, '') ELSE chat_title END`,
    edited_at: 'edit_date',
    reply_to: 'CAST(reply_to_message_id AS VARCHAR)',
    received_at: 'received_at',
    raw_file: 'raw_file',
    raw_line: 'raw_line',
  },
  whatsapp: {
    message_id: 'message_id',
    conversation_name: 'CASE WHEN group_id IS NULL THEN "name" END',
    edited_at: 'CAST(NULL AS BIGINT)',
    reply_to: 'reply_to_message_id',
    received_at: 'received_at',
    raw_file: 'raw_file',
    raw_line: 'raw_line',
  },
};

/** The tables that hold messages, by channel. */
export const MESSAGE_TABLES: Readonly<Record<string, Table>> = Object.fromEntries(
  MESSAGES.parts.flatMap(({ from }) => LAKE_TABLES.filter(({ name }) => name === from).map((table) => [from, table])),
);

/** Files of each table, as SQL lists; and conditions over its own columns. */
export interface Sources {
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly native: Readonly<Record<string, readonly string[]>>;
}

/** The messages of these files in one shape. */
function relation({ files, native }: Sources): string {
  const parts = MESSAGES.parts.flatMap(({ from, select }) => {
    const [table, paths = []] = [MESSAGE_TABLES[from], files[from]];
    if (table === undefined || paths.length === 0) return [];
    const columns = Object.entries({ ...select, ...MORE[from] }).map(([name, sql]) => `${sql} AS "${name}"`);
    const lake = filesSelect(table, `[${paths.map(literal).join(', ')}]`, 'mixed');
    return [`SELECT ${columns.join(', ')} FROM (${lake}) WHERE ${allOf(native[from] ?? [])}`];
  });
  return `(${parts.join(' UNION ALL ')})`;
}

/** The distinct texts of one file, one column. */
export function textsSql(channel: string, path: string): string {
  const table = MESSAGE_TABLES[channel] as Table;
  const text = MESSAGES.parts.find(({ from }) => from === channel)?.select['text'] ?? 'NULL';
  return `SELECT DISTINCT ${text} FROM (${filesSelect(table, `[${literal(path)}]`, 'mixed')})`;
}

const allOf = (conditions: readonly string[]): string => conditions.map((condition) => `(${condition})`).join(' AND ') || 'true';

const COLUMNS = [
  'channel',
  'conversation_id',
  'message_id',
  'conversation_name',
  'author_id',
  'author_name',
  'is_bot',
  'direction',
  'kind',
  '"text"',
  'sent_at',
  'edited_at',
  'reply_to',
  'raw_file',
  'raw_line',
  'received_at',
  'CAST(context_date AS VARCHAR)',
] as const;

/** Ids are digits or text: shorter digits are smaller numbers. */
const ORDER = ['sent_at', 'channel', 'conversation_id', 'length(message_id)', 'message_id'] as const;

const tupleOf = ({ sentAt, channel, conversation, message }: Place): string =>
  `(${sentAt}, ${literal(channel)}, ${literal(conversation)}, ${Array.from(message).length}, ${literal(message)})`;

export interface Slice extends Sources {
  /** Conditions over the columns of all messages. */
  readonly conditions: readonly string[];
  /** Only messages older than this, or newer. */
  readonly older?: Place | undefined;
  readonly newer?: Place | undefined;
  readonly limit: number;
}

/** The rows of a slice, of at least one file: newest first, or oldest first where only `newer` ones are asked for. */
export function sliceSql({ conditions, older, newer, limit, ...sources }: Slice): string {
  const ends = [
    ...(older ? [`sent_at <= ${older.sentAt}`, `(${ORDER.join(', ')}) < ${tupleOf(older)}`] : []),
    ...(newer ? [`sent_at >= ${newer.sentAt}`, `(${ORDER.join(', ')}) > ${tupleOf(newer)}`] : []),
  ];
  const way = newer && !older ? 'ASC' : 'DESC';
  return `SELECT ${COLUMNS.join(', ')} FROM ${relation(sources)} WHERE ${allOf([...ends, ...conditions])}
    ORDER BY ${ORDER.map((column) => `${column} ${way}`).join(', ')} LIMIT ${limit}`;
}

const among = (column: string, values: readonly string[]): string => `${column} IN (${values.map(literal).join(', ')})`;

/** Conditions of filters over a table's own columns, which its files can be skipped by; undefined when it has no such row. */
export function nativeConditions(channel: string, filters: Filters): readonly string[] | undefined {
  const { channel: channels = [], conversation = [], person = [], kind = [], direction = [] } = filters;
  if (channels.length > 0 && !channels.includes(channel)) return undefined;
  const own = (ids: readonly string[]) => ids.filter((id) => id.startsWith(`${channel}:`)).map((id) => id.slice(channel.length + 1));
  const [chats, people] = [own(conversation), own(person)];
  if ((conversation.length > 0 && chats.length === 0) || (person.length > 0 && people.length === 0)) return undefined;
  const columns = MESSAGES.parts.find(({ from }) => from === channel)?.select ?? {};
  return [
    ...(chats.length > 0 ? [ids(columns['conversation_id'] ?? '', 'chat_id', channel, chats)] : []),
    ...(people.length > 0 ? [ids(columns['author_id'] ?? '', AUTHOR.id, channel, people)] : []),
    ...(kind.length > 0 ? [among(columns['kind'] ?? '', kind)] : []),
    ...(direction.length > 0 ? [among('direction', direction)] : []),
  ];
}

/** Telegram's ids are integers, which compare faster than text. */
function ids(column: string, integers: string, channel: string, given: readonly string[]): string {
  const numbers = given.filter((id) => /^-?\d{1,18}$/.test(id));
  if (channel !== 'telegram') return among(column, given);
  return numbers.length === 0 ? 'false' : `${integers} IN (${numbers.join(', ')})`;
}

/** One message by its id. */
export const idConditions = (channel: string, message: string): readonly string[] => {
  if (channel !== 'telegram') return [`message_id = ${literal(message)}`];
  return [/^\d{1,18}$/.test(message) ? `message_id = ${message}` : 'false'];
};

/** The conditions of filters that go by the clock. */
export function clockConditions({ hour = [], weekday = [] }: Filters, zone: Zone): string[] {
  const clock = /^[+-]/.test(zone.name)
    ? `((sent_at + (${zone.offsetAt(0)})) % 86400) // 3600`
    : `hour(timezone(${literal(zone.name)}, to_timestamp(sent_at)))`;
  return [
    ...(hour.length > 0 ? [`${clock} IN (${hour.join(', ')})`] : []),
    ...(weekday.length > 0 ? [`isodow(context_date) IN (${weekday.join(', ')})`] : []),
  ];
}

/** Words and quoted phrases of a search; each must be in the text. */
export function termsOf(query: string): string[] {
  const terms = [...query.matchAll(/"([^"]*)"?|(\S+)/g)].map(([, phrase, word]) => (phrase ?? word ?? '').trim());
  return [...new Set(terms.filter((term) => term !== ''))];
}

/** Conditions that hold for texts with every term, whatever its case and accents. */
export const searchOf = (query: string): string[] => termsOf(query).map((term) => `regexp_matches("text", ${literal(patternOf(term))})`);

/** Latin, Greek, Cyrillic and Vietnamese letters. */
const RANGES = [
  [0xc0, 0x250],
  [0x370, 0x460],
  [0x1e00, 0x2000],
] as const;

/** Letters with accents, by the letter without: what `NFD` takes apart, and those that it leaves whole. */
const ACCENTED: ReadonlyMap<string, string> = (() => {
  const variants = new Map<string, string>(Object.entries({ o: 'ø', d: 'đ', l: 'ł', h: 'ħ' }));
  for (const code of RANGES.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at))) {
    const letter = String.fromCharCode(code).toLowerCase();
    const base = letter.normalize('NFD').charAt(0);
    if (base !== letter && /^\p{L}$/u.test(base) && !variants.get(base)?.includes(letter))
      variants.set(base, (variants.get(base) ?? '') + letter);
  }
  return variants;
})();

/** A regular expression (RE2) for a term: one pass over a text is cheaper than writing it anew without case and accents. */
function patternOf(term: string): string {
  const letters = Array.from(
    term
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase(),
    (letter) => {
      const variants = ACCENTED.get(letter);
      const one = variants === undefined ? letter.replace(/[\\^$.*+?()[\]{}|-]/, '\\$&') : `[${letter}${variants}]`;
      return /\p{L}/u.test(letter) ? `${one}\\p{M}*` : one;
    },
  );
  return `(?is)${letters.join('')}`;
}

/** A message and where it lies. */
export interface Found {
  readonly row: MessageRow;
  readonly place: Place;
  readonly file: string;
  readonly line: number;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Day it was sent. */
  readonly date: string;
}

/** Text of a value of text or a number. */
const textOr = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);
const whole = (value: unknown): number => Number(value ?? 0);

/** A row of `sliceSql`. */
export function foundIn(values: readonly unknown[]): Found {
  const [
    channel,
    conversation,
    message,
    name,
    author,
    authorName,
    isBot,
    direction,
    kind,
    text,
    sentAt,
    editedAt,
    replyTo,
    file,
    line,
    receivedAt,
    date,
  ] = values;
  const [writer, answered] = [textOr(author), textOr(replyTo)];
  const place = { sentAt: whole(sentAt), channel: String(channel), conversation: String(conversation), message: String(message) };
  return {
    row: {
      id: idOf(place),
      channel: place.channel,
      conversation: `${place.channel}:${place.conversation}`,
      conversationName: textOr(name),
      person: writer === null ? null : `${place.channel}:${writer}`,
      personName: textOr(authorName),
      isBot: isBot === true,
      direction: direction === 'out' ? 'out' : 'in',
      kind: String(kind),
      text: textOr(text),
      sentAt: place.sentAt * 1000,
      editedAt: editedAt === null || editedAt === undefined ? null : whole(editedAt) * 1000,
      replyTo: answered === null ? null : idOf({ ...place, message: answered }),
    },
    place,
    file: String(file),
    line: whole(line),
    receivedAt: whole(receivedAt),
    date: String(date),
  };
}

const idOf = ({ channel, conversation, message }: Pick<Place, 'channel' | 'conversation' | 'message'>): string =>
  `${channel}:${conversation}:${message}`;

/** The parts of a message's id; undefined for what is none. */
export function partsOf(id: string): Pick<Place, 'channel' | 'conversation' | 'message'> | undefined {
  const [, channel, conversation, message] = /^(\w+):([^:]+):(.+)$/s.exec(id) ?? [];
  return channel === undefined || conversation === undefined || message === undefined ? undefined : { channel, conversation, message };
}
