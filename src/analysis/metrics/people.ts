import type { MetricView } from './view.js';

export const PEOPLE: MetricView = {
  name: 'people',
  description: 'Everyone who wrote, once: the newest name, the first and the last day, and how many messages.',
  columns: [
    { name: 'channel', type: 'VARCHAR', description: 'telegram or whatsapp.' },
    { name: 'person', type: 'VARCHAR', description: 'As in activity.' },
    { name: 'name', type: 'VARCHAR', description: 'Newest name; NULL where none was ever given.' },
    { name: 'is_bot', type: 'BOOLEAN', description: 'A Telegram bot, or the business.' },
    { name: 'first_date', type: 'DATE', description: 'Day of the first message in the lake.' },
    { name: 'last_date', type: 'DATE', description: 'Day of the last one.' },
    { name: 'messages', type: 'BIGINT', description: 'Messages in the lake.' },
  ],
  reads: ['activity'],
  select: (table) => `SELECT channel, person, max_by(person_name, CASE WHEN person_name IS NULL THEN NULL ELSE sent_at END) AS "name",
  bool_or(is_bot) AS is_bot, min(context_date) AS first_date, max(context_date) AS last_date, count(*) AS messages
FROM ${table('activity')} WHERE person IS NOT NULL GROUP BY channel, person`,
};
