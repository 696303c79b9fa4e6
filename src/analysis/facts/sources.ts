import { fileColumns } from '../../etl/fingerprint.js';
import { literal } from '../../sources/shape.js';
import { SOURCE_TABLES } from '../../sources/registry.js';
import type { Table } from '../../types.js';
import { listed, SENT_STATUS, TELEGRAM_MESSAGE, WHATSAPP_MESSAGE } from '../metrics/activity.js';
import { newNumber, NUMBER_CHANGED } from '../metrics/links.js';

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

/** One row a message: what metrics need of it. */
function messages(columns: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>, from: string): string {
  return `SELECT *, coalesce(length("text"), 0) AS chars FROM (SELECT ${listed(columns)}, ${listed(more)}, false AS is_ghost, context_date FROM ${from})`;
}

const TELEGRAM: FactSource = {
  channel: 'telegram',
  tables: ['telegram', 'telegram_events'],
  select: (files) =>
    messages(
      TELEGRAM_MESSAGE,
      { alias: 'CAST(migrate_from_chat_id AS VARCHAR)', target: 'CAST(migrate_to_chat_id AS VARCHAR)', tracked: 'CAST(NULL AS VARCHAR)' },
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
      tracked: `CASE WHEN direction = 'out' THEN message_id END`,
    },
    relation('whatsapp', files['whatsapp'] ?? []),
  )}
  UNION ALL BY NAME
  SELECT ${SENT_STATUS.conversation_id} AS conversation_id, ${SENT_STATUS.person_id} AS person_id, true AS is_bot, 'out' AS direction,
    'status' AS kind, message_id, message_id AS tracked, "date" AS sent_at, 0 AS chars, true AS is_ghost, context_date
  FROM ${relation('whatsapp_statuses', files['whatsapp_statuses'] ?? [])} WHERE ${SENT_STATUS.where}`,
};

/** Every channel, in the order of their numbers in the cache. */
export const FACT_SOURCES: readonly FactSource[] = [TELEGRAM, WHATSAPP];
