import { fileColumns } from '../../etl/fingerprint.js';
import { literal } from '../../sources/shape.js';
import { SOURCE_TABLES } from '../../sources/registry.js';
import type { Table } from '../../types.js';
import { listed, SENT_STATUS, TELEGRAM_MESSAGE, WHATSAPP_MESSAGE } from '../metrics/activity.js';
import { newNumber, NUMBER_CHANGED } from '../metrics/links.js';
import { normalForm } from '../text/normal.js';
import { isQuestion } from '../text/question.js';

/** Files of a channel's tables, by table, as DuckDB can open them. */
export type Files = Readonly<Record<string, readonly string[]>>;

/** How a channel's rows become facts: tables that are read, and the SELECT over them. */
export interface FactSource {
  readonly channel: string;
  readonly tables: readonly string[];
  readonly select: (files: Files) => string;
}

/** Longest normal form that counts as a content people repeat. */
export const LONGEST_CONTENT = 200;

/** Characters of a question's text that are kept. */
const LONGEST_QUESTION = 500;

const tableNamed = (name: string): Table => {
  const found = SOURCE_TABLES.find((table) => table.name === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
};

/** Rows of some files of a table in its declared columns; what a file lacks is NULL. */
export function relation(name: string, files: readonly string[]): string {
  const columns = [...fileColumns(tableNamed(name)), { name: 'context_date', type: 'DATE' }];
  const none = `SELECT ${columns.map((column) => `CAST(NULL AS ${column.type}) AS "${column.name}"`).join(', ')} WHERE false`;
  if (files.length === 0) return `(${none})`;
  const list = `[${files.map(literal).join(', ')}]`;
  return `(${none} UNION ALL BY NAME SELECT * FROM read_parquet(${list}, union_by_name = true, hive_partitioning = true, hive_types = {'context_date': DATE}))`;
}

/** One row a message: what metrics need of it, its normal form, and whether it asks something. */
function messages(columns: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>, from: string): string {
  return `SELECT *, coalesce(length("text"), 0) AS chars,
    direction = 'in' AND NOT is_bot AND person_id IS NOT NULL AND ${isQuestion('"text"', 'duckdb', 'normal')} AS is_question
  FROM (SELECT *, ${normalForm('"text"', 'duckdb')} AS normal FROM (SELECT ${listed(columns)}, ${listed(more)}, false AS is_ghost, context_date FROM ${from}))`;
}

const TELEGRAM: FactSource = {
  channel: 'telegram',
  tables: ['telegram', 'telegram_events'],
  select: (files) =>
    messages(
      TELEGRAM_MESSAGE,
      { alias: 'CAST(migrate_from_chat_id AS VARCHAR)', target: 'CAST(migrate_to_chat_id AS VARCHAR)' },
      relation('telegram', files['telegram'] ?? []),
    ),
};

const WHATSAPP: FactSource = {
  channel: 'whatsapp',
  tables: ['whatsapp', 'whatsapp_statuses'],
  select: (files) => `${messages(
    WHATSAPP_MESSAGE,
    {
      alias: `CASE WHEN "number" IS NOT NULL AND direction = 'in' THEN user_id END`,
      target: `CASE WHEN "type" = 'system' AND message LIKE '${NUMBER_CHANGED}' AND ${newNumber('message')} <> "number" THEN CAST(${newNumber('message')} AS VARCHAR) END`,
    },
    relation('whatsapp', files['whatsapp'] ?? []),
  )}
  UNION ALL BY NAME
  SELECT ${SENT_STATUS.conversation_id} AS conversation_id, ${SENT_STATUS.person_id} AS person_id, true AS is_bot, 'out' AS direction,
    'status' AS kind, message_id, "date" AS sent_at, 0 AS chars, false AS is_question, true AS is_ghost, context_date
  FROM ${relation('whatsapp_statuses', files['whatsapp_statuses'] ?? [])} WHERE ${SENT_STATUS.where}`,
};

/** Every channel, in the order of their numbers in the cache. */
export const FACT_SOURCES: readonly FactSource[] = [TELEGRAM, WHATSAPP];

/** 52 bits of a hash, which a double holds twice over: a key that costs no text to compare. */
const key = (text: string): string => `CAST(hash(${text}) >> 12 AS DOUBLE)`;
export const keyOrNull = (text: string): string => `CASE WHEN ${text} IS NOT NULL THEN ${key(text)} END`;

/** Columns of a stream of facts, in order. Texts stand beside their keys: a text is only looked at when its key is new. */
export const STREAM = {
  day: `CAST(context_date - DATE '1970-01-01' AS INTEGER)`,
  sentAt: 'CAST(sent_at AS DOUBLE)',
  conversationKey: keyOrNull('conversation_id'),
  conversation: 'conversation_id',
  personKey: keyOrNull('person_id'),
  person: 'person_id',
  nameKey: keyOrNull('person_name'),
  name: 'person_name',
  titleKey: keyOrNull('conversation_name'),
  title: 'conversation_name',
  flags: `CAST(is_bot::INTEGER + 2 * (direction = 'out')::INTEGER + 4 * is_question::INTEGER + 8 * is_ghost::INTEGER AS INTEGER)`,
  kindKey: key('kind'),
  kind: 'kind',
  chars: 'CAST(chars AS INTEGER)',
  languageKey: keyOrNull('"language"'),
  language: '"language"',
  topic: 'CAST(topic AS DOUBLE)',
  idKey: `CASE WHEN is_question THEN ${key(`conversation_id || '/' || message_id`)} END`,
  formKey: `CASE WHEN is_question THEN ${key('normal')} END`,
  asked: `CASE WHEN is_question THEN substr("text", 1, ${LONGEST_QUESTION}) END`,
  askedId: `CASE WHEN is_question THEN message_id END`,
  replyKey: keyOrNull(`conversation_id || '/' || reply_to`),
  contentKey: `CASE WHEN length(normal) BETWEEN 1 AND ${LONGEST_CONTENT} THEN ${key('normal')} END`,
  normal: 'normal',
  hashtags: 'hashtags',
  commands: 'commands',
  alias: 'alias',
  target: 'target',
} as const;

/** Facts in order of time, day by day. */
export const streamOf = (facts: string): string =>
  `SELECT ${Object.entries(STREAM)
    .map(([name, sql]) => `${sql} AS "${name}"`)
    .join(', ')} FROM (${facts}) ORDER BY context_date, sent_at, length(message_id), message_id`;
