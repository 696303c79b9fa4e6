import type { Column, Reading, Shape } from '../../types.js';
import { pack } from '../pack.js';
import { fromJson, literal, member, present } from '../shape.js';
import { CONTENT, FILE_CONTENT, NAMES_TOPIC } from './kinds.js';

/**
 * How a Message is parsed and staged. Field names and meanings: https://core.telegram.org/bots/api#message.
 *
 * Most messages carry few of the parts there are: those that only some have become one packed column, and are looked at
 * only where one of them is there.
 */

/** Parts that nearly every message has. */
const COMMON: Shape = {
  message_id: 'BIGINT',
  from: { id: 'BIGINT', is_bot: 'BOOLEAN', first_name: 'VARCHAR', last_name: 'VARCHAR', username: 'VARCHAR', language_code: 'VARCHAR' },
  chat: { id: 'BIGINT', type: 'VARCHAR', title: 'VARCHAR', username: 'VARCHAR' },
  date: 'BIGINT',
  edit_date: 'BIGINT',
  text: 'VARCHAR',
};

const ENTITIES = [{ type: 'VARCHAR', offset: 'BIGINT', length: 'BIGINT', url: 'VARCHAR' }] as const;

/** Parts that only some messages have, beside their content. */
const RARE: Shape = {
  message_thread_id: 'BIGINT',
  sender_chat: 'JSON',
  business_connection_id: 'VARCHAR',
  reply_to_message: { message_id: 'BIGINT', from: { id: 'BIGINT' }, forum_topic_created: 'JSON' },
  caption: 'VARCHAR',
  entities: ENTITIES,
  caption_entities: ENTITIES,
  forward_origin: 'JSON',
  forward_from: 'JSON',
  forward_from_chat: 'JSON',
  forward_date: 'BIGINT',
  via_bot: 'JSON',
  media_group_id: 'VARCHAR',
  migrate_to_chat_id: 'JSON',
  migrate_from_chat_id: 'JSON',
};

const OTHER_CONTENT: readonly string[] = CONTENT.filter((key) => key !== 'text');

/**
 * The content keys that the quick reading parses beside the text: the first of them, up to the joins, since each one costs every
 * message a little. A message in which none is found is read in full.
 */
export const QUICK_CONTENT = OTHER_CONTENT.slice(0, OTHER_CONTENT.indexOf('left_chat_participant') + 1);

/** The content keys that the full reading looks into. */
export const FULL_CONTENT: readonly string[] = [...FILE_CONTENT, ...NAMES_TOPIC];

/** A Message with those content keys; they stay JSON. */
export const messageShape = (content: readonly string[]): Shape => ({
  ...COMMON,
  ...RARE,
  ...Object.fromEntries(content.map((key) => [key, 'JSON'])),
});

const FILE: Shape = { file_id: 'VARCHAR', file_unique_id: 'VARCHAR', mime_type: 'VARCHAR', file_size: 'BIGINT', duration: 'BIGINT' };

/**
 * Text of the entities of some types. Offsets count UTF-16 units (Bot API, MessageEntity), so in `padded` a filler
 * follows each character outside the basic plane; positions are cut out of that and the fillers taken away again.
 */
const CUT = `replace(substring(padded, e."offset" + 1, e.length), chr(1), '')`;
/** An entity that lies where a text may be: anything else in an offset or a length is no reason to refuse the message. */
const WITHIN = `e."offset" BETWEEN 0 AND 1000000 AND e.length BETWEEN 0 AND 1000000`;
const entityTexts = (types: readonly string[], value: string) =>
  `CASE WHEN es IS NOT NULL THEN list_transform(list_filter(es, lambda e: e."type" IN (${types.map(literal).join(', ')}) AND ${WITHIN}), lambda e: ${value}) END`;

/** Columns of texts that entities mark. A layer of their own: the layer above makes NULL of an empty list, and would make the list twice otherwise. */
const ENTITY_LISTS: Readonly<Record<string, string>> = {
  commands: entityTexts(['bot_command'], `split_part(${CUT}, '@', 1)`),
  hashtags: entityTexts(['hashtag', 'cashtag'], CUT),
  mentions: entityTexts(['mention', 'text_mention'], CUT),
  urls: entityTexts(['url', 'text_link'], `coalesce(e.url, ${CUT})`),
};

/** The key of a message as a column of the first layer: a struct of so many fields is taken apart once. */
const part = (key: string) => `"m_${key}"`;

/** A number inside a part that stays JSON. */
const id = (key: string, path = '$.id') => `TRY_CAST(${part(key)} ->> '${path}' AS BIGINT)`;

/** A topic's name: as a service message gives it, or else as of the message that began the topic, which those within it reply to. */
const topicName = (content: readonly string[]): string => {
  const own = NAMES_TOPIC.filter((key) => content.includes(key)).map((key) => `WHEN ${literal(key)} THEN ${part(key)} ->> '$.name'`);
  const began = `${part('reply_to_message')}.forum_topic_created ->> '$.name'`;
  return `nullif(${own.length === 0 ? began : `CASE data_type ${own.join(' ')} ELSE ${began} END`}, '')`;
};

