import { weekdayOf } from '../calendar.js';
import { DELIVERED, FUNNEL_WINDOW, READ, REPLIED, STAGES, stageOf } from '../metrics/funnel.js';
import { NO_REPLIES } from '../metrics/questions.js';
import { SENT_STATUS } from '../metrics/activity.js';
import { among, conditions } from '../statement.js';
import { reaching } from './events.js';
import { column, type PanelSpec, plain, type Request } from './panel.js';

const BITS: readonly number[] = [0, DELIVERED, READ, REPLIED];

/** How many messages of a business came how far. */
function reachedIn({ snapshot, selection }: Request): number[] {
  const { from, to, channels, weekdays, conversations } = selection;
  const counts = new Uint32Array(256);
  const again = new Map<string, ReadonlySet<number>>();
  for (const { day, channel, sent } of snapshot.sides) {
    const before = again.get(`${channel} ${day - 1}`);
    if (sent.again.size > 0) again.set(`${channel} ${day}`, sent.again);
    if (day < from || day > to || channels[channel] !== true) continue;
    if (weekdays !== null && weekdays[weekdayOf(day)] !== true) continue;
    if (conversations === null && before === undefined) {
      for (let reached = 0; reached < sent.byReached.length; reached += 1) counts[reached]! += sent.byReached[reached] as number;
      continue;
    }
    for (let at = 0; at < sent.key.length; at += 1) {
      if (conversations !== null && conversations[sent.conversation[at] as number] !== 1) continue;
      if (before?.has(sent.key[at] as number) !== true) counts[sent.reached[at] as number]! += 1;
    }
  }
  return BITS.map((bit) => counts.reduce((sum, count, reached) => sum + ((reached & bit) === bit ? count : 0), 0));
}

const DAY = `INTERVAL '1' DAY`;

/** Messages a business sent on WhatsApp, and how many of them were delivered, read and replied to. */
export const FUNNEL: PanelSpec = {
  id: 'funnel',
  columns: () => [column('status', 'key'), column('messages', 'count'), column('share', 'share')],
  count: () =>
    plain(({ request }) => {
      const found = reachedIn(request);
      const [sent = 0] = found;
      return sent === 0 ? [] : STAGES.map((stage, at) => [stage, found[at] as number, (found[at] as number) / sent]);
    }),
  sql: ({ filters, range, zone }) => `WITH outbound AS (
  SELECT message_id, conversation, context_date, min(sent_at) AS sent_at FROM (
    SELECT message_id, conversation, context_date, sent_at FROM activity WHERE channel = 'whatsapp' AND direction = 'out'
    UNION ALL
    SELECT s.message_id, 'whatsapp:' || coalesce(l.person_id, s.recipient_id), s.context_date, s."date"
    FROM (SELECT * FROM whatsapp_statuses WHERE ${SENT_STATUS.where}) s LEFT JOIN person_links l ON l.former_id = s.recipient_id
  ) told WHERE message_id IS NOT NULL AND conversation IS NOT NULL GROUP BY message_id, conversation, context_date
), sent AS (
  SELECT 'whatsapp' AS channel, o.message_id, o.conversation, o.context_date, o.sent_at
  FROM outbound o LEFT JOIN outbound b ON b.message_id = o.message_id AND b.conversation = o.conversation AND b.context_date = o.context_date - ${DAY}
  WHERE b.message_id IS NULL
), talk AS (
  SELECT *, min(CASE WHEN NOT ours THEN context_date END) OVER (PARTITION BY conversation ORDER BY sent_at
    RANGE BETWEEN 1 FOLLOWING AND ${FUNNEL_WINDOW} FOLLOWING) AS replied_on
  FROM (
    SELECT channel, message_id, conversation, context_date, sent_at, true AS ours FROM sent
    UNION ALL
    SELECT channel, message_id, conversation, context_date, sent_at, false FROM activity
    WHERE channel = 'whatsapp' AND direction <> 'out' AND NOT ${among('kind', NO_REPLIES)}
  ) said
), reached AS (
  SELECT o.message_id, o.conversation, max(${stageOf('t.status')}) AS stage, bool_or(coalesce(o.replied_on <= o.context_date + ${DAY}, false)) AS replied
  FROM (SELECT * FROM talk WHERE ours AND ${conditions(reaching(filters), range, zone).join('\n    AND ')}) o
  LEFT JOIN whatsapp_statuses t ON t.message_id = o.message_id AND t."date" <= o.sent_at + ${FUNNEL_WINDOW}
    AND t.context_date BETWEEN o.context_date AND o.context_date + ${DAY}
  GROUP BY o.message_id, o.conversation, o.context_date
), counted AS (
  SELECT count(*) AS sent, count(CASE WHEN stage >= ${DELIVERED} THEN 1 END) AS delivered, count(CASE WHEN stage >= ${READ} THEN 1 END) AS "read",
    count(CASE WHEN replied THEN 1 END) AS replied
  FROM reached
)
SELECT status, messages, CAST(messages AS DOUBLE) / sent AS share FROM (
  SELECT v.place, v.status, c.sent, CASE v.place WHEN 1 THEN c.sent WHEN 2 THEN c.delivered WHEN 3 THEN c."read" ELSE c.replied END AS messages
  FROM counted c CROSS JOIN (VALUES ${STAGES.map((stage, at) => `(${at + 1}, '${stage}')`).join(', ')}) v(place, status)
) stages WHERE sent > 0 ORDER BY place`,
};
