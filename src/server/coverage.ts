import type { QueryEngine } from '../types.js';
import { addDays, type Zone } from '../zone.js';
import type { CoverageView } from './api-types.js';
import { rowsOf } from './queries.js';

type Span = CoverageView['sources'][number]['imported'][number];

/** Chats with gaps that are named, those with most missing first. */
const CHATS = 100;
/** Ids beyond are not Telegram's (32 bits): the import makes them up for messages without one. */
const LAST_ID = 2_147_483_647;

/** What each source took in as it happened, that is without what imports brought. */
const ARRIVED: Readonly<Record<string, readonly string[]>> = {
  telegram: [
    'telegram WHERE imported_from IS NULL',
    "telegram_events WHERE event_id NOT LIKE 'import:%' AND event_id NOT LIKE 'version:%'",
    "quarantine WHERE source = 'telegram' AND reason NOT LIKE 'import:%'",
  ],
  whatsapp: [
    'whatsapp WHERE imported_from IS NULL',
    'whatsapp_statuses',
    "quarantine WHERE source = 'whatsapp' AND reason NOT LIKE 'import:%'",
  ],
};
const CHAT_COLUMN: Readonly<Record<string, string>> = { telegram: 'chat_id', whatsapp: 'coalesce(group_id, CAST(number AS VARCHAR))' };

const firstAndLast = (rows: readonly string[]) =>
  `SELECT min(first) AS first, max(last) AS last FROM (${rows
    .map((from) => `SELECT min(received_at) AS first, max(received_at) AS last FROM ${from}`)
    .join(' UNION ALL ')})`;

const importedSpans = (table: string, chat: string) =>
  `SELECT CAST(min(context_date) AS VARCHAR) AS first, CAST(max(context_date) AS VARCHAR) AS last
   FROM ${table} WHERE imported_from IS NOT NULL GROUP BY imported_from, ${chat} ORDER BY 1, 2`;

/**
 * Messages of supergroups and channels beside the number of ids between each and the one before it in its chat. Only there does a chat count
 * its messages by itself, from 1 and without leaving one out (https://core.telegram.org/api/channel); in private chats and groups of the old kind each account does.
 */
const STEPS = `SELECT chat_id, chat_title, context_date, message_id, message_id - lag(message_id) OVER (PARTITION BY chat_id ORDER BY message_id) - 1 AS missing
  FROM telegram WHERE chat_type IN ('supergroup', 'channel') AND message_id BETWEEN 1 AND ${LAST_ID}`;

const missingByDay = `SELECT CAST(context_date AS VARCHAR) AS day, CAST(sum(missing) AS BIGINT) AS missing
  FROM (${STEPS}) WHERE missing > 0 GROUP BY 1 ORDER BY 1`;

const missingByChat = `SELECT CAST(chat_id AS VARCHAR) AS chat, max_by(chat_title, message_id) AS title, min(message_id) - 1 AS before,
    CAST(coalesce(sum(missing), 0) AS BIGINT) AS missing
  FROM (${STEPS}) GROUP BY 1 HAVING missing > 0 OR before > 0 ORDER BY missing DESC, before DESC, chat`;

const messagesByDay = `SELECT CAST(context_date AS VARCHAR) AS day, count(*) AS messages FROM messages GROUP BY 1 ORDER BY 1`;

/** Which days each source knows of, and what is missing inside. Throws what the engine throws. */
export async function coverageOf(engine: QueryEngine, zone: Zone): Promise<CoverageView> {
  const ask = (sql: string) => rowsOf(engine, sql);
  const sources: CoverageView['sources'][number][] = [];
  for (const [source, rows] of Object.entries(ARRIVED)) {
    const [arrived] = await ask(firstAndLast(rows));
    const spans = await ask(importedSpans(source, CHAT_COLUMN[source] ?? 'NULL'));
    sources.push({
      source,
      live: liveSpan(zone, arrived?.['first'], arrived?.['last']),
      imported: joined(spans.map(({ first, last }) => ({ from: String(first), to: String(last) }))),
    });
  }
  const days = new Map<string, { date: string; messages: number; missing: number }>();
  for (const { day, messages } of await ask(messagesByDay))
    days.set(String(day), { date: String(day), messages: Number(messages), missing: 0 });
  for (const { day, missing } of await ask(missingByDay)) {
    const date = String(day);
    days.set(date, { date, messages: days.get(date)?.messages ?? 0, missing: Number(missing) });
  }
  const chats = (await ask(missingByChat)).map((row) => ({
    chat: String(row['chat']),
    title: row['title'] === null || row['title'] === undefined ? null : String(row['title']),
    before: Number(row['before']),
    missing: Number(row['missing']),
  }));
  const missing = chats.reduce((sum, chat) => sum + chat.missing, 0);
  return { sources, days: [...days.values()], missing, incomplete: chats.length, chats: chats.slice(0, CHATS) };
}

function liveSpan(zone: Zone, first: unknown, last: unknown): Span | null {
  if (typeof first !== 'number' || typeof last !== 'number') return null;
  return { from: zone.dateAt(Math.floor(first / 1000)), to: zone.dateAt(Math.floor(last / 1000)) };
}

/** Spans in order, those that touch as one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const before = all.at(-1);
    if (before === undefined || span.from > addDays(before.to, 1)) all.push(span);
    else if (span.to > before.to) all[all.length - 1] = { from: before.from, to: span.to };
  }
  return all;
}