/** Columns of parts that only some messages have, over the layers below. */
const rareColumns = (content: readonly string[]): Readonly<Record<string, string>> => ({
  message_thread_id: part('message_thread_id'),
  sender_chat_id: id('sender_chat'),
  reply_to_message_id: `${part('reply_to_message')}.message_id`,
  reply_to_user_id: `${part('reply_to_message')}."from".id`,
  caption: `nullif(${part('caption')}, '')`,
  ...Object.fromEntries(Object.keys(ENTITY_LISTS).map((name) => [name, `nullif("${name}", [])`])),
  forward_from_id: `coalesce(${[id('forward_origin', '$.sender_user.id'), id('forward_origin', '$.sender_chat.id'), id('forward_origin', '$.chat.id'), id('forward_from'), id('forward_from_chat')].join(', ')})`,
  forward_date: `coalesce(${id('forward_origin', '$.date')}, ${part('forward_date')})`,
  via_bot_id: id('via_bot'),
  media_group_id: part('media_group_id'),
  file_id: 'file.file_id',
  file_unique_id: 'file.file_unique_id',
  mime_type: 'file.mime_type',
  file_size: 'file.file_size',
  duration: 'file.duration',
  migrate_to_chat_id: `nullif(${id('migrate_to_chat_id', '$')}, 0)`,
  migrate_from_chat_id: `nullif(${id('migrate_from_chat_id', '$')}, 0)`,
  topic_name: topicName(content),
  sender_chat_title: `nullif(${part('sender_chat')} ->> '$.title', '')`,
});

const contentKey = (other: string) => `CASE WHEN ${part('text')} <> '' THEN 'text' ELSE ${other} END`;

/** The first content key that is there, of those that the quick reading parses; NULL when none is. */
export const QUICK_CONTENT_KEY = contentKey(
  `CASE ${QUICK_CONTENT.map((key) => `WHEN ${present(`CAST(${part(key)} AS VARCHAR)`)} THEN ${literal(key)}`).join(' ')} END`,
);

/** The keys of a message, whose JSON is `body`, that hold something; and the first content key of `keys`, `unknown` when none is there. */
export const keysIn = (body: string): string =>
  `list_filter(json_keys(${body}), lambda k: ${present(`CAST(${member(body, 'k')} AS VARCHAR)`)})`;
export const CONTENT_KEY = contentKey(
  `coalesce(list_filter([${OTHER_CONTENT.map(literal).join(', ')}], lambda c: list_contains(keys, c))[1], 'unknown')`,
);

const FILE_PART = `CASE data_type WHEN 'photo' THEN json_extract(${part('photo')}, '$[#-1]') ${FILE_CONTENT.filter((key) => key !== 'photo')
  .map((key) => `WHEN ${literal(key)} THEN ${part(key)}`)
  .join(' ')} END`;

/** Layers over a message parsed with those content keys, and an expression for its content key, for `stageMessage`. */
export const messageLayers = (message: string, content: readonly string[], key: string): NonNullable<Reading['layers']> => [
  Object.fromEntries(Object.keys(messageShape(content)).map((name) => [`m_${name}`, `${message}."${name}"`])),
  { data_type: key },
  {
    has_parts: [`(data_type <> 'text') IS NOT FALSE`, ...Object.keys(RARE).map((key) => `${part(key)} IS NOT NULL`)].join(' OR '),
  },
  {
    es: `CASE WHEN has_parts THEN coalesce(nullif(${part('entities')}, []), ${part('caption_entities')}) END`,
    file: `CASE WHEN has_parts AND data_type IN (${FILE_CONTENT.map(literal).join(', ')}) THEN ${fromJson(FILE_PART, FILE)} END`,
  },
  {
    padded: `CASE WHEN es IS NOT NULL THEN regexp_replace(coalesce(nullif(${part('text')}, ''), ${part('caption')}), '([\\x{10000}-\\x{10FFFF}])', '\\1' || chr(1), 'g') END`,
  },
  ENTITY_LISTS,
];

/** Staged columns of a message parsed with those content keys; `rare` packs the columns `packed`, in order. */
export const stageMessage = (packed: readonly Column[], content: readonly string[]): Record<string, string> => ({
  message_id: part('message_id'),
  user_id: `${part('from')}.id`,
  user_is_bot: `${part('from')}.is_bot`,
  user_first_name: `${part('from')}.first_name`,
  user_last_name: `${part('from')}.last_name`,
  user_username: `${part('from')}.username`,
  user_language_code: `${part('from')}.language_code`,
  chat_id: `${part('chat')}.id`,
  chat_type: `${part('chat')}."type"`,
  chat_title: `${part('chat')}.title`,
  chat_username: `${part('chat')}.username`,
  date: part('date'),
  edit_date: part('edit_date'),
  data_type: 'data_type',
  text: `nullif(${part('text')}, '')`,
  business_connection_id: part('business_connection_id'),
  rare: packRare(packed, content),
});

function packRare(packed: readonly Column[], content: readonly string[]): string {
  const columns = rareColumns(content);
  return pack(packed, ({ name }) => columns[name] ?? 'NULL', 'has_parts');
}
