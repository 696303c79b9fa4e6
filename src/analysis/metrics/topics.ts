import { literal } from '../../sources/shape.js';
import { NAMES_TOPIC } from '../../sources/telegram/kinds.js';
import type { MetricView } from './view.js';

/** Whether a row names its topic itself. */
export const NAMES_ITS_TOPIC = `kind IN (${NAMES_TOPIC.map(literal).join(', ')})`;

/** Puts rows with a `topic_name` in order, the one whose name holds first: a message within a topic tells but the name it was created with. */
export const LATEST_NAME_FIRST = `CASE WHEN ${NAMES_ITS_TOPIC} THEN 0 ELSE 1 END,
    sent_at DESC, length(message_id) DESC, message_id DESC`;

/** What a topic is called: by its number where no message gave a name. */
export const topicLabel = (name: string, topic: string): string => `coalesce(${name}, '#' || CAST(${topic} AS VARCHAR))`;

export const TOPICS: MetricView = {
  name: 'topics',
  description: 'Forum topics whose name is known, each with its newest.',
  columns: [
    { name: 'conversation', type: 'VARCHAR', description: 'As in activity.' },
    { name: 'topic', type: 'BIGINT', description: 'Forum topic (Telegram).' },
    { name: 'name', type: 'VARCHAR', description: 'Newest name.' },
  ],
  reads: ['activity'],
  select: (table) => `SELECT conversation, topic, topic_name AS "name" FROM (
  SELECT conversation, topic, topic_name, row_number() OVER (PARTITION BY conversation, topic ORDER BY ${LATEST_NAME_FIRST}) AS place
  FROM ${table('activity')} WHERE topic IS NOT NULL AND topic_name IS NOT NULL
) named WHERE place = 1`,
};
