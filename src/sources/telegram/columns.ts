import type { Column, Shape, SourceModel, Table } from '../../types.js';
import { fromJson, literal, present } from '../shape.js';
import { CONTENT, EVENT_KINDS, FILE_CONTENT, MESSAGE_KINDS } from './kinds.js';

/**
 * How Telegram updates become rows. Field names and meanings: https://core.telegram.org/bots/api (Update, Message).
 *
 * Most messages are plain text, so the parts that only some carry are staged together in one nullable column, `more`
 * (a list of at most one struct): absent columns would otherwise cost as much memory as present ones.
 */

const USER: Shape = { id: 'BIGINT', is_bot: 'BOOLEAN', first_name: 'VARCHAR', last_name: 'VARCHAR', username: 'VARCHAR', language_code: 'VARCHAR' };

/** Parts of a Message that only some carry, beside the content keys. */
const SOMETIMES = [
  'message_thread_id',
  'sender_chat',
  'business_connection_id',
  'reply_to_message',
  'entities',
  'caption',
  'caption_entities',
  'forward_origin',
  'forward_from',
  'forward_date',
  'via_bot',
  'media_group_id',
] as const;
const CONTENT_BUT_TEXT = CONTENT.filter((key) => key !== 'text');
const RARE = [...SOMETIMES, ...CONTENT_BUT_TEXT];

const MESSAGE: Shape = {
  message_id: 'BIGINT',
  from: USER,
  chat: { id: 'BIGINT', type: 'VARCHAR', title: 'VARCHAR', username: 'VARCHAR' },
  date: 'BIGINT',
  edit_date: 'BIGINT',
  text: 'VARCHAR',
  ...Object.fromEntries(RARE.map((key) => [key, 'JSON'])),
};

const OTHER_MESSAGE_KINDS = MESSAGE_KINDS.filter((kind) => kind !== 'message');
const present1 = (key: string) => present(`"${key}"`);
const firstPresent = (keys: readonly string[], then: (key: string) => string) => keys.map((key) => `WHEN ${present1(key)} THEN ${then(key)}`).join(' ');

const integer = (json: string) => `TRY_CAST(${json} AS BIGINT)`;
const part = (key: string, path: string) => `m."${key}" ->> '${path}'`;
const whole = (key: string) => `m."${key}" ->> '$'`;

/** The file of a message, as JSON: the last photo size is the largest. */
const FILE = `CASE ${FILE_CONTENT.filter((key) => key !== 'photo').map((key) => `WHEN ${present(`m."${key}"`)} THEN m."${key}"`).join(' ')} WHEN ${present('m."photo"')} THEN m."photo" -> '$[#-1]' END`;
const FORWARD_SENDER = `coalesce(${part('forward_origin', '$.sender_user.id')}, ${part('forward_origin', '$.sender_chat.id')}, ${part('forward_origin', '$.chat.id')}, ${part('forward_from', '$.id')})`;

/**
 * Text of the entities of some types. Offsets count UTF-16 units (Bot API, MessageEntity), so a filler follows each
 * character outside the basic plane before positions are cut out, and is taken away again.
 */
const ENTITIES = fromJson(`CASE WHEN ${present('m.entities')} THEN m.entities WHEN ${present('m.caption_entities')} THEN m.caption_entities END`, [
  { type: 'VARCHAR', offset: 'BIGINT', length: 'BIGINT', url: 'VARCHAR' },
]);
const PADDED = `regexp_replace(coalesce(m.text, ${whole('caption')}), '([\\x{10000}-\\x{10FFFF}])', '\\1' || chr(1), 'g')`;
const CUT = `replace(substring(padded, e."offset" + 1, e.length), chr(1), '')`;
const entityTexts = (types: readonly string[], value: string) =>
  `(SELECT nullif(list_transform(list_filter(es, lambda e: e."type" IN (${types.map(literal).join(', ')})), lambda e: ${value}), []) FROM (SELECT ${ENTITIES} AS es, ${PADDED} AS padded))`;

