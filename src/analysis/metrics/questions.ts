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
  // Trino reads a WITH anew wherever it is named, so that the next turn comes by windows, and the tables are read twice: as what is
  // asked, and as replies.
  select: (table, dialect) => `WITH said AS (
  SELECT conversation, person, is_bot, channel, direction, kind, message_id, reply_to, sent_at, context_date,
    CASE WHEN direction = 'in' AND NOT is_bot AND person IS NOT NULL AND ${isQuestion('"text"', dialect)} THEN "text" END AS question
  FROM ${table('activity')}
  UNION ALL
  SELECT 'whatsapp:' || coalesce(c.person_id, s.recipient_id), 'whatsapp:' || s.person_id, true, 'whatsapp', 'out', 'status',
    s.message_id, CAST(NULL AS VARCHAR), s.sent_at, s.context_date, CAST(NULL AS VARCHAR)
  FROM (SELECT recipient_id, ${SENT_STATUS.person_id} AS person_id, message_id, "date" AS sent_at, context_date
    FROM ${table('whatsapp_statuses')} WHERE ${SENT_STATUS.where}) s
  LEFT JOIN ${table('person_links')} c ON c.former_id = s.recipient_id
), ordered AS (
  SELECT said.*, row_number() OVER (${ORDER}) AS place,
    CASE WHEN lag(person) OVER (${ORDER}) = person THEN 0 ELSE 1 END AS begins
  FROM said WHERE conversation IS NOT NULL
), turns AS (
  SELECT ordered.*, min(CASE WHEN begins = 1 THEN place END) OVER (
    PARTITION BY conversation ORDER BY place DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS next_place
  FROM ordered
), followed AS (
  SELECT turns.*, ${next('person')}, ${next('is_bot')}, ${next('reply_to')}, ${next('sent_at')} FROM turns
), asked AS (
  SELECT followed.*, coalesce(next_sent_at <= sent_at + ${RESPONSE_WINDOW} AND coalesce(next_reply_to = message_id, true), false) AS next_responds
  FROM followed WHERE question IS NOT NULL
), replies AS (
  SELECT conversation, reply_to, person, is_bot, sent_at, place FROM ordered WHERE reply_to IS NOT NULL
), responses AS (
  SELECT a.*, r.person AS reply_person, r.is_bot AS reply_is_bot, r.sent_at AS reply_sent_at,
    a.next_place IS NOT NULL AND a.next_responds AND coalesce(a.next_place <= r.place, true) AS by_turn,
    row_number() OVER (PARTITION BY a.conversation, a.place ORDER BY r.place) AS nearness
  FROM asked a
  LEFT JOIN replies r ON r.conversation = a.conversation AND r.reply_to = a.message_id AND r.place > a.place
    AND coalesce(r.person <> a.person, true) AND r.sent_at <= a.sent_at + ${RESPONSE_WINDOW}
)
SELECT channel, conversation, person, direction, kind, question AS "text", message_id, sent_at,
  CASE WHEN by_turn THEN next_sent_at ELSE reply_sent_at END - sent_at AS response_seconds,
  CASE WHEN by_turn THEN next_person ELSE reply_person END AS responder,
  CASE WHEN by_turn THEN next_is_bot ELSE reply_is_bot END AS responder_is_bot, context_date
FROM responses WHERE nearness = 1`,
};

/** A column of the message that begins the next turn; the message's own where no turn follows. */
function next(column: string): string {
  return `lead(${column}, coalesce(next_place - place, 0)) OVER (PARTITION BY conversation ORDER BY place) AS next_${column}`;
}
