import type { Filters, MessageRow } from '../analysis/types.js';
import { MESSAGES } from '../query/messages.js';
import { literal } from '../sources/shape.js';
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

/** Both channels' messages, with `where` (over the tables' own partition column) put inside. */
function relation(where: string): string {
  const parts = MESSAGES.parts.map(({ from, select }) => {
    const columns = Object.entries({ ...select, ...MORE[from] }).map(([name, sql]) => `${sql} AS "${name}"`);
    return `SELECT ${columns.join(', ')} FROM ${from} WHERE ${where}`;
  });
  return `(${parts.join(' UNION ALL ')})`;
}

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

export interface Slice {
  /** Days that are read, both included. */
  readonly from: string;
  readonly to: string;
  /** SQL conditions over the columns. */
  readonly conditions: readonly string[];
  /** Only messages older than this, or newer. */
  readonly older?: Place | undefined;
  readonly newer?: Place | undefined;
  readonly limit: number;
}

/** The rows of a slice: newest first, or oldest first where only `newer` ones are asked for. */
export function sliceSql({ from, to, conditions, older, newer, limit }: Slice): string {
  const days = `context_date BETWEEN DATE ${literal(from)} AND DATE ${literal(to)}`;
  const ends = [
    ...(older ? [`sent_at <= ${older.sentAt}`, `(${ORDER.join(', ')}) < ${tupleOf(older)}`] : []),
    ...(newer ? [`sent_at >= ${newer.sentAt}`, `(${ORDER.join(', ')}) > ${tupleOf(newer)}`] : []),
  ];
  const way = newer && !older ? 'ASC' : 'DESC';
  const where = [...ends, ...conditions].map((condition) => `(${condition})`).join(' AND ') || 'true';
  return `SELECT ${COLUMNS.join(', ')} FROM ${relation(days)} WHERE ${where}
    ORDER BY ${ORDER.map((column) => `${column} ${way}`).join(', ')} LIMIT ${limit}`;
}

const among = (column: string, values: readonly string[]): string => `${column} IN (${values.map(literal).join(', ')})`;

/** The conditions of filters, but for the period: that is which days are read. */
export function conditionsOf(filters: Filters, zone: Zone): string[] {
  const { channel = [], conversation = [], person = [], kind = [], direction = [], hour = [], weekday = [] } = filters;
  const clock = /^[+-]/.test(zone.name)
    ? `CAST(mod(sent_at + (${zone.offsetAt(0)}), 86400) AS BIGINT) / 3600`
    : `hour(timezone(${literal(zone.name)}, to_timestamp(sent_at)))`;
  return [
    ...(channel.length > 0 ? [among('channel', channel)] : []),
    ...(conversation.length > 0 ? [among(`channel || ':' || conversation_id`, conversation)] : []),
    ...(person.length > 0 ? [among(`channel || ':' || author_id`, person)] : []),
    ...(kind.length > 0 ? [among('kind', kind)] : []),
    ...(direction.length > 0 ? [among('direction', direction)] : []),
    ...(hour.length > 0 ? [`${clock} IN (${hour.join(', ')})`] : []),
    ...(weekday.length > 0 ? [`isodow(context_date) IN (${weekday.join(', ')})`] : []),
  ];
}

/** Words and quoted phrases of a search; each must be in the text. */
export function termsOf(query: string): string[] {
  const terms = [...query.matchAll(/"([^"]*)"?|(\S+)/g)].map(([, phrase, word]) => (phrase ?? word ?? '').trim());
  return [...new Set(terms.filter((term) => term !== ''))];
}

const folded = (text: string): string => `strip_accents(lower(${text}))`;

/** Conditions that hold for texts with every term, whatever its case and accents. */
export const searchOf = (query: string): string[] =>
  termsOf(query).map((term) => `contains(${folded('"text"')}, ${folded(literal(term))})`);

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
