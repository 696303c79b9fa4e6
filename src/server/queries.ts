import { SOURCE_TABLES } from '../sources/registry.js';
import type { QueryEngine } from '../types.js';

/**
 * The questions the page and the API ask, by name. One spelling for every engine: `messages` is the view over both
 * channels, times are epoch seconds, and `offset` (seconds to add to UTC) makes them local.
 */
export const TABLES: readonly string[] = [...SOURCE_TABLES.map((table) => table.name).sort(), 'quarantine'];

/** Rows of each table. */
export const rowsByTable = (): string =>
  TABLES.map((table) => `SELECT '${table}' AS name, count(*) AS row_count FROM ${table}`).join(' UNION ALL ');

/** Messages and people of each channel. */
export const totalsByChannel = (): string =>
  `SELECT channel, count(*) AS messages, count(DISTINCT author_id) AS people FROM messages GROUP BY channel ORDER BY channel`;

/** Messages of each day from `from` (`YYYY-MM-DD`) on, by channel. Days without any are absent. */
export const messagesByDay = (from: string): string =>
  `SELECT CAST(context_date AS VARCHAR) AS day, channel, count(*) AS messages FROM messages
   WHERE context_date >= DATE '${from}' GROUP BY 1, 2 ORDER BY 1, 2`;

/** Messages of each hour of the day since `from`. */
export const messagesByHour = (from: string, offset: number): string =>
  `SELECT CAST(floor(mod(sent_at + (${offset}), 86400) / 3600) AS BIGINT) AS hour_of_day, count(*) AS messages FROM messages
   WHERE context_date >= DATE '${from}' GROUP BY 1 ORDER BY 1`;

/** Who wrote most since `from`. Only what came in, and no bots. */
export const mostActive = (from: string, count: number): string =>
  `SELECT channel, author_id, max(author_name) AS author_name, count(*) AS messages FROM messages
   WHERE context_date >= DATE '${from}' AND direction = 'in' AND NOT coalesce(is_bot, false) AND author_id IS NOT NULL
   GROUP BY channel, author_id ORDER BY messages DESC, channel, author_id LIMIT ${count}`;

/** When the newest row of each channel arrived, epoch milliseconds. */
export const lastArrivals = (): string =>
  `SELECT 'telegram' AS channel, max(received_at) AS received_at FROM telegram UNION ALL SELECT 'whatsapp', max(received_at) FROM whatsapp`;

/** The rows of a statement as objects. BIGINT becomes a number: counts and times stay far below 2^53. */
export async function rowsOf(engine: QueryEngine, sql: string): Promise<Record<string, string | number | boolean | null>[]> {
  const { columns, batches } = await engine.run(sql);
  const rows: Record<string, string | number | boolean | null>[] = [];
  for await (const batch of batches) {
    for (const values of batch) rows.push(Object.fromEntries(columns.map(({ name }, index) => [name, plain(values[index])])));
  }
  return rows;
}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
