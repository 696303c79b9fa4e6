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
  SELECT CAST(CASE WHEN migrate_to_chat_id IS NULL THEN migrate_from_chat_id ELSE chat_id END AS VARCHAR) AS former_id,
    CAST(coalesce(migrate_to_chat_id, chat_id) AS VARCHAR) AS conversation_id
  FROM ${table('telegram')} WHERE migrate_to_chat_id IS NOT NULL OR migrate_from_chat_id IS NOT NULL
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
  select: (table) => `WITH known AS (
  SELECT user_id, "number" AS phone, "date" AS seen_at, direction,
    CASE WHEN "type" = 'system' AND message LIKE '${NUMBER_CHANGED}' THEN ${newNumber('message')} END AS new_phone
  FROM ${table('whatsapp')} WHERE "number" IS NOT NULL AND (user_id IS NOT NULL OR "type" = 'system')
), seen AS (
  SELECT user_id, phone, max(seen_at) AS last_seen FROM known WHERE user_id IS NOT NULL AND direction = 'in' GROUP BY user_id, phone
), latest AS (
  SELECT user_id, max_by(phone, last_seen) AS phone FROM seen GROUP BY user_id
), links AS (
  SELECT user_id AS former_id, CAST(phone AS VARCHAR) AS person_id FROM latest
  UNION ALL
  SELECT CAST(seen.phone AS VARCHAR), CAST(latest.phone AS VARCHAR)
  FROM seen JOIN latest ON latest.user_id = seen.user_id WHERE latest.phone <> seen.phone
  UNION ALL
  SELECT CAST(phone AS VARCHAR), CAST(new_phone AS VARCHAR) FROM known WHERE new_phone <> phone
), one AS (
  SELECT former_id, max(person_id) AS person_id FROM links GROUP BY former_id
)
SELECT a.former_id AS former_id, coalesce(c.person_id, b.person_id, a.person_id) AS person_id
FROM one a LEFT JOIN one b ON b.former_id = a.person_id LEFT JOIN one c ON c.former_id = b.person_id`,
};
