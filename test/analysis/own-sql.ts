import { join } from 'node:path';
import type { AnalysisView } from '../../src/analysis/types.js';
import { fileColumns } from '../../src/etl/fingerprint.js';
import { table } from '../query/lake.js';
import { ZONE } from './lake.js';

/*
 * What docs/metrics.md says, in SQL of its own over the Parquet files, for an engine that knows nothing of the views.
 */

/** Contacts of these lakes whose number or user id the platform says was another's. */
const OLD_NUMBER = `CASE id WHEN '5511900000001' THEN '5511999000001' WHEN 'BR.1' THEN '5511999000001' WHEN 'BR.2' THEN '5511900000002' ELSE id END`;

export const TABLES = ['telegram', 'whatsapp', 'whatsapp_statuses', 'telegram_events'];

/** Writes a file without rows, so that no table is missing. */
export const emptyFile = (folder: string, name: string): string => {
  const columns = fileColumns(table(name)).map((column) => `CAST(NULL AS ${column.type}) AS "${column.name}"`);
  return `COPY (SELECT ${columns.join(', ')} WHERE false) TO '${join(folder, name, 'context_date=1970-01-01/data.parquet')}' (FORMAT parquet)`;
};

export const definitions = (folder: string): string => {
  const files = (name: string) => `read_parquet('${join(folder, name)}/*/data.parquet', hive_partitioning = true)`;
  return `
CREATE MACRO contact(id) AS ${OLD_NUMBER};
CREATE MACRO chat(id) AS 'telegram:' || CASE WHEN id = -100 THEN -1001000 ELSE id END;
CREATE TABLE m AS SELECT *, timezone('${ZONE.name}', to_timestamp(ts)) AS wall, kind IN ('reaction', 'system', 'new_chat_members', 'left_chat_member',
  'migrate_to_chat_id', 'migrate_from_chat_id', 'forum_topic_edited', 'pinned_message') AS silent FROM (
  SELECT 'telegram' AS channel, chat(chat_id) AS talk, 'telegram:' || coalesce(user_id, sender_chat_id) AS who,
    coalesce(user_is_bot, false) AS bot, coalesce(user_first_name, chat_title) AS name, direction AS way, data_type AS kind, coalesce(text, caption) AS said,
    CAST(message_id AS VARCHAR) AS id, CAST(reply_to_message_id AS VARCHAR) AS reply, user_language_code AS speaks,
    hashtags, commands, date AS ts, CAST(context_date AS DATE) AS day FROM ${files('telegram')}
  UNION ALL
  SELECT 'whatsapp', 'whatsapp:' || coalesce(group_id, contact(coalesce(CAST(number AS VARCHAR), user_id))),
    'whatsapp:' || CASE direction WHEN 'out' THEN phone_number_id ELSE contact(coalesce(CAST(number AS VARCHAR), user_id)) END,
    direction = 'out', name, direction, type, coalesce(message, caption), message_id, reply_to_message_id, NULL, NULL, NULL, date, CAST(context_date AS DATE)
  FROM ${files('whatsapp')});
CREATE TABLE status AS SELECT *, 'whatsapp:' || contact(recipient_id) AS talk, CAST(context_date AS DATE) AS day FROM ${files('whatsapp_statuses')};
CREATE TABLE event AS SELECT *, chat(chat_id) AS talk, CAST(context_date AS DATE) AS day FROM ${files('telegram_events')};
CREATE TABLE first_seen AS SELECT who, min(day) AS first_day, max_by(name, ts) AS name FROM m WHERE NOT bot AND who IS NOT NULL GROUP BY 1;
CREATE TABLE ordered AS SELECT *, row_number() OVER (ORDER BY talk, ts, length(id), id) AS place FROM (
  SELECT talk, who, bot, id, reply, ts FROM m WHERE NOT silent
  UNION ALL SELECT talk, 'whatsapp:' || phone_number_id, true, message_id, NULL, date FROM status WHERE status = 'sent');
CREATE TABLE q AS
WITH asked AS (
  SELECT m.*, o.place FROM m JOIN ordered o USING (talk, id, ts, who)
  WHERE way = 'in' AND NOT m.bot AND (said LIKE '%?' OR length(commands) > 0)
), candidates AS (
  SELECT a.place AS asked, o.place, o.ts, o.who, o.bot, o.reply, coalesce(o.reply = a.id, false) AS replies,
    o.place = min(o.place) OVER (PARTITION BY a.place) AS turns, a.ts AS asked_at
  FROM asked a JOIN ordered o ON o.talk = a.talk AND o.place > a.place AND o.who IS DISTINCT FROM a.who
), first AS (
  SELECT asked, min(ts - asked_at) AS wait, min_by(who, place) AS responder, min_by(bot, place) AS responder_bot FROM (
    SELECT * FROM candidates WHERE ts - asked_at <= 86400 AND (replies OR turns AND reply IS NULL)
    QUALIFY place = min(place) OVER (PARTITION BY asked)) GROUP BY 1
) SELECT a.*, wait, responder, responder_bot FROM asked a LEFT JOIN first f ON f.asked = a.place;
CREATE TABLE member AS SELECT talk, day, greatest(sum(tj), sum(sj)) AS joins, greatest(sum(tl), sum(sl)) AS leaves FROM (
  SELECT talk, day, CAST(kind = 'new_chat_members' AS INT) AS tj, CAST(kind = 'left_chat_member' AS INT) AS tl, 0 AS sj, 0 AS sl
    FROM m WHERE channel = 'telegram' AND kind IN ('new_chat_members', 'left_chat_member')
  UNION ALL SELECT talk, day, 0, 0, CAST(old = 'left' AND new = 'member' AS INT), CAST(old = 'member' AND new = 'left' AS INT) FROM (
    SELECT talk, day, payload ->> '$.old_chat_member.status' AS old, payload ->> '$.new_chat_member.status' AS new FROM event WHERE update_kind = 'chat_member')
  WHERE 'left' IN (old, new)) GROUP BY 1, 2;
CREATE TABLE reacted AS SELECT talk, day, replace(new, chr(65039), '') AS emoji FROM (
  SELECT talk, day, payload ->> '$.new_reaction[0].emoji' AS new, payload ->> '$.old_reaction[0].emoji' AS old FROM event WHERE update_kind = 'message_reaction')
  WHERE new IS NOT NULL AND replace(new, chr(65039), '') IS DISTINCT FROM replace(old, chr(65039), '')
  UNION ALL SELECT talk, day, replace(said, chr(65039), '') FROM m WHERE channel = 'whatsapp' AND kind = 'reaction';
CREATE TABLE sent AS WITH moments AS (
  SELECT talk, id, min(ts) AS ts FROM (
    SELECT talk, id, ts FROM m WHERE channel = 'whatsapp' AND way = 'out' UNION ALL SELECT talk, message_id, date FROM status WHERE status = 'sent') GROUP BY 1, 2)
  SELECT s.ts, CAST(timezone('${ZONE.name}', to_timestamp(s.ts)) AS DATE) AS day,
    EXISTS (SELECT 1 FROM status t WHERE t.message_id = s.id AND t.talk = s.talk AND t.status IN ('delivered', 'read') AND t.date <= s.ts + 86400) AS delivered,
    EXISTS (SELECT 1 FROM status t WHERE t.message_id = s.id AND t.talk = s.talk AND t.status = 'read' AND t.date <= s.ts + 86400) AS read,
    EXISTS (SELECT 1 FROM m t WHERE t.talk = s.talk AND t.way = 'in' AND NOT t.silent AND t.ts > s.ts AND t.ts <= s.ts + 86400) AS replied
  FROM moments s`;
};

