import { CONVERSATION_ORDER } from './questions.js';
import type { MetricView } from './view.js';

/** Seconds without a message after which the next one begins another session. */
export const SESSION_GAP = 3600;

const ORDER = `PARTITION BY conversation ORDER BY ${CONVERSATION_ORDER}`;

export const SESSIONS: MetricView = {
  name: 'sessions',
  description: 'Stretches of a conversation in which no hour passes without a message.',
  columns: [
    { name: 'channel', type: 'VARCHAR', description: 'telegram or whatsapp.' },
    { name: 'conversation', type: 'VARCHAR', description: 'As in activity.' },
    { name: 'session', type: 'BIGINT', description: 'Number in its conversation, from 1.' },
    { name: 'started_at', type: 'BIGINT', description: 'First message, epoch seconds.' },
    { name: 'ended_at', type: 'BIGINT', description: 'Last message, epoch seconds.' },
    { name: 'messages', type: 'BIGINT', description: 'Messages, of people and bots.' },
    { name: 'people', type: 'BIGINT', description: 'People who wrote; bots and the business left out.' },
    { name: 'context_date', type: 'DATE', description: "Day it began, in the lake's time zone." },
  ],
  reads: ['activity'],
  select: (table) => `WITH said AS (
  SELECT channel, conversation, CASE WHEN NOT is_bot THEN person END AS somebody, sent_at, message_id, context_date,
    CASE WHEN sent_at - lag(sent_at) OVER (${ORDER}) <= ${SESSION_GAP} THEN 0 ELSE 1 END AS begins
  FROM ${table('activity')} WHERE conversation IS NOT NULL
), numbered AS (
  SELECT said.*, sum(begins) OVER (${ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session FROM said
)
SELECT channel, conversation, CAST(session AS BIGINT) AS session, min(sent_at) AS started_at, max(sent_at) AS ended_at, count(*) AS messages,
  count(DISTINCT somebody) AS people, min(context_date) AS context_date
FROM numbered GROUP BY channel, conversation, session`,
};
