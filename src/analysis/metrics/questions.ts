import { isQuestion } from '../text/question.js';
import { SENT_STATUS } from './activity.js';
import type { MetricView } from './view.js';

/** Seconds after a question within which something counts as a response to it. */
export const RESPONSE_WINDOW = 86_400;

/** Messages in the order of their conversation: ids of a channel are digits or text, and shorter digits are smaller numbers. */
export const CONVERSATION_ORDER = 'sent_at, length(message_id), message_id';

const ORDER = `PARTITION BY conversation ORDER BY ${CONVERSATION_ORDER}`;

export const QUESTIONS: MetricView = {
  name: 'questions',
  description: 'Questions that people asked, each with its first response: by reply, or by who writes next.',
  columns: [
    { name: 'channel', type: 'VARCHAR', description: 'telegram or whatsapp.' },
    { name: 'conversation', type: 'VARCHAR', description: 'As in activity.' },
    { name: 'person', type: 'VARCHAR', description: 'Who asked.' },
    { name: 'direction', type: 'VARCHAR', description: '`in`.' },
    { name: 'kind', type: 'VARCHAR', description: 'Kind of the message.' },
    { name: 'text', type: 'VARCHAR', description: 'The message.' },
    { name: 'message_id', type: 'VARCHAR', description: 'Id in its conversation.' },
    { name: 'sent_at', type: 'BIGINT', description: 'Asked, epoch seconds.' },
    { name: 'response_seconds', type: 'BIGINT', description: 'Until the first response; NULL when none came within 24 hours.' },
    { name: 'responder', type: 'VARCHAR', description: 'Who responded, as `person` of activity.' },
    { name: 'responder_is_bot', type: 'BOOLEAN', description: 'Whether that is a bot or the business.' },
    { name: 'context_date', type: 'DATE', description: "Day it was asked, in the lake's time zone." },
  ],
  reads: ['activity', 'whatsapp_statuses', 'person_links'],
  select: (table, dialect) => `WITH said AS (
  SELECT conversation, person, is_bot, channel, direction, kind, "text", message_id, reply_to, sent_at, context_date FROM ${table('activity')}
  UNION ALL
  SELECT 'whatsapp:' || coalesce(c.person_id, s.recipient_id), 'whatsapp:' || s.person_id, true, 'whatsapp', 'out', 'status',
    CAST(NULL AS VARCHAR), s.message_id, CAST(NULL AS VARCHAR), s.sent_at, s.context_date
  FROM (SELECT recipient_id, ${SENT_STATUS.person_id} AS person_id, message_id, "date" AS sent_at, context_date
    FROM ${table('whatsapp_statuses')} WHERE ${SENT_STATUS.where}) s
  LEFT JOIN ${table('person_links')} c ON c.former_id = s.recipient_id
), ordered AS (
  SELECT said.*, row_number() OVER (${ORDER}) AS place,
    CASE WHEN lag(person) OVER (${ORDER}) = person THEN 0 ELSE 1 END AS begins
  FROM said
), turns AS (
  SELECT ordered.*, sum(begins) OVER (PARTITION BY conversation ORDER BY place ROWS UNBOUNDED PRECEDING) AS turn FROM ordered
), asked AS (
  SELECT * FROM turns WHERE direction = 'in' AND NOT is_bot AND person IS NOT NULL AND ${isQuestion('"text"', dialect)}
), begun AS (
  SELECT conversation, turn, place, person, is_bot, reply_to, sent_at FROM turns WHERE begins = 1
), replies AS (
  SELECT a.conversation, a.place AS asked_place, min(r.place) AS place FROM asked a
  JOIN turns r ON r.conversation = a.conversation AND r.reply_to = a.message_id
  WHERE r.place > a.place AND coalesce(r.person <> a.person, true) AND r.sent_at <= a.sent_at + ${RESPONSE_WINDOW}
  GROUP BY a.conversation, a.place
), responses AS (
  SELECT a.conversation, a.place AS asked_place, least(coalesce(n.place, p.place), coalesce(p.place, n.place)) AS place
  FROM asked a
  LEFT JOIN begun n ON n.conversation = a.conversation AND n.turn = a.turn + 1 AND n.sent_at <= a.sent_at + ${RESPONSE_WINDOW}
    AND coalesce(n.reply_to = a.message_id, true)
  LEFT JOIN replies p ON p.conversation = a.conversation AND p.asked_place = a.place
)
SELECT a.channel AS channel, a.conversation AS conversation, a.person AS person, a.direction AS direction, a.kind AS kind, a."text" AS "text",
  a.message_id AS message_id, a.sent_at AS sent_at, t.sent_at - a.sent_at AS response_seconds, t.person AS responder,
  t.is_bot AS responder_is_bot, a.context_date AS context_date
FROM asked a
JOIN responses r ON r.conversation = a.conversation AND r.asked_place = a.place
LEFT JOIN turns t ON t.conversation = a.conversation AND t.place = r.place`,
};
