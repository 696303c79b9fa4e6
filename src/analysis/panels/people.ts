import type { Snapshot } from '../cache/snapshot.js';
import { where } from '../statement.js';
import { column, type PanelSpec, plain } from './panel.js';
import { most } from './most.js';

const PEOPLE_SHOWN = 50;

export const personKey = ({ names, aliases }: Snapshot, number: number): string => {
  const key = names.people.values[number]?.key ?? '';
  return aliases.get(key) ?? key;
};
export const personName = ({ names }: Snapshot, number: number): string | null => names.people.values[number]?.name ?? null;
export const isBot = ({ names }: Snapshot, number: number): boolean => names.people.values[number]?.bot === true;

export const PEOPLE_PANEL: PanelSpec = {
  id: 'people',
  columns: () => [column('person', 'key', 'person'), column('name', 'text'), column('messages', 'count'), column('length', 'number')],
  count: ({ snapshot }) =>
    plain(({ byPerson, charsByPerson }) =>
      most(
        byPerson,
        PEOPLE_SHOWN,
        (number) => personKey(snapshot, number),
        1,
        (number) => !isBot(snapshot, number),
      ).map(({ number, text, count }) => [text, personName(snapshot, number), count, (charsByPerson[number] ?? 0) / count]),
    ),
  sql: ({
    filters,
    range,
    zone,
  }) => `SELECT a.person, max(p."name") AS "name", count(*) AS messages, avg(CAST(a.chars AS DOUBLE)) AS "length"
FROM (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot', 'person IS NOT NULL')}) a
JOIN people p ON p.person = a.person
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ${PEOPLE_SHOWN}`,
};

const CONVERSATIONS_SHOWN = 30;

export const CONVERSATIONS: PanelSpec = {
  id: 'conversations',
  columns: () => [column('conversation', 'key', 'conversation'), column('name', 'text'), column('messages', 'count')],
  count: ({ snapshot }) =>
    plain(({ talks }) =>
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
