/** A statement to begin with. It runs as it is on every engine of the lake. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly sql: string;
}

/** When messages were sent, by the clock of UTC, as columns. */
const clocked = (table: string): string => `WITH sent AS (
  SELECT *, CAST(date_format(from_unixtime("date"), '%Y-%m-%d %H:%i:%s') AS timestamp) AS sent_utc
  FROM "${table}"
)`;

const hourly = (table: string, field: 'month' | 'week', named: string): string => `${clocked(table)}
SELECT
  EXTRACT(hour FROM sent_utc) AS hour_of_day,
  EXTRACT(dow FROM sent_utc) AS weekday,
  EXTRACT(${field} FROM sent_utc) AS ${named},
  count(1) AS messages
FROM sent
GROUP BY 1, 2, 3
ORDER BY 3, 2, 1`;

/** What people ask of a lake first. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'days',
    title: 'Messages of each day',
    sql: `SELECT context_date, count(1) AS messages
FROM "telegram"
GROUP BY context_date
ORDER BY context_date DESC`,
  },
  {
    id: 'kinds',
    title: 'Messages of each kind',
    sql: `SELECT data_type, count(1) AS messages
FROM "telegram"
GROUP BY data_type
ORDER BY messages DESC`,
  },
  {
    id: 'people',
    title: 'Messages of each person',
    sql: `SELECT user_first_name, count(1) AS messages
FROM "telegram"
GROUP BY user_first_name
ORDER BY messages DESC`,
  },
  {
    id: 'people-days',
    title: 'Messages of each person and day',
    sql: `SELECT user_id, user_first_name, context_date, count(1) AS messages
FROM "telegram"
GROUP BY user_id, user_first_name, context_date
ORDER BY context_date DESC, messages DESC`,
  },
  {
    id: 'lengths',
    title: 'How long the messages of each person and day are',
    sql: `SELECT user_id, user_first_name, context_date, CAST(avg(length(text)) AS INT) AS average_length
FROM "telegram"
GROUP BY user_id, user_first_name, context_date
ORDER BY context_date DESC`,
  },
  { id: 'hours-month', title: 'Hours and weekdays of each month (UTC)', sql: hourly('telegram', 'month', 'month') },
  { id: 'hours-week', title: 'Hours and weekdays of each week of the year (UTC)', sql: hourly('telegram', 'week', 'week_of_year') },
  {
    id: 'whatsapp-hours',
    title: 'WhatsApp: hours and weekdays of each week of the year (UTC)',
    sql: hourly('whatsapp', 'week', 'week_of_year'),
  },
  { id: 'telegram-rows', title: 'Rows of telegram, as they are', sql: `SELECT * FROM "default"."telegram" LIMIT 10` },
  { id: 'whatsapp-rows', title: 'Rows of whatsapp, as they are', sql: `SELECT * FROM "whatsapp" LIMIT 100` },
];
