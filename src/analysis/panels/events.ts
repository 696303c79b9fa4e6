import { literal } from '../../sources/shape.js';
import type { Happened, Side } from '../cache/side.js';
import { dateOfDay, startOfBucket, weekdayOf } from '../calendar.js';
import { joined, JOIN_KINDS, jsonIn, LEAVE_KINDS, left, reactionIn } from '../metrics/events.js';
import { among, bucketSql, conditions } from '../statement.js';
import type { Tally } from '../tally/tally.js';
import type { Filters } from '../types.js';
import { most } from './most.js';
import { byText, column, type PanelSpec, plain, type Request } from './panel.js';
import { bucketColumn } from './time.js';

/** Events have no author or kind of a message: only these filters reach them. */
export const reaching = ({ period, channel, conversation, weekday }: Filters): Filters => ({
  period,
  ...(channel && { channel }),
  ...(conversation && { conversation }),
  ...(weekday && { weekday }),
});

/** What happened on the days that a request reaches. */
function sidesIn({ snapshot, selection }: Request): Side[] {
  const { from, to, channels, weekdays } = selection;
  return snapshot.sides.filter(
    ({ day, channel }) =>
      day >= from && day <= to && channels[channel] === true && (weekdays === null || weekdays[weekdayOf(day)] === true),
  );
}

/** How often each number happened in the conversations that a request reaches. */
function happened(request: Request, size: number, of: (side: Side) => Happened): Uint32Array {
  const counts = new Uint32Array(size);
  const { conversations } = request.selection;
  for (const side of sidesIn(request)) {
    const { value, conversation, count } = of(side);
    for (let at = 0; at < value.length; at += 1) {
      const where = conversation[at] as number;
      if (conversations === null || where === 0 || conversations[where] === 1) counts[value[at] as number]! += count[at] as number;
    }
  }
  return counts;
}

const json = jsonIn('json_extract_scalar', 'e.payload');

/** Telegram's events of a kind, with their conversation made one. */
const events = (kind: string, columns: string) => `SELECT 'telegram' AS channel,
    'telegram:' || coalesce(l.conversation_id, CAST(e.chat_id AS VARCHAR)) AS conversation, ${columns}, e.context_date AS context_date
  FROM telegram_events e LEFT JOIN conversation_links l ON l.former_id = CAST(e.chat_id AS VARCHAR)
  WHERE e.update_kind = ${literal(kind)}`;

const reached = ({ filters, range, zone }: Request) => conditions(reaching(filters), range, zone).join('\n  AND ');

const REACTIONS_SHOWN = 30;

/** Reactions given, by emoji. */
export const REACTIONS: PanelSpec = {
  id: 'reactions',
  columns: () => [column('emoji', 'text'), column('reactions', 'count'), column('perMessage', 'number')],
  count: (request) =>
    plain((tally) => {
      const { values } = request.snapshot.names.emojis;
      const counts = happened(request, values.length, ({ reactions }) => reactions);
      const messages = messagesIn(request, tally);
      return most(counts, REACTIONS_SHOWN, (number) => values[number] ?? '').map(({ text, count }) => [
        text,
        count,
        messages === 0 ? null : count / messages,
      ]);
    }),
  sql: (request) => `SELECT emoji, count(*) AS reactions,
  CAST(count(*) AS DOUBLE) / nullif((SELECT count(*) FROM activity WHERE ${reached(request)}), 0) AS "perMessage"
FROM (
  ${events('message_reaction', `${reactionIn(json)} AS emoji`)}
  UNION ALL
  SELECT channel, conversation, "text", context_date FROM activity WHERE channel = 'whatsapp' AND kind = 'reaction'
) given
WHERE emoji IS NOT NULL AND ${reached(request)}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${REACTIONS_SHOWN}`,
};

/** Messages that the filters which reach events let through. */
function messagesIn({ snapshot, selection }: Request, { messages }: Tally): number {
  const { from, to, channels, weekdays, conversations, slots, people } = selection;
  if (slots === null && people === null) return messages;
  let found = 0;
  for (const block of snapshot.blocks) {
    if (block.day < from || block.day > to || channels[block.channel] !== true) continue;
    if (weekdays !== null && weekdays[weekdayOf(block.day)] !== true) continue;
    const { value, count } = block.conversations;
    if (conversations === null) found += block.count;
    else for (let at = 0; at < value.length; at += 1) if (conversations[value[at] as number] === 1) found += count[at] as number;
  }
  return found;
}