const MORE: Readonly<Record<string, string>> = {
  data_type: `CASE WHEN nullif(m.text, '') IS NOT NULL THEN 'text' ${CONTENT_BUT_TEXT.map((key) => `WHEN ${present(`m."${key}"`)} THEN '${key}'`).join(' ')} ELSE 'unknown' END`,
  message_thread_id: integer(whole('message_thread_id')),
  sender_chat_id: integer(part('sender_chat', '$.id')),
  business_connection_id: whole('business_connection_id'),
  reply_to_message_id: integer(part('reply_to_message', '$.message_id')),
  reply_to_user_id: integer(part('reply_to_message', '$.from.id')),
  caption: whole('caption'),
  commands: entityTexts(['bot_command'], `split_part(${CUT}, '@', 1)`),
  hashtags: entityTexts(['hashtag', 'cashtag'], CUT),
  mentions: entityTexts(['mention', 'text_mention'], CUT),
  urls: entityTexts(['url', 'text_link'], `coalesce(e.url, ${CUT})`),
  forward_from_id: integer(FORWARD_SENDER),
  forward_date: integer(`coalesce(${part('forward_origin', '$.date')}, ${whole('forward_date')})`),
  via_bot_id: integer(part('via_bot', '$.id')),
  media_group_id: whole('media_group_id'),
  file_id: `${FILE} ->> '$.file_id'`,
  file_unique_id: `${FILE} ->> '$.file_unique_id'`,
  mime_type: `${FILE} ->> '$.mime_type'`,
  file_size: integer(`${FILE} ->> '$.file_size'`),
  duration: integer(`${FILE} ->> '$.duration'`),
  migrate_to_chat_id: `nullif(${integer(whole('migrate_to_chat_id'))}, 0)`,
  migrate_from_chat_id: `nullif(${integer(whole('migrate_from_chat_id'))}, 0)`,
};

/** Name of the first key of a line that no version of the API known here has. */
const UNKNOWN_KEY = `list_filter(json_keys(line), lambda k: k NOT IN (${['_received_at', '_line', 'update_id', ...MESSAGE_KINDS, ...EVENT_KINDS].map(literal).join(', ')}))[1]`;

const EVENT_KIND = `CASE ${firstPresent(EVENT_KINDS, literal)} END`;
const EVENT = `CASE ${firstPresent(EVENT_KINDS, (key) => `"${key}"`)} END`;

const column = (name: string, type: Column['type'], sql: string, description: string): Column => ({ name, type, sql, description });
const staged = (name: string, type: Column['type'], description: string): Column => column(name, type, name, description);
const rare = (name: string, type: Column['type'], description: string): Column => column(name, type, `rare.${name}`, description);

const eventPath = (...paths: string[]) => `coalesce(${paths.map((path) => `event ->> '${path}'`).join(', ')})`;

const events: Table = {
  name: 'telegram_events',
  description: 'Every update that is not a message (reactions, joins, callbacks, polls, unknown kinds) and every superseded version of an edited message.',
  from: 'lines WHERE NOT is_message',
  columns: [
    column('event_id', 'VARCHAR', `kind || ':' || coalesce(update_id, '')`, 'Identity: update kind and update id; `version:` and the message for a superseded version.'),
    column('update_id', 'BIGINT', integer('update_id'), 'Update id: unique per bot, restarts after a quiet week.'),
    column('update_kind', 'VARCHAR', 'kind', 'Key of the update, as Telegram names it.'),
    column('chat_id', 'BIGINT', integer(eventPath('$.chat.id', '$.message.chat.id', '$.voter_chat.id')), 'Chat the event belongs to.'),
    column('message_id', 'BIGINT', integer(eventPath('$.message_id', '$.message.message_id')), 'Message the event is about.'),
    column('user_id', 'BIGINT', integer(eventPath('$.from.id', '$.user.id')), 'Who caused it.'),
    column('date', 'BIGINT', `TRY_CAST(${eventPath('$.date', '$.boost.add_date', '$.remove_date')} AS BIGINT)`, "The event's own time, epoch seconds; NULL when Telegram gives none (then the arrival dates it)."),
    column('payload', 'VARCHAR', 'event', 'The value under the kind, as JSON text; the columns of the row for a superseded version.'),
  ],
  key: ['event_id'],
  required: ['update_kind'],
  time: 'date',
  datedByArrivalFor: 1,
  provenance: ['update_id', 'received_at', 'raw_file', 'raw_line'],
  unknownKind: `CASE WHEN update_kind NOT IN (${EVENT_KINDS.map(literal).join(', ')}) THEN update_kind END`,
  order: ['date', 'event_id'],
};

