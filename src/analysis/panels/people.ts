import type { Snapshot } from '../cache/snapshot.js';
import { where } from '../statement.js';
import type { Range } from '../types.js';
import { byText, column, type PanelSpec, plain, type Request } from './panel.js';
import { type Found, most } from './most.js';

const PEOPLE_SHOWN = 50;

export const personKey = ({ names, aliases }: Snapshot, number: number): string => {
  const key = names.people.values[number]?.key ?? '';
  return aliases.get(key) ?? key;
};
export const personName = ({ names }: Snapshot, number: number): string | null => names.people.values[number]?.name ?? null;
export const isBot = ({ names }: Snapshot, number: number): boolean => names.people.values[number]?.bot === true;

export const PEOPLE_PANEL: PanelSpec = {
  id: 'people',
  columns: () => [column('person', 'key', 'person'), column('name', 'text'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byPerson }, request: { snapshot } }) =>
      busiest(snapshot, byPerson).map(({ number, text, count }) => [text, personName(snapshot, number), count]),
    ),
  sql: (request) => `SELECT a.person, max(p."name") AS "name", count(*) AS messages
${writers(request)}`,
};

/** How long the messages of those who write most are. */
export const LENGTHS: PanelSpec = {
  id: 'lengths',
  columns: () => [column('person', 'key', 'person'), column('name', 'text'), column('length', 'rate'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byPerson, charsByPerson }, request: { snapshot } }) =>
      busiest(snapshot, byPerson)
        .map(({ number, text, count }) => ({
          text,
          name: personName(snapshot, number),
          length: (charsByPerson[number] ?? 0) / count,
          count,
        }))
        .sort((a, b) => b.length - a.length || byText(a.text, b.text))
        .map(({ text, name, length, count }) => [text, name, length, count]),
    ),
  sql: (request) => `SELECT person, "name", "length", messages FROM (
SELECT a.person, max(p."name") AS "name", count(*) AS messages, avg(CAST(a.chars AS DOUBLE)) AS "length"
${writers(request)}
) writers ORDER BY 3 DESC, 1`,
};

const busiest = (snapshot: Snapshot, byPerson: Uint32Array): Found[] =>
  most(
    byPerson,
    PEOPLE_SHOWN,
    (number) => personKey(snapshot, number),
    1,
    (number) => !isBot(snapshot, number),
  );

/** The people who write most; their messages are the third column. */
const writers = ({ filters, range, zone }: Request): string => `FROM (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot', 'person IS NOT NULL')}) a
JOIN people p ON p.person = a.person
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ${PEOPLE_SHOWN}`;

/** Who wrote in one range and not in the range after it, with how many messages and the last day of them. */
export const silentSql = ({ filters, range, zone }: Request, before: Range): string => `SELECT a.person, max(p."name") AS "name",
  count(*) AS messages, max(a.context_date) AS last_day
FROM (SELECT * FROM activity
${where(filters, before, zone, 'NOT is_bot', 'person IS NOT NULL')}) a
JOIN people p ON p.person = a.person
LEFT JOIN (SELECT DISTINCT person FROM activity
${where(filters, range, zone, 'person IS NOT NULL')}) still ON still.person = a.person
WHERE still.person IS NULL
GROUP BY 1 ORDER BY 3 DESC, 1`;

const CONVERSATIONS_SHOWN = 30;

export const CONVERSATIONS: PanelSpec = {
  id: 'conversations',
  columns: () => [column('conversation', 'key', 'conversation'), column('name', 'text'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { talks }, request: { snapshot } }) =>
      most(talks.rows, CONVERSATIONS_SHOWN, (number) => conversationKey(snapshot, number)).map(({ number, text, count }) => [
        text,
        snapshot.names.conversations.values[number]?.name ?? null,
        count,
      ]),
    ),
  sql: ({ filters, range, zone }) => `SELECT a.conversation, max(n."name") AS "name", count(*) AS messages
FROM (SELECT * FROM activity
${where(filters, range, zone)}) a
LEFT JOIN (SELECT conversation, max_by(conversation_name, sent_at) AS "name" FROM activity WHERE conversation_name IS NOT NULL GROUP BY 1) n
  ON n.conversation = a.conversation
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ${CONVERSATIONS_SHOWN}`,
};

export function conversationKey({ names, aliases }: Snapshot, number: number): string {
  const key = names.conversations.values[number]?.key ?? '';
  return aliases.get(key) ?? key;
}
