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
  // The table is read once: Trino reads a WITH anew wherever it is named, and this view is part of all others.
  select: (table) => `WITH known AS (
  SELECT CASE WHEN direction = 'in' THEN user_id END AS user_id, "number" AS phone, "date" AS seen_at,
    CASE WHEN "type" = 'system' AND message LIKE '${NUMBER_CHANGED}' THEN ${newNumber('message')} END AS new_phone
  FROM ${table('whatsapp')} WHERE "number" IS NOT NULL AND (user_id IS NOT NULL OR "type" = 'system')
), seen AS (
  SELECT user_id, phone, new_phone, max(seen_at) AS last_seen FROM known
  WHERE user_id IS NOT NULL OR new_phone IS NOT NULL GROUP BY user_id, phone, new_phone
), latest AS (
  SELECT user_id, phone, new_phone,
    first_value(phone) OVER (PARTITION BY user_id ORDER BY last_seen DESC NULLS LAST, phone DESC) AS last_phone
  FROM seen
), links AS (
  SELECT CASE WHEN way = 1 THEN user_id ELSE CAST(phone AS VARCHAR) END AS former_id,
    CAST(CASE WHEN way = 3 THEN new_phone ELSE last_phone END AS VARCHAR) AS person_id
  FROM latest CROSS JOIN (VALUES (1), (2), (3)) ways (way)
  WHERE CASE way WHEN 1 THEN user_id IS NOT NULL WHEN 2 THEN user_id IS NOT NULL AND last_phone <> phone ELSE new_phone <> phone END
), one AS (
  SELECT former_id, max(person_id) AS person_id, CAST(NULL AS VARCHAR) AS later_id FROM links GROUP BY former_id
), two AS (
  ${followed('one', 'person_id', 'later_id')}
)
SELECT former_id, coalesce(last_id, later_id, person_id) AS person_id FROM (
  ${followed('two', 'coalesce(later_id, person_id)', 'last_id')}
) three`,
};

/**
 * The rows of `links` with `as`: where the id in `from` leads to. A join of the links with themselves, as a window over them, so that
 * what they are made of is read once.
 */
function followed(links: string, from: string, as: 'later_id' | 'last_id'): string {
  const kept = as === 'later_id' ? '' : ', later_id';
  return `SELECT former_id, person_id${kept}, target AS ${as} FROM (
    SELECT former_id, person_id, later_id, asks, max(CASE WHEN asks = 0 THEN person_id END) OVER (PARTITION BY via) AS target
    FROM (SELECT l.*, asks, CASE WHEN asks = 1 THEN ${from} ELSE former_id END AS via
      FROM ${links} l CROSS JOIN (VALUES (0), (1)) sides (asks)) both_sides
  ) found WHERE asks = 1`;
}