/** Who came and who went. */
export const MEMBERS: PanelSpec = {
  id: 'members',
  columns: (request) => [
    request.bucket === 'hour' ? column('date', 'date', 'period') : bucketColumn(request),
    column('joins', 'count'),
    column('leaves', 'count'),
    column('growth', 'number'),
  ],
  count: (request) =>
    plain(() => {
      const { conversations } = request.selection;
      const buckets = new Map<number, [joins: number, leaves: number]>();
      for (const { day, members } of sidesIn(request)) {
        const start = startOfBucket(request.bucket, day);
        for (const [at, where] of members.conversation.entries()) {
          if (conversations !== null && where !== 0 && conversations[where] !== 1) continue;
          const [joins, leaves] = buckets.get(start) ?? [0, 0];
          buckets.set(start, [joins + (members.joins[at] as number), leaves + (members.leaves[at] as number)]);
        }
      }
      return [...buckets].sort(([a], [b]) => a - b).map(([start, [joins, leaves]]) => [dateOfDay(start), joins, leaves, joins - leaves]);
    }),
  sql: (request) => {
    const { bucket } = request;
    const name = bucket === 'hour' ? 'date' : bucketColumn(request).name;
    const flag = (condition: string) => `CASE WHEN ${condition} THEN 1 ELSE 0 END`;
    return `SELECT ${bucketSql(bucket === 'hour' ? 'day' : bucket)} AS "${name}", sum(joins) AS joins, sum(leaves) AS leaves, sum(joins) - sum(leaves) AS growth
FROM (
  SELECT context_date, conversation, greatest(sum(told_join), sum(seen_join)) AS joins, greatest(sum(told_leave), sum(seen_leave)) AS leaves
  FROM (
    SELECT channel, conversation, ${flag(among('kind', JOIN_KINDS))} AS told_join, ${flag(among('kind', LEAVE_KINDS))} AS told_leave,
      0 AS seen_join, 0 AS seen_leave, context_date
    FROM activity WHERE channel = 'telegram' AND ${among('kind', [...JOIN_KINDS, ...LEAVE_KINDS])}
    UNION ALL
    ${events('chat_member', `0, 0, ${flag(joined(json))}, ${flag(left(json))}`)} AND (${joined(json)} OR ${left(json)})
  ) changes
  WHERE ${reached(request)}
  GROUP BY context_date, conversation
) days
GROUP BY 1 ORDER BY 1`;
  },
};

/** What became of messages a business sent: deliveries by status, failed ones by error. */
export const DELIVERY: PanelSpec = {
  id: 'delivery',
  columns: () => [column('status', 'key'), column('code', 'key'), column('reason', 'text'), column('deliveries', 'count')],
  count: (request) =>
    plain(() => {
      if ((request.filters.conversation ?? []).length > 0) return [];
      const { values } = request.snapshot.names.statuses;
      return [...happened(request, values.length, ({ statuses }) => statuses).entries()]
        .filter(([, count]) => count > 0)
        .map(([number, count]): [string, number | null, string | null, number] => {
          const [status = '', code = ''] = (values[number] ?? '').split(' ');
          return [status, code === '' ? null : Number(code), request.errors[Number(code)] ?? null, count];
        })
        .sort(([a, x, , m], [b, y, , n]) => n - m || byText(a, b) || (x ?? -1) - (y ?? -1));
    }),
  sql: (request) => {
    const { conversation, ...rest } = reaching(request.filters);
    const only = (conversation ?? []).length > 0 ? ' AND false' : '';
    const reasons = Object.entries(request.errors).map(([code, reason]) => `WHEN ${code} THEN ${literal(reason)}`);
    return `SELECT status, error_code AS code, CASE error_code ${reasons.join(' ')} END AS reason, count(*) AS deliveries
FROM (SELECT 'whatsapp' AS channel, status, error_code, context_date FROM whatsapp_statuses) statuses
WHERE ${conditions(rest, request.range, request.zone).join('\n  AND ')}${only}
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, coalesce(error_code, -1)`;
  },
};
