import { SERVICE_CONTENT } from '../../sources/telegram/kinds.js';
import { among } from '../statement.js';
import { complains } from '../text/complaint.js';
import { alike, meaning, meaningList } from '../text/meaning.js';
import { normalForm } from '../text/normal.js';
import { isQuestion } from '../text/question.js';
import { SENT_STATUS } from './activity.js';
import type { Dialect } from '../text/dialect.js';
import type { MetricView } from './view.js';

/** Seconds after a question within which something counts as a response to it. */
export const RESPONSE_WINDOW = 86_400;

/** Kinds of received WhatsApp messages that are no writing back. */
export const NO_REPLIES: readonly string[] = ['reaction', 'system'];

/** Kinds of messages that nobody says anything with: they neither ask nor respond, and begin no turn. */
export const SILENT_KINDS: readonly string[] = [...NO_REPLIES, ...SERVICE_CONTENT];

/** Messages in the order of their conversation: ids of a channel are digits or text, and shorter digits are smaller numbers. */
export const CONVERSATION_ORDER = 'sent_at, length(message_id), message_id';

const ORDER = `PARTITION BY conversation ORDER BY ${CONVERSATION_ORDER}`;

const COLUMNS: MetricView['columns'] = [
  { name: 'channel', type: 'VARCHAR', description: 'telegram or whatsapp.' },
  { name: 'conversation', type: 'VARCHAR', description: 'As in activity.' },
  { name: 'person', type: 'VARCHAR', description: 'Who asked.' },
  { name: 'direction', type: 'VARCHAR', description: '`in`.' },
  { name: 'kind', type: 'VARCHAR', description: 'Kind of the message.' },
  { name: 'text', type: 'VARCHAR', description: 'The message.' },
  { name: 'message_id', type: 'VARCHAR', description: 'Id in its conversation.' },
  { name: 'topic', type: 'BIGINT', description: 'Forum topic (Telegram).' },
  { name: 'sent_at', type: 'BIGINT', description: 'Asked, epoch seconds.' },
  { name: 'response_seconds', type: 'BIGINT', description: 'Until the first response; NULL when none came within 24 hours.' },
  { name: 'responder', type: 'VARCHAR', description: 'Who responded, as `person` of activity.' },
  { name: 'responder_is_bot', type: 'BOOLEAN', description: 'Whether that is a bot or the business.' },
  {
    name: 'resolved',
    type: 'BOOLEAN',
    description:
      'Whether the person neither asked it again nor complained of the response, within 24 hours of asking; NULL without a response.',
  },
  { name: 'context_date', type: 'DATE', description: "Day it was asked, in the lake's time zone." },
];

const meant = (dialect: Dialect) => meaningList(meaning(normalForm('request', dialect), dialect), dialect);

