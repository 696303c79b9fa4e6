import { AUTHOR, USER_NAME } from './author.js';
import type { MetricView } from './view.js';

const VARCHAR = 'VARCHAR';

/** What the metrics need of one message, as expressions over its table. Ids are the platform's own. */
export const TELEGRAM_MESSAGE = {
  conversation_id: 'CAST(chat_id AS VARCHAR)',
  person_id: `CAST(${AUTHOR.id} AS VARCHAR)`,
  person_name: AUTHOR.name,
  conversation_name: `CASE WHEN chat_type <> 'private' THEN chat_title WHEN NOT coalesce(user_is_bot, false) THEN ${USER_NAME} END`,
  is_bot: AUTHOR.isBot,
  direction: `coalesce(direction, 'in')`,
  kind: `coalesce(data_type, 'unknown')`,
  text: 'coalesce("text", caption)',
  message_id: 'CAST(message_id AS VARCHAR)',
  reply_to: 'CAST(reply_to_message_id AS VARCHAR)',
  topic: 'message_thread_id',
  topic_name: 'topic_name',
  language: 'user_language_code',
  hashtags: 'hashtags',
  commands: 'commands',
  sent_at: '"date"',
} as const;

/** No list, in a type that every engine has a name for. */
const NO_LIST = "CASE WHEN message_id IS NULL THEN split('', ',') END";
/** Author of what a business sends: its number's id. */
const BUSINESS = `coalesce(phone_number_id, 'business')`;
/** The contact that a message is from or to. */
const CONTACT = 'coalesce(CAST("number" AS VARCHAR), user_id)';

export const WHATSAPP_MESSAGE: Readonly<Record<keyof typeof TELEGRAM_MESSAGE, string>> = {
  conversation_id: `coalesce(group_id, ${CONTACT})`,
  person_id: `CASE WHEN direction = 'out' THEN ${BUSINESS} ELSE ${CONTACT} END`,
  person_name: `CASE WHEN direction = 'out' THEN display_phone_number ELSE "name" END`,
  conversation_name: `CASE WHEN group_id IS NULL AND direction = 'in' THEN "name" END`,
  is_bot: `coalesce(direction = 'out', false)`,
  direction: `coalesce(direction, 'in')`,
  kind: `coalesce("type", 'unknown')`,
  text: 'coalesce(message, caption)',
  message_id: 'message_id',
  reply_to: 'reply_to_message_id',
  topic: 'CAST(NULL AS BIGINT)',
  topic_name: 'CAST(NULL AS VARCHAR)',
  language: 'CAST(NULL AS VARCHAR)',
  hashtags: NO_LIST,
  commands: NO_LIST,
  sent_at: '"date"',
};

/** Sent messages of a business that are known by their delivery statuses, whether or not the messages themselves are captured. */
export const SENT_STATUS = {
  where: `status = 'sent' AND recipient_id IS NOT NULL`,
  conversation_id: 'recipient_id',
  person_id: BUSINESS,
} as const;

export const ACTIVITY: MetricView = {
  name: 'activity',
  description: 'Messages of both channels with people and conversations made one: the ground that every metric stands on.',
  columns: [
    { name: 'channel', type: VARCHAR, description: 'telegram or whatsapp.' },
    { name: 'conversation', type: VARCHAR, description: 'channel:id; a group and the supergroup it became are one.' },
    { name: 'conversation_name', type: VARCHAR, description: 'Title of the group, or name of the contact, at the time.' },
    {
      name: 'person',
      type: VARCHAR,
      description: 'channel:id of the author; a contact is one across numbers. A business is its number id.',
    },
    { name: 'person_name', type: VARCHAR, description: 'Name at the time.' },
    { name: 'is_bot', type: 'BOOLEAN', description: 'A Telegram bot, or the business.' },
    { name: 'direction', type: VARCHAR, description: '`in` or `out`.' },
    { name: 'kind', type: VARCHAR, description: "The channel's own word." },
    { name: 'text', type: VARCHAR, description: 'Text, or else the caption.' },
    { name: 'chars', type: 'BIGINT', description: 'Characters of the text; 0 without one.' },
    { name: 'message_id', type: VARCHAR, description: 'Id in its conversation.' },
    { name: 'reply_to', type: VARCHAR, description: 'Message it answers.' },
    { name: 'topic', type: 'BIGINT', description: 'Forum topic (Telegram).' },
    { name: 'topic_name', type: VARCHAR, description: 'Name of the topic that the message gives.' },
    { name: 'language', type: VARCHAR, description: "Language of the author's app (Telegram)." },
    { name: 'hashtags', type: 'VARCHAR[]', description: 'Hashtags (Telegram).' },
    { name: 'commands', type: 'VARCHAR[]', description: 'Bot commands (Telegram).' },
    { name: 'sent_at', type: 'BIGINT', description: 'Epoch seconds.' },
    { name: 'context_date', type: 'DATE', description: "Day it was sent, in the lake's time zone." },
  ],
  reads: ['telegram', 'whatsapp', 'conversation_links', 'person_links'],
  select: (
    table,
  ) => `SELECT 'telegram' AS channel, 'telegram:' || coalesce(l.conversation_id, m.conversation_id) AS conversation, ${common('telegram')}
FROM (SELECT ${listed(TELEGRAM_MESSAGE)}, context_date FROM ${table('telegram')}) m
LEFT JOIN ${table('conversation_links')} l ON l.former_id = m.conversation_id
UNION ALL
SELECT 'whatsapp' AS channel, 'whatsapp:' || ${now('conversation_id')} AS conversation, ${common('whatsapp', now('person_id'))}
FROM (SELECT ${listed({ ...WHATSAPP_MESSAGE, contact: CONTACT })}, context_date FROM ${table('whatsapp')}) m
LEFT JOIN ${table('person_links')} l ON l.former_id = m.contact`,
};

/** A contact's id as it is now. Groups and businesses keep theirs. */
function now(id: 'conversation_id' | 'person_id'): string {
  return `coalesce(CASE WHEN m.${id} = m.contact THEN l.person_id END, m.${id})`;
}

function common(channel: string, person = 'm.person_id'): string {
  return `m.conversation_name AS conversation_name, '${channel}:' || ${person} AS person, m.person_name AS person_name, m.is_bot AS is_bot,
  m.direction AS direction, m.kind AS kind, m."text" AS "text", coalesce(length(m."text"), 0) AS chars, m.message_id AS message_id,
  m.reply_to AS reply_to, m.topic AS topic, m.topic_name AS topic_name, m."language" AS "language", m.hashtags AS hashtags, m.commands AS commands,
  m.sent_at AS sent_at, m.context_date AS context_date`;
}

/** Expressions as a SELECT list. */
export const listed = (columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([as, sql]) => `${sql} AS "${as}"`)
    .join(', ');