const messages: Table = {
  name: 'telegram',
  description: 'One row a message, at its newest version.',
  from: '(SELECT *, more[1] AS rare FROM lines WHERE is_message)',
  columns: [
    staged('message_id', 'BIGINT', 'Id of the message in its chat.'),
    staged('user_id', 'BIGINT', 'Sender; NULL for channel posts.'),
    staged('user_is_bot', 'BOOLEAN', 'Whether the sender is a bot.'),
    staged('user_first_name', 'VARCHAR', "Sender's first name at the time."),
    staged('chat_id', 'BIGINT', 'Chat; a group that becomes a supergroup gets a new one.'),
    staged('chat_type', 'VARCHAR', 'private, group, supergroup or channel.'),
    column('data_type', 'VARCHAR', `coalesce(rare.data_type, CASE WHEN text IS NOT NULL THEN 'text' ELSE 'unknown' END)`, 'Content key of the message: text, photo, voice, new_chat_participant, ...; `unknown` when this version knows none of its keys.'),
    staged('text', 'VARCHAR', 'Text; NULL when there is none.'),
    staged('date', 'BIGINT', 'Sent, epoch seconds.'),
    column('update_kind', 'VARCHAR', 'kind', 'Update kind that brought this version.'),
    staged('user_last_name', 'VARCHAR', "Sender's last name."),
    staged('user_username', 'VARCHAR', "Sender's username, without @."),
    staged('user_language_code', 'VARCHAR', "IETF language tag of the sender's app."),
    staged('chat_title', 'VARCHAR', 'Title of the group or channel at the time.'),
    staged('chat_username', 'VARCHAR', 'Public name of the chat, without @.'),
    rare('message_thread_id', 'BIGINT', 'Forum topic or thread.'),
    rare('sender_chat_id', 'BIGINT', 'Chat on whose behalf it was sent.'),
    rare('reply_to_message_id', 'BIGINT', 'Message it answers, in the same chat.'),
    rare('reply_to_user_id', 'BIGINT', 'Sender of the message it answers.'),
    staged('edit_date', 'BIGINT', 'Last edit, epoch seconds; NULL when never edited.'),
    rare('caption', 'VARCHAR', 'Caption of the media.'),
    rare('commands', 'VARCHAR[]', 'Bot commands in the text or caption, without @bot.'),
    rare('hashtags', 'VARCHAR[]', 'Hashtags and cashtags.'),
    rare('mentions', 'VARCHAR[]', 'Mentions, as written.'),
    rare('urls', 'VARCHAR[]', 'Links, hidden ones included.'),
    rare('forward_from_id', 'BIGINT', 'User or chat a forward comes from, where not hidden.'),
    rare('forward_date', 'BIGINT', 'When the forwarded message was sent, epoch seconds.'),
    rare('via_bot_id', 'BIGINT', 'Inline bot it was sent through.'),
    rare('media_group_id', 'VARCHAR', 'Album it belongs to.'),
    rare('file_id', 'VARCHAR', 'Id to fetch the file with; differs from bot to bot.'),
    rare('file_unique_id', 'VARCHAR', 'Same for every bot; cannot fetch.'),
    rare('mime_type', 'VARCHAR', 'Type of the file.'),
    rare('file_size', 'BIGINT', 'Bytes.'),
    rare('duration', 'BIGINT', 'Seconds.'),
    rare('migrate_to_chat_id', 'BIGINT', 'The group became this supergroup.'),
    rare('migrate_from_chat_id', 'BIGINT', 'The supergroup was this group.'),
    rare('business_connection_id', 'VARCHAR', 'Business account it belongs to; ids are counted apart in each.'),
    column('direction', 'VARCHAR', "'in'", '`in`: received by the bot; `out`: sent by it.'),
    column('update_id', 'BIGINT', integer('update_id'), 'Update that brought this version.'),
  ],
  key: ['chat_id', 'business_connection_id', 'message_id'],
  required: ['chat_id', 'message_id', 'date'],
  time: 'date',
  version: ['coalesce(edit_date, 0)', "update_kind LIKE 'edited%'"],
  provenance: ['update_id', 'file_id', 'received_at', 'raw_file', 'raw_line'],
  superseded: {
    table: 'telegram_events',
    select: {
      event_id: "concat_ws(':', 'version', chat_id, business_connection_id, message_id)",
      update_id: 'update_id',
      update_kind: 'update_kind',
      chat_id: 'chat_id',
      message_id: 'message_id',
      user_id: 'user_id',
      date: 'coalesce(edit_date, date)',
      payload: 'content',
    },
  },
  order: ['date', 'chat_id', 'message_id'],
};

