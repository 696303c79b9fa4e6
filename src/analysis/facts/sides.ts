import { stageOf } from '../metrics/funnel.js';
import { emojiIn, joined, JOIN_KINDS, jsonIn, LEAVE_KINDS, left, reactionIn } from '../metrics/events.js';
import { literal } from '../../sources/shape.js';
import { FACT_SOURCES, type Files, relation } from './sources.js';
import { keyOrNone } from './statements.js';

const json = jsonIn('json_extract_string');
const list = (kinds: readonly string[]) => kinds.map(literal).join(', ');

const counted = (from: string): string => `SELECT CAST(context_date - DATE '1970-01-01' AS INTEGER) AS "day", what, value,
  coalesce(conversation_id, '') AS conversation_id, ${keyOrNone('conversation_id')} AS conversation_key, CAST(count(*) AS INTEGER) AS found
  FROM (${from}) WHERE what IS NOT NULL AND value IS NOT NULL GROUP BY ALL ORDER BY ALL`;

function telegram(files: Files): string {
  const events = relation('telegram_events', files['telegram_events'] ?? []);
  const messages = relation('telegram', files['telegram'] ?? []);
  return counted(`
    SELECT context_date, CASE update_kind WHEN 'message_reaction' THEN 'reaction' ELSE CASE WHEN ${joined(json)} THEN 'joined' WHEN ${left(json)} THEN 'left' END END AS what,
      CASE update_kind WHEN 'message_reaction' THEN ${reactionIn(json)} ELSE '' END AS value, CAST(chat_id AS VARCHAR) AS conversation_id
    FROM ${events} WHERE update_kind IN ('message_reaction', 'chat_member')
    UNION ALL
    SELECT context_date, CASE WHEN data_type IN (${list(JOIN_KINDS)}) THEN 'join' ELSE 'leave' END, '', CAST(chat_id AS VARCHAR)
    FROM ${messages} WHERE data_type IN (${list([...JOIN_KINDS, ...LEAVE_KINDS])})`);
}

function whatsapp(files: Files): string {
  const messages = relation('whatsapp', files['whatsapp'] ?? []);
  const statuses = relation('whatsapp_statuses', files['whatsapp_statuses'] ?? []);
  return counted(`
    SELECT context_date, 'reaction' AS what, ${emojiIn('coalesce(message, caption)')} AS value, coalesce(group_id, CAST("number" AS VARCHAR), user_id) AS conversation_id
    FROM ${messages} WHERE "type" = 'reaction' AND coalesce(message, caption) IS NOT NULL
    UNION ALL
    SELECT context_date, 'status', status || ' ' || coalesce(CAST(error_code AS VARCHAR), ''), NULL FROM ${statuses}`);
}

/** First moment at which each message of a business is told to have come to a stage: day, hash of its id, stage, seconds from the start of the UTC day. */
export const toldSql = (channel: number, files: Files): string | undefined =>
  FACT_SOURCES[channel]?.channel === 'whatsapp'
    ? `SELECT CAST(context_date - DATE '1970-01-01' AS INTEGER) AS "day", ${keyOrNone('message_id')} AS "key", stage,
  CAST(min("date") - CAST(context_date - DATE '1970-01-01' AS INTEGER) * 86400 AS INTEGER) AS told_at
  FROM (SELECT *, ${stageOf('status')} AS stage FROM ${relation('whatsapp_statuses', files['whatsapp_statuses'] ?? [])})
  WHERE stage IS NOT NULL GROUP BY context_date, message_id, stage ORDER BY ALL`
    : undefined;

const SELECTS = [telegram, whatsapp] as const;

/** What happened beside a channel's messages, in files of some days: day, what, value, conversation, its hash, count. */
export const sidesSql = (channel: number, files: Files): string | undefined => SELECTS[channel]?.(files);
