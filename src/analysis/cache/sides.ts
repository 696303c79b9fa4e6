import type { DuckDBConnection } from '@duckdb/node-api';
import { joined, JOIN_KINDS, jsonIn, LEAVE_KINDS, left, reactionIn } from '../metrics/events.js';
import { literal } from '../../sources/shape.js';
import type { Day } from '../calendar.js';
import type { Canon } from './block.js';
import { type Files, keyOrNull, relation } from './facts.js';
import type { Names } from './names.js';

/** What happened on a channel's day beside messages, counted. */
export interface Side {
  readonly channel: number;
  readonly day: Day;
  readonly entries: readonly SideEntry[];
}

export interface SideEntry {
  /** `reaction`, `join` and `leave` by message, `joined` and `left` by event, `status`. */
  readonly what: string;
  /** Emoji, or status and error code. */
  readonly value: string;
  /** 0 where it does not matter. */
  readonly conversation: number;
  readonly count: number;
}

const json = jsonIn('json_extract_string');
const list = (kinds: readonly string[]) => kinds.map(literal).join(', ');

const DAY = `CAST(context_date - DATE '1970-01-01' AS INTEGER) AS "day"`;

function telegram(files: Files): string {
  const events = relation('telegram_events', files['telegram_events'] ?? []);
  const messages = relation('telegram', files['telegram'] ?? []);
  return `SELECT ${DAY}, what, value, conversation_id, ${keyOrNull('conversation_id')} AS conversation_key, count(*) AS found FROM (
    SELECT context_date, CASE update_kind WHEN 'message_reaction' THEN 'reaction' ELSE CASE WHEN ${joined(json)} THEN 'joined' WHEN ${left(json)} THEN 'left' END END AS what,
      CASE update_kind WHEN 'message_reaction' THEN ${reactionIn(json)} ELSE '' END AS value, CAST(chat_id AS VARCHAR) AS conversation_id
    FROM ${events} WHERE update_kind IN ('message_reaction', 'chat_member')
    UNION ALL
    SELECT context_date, CASE WHEN data_type IN (${list(JOIN_KINDS)}) THEN 'join' ELSE 'leave' END, '', CAST(chat_id AS VARCHAR)
    FROM ${messages} WHERE data_type IN (${list([...JOIN_KINDS, ...LEAVE_KINDS])})
  ) WHERE what IS NOT NULL AND value IS NOT NULL GROUP BY ALL`;
}

function whatsapp(files: Files): string {
  const messages = relation('whatsapp', files['whatsapp'] ?? []);
  const statuses = relation('whatsapp_statuses', files['whatsapp_statuses'] ?? []);
  return `SELECT ${DAY}, what, value, conversation_id, ${keyOrNull('conversation_id')} AS conversation_key, count(*) AS found FROM (
    SELECT context_date, 'reaction' AS what, coalesce(message, caption) AS value, coalesce(group_id, CAST("number" AS VARCHAR), user_id) AS conversation_id
    FROM ${messages} WHERE "type" = 'reaction' AND coalesce(message, caption) IS NOT NULL
    UNION ALL
    SELECT context_date, 'status', status || ' ' || coalesce(CAST(error_code AS VARCHAR), ''), NULL FROM ${statuses}
  ) GROUP BY ALL`;
}

const SELECTS = [telegram, whatsapp] as const;

/** The sides of the days that some files hold. */
export async function sidesOf(
  connection: DuckDBConnection,
  names: Names,
  channel: number,
  channelName: string,
  files: Files,
  canon: Canon,
): Promise<Side[]> {
  const select = SELECTS[channel];
  if (select === undefined) return [];
  const found = await connection.runAndReadAll(`SELECT * FROM (${select(files)}) ORDER BY "day"`);
  const sides: { channel: number; day: Day; entries: SideEntry[] }[] = [];
  for (const [day, what, value, id, key, count] of found.getRows()) {
    let side = sides.at(-1);
    if (side === undefined || side.day !== day) {
      side = { channel, day: Number(day), entries: [] };
      sides.push(side);
    }
    const conversation = key === null ? 0 : numberOf(names, Number(key) * 2 + channel, `${channelName}:${String(id)}`, channel);
    side.entries.push({ what: String(what), value: String(value), conversation: canon.conversation(conversation), count: Number(count) });
  }
  return sides;
}

const numberOf = (names: Names, key: number, id: string, channel: number): number =>
  names.conversations.find(key) || names.conversations.add(key, { key: id, channel, title: null, titleKey: 0, titledAt: -1 });