const bucketOf = ({ bucket }: AnalysisView, day: string): string =>
  bucket === 'day' || bucket === 'hour' ? day : `CAST(date_trunc('${bucket}', ${day}) AS DATE)`;

/** Statements by panel: the values of the columns that are named, in any order of rows. */
export function panelsOf(view: AnalysisView): Readonly<Record<string, readonly [columns: string, sql: string]>> {
  const within = (day: string, { from, to } = view.range) =>
    view.filters.period === 'all' ? 'true' : `${day} BETWEEN '${from}' AND '${to}'`;
  const M = `(SELECT * FROM m WHERE ${within('day')})`;
  const P = `(SELECT * FROM ${M} WHERE NOT bot AND who IS NOT NULL)`;
  const Q = `(SELECT * FROM q WHERE said LIKE '%?' AND ${within('day')})`;
  const start = bucketOf(view, 'day');
  const series = (columns: string) =>
    view.bucket === 'hour'
      ? `SELECT hour(wall), ${columns}, count(*) FROM ${M} GROUP BY ALL`
      : `SELECT ${start}, ${columns}, count(*) FROM ${M} GROUP BY ALL`;
  const active = ['day', 'week', 'month'].map(
    (unit) => `SELECT '${unit}', CAST(date_trunc('${unit}', day) AS DATE), count(DISTINCT who) FROM ${P} GROUP BY ALL`,
  );
  const wait = 'quantile_cont(wait, 0.5)';
  return {
    series: ['0 channel messages', series('channel')],
    'series-kinds': [
      '0 kind messages',
      series(`CASE WHEN kind IN (SELECT kind FROM ${M} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 6) THEN kind END`),
    ],
    hours: ['hour messages', `SELECT hour(wall), count(*) FROM ${M} GROUP BY 1`],
    weekdays: ['weekday messages', `SELECT isodow(day), count(*) FROM ${M} GROUP BY 1`],
    heatmap: ['weekday hour messages', `SELECT isodow(day), hour(wall), count(*) FROM ${M} GROUP BY 1, 2`],
    weeks: ['week messages', `SELECT CAST(date_trunc('week', day) AS DATE), count(*) FROM ${M} GROUP BY 1`],
    kinds: ['kind messages', `SELECT kind, count(*) FROM ${M} GROUP BY 1`],
    people: ['person name messages', `SELECT who, any_value(f.name), count(*) FROM ${P} JOIN first_seen f USING (who) GROUP BY 1`],
    lengths: ['person length messages', `SELECT who, avg(coalesce(length(said), 0)), count(*) FROM ${P} GROUP BY 1`],
    conversations: ['conversation messages', `SELECT talk, count(*) FROM ${M} GROUP BY 1`],
    active: ['unit date people', active.join(' UNION ALL ')],
    newcomers: [
      '0 new returning',
      `SELECT ${start}, count(DISTINCT who) FILTER (first_day >= ${start}), count(DISTINCT who) FILTER (first_day < ${start}) FROM ${P} JOIN first_seen USING (who) GROUP BY 1`,
    ],
    retention: [
      'cohort week people',
      `SELECT CAST(date_trunc('week', first_day) AS DATE) AS cohort, date_diff('day', cohort, date_trunc('week', day)) // 7, count(DISTINCT who) FROM ${P} JOIN first_seen USING (who)
        WHERE ${within('first_day')} AND cohort > date_trunc('week', DATE '${view.range.to}') - INTERVAL 84 DAY GROUP BY ALL`,
    ],
    hashtags: ['hashtag uses', `SELECT tag, count(*) FROM (SELECT unnest(hashtags) AS tag FROM ${M}) GROUP BY 1`],
    commands: ['command uses', `SELECT command, count(*) FROM (SELECT unnest(commands) AS command FROM ${M}) GROUP BY 1`],
    languages: ['language messages', `SELECT speaks, count(*) FROM ${M} WHERE speaks IS NOT NULL GROUP BY 1`],
    members: [
      '0 joins leaves growth',
      `SELECT ${start}, sum(joins), sum(leaves), sum(joins - leaves) FROM member WHERE ${within('day')} GROUP BY 1`,
    ],
    reactions: ['emoji reactions', `SELECT emoji, count(*) FROM reacted WHERE ${within('day')} GROUP BY 1`],
    response: [
      'within by questions',
      `SELECT CASE WHEN wait IS NULL THEN 'never' WHEN wait < 10 THEN '10s' WHEN wait < 60 THEN '1m' WHEN wait < 600 THEN '10m' WHEN wait < 3600 THEN '1h' ELSE '24h' END,
        CASE WHEN responder_bot THEN 'bot' WHEN wait IS NOT NULL THEN 'person' END, count(*) FROM ${Q} GROUP BY 1, 2`,
    ],
    target: [
      '0 questions met share',
      `SELECT ${start}, count(*), count(*) FILTER (wait <= 600), count(*) FILTER (wait <= 600) / count(*) FROM ${Q} GROUP BY 1`,
    ],
    responders: ['person answers', `SELECT responder, count(*) FROM ${Q} WHERE responder IS NOT NULL GROUP BY 1`],
    'command-outcomes': [
      'command requests answered median',
      `SELECT command, count(*), count(wait) / count(*), ${wait} FROM (SELECT *, unnest(commands) AS command FROM q WHERE ${within('day')}) GROUP BY 1`,
    ],
    delivery: ['status code deliveries', `SELECT status, error_code, count(*) FROM status WHERE ${within('day')} GROUP BY 1, 2`],
    funnel: [
      'status messages',
      `SELECT unnest(['sent', 'delivered', 'read', 'replied']), unnest([count(*), count(*) FILTER (delivered), count(*) FILTER (read), count(*) FILTER (replied)]) FROM sent WHERE ${within('day')} HAVING count(*) > 0`,
    ],
  };
}

