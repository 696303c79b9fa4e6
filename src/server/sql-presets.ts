import type { Language } from '../analysis/types.js';

/** A statement to begin with. It runs as it is on every engine of the lake. */
export interface Preset {
  readonly id: string;
  readonly title: Readonly<Record<Language, string>>;
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
    title: { 'pt-BR': 'Mensagens de cada dia', en: 'Messages of each day', es: 'Mensajes de cada día' },
    sql: `SELECT context_date, count(1) AS messages
FROM "telegram"
GROUP BY context_date
ORDER BY context_date DESC`,
  },
  {
    id: 'kinds',
    title: { 'pt-BR': 'Mensagens de cada tipo', en: 'Messages of each kind', es: 'Mensajes de cada tipo' },
    sql: `SELECT data_type, count(1) AS messages
FROM "telegram"
GROUP BY data_type
ORDER BY messages DESC`,
  },
  {
    id: 'people',
    title: { 'pt-BR': 'Mensagens de cada pessoa', en: 'Messages of each person', es: 'Mensajes de cada persona' },
    sql: `SELECT user_first_name, count(1) AS messages
FROM "telegram"
GROUP BY user_first_name
ORDER BY messages DESC`,
  },
  {
    id: 'people-days',
    title: { 'pt-BR': 'Mensagens de cada pessoa e dia', en: 'Messages of each person and day', es: 'Mensajes de cada persona y día' },
    sql: `SELECT user_id, user_first_name, context_date, count(1) AS messages
FROM "telegram"
GROUP BY user_id, user_first_name, context_date
ORDER BY context_date DESC, messages DESC`,
  },
  {
    id: 'lengths',
    title: {
      'pt-BR': 'Tamanho médio das mensagens de cada pessoa e dia',
      en: 'How long the messages of each person and day are',
      es: 'Longitud media de los mensajes de cada persona y día',
    },
    sql: `SELECT user_id, user_first_name, context_date, CAST(avg(length(text)) AS INT) AS average_length
FROM "telegram"
GROUP BY user_id, user_first_name, context_date
ORDER BY context_date DESC`,
  },
  {
    id: 'hours-month',
    title: {
      'pt-BR': 'Horas e dias da semana de cada mês (UTC)',
      en: 'Hours and weekdays of each month (UTC)',
      es: 'Horas y días de la semana de cada mes (UTC)',
    },
    sql: hourly('telegram', 'month', 'month'),
  },
  {
    id: 'hours-week',
    title: {
      'pt-BR': 'Horas e dias da semana de cada semana do ano (UTC)',
      en: 'Hours and weekdays of each week of the year (UTC)',
      es: 'Horas y días de la semana de cada semana del año (UTC)',
    },
    sql: hourly('telegram', 'week', 'week_of_year'),
  },
  {
    id: 'whatsapp-hours',
    title: {
      'pt-BR': 'WhatsApp: horas e dias da semana de cada semana do ano (UTC)',
      en: 'WhatsApp: hours and weekdays of each week of the year (UTC)',
      es: 'WhatsApp: horas y días de la semana de cada semana del año (UTC)',
    },
    sql: hourly('whatsapp', 'week', 'week_of_year'),
  },
  {
    id: 'telegram-rows',
    title: { 'pt-BR': 'Linhas de telegram, como são', en: 'Rows of telegram, as they are', es: 'Filas de telegram, tal como son' },
    sql: `SELECT * FROM "default"."telegram" LIMIT 10`,
  },
  {
    id: 'whatsapp-rows',
    title: { 'pt-BR': 'Linhas de whatsapp, como são', en: 'Rows of whatsapp, as they are', es: 'Filas de whatsapp, tal como son' },
    sql: `SELECT * FROM "whatsapp" LIMIT 100`,
  },
];