export const telegram: SourceModel = {
  name: 'telegram',
  shape: {
    update_id: 'JSON',
    message: MESSAGE,
    ...Object.fromEntries([...OTHER_MESSAGE_KINDS, ...EVENT_KINDS].map((kind) => [kind, 'JSON'])),
  },
  derive: [
    { name: 'message_kind', sql: `CASE WHEN message IS NOT NULL THEN 'message' ${firstPresent(OTHER_MESSAGE_KINDS, literal)} END` },
    {
      name: 'm',
      sql: `CASE WHEN message IS NOT NULL THEN message ELSE ${fromJson(`CASE ${firstPresent(OTHER_MESSAGE_KINDS, (key) => `"${key}"`)} END`, MESSAGE)} END`,
    },
  ],
  stage: [
    { name: 'update_id', sql: `nullif(update_id ->> '$', 'null')` },
    { name: 'is_message', sql: 'message_kind IS NOT NULL' },
    { name: 'kind', sql: `coalesce(message_kind, ${EVENT_KIND})`, careful: `coalesce(message_kind, ${EVENT_KIND}, ${UNKNOWN_KEY}, 'none')` },
    { name: 'event', sql: EVENT, careful: `coalesce(${EVENT}, line -> ('$."' || replace(${UNKNOWN_KEY}, '"', '\\"') || '"'), line)` },
    { name: 'message_id', sql: 'm.message_id' },
    { name: 'user_id', sql: 'm."from".id' },
    { name: 'user_is_bot', sql: 'm."from".is_bot' },
    { name: 'user_first_name', sql: 'm."from".first_name' },
    { name: 'user_last_name', sql: 'm."from".last_name' },
    { name: 'user_username', sql: 'm."from".username' },
    { name: 'user_language_code', sql: 'm."from".language_code' },
    { name: 'chat_id', sql: 'm.chat.id' },
    { name: 'chat_type', sql: 'm.chat."type"' },
    { name: 'chat_title', sql: 'm.chat.title' },
    { name: 'chat_username', sql: 'm.chat.username' },
    { name: 'date', sql: 'm.date' },
    { name: 'edit_date', sql: 'm.edit_date' },
    { name: 'text', sql: `nullif(m.text, '')` },
    {
      name: 'more',
      sql: `CASE WHEN coalesce(${RARE.map((key) => `m."${key}"`).join(', ')}) IS NOT NULL THEN [struct_pack(${Object.entries(MORE).map(([name, sql]) => `${name} := ${sql}`).join(', ')})] END`,
    },
  ],
  understood: 'kind IS NOT NULL',
  tables: [events, messages],
};