export const figuresSql = ({ from, to }: { readonly from: string; readonly to: string }): string => {
  const M = `(SELECT * FROM m WHERE day BETWEEN '${from}' AND '${to}')`;
  const Q = `(SELECT * FROM q WHERE said LIKE '%?' AND day BETWEEN '${from}' AND '${to}')`;
  return `SELECT (SELECT count(*) FROM ${M}), (SELECT count(DISTINCT who) FROM ${M} WHERE NOT bot), (SELECT count(DISTINCT talk) FROM ${M}),
    (SELECT count(DISTINCT who) FROM ${M} JOIN first_seen USING (who) WHERE NOT bot AND first_day >= '${from}'), (SELECT count(*) FROM ${Q}),
    (SELECT quantile_cont(wait, 0.5) FROM ${Q}), (SELECT count(*) FROM ${Q} WHERE wait IS NULL),
    (SELECT avg(CAST(kind IN ('photo', 'voice', 'sticker', 'image', 'audio') AS INT)) FROM ${M})`;
};

/** The same for each bucket of a view, in order. */
export const sparksSql = (view: AnalysisView): string => {
  const { from, to } = view.range;
  const hourly = view.bucket === 'hour';
  const start = hourly ? 'hour(wall)' : bucketOf(view, 'day');
  const M = `(SELECT *, ${start} AS start FROM m WHERE day BETWEEN '${from}' AND '${to}')`;
  const Q = `(SELECT *, ${start} AS start FROM q WHERE said LIKE '%?' AND day BETWEEN '${from}' AND '${to}')`;
  const starts = hourly
    ? 'SELECT unnest(range(24)) AS start'
    : `SELECT DISTINCT ${start} AS start FROM (SELECT CAST(unnest(generate_series(DATE '${from}', DATE '${to}', INTERVAL 1 DAY)) AS DATE) AS day)`;
  const arrival = `SELECT who, min(start) AS start FROM ${M} JOIN first_seen USING (who) WHERE NOT bot AND first_day >= ${hourly ? `'${from}'` : 'start'} GROUP BY 1`;
  return `SELECT coalesce(messages, 0), coalesce(people, 0), coalesce(talks, 0), coalesce(newcomers, 0), coalesce(asked, 0), median, coalesce(unanswered, 0), media
FROM (${starts}) LEFT JOIN (
  SELECT start, count(*) AS messages, count(DISTINCT who) FILTER (NOT bot) AS people, count(DISTINCT talk) AS talks,
    avg(CAST(kind IN ('photo', 'voice', 'sticker', 'image', 'audio') AS INT)) AS media FROM ${M} GROUP BY 1) USING (start)
LEFT JOIN (SELECT start, count(*) AS newcomers FROM (${arrival}) GROUP BY 1) USING (start)
LEFT JOIN (SELECT start, count(*) AS asked, quantile_cont(wait, 0.5) AS median, count(*) FILTER (wait IS NULL) AS unanswered FROM ${Q} GROUP BY 1) USING (start)
ORDER BY start`;
};

export const FIGURES = ['messages', 'people', 'conversations', 'newPeople', 'questions', 'medianResponse', 'unanswered', 'mediaShare'];
