import type { MetricView } from './view.js';

/** What a WhatsApp system message says when a contact has a new number; it ends in that number. */
export const NUMBER_CHANGED = '% changed from % to %';
export const NEW_NUMBER = '([0-9]{6,})[^0-9]*$';

/** The number that a WhatsApp system message names as the new one, in either dialect. */
export const newNumber = (message: string): string => `TRY_CAST(nullif(regexp_extract(${message}, '${NEW_NUMBER}', 1), '') AS BIGINT)`;

export const CONVERSATION_LINKS: MetricView = {
  name: 'conversation_links',
  description: 'Telegram groups that became supergroups: the former chat, and the one it is now.',
  columns: [
    { name: 'former_id', type: 'VARCHAR', description: 'Chat id of the group.' },
    { name: 'conversation_id', type: 'VARCHAR', description: 'Chat id of the supergroup.' },
  ],
  reads: ['telegram'],
  select: (table) => `SELECT former_id, max(conversation_id) AS conversation_id FROM (
  SELECT CAST(chat_id AS VARCHAR) AS former_id, CAST(migrate_to_chat_id AS VARCHAR) AS conversation_id
  FROM ${table('telegram')} WHERE migrate_to_chat_id IS NOT NULL
  UNION ALL
  SELECT CAST(migrate_from_chat_id AS VARCHAR), CAST(chat_id AS VARCHAR)
  FROM ${table('telegram')} WHERE migrate_from_chat_id IS NOT NULL
) links GROUP BY former_id`,
};

export const PERSON_LINKS: MetricView = {
  name: 'person_links',
  description:
    'WhatsApp contacts with several ids: a former number or a user id, and the number the contact has now. From messages that carry both ids, and from system messages about a new number.',
  columns: [
    { name: 'former_id', type: 'VARCHAR', description: 'Number or user id.' },
    { name: 'person_id', type: 'VARCHAR', description: 'Number the contact is counted under.' },
  ],
  reads: ['whatsapp'],
  select: (table) => `WITH seen AS (
  SELECT user_id, "number" AS phone, max("date") AS last_seen FROM ${table('whatsapp')}
  WHERE user_id IS NOT NULL AND "number" IS NOT NULL AND direction = 'in' GROUP BY user_id, "number"
), latest AS (
  SELECT user_id, max_by(phone, last_seen) AS phone FROM seen GROUP BY user_id
), links AS (
  SELECT user_id AS former_id, CAST(phone AS VARCHAR) AS person_id FROM latest
  UNION ALL
  SELECT CAST(seen.phone AS VARCHAR), CAST(latest.phone AS VARCHAR)
  FROM seen JOIN latest ON latest.user_id = seen.user_id WHERE latest.phone <> seen.phone
  UNION ALL
  SELECT CAST("number" AS VARCHAR), CAST(${newNumber('message')} AS VARCHAR) FROM ${table('whatsapp')}
  WHERE "type" = 'system' AND "number" IS NOT NULL AND message LIKE '${NUMBER_CHANGED}' AND ${newNumber('message')} <> "number"
), one AS (
  SELECT former_id, max(person_id) AS person_id FROM links GROUP BY former_id
)
SELECT a.former_id AS former_id, coalesce(c.person_id, b.person_id, a.person_id) AS person_id
FROM one a LEFT JOIN one b ON b.former_id = a.person_id LEFT JOIN one c ON c.former_id = b.person_id`,
};
