import { literal } from '../../sources/shape.js';
import type { Block } from '../cache/block.js';
import type { Happened, Side } from '../cache/side.js';
import { dateOfDay, type Day, startOfBucket, weekdayOf } from '../calendar.js';
import { emojiIn, joined, JOIN_KINDS, jsonIn, LEAVE_KINDS, left, reactionIn } from '../metrics/events.js';
import { among, conditions } from '../statement.js';
import { blocksIn, isIn } from '../tally/selection.js';
import type { Filters } from '../types.js';
import { most } from './most.js';
import { byText, column, type PanelSpec, plain, type Request } from './panel.js';
import { daysColumn, daysSql } from './time.js';

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

/** Every reaction that was given where the filters reach, as a relation. */
const given = (request: Request): string => `(
  ${events('message_reaction', `${reactionIn(json)} AS emoji`)}
  UNION ALL
  SELECT channel, conversation, ${emojiIn('"text"')}, context_date FROM activity WHERE channel = 'whatsapp' AND kind = 'reaction'
) given
WHERE emoji IS NOT NULL AND ${reached(request)}`;

/** Reactions given, by emoji. */
export const REACTIONS: PanelSpec = {
  id: 'reactions',
  columns: () => [column('emoji', 'text'), column('reactions', 'count')],
  count: () =>
    plain(({ request }) => {
      const { values } = request.snapshot.names.emojis;
      const counts = happened(request, values.length, ({ reactions }) => reactions);
      return most(counts, REACTIONS_SHOWN, (number) => values[number] ?? '').map(({ text, count }) => [text, count]);
    }),
  sql: (request) => `SELECT emoji, count(*) AS reactions
FROM ${given(request)}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${REACTIONS_SHOWN}`,
};

/** How many reactions a message got on average, along time. */
export const REACTION_RATE: PanelSpec = {
  id: 'reaction-rate',
  columns: (request) => [daysColumn(request), column('reactions', 'count'), column('messages', 'count'), column('perMessage', 'rate')],
  count: () =>
    plain(({ request }) => {
      const reactions = new Map<Day, number>();
      for (const side of sidesIn(request))
        add(reactions, startOfBucket(request.bucket, side.day), countIn(side.reactions, request.selection.conversations));
      if (![...reactions.values()].some((count) => count > 0)) return [];
      return [...messagesIn(request)]
        .sort(([a], [b]) => a - b)
        .map(([start, messages]) => {
          const count = reactions.get(start) ?? 0;
          return [dateOfDay(start), count, messages, count / messages];
        });
    }),
  sql: (request) => {
    const start = daysSql(request);
    return `WITH reactions AS (SELECT ${start} AS first_day, count(*) AS reactions
FROM ${given(request)}
GROUP BY 1)
SELECT m.first_day AS "${daysColumn(request).name}", coalesce(r.reactions, 0) AS reactions, m.messages AS messages,
  CAST(coalesce(r.reactions, 0) AS DOUBLE) / m.messages AS "perMessage"
FROM (SELECT ${start} AS first_day, count(*) AS messages FROM activity WHERE ${reached(request)} GROUP BY 1) m
LEFT JOIN reactions r ON r.first_day = m.first_day
WHERE EXISTS (SELECT 1 FROM reactions)
ORDER BY 1`;
  },
};

const add = (counts: Map<Day, number>, start: Day, count: number): void => void counts.set(start, (counts.get(start) ?? 0) + count);

/** How often anything happened in the chosen conversations; what belongs to none counts in any. */
function countIn({ conversation, count }: Happened, chosen: Uint8Array | null): number {
  let sum = 0;
  for (let at = 0; at < count.length; at += 1) {
    const where = conversation[at] as number;
    if (chosen === null || where === 0 || chosen[where] === 1) sum += count[at] as number;
  }
  return sum;
}

/** Messages that the filters which reach events let through, by the first day of their bucket. */
function messagesIn({ snapshot, selection, bucket }: Request): Map<Day, number> {
  const { channels, conversations } = selection;
  // People do not tell events apart.
  const holding = channels.map((passes, at) => passes && isIn(at, snapshot.names.conversations, conversations));
  const found = new Map<Day, number>();
  for (const { day, count: all, conversations: said } of blocksIn(snapshot, { ...selection, holding })) {
    const count = conversations === null ? all : countOf(said, conversations);
    if (count > 0) add(found, startOfBucket(bucket, day), count);
  }
  return found;
}

function countOf({ value, count }: Block['conversations'], chosen: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < value.length; at += 1) if (chosen[value[at] as number] === 1) sum += count[at] as number;
  return sum;
}

/** Who came and who went. */
export const MEMBERS: PanelSpec = {
  id: 'members',
  columns: (request) => [daysColumn(request), column('joins', 'count'), column('leaves', 'count'), column('growth', 'number')],
  count: () =>
    plain(({ request }) => {
      const { conversations } = request.selection;
      const buckets = new Map<number, [joins: number, leaves: number]>();
      for (const { day, members } of sidesIn(request)) {
        const start = startOfBucket(request.bucket, day);
        let reached = 0;
        let [joins, leaves] = buckets.get(start) ?? [0, 0];
        for (let at = 0; at < members.conversation.length; at += 1) {
          const where = members.conversation[at] as number;
          if (conversations !== null && where !== 0 && conversations[where] !== 1) continue;
          reached += 1;
          joins += members.joins[at] as number;
          leaves += members.leaves[at] as number;
        }
        if (reached > 0) buckets.set(start, [joins, leaves]);
      }
      return [...buckets].sort(([a], [b]) => a - b).map(([start, [joins, leaves]]) => [dateOfDay(start), joins, leaves, joins - leaves]);
    }),
  sql: (request) => {
    const flag = (condition: string) => `CASE WHEN ${condition} THEN 1 ELSE 0 END`;
    return `SELECT ${daysSql(request)} AS "${daysColumn(request).name}", sum(joins) AS joins, sum(leaves) AS leaves, sum(joins) - sum(leaves) AS growth
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
  count: () =>
    plain(({ request }) => {
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