export const REQUESTS: MetricView = {
  name: 'requests',
  description:
    'What people ask for, by a question or a bot command, each with its first response (by reply, or by who writes next) and whether that helped.',
  columns: [
    { name: 'is_question', type: 'BOOLEAN', description: 'Whether the text asks something.' },
    { name: 'commands', type: 'VARCHAR[]', description: 'Bot commands (Telegram).' },
    ...COLUMNS,
  ],
  reads: ['activity', 'whatsapp_statuses', 'person_links'],
  // Trino reads a WITH anew wherever it is named, so that the next turn comes by windows, and the tables are read twice: as what is
  // asked, and as what follows, in two ways: what replies to it, and what the same person asks or complains of.
  select: (table, dialect) => `WITH heard AS (
  SELECT *, direction = 'in' AND NOT is_bot AND person IS NOT NULL AS by_person FROM ${table('activity')}
  WHERE NOT ${among('kind', SILENT_KINDS)}
), understood AS (
  SELECT *, by_person AND ${isQuestion('"text"', dialect)} AS is_question,
    by_person AND coalesce(${dialect === 'duckdb' ? 'len' : 'cardinality'}(commands) > 0, false) AS is_command,
    by_person AND coalesce(${complains(normalForm('"text"', dialect), dialect)}, false) AS complains
  FROM heard
), said AS (
  SELECT conversation, person, is_bot, channel, direction, kind, message_id, topic, reply_to, sent_at, context_date,
    is_question, is_command, complains, CASE WHEN is_command THEN commands END AS commands, CASE WHEN is_question OR is_command THEN "text" END AS request
  FROM understood
  UNION ALL
  SELECT 'whatsapp:' || coalesce(c.person_id, s.recipient_id), 'whatsapp:' || s.person_id, true, 'whatsapp', 'out', 'status',
    s.message_id, CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), s.sent_at, s.context_date,
    false, false, false, CASE WHEN s.message_id IS NULL THEN split('', ',') END, CAST(NULL AS VARCHAR)
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
), continued AS (
  SELECT turns.*, ${next('person')}, ${next('is_bot')}, ${next('reply_to')}, ${next('sent_at')} FROM turns
), asked AS (
  SELECT continued.*, ways.way, CASE ways.way WHEN 1 THEN message_id ELSE person END AS of_it, ${meant(dialect)} AS meaning,
    coalesce(next_sent_at <= sent_at + ${RESPONSE_WINDOW} AND coalesce(next_reply_to = message_id, true), false) AS next_responds
  FROM continued CROSS JOIN (VALUES (1), (2)) ways (way) WHERE is_question OR is_command
), later AS (
  SELECT conversation, place, person, is_bot, sent_at, ways.way, CASE ways.way WHEN 1 THEN reply_to ELSE person END AS of_it,
    CASE WHEN complains THEN max(CASE WHEN is_question OR is_command THEN place END) OVER (
      PARTITION BY conversation, person, ways.way ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END AS complains_of,
    CASE ways.way WHEN 2 THEN ${meant(dialect)} END AS meaning
  FROM ordered CROSS JOIN (VALUES (1), (2)) ways (way)
  WHERE CASE ways.way WHEN 1 THEN reply_to IS NOT NULL ELSE is_question OR is_command OR complains END
), followed AS (
  SELECT a.*, l.person AS reply_person, l.is_bot AS reply_is_bot, l.sent_at AS reply_sent_at,
    CASE WHEN l.way = 1 THEN l.place END AS reply_place,
    row_number() OVER (PARTITION BY a.conversation, a.place ORDER BY coalesce(l.way, 2), l.place) AS nearness,
    max(CASE WHEN l.way = 2 AND (coalesce(l.complains_of = a.place, false) OR coalesce(${alike('a.meaning', 'l.meaning', dialect)}, false)) THEN l.place END)
      OVER (PARTITION BY a.conversation, a.place) AS trouble_place
  FROM asked a
  LEFT JOIN later l ON l.conversation = a.conversation AND l.way = a.way AND l.of_it = a.of_it AND l.place > a.place
    AND l.sent_at <= a.sent_at + ${RESPONSE_WINDOW} AND (l.way = 2 OR coalesce(l.person <> a.person, true))
), responses AS (
  SELECT followed.*, next_place IS NOT NULL AND next_responds AND coalesce(next_place <= reply_place, true) AS by_turn FROM followed WHERE nearness = 1
), answered AS (
  SELECT responses.*, CASE WHEN by_turn THEN next_place ELSE reply_place END AS response_place FROM responses
)
SELECT is_question, commands, channel, conversation, person, direction, kind, request AS "text", message_id, topic, sent_at,
  CASE WHEN by_turn THEN next_sent_at WHEN reply_place IS NOT NULL THEN reply_sent_at END - sent_at AS response_seconds,
  CASE WHEN by_turn THEN next_person WHEN reply_place IS NOT NULL THEN reply_person END AS responder,
  CASE WHEN by_turn THEN next_is_bot WHEN reply_place IS NOT NULL THEN reply_is_bot END AS responder_is_bot,
  CASE WHEN response_place IS NOT NULL THEN coalesce(trouble_place < response_place, true) END AS resolved, context_date
FROM answered`,
};

export const QUESTIONS: MetricView = {
  name: 'questions',
  description: 'Questions that people asked, each with its first response and whether that helped.',
  columns: COLUMNS,
  reads: ['requests'],
  select: (table) => `SELECT ${COLUMNS.map(({ name }) => `"${name}"`).join(', ')} FROM ${table('requests')} WHERE is_question`,
};

/** A column of the message that begins the next turn; the message's own where no turn follows. */
function next(column: string): string {
  return `lead(${column}, coalesce(next_place - place, 0)) OVER (PARTITION BY conversation ORDER BY place) AS next_${column}`;
}
