import type { Column, Shape, SourceModel, Table } from '../../types.js';
import { AS_SENT, fromJson, literal, present } from '../shape.js';
import { CONTENT, EVENT_KINDS, FILE_CONTENT, MESSAGE_KINDS } from './kinds.js';

/**
 * How Telegram updates become rows. Field names and meanings: https://core.telegram.org/bots/api (Update, Message).
 *
 * Most messages are plain text: the quick reading takes those, and the parts that only some messages carry are computed
 * for the others alone, in the relation `rare`. A million plain messages never pay for the columns they do not have.
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

/** Parts that a text message may have beside the common ones. One that has none is plain: nothing more needs looking at. */
const BESIDE_TEXT = [
  'message_thread_id',
  'sender_chat',
  'business_connection_id',
  'reply_to_message',
  'entities',
  'forward_origin',
  'forward_from',
  'forward_from_chat',
  'forward_date',
  'via_bot',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
];

const PLAIN_MESSAGE: Shape = { ...COMMON, ...Object.fromEntries(BESIDE_TEXT.map((key) => [key, 'JSON'])) };

const isPlain = (message: string) => `${message}.message_id IS NOT NULL AND ${message}.chat.id IS NOT NULL
  AND ${message}.date >= 0 AND ${message}.date < 253402214400 AND ${message}.text <> ''
  AND coalesce(${BESIDE_TEXT.map((key) => `${message}."${key}"`).join(', ')}) IS NULL`;

/** Parts that only some messages have. */
const RARE: Shape = {
  message_thread_id: 'BIGINT',
  sender_chat: { id: 'BIGINT' },
  business_connection_id: 'VARCHAR',
  reply_to_message: { message_id: 'BIGINT', from: { id: 'BIGINT' } },
  text: 'VARCHAR',
  caption: 'VARCHAR',
  entities: [{ type: 'VARCHAR', offset: 'BIGINT', length: 'BIGINT', url: 'VARCHAR' }],
  caption_entities: [{ type: 'VARCHAR', offset: 'BIGINT', length: 'BIGINT', url: 'VARCHAR' }],
  forward_origin: { date: 'BIGINT', sender_user: { id: 'BIGINT' }, sender_chat: { id: 'BIGINT' }, chat: { id: 'BIGINT' } },
  forward_from: { id: 'BIGINT' },
  forward_from_chat: { id: 'BIGINT' },
  forward_date: 'BIGINT',
  via_bot: { id: 'BIGINT' },
  media_group_id: 'VARCHAR',
  migrate_to_chat_id: 'BIGINT',
  migrate_from_chat_id: 'BIGINT',
};

const FILE: Shape = { file_id: 'VARCHAR', file_unique_id: 'VARCHAR', mime_type: 'VARCHAR', file_size: 'BIGINT', duration: 'BIGINT' };

/**
 * Text of the entities of some types. Offsets count UTF-16 units (Bot API, MessageEntity), so in `padded` a filler
 * follows each character outside the basic plane; positions are cut out of that and the fillers taken away again.
 */
const CUT = `replace(substring(padded, e."offset" + 1, e.length), chr(1), '')`;
/** An entity that lies where a text may be: anything else in an offset or a length is no reason to refuse the message. */
const WITHIN = `e."offset" BETWEEN 0 AND 1000000 AND e.length BETWEEN 0 AND 1000000`;
const entityTexts = (types: readonly string[], value: string) =>
  `nullif(list_transform(list_filter(es, lambda e: e."type" IN (${types.map(literal).join(', ')}) AND ${WITHIN}), lambda e: ${value}), [])`;

/** A member of a JSON object, whatever its name: a JSON pointer can name any. */
const member = (json: string, name: string) => `json_extract(${json}, '/' || replace(replace(${name}, '~', '~0'), '/', '~1'))`;

/** Messages with more than plain parts, as JSON in `more`, their parts in `r`, their first known content key in `content`. */
const DERIVED: SourceModel['derived'] = [
  {
    name: 'contents',
    sql: `SELECT _id, arg_min(key, rank) AS content FROM (
        SELECT _id, more, unnest(json_keys(more)) AS key FROM staged WHERE more IS NOT NULL
      ) JOIN (SELECT unnest([${CONTENT.map(literal).join(', ')}]) AS key, generate_subscripts([${CONTENT.map(literal).join(', ')}], 1) AS rank) USING (key)
      WHERE ${present(`CAST(${member('more', 'key')} AS VARCHAR)`)} GROUP BY _id`,
  },
  {
    name: 'rich',
    sql: `SELECT _id, content, r, CASE WHEN list_contains([${FILE_CONTENT.map(literal).join(', ')}], content) THEN
          ${fromJson(`CASE content WHEN 'photo' THEN json_extract(more, '$.photo[#-1]') ELSE json_extract(more, '$.' || content) END`, FILE)} END AS f,
        coalesce(nullif(r.entities, []), r.caption_entities) AS es,
        regexp_replace(coalesce(nullif(r.text, ''), r.caption), '([\\x{10000}-\\x{10FFFF}])', '\\1' || chr(1), 'g') AS padded
      FROM (SELECT _id, ${fromJson('more', RARE)} AS r, more FROM staged WHERE more IS NOT NULL) LEFT JOIN contents USING (_id)`,
  },
  {
    name: 'rare',
    sql: `SELECT _id, coalesce(content, 'unknown') AS data_type, r.message_thread_id AS message_thread_id, r.sender_chat.id AS sender_chat_id,
        r.business_connection_id AS business_connection_id, r.reply_to_message.message_id AS reply_to_message_id,
        r.reply_to_message."from".id AS reply_to_user_id, nullif(r.caption, '') AS caption,
        ${entityTexts(['bot_command'], `split_part(${CUT}, '@', 1)`)} AS commands,
        ${entityTexts(['hashtag', 'cashtag'], CUT)} AS hashtags,
        ${entityTexts(['mention', 'text_mention'], CUT)} AS mentions,
        ${entityTexts(['url', 'text_link'], `coalesce(e.url, ${CUT})`)} AS urls,
        coalesce(r.forward_origin.sender_user.id, r.forward_origin.sender_chat.id, r.forward_origin.chat.id, r.forward_from.id, r.forward_from_chat.id) AS forward_from_id,
        coalesce(r.forward_origin.date, r.forward_date) AS forward_date, r.via_bot.id AS via_bot_id, r.media_group_id AS media_group_id,
        f.file_id AS file_id, f.file_unique_id AS file_unique_id, f.mime_type AS mime_type, f.file_size AS file_size, f.duration AS duration,
        nullif(r.migrate_to_chat_id, 0) AS migrate_to_chat_id, nullif(r.migrate_from_chat_id, 0) AS migrate_from_chat_id
      FROM rich`,
  },
];

const firstOf = (keys: readonly string[]) => `coalesce(${keys.map((key) => `"${key}"`).join(', ')})`;
const nameOfFirst = (keys: readonly string[]) => `CASE ${keys.map((key) => `WHEN "${key}" IS NOT NULL THEN '${key}'`).join(' ')} END`;

const BODY = firstOf(MESSAGE_KINDS);
const EVENT = firstOf(EVENT_KINDS);
const KIND = nameOfFirst([...MESSAGE_KINDS, ...EVENT_KINDS]);

/** Name of the first key of a line that this version does not know. */
const UNKNOWN_KEY = `list_filter(json_keys(line), lambda k: k NOT IN (${['_received_at', '_line', 'update_id', ...MESSAGE_KINDS, ...EVENT_KINDS].map(literal).join(', ')}))[1]`;

const integer = (json: string) => `TRY_CAST(${json} AS BIGINT)`;

/** Staged columns that both readings take from a parsed message: from the path to a part of it. */
const common = (m: (path: string) => string): Record<string, string> => ({
  message_id: m('message_id'),
  user_id: m('"from".id'),
  user_is_bot: m('"from".is_bot'),
  user_first_name: m('"from".first_name'),
  user_last_name: m('"from".last_name'),
  user_username: m('"from".username'),
  user_language_code: m('"from".language_code'),
  chat_id: m('chat.id'),
  chat_type: m('chat."type"'),
  chat_title: m('chat.title'),
  chat_username: m('chat.username'),
  date: m('date'),
  edit_date: m('edit_date'),
  text: `nullif(${m('text')}, '')`,
});

const column = (name: string, type: Column['type'], sql: string, description: string): Column => ({ name, type, sql, description });
const staged = (name: string, type: Column['type'], description: string): Column => column(name, type, name, description);
const rare = (name: string, type: Column['type'], description: string): Column => ({
  ...column(name, type, `rare.${name}`, description),
  sparse: true,
});

const eventPath = (...paths: string[]) => `coalesce(${paths.map((path) => `event ->> '${path}'`).join(', ')})`;

const events: Table = {
  name: 'telegram_events',
  description:
    'Every update that is not a message (reactions, joins, callbacks, polls, unknown kinds) and every superseded version of an edited message.',
  from: (lines) => `${lines} WHERE NOT is_message`,
  perLine: true,
  columns: [
    column(
      'event_id',
      'VARCHAR',
      `kind || ':' || coalesce(update_id, '')`,
      'Identity: update kind and update id; `version:` and the message for a superseded version.',
    ),
    column('update_id', 'BIGINT', integer('update_id'), 'Update id: unique per bot, restarts after a quiet week.'),
    column('update_kind', 'VARCHAR', 'kind', 'Key of the update, as Telegram names it.'),
    column('chat_id', 'BIGINT', integer(eventPath('$.chat.id', '$.message.chat.id', '$.voter_chat.id')), 'Chat the event belongs to.'),
    column('message_id', 'BIGINT', integer(eventPath('$.message_id', '$.message.message_id')), 'Message the event is about.'),
    column('user_id', 'BIGINT', integer(eventPath('$.from.id', '$.user.id')), 'Who caused it.'),
    column(
      'date',
      'BIGINT',
      `TRY_CAST(${eventPath('$.date', '$.boost.add_date', '$.remove_date')} AS BIGINT)`,
      "The event's own time, epoch seconds; NULL when Telegram gives none (then the arrival dates it).",
    ),
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
  from: (lines) => `${lines} LEFT JOIN rare USING (_id) WHERE is_message`,
  perLine: true,
  columns: [
    staged('message_id', 'BIGINT', 'Id of the message in its chat.'),
    staged('user_id', 'BIGINT', 'Sender; NULL for channel posts.'),
    staged('user_is_bot', 'BOOLEAN', 'Whether the sender is a bot.'),
    staged('user_first_name', 'VARCHAR', "Sender's first name at the time."),
    staged('chat_id', 'BIGINT', 'Chat; a group that becomes a supergroup gets a new one.'),
    staged('chat_type', 'VARCHAR', 'private, group, supergroup or channel.'),
    column(
      'data_type',
      'VARCHAR',
      `coalesce(rare.data_type, CASE WHEN text IS NOT NULL THEN 'text' ELSE 'unknown' END)`,
      'Content key of the message: text, photo, voice, new_chat_participant, ...; `unknown` when this version knows none of its keys.',
    ),
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
      date: 'CASE WHEN edit_date BETWEEN 0 AND 253402214400 THEN edit_date ELSE date END',
      payload: 'content',
    },
  },
  order: ['date', 'chat_id', 'message_id'],
};

export const telegram: SourceModel = {
  name: 'telegram',
  quick: {
    shape: { update_id: 'JSON', message: PLAIN_MESSAGE, edited_message: PLAIN_MESSAGE },
    plain: `(${isPlain('message')}) IS TRUE AND edited_message IS NULL OR (${isPlain('edited_message')}) IS TRUE AND message IS NULL`,
    stage: {
      update_id: `update_id ->> '$'`,
      is_message: 'true',
      kind: `CASE WHEN message IS NULL THEN 'edited_message' ELSE 'message' END`,
      event: 'CAST(NULL AS JSON)',
      ...common((path) => `coalesce(message.${path}, edited_message.${path})`),
      more: 'CAST(NULL AS JSON)',
    },
    keep: ['is_message', 'kind', 'chat_id', 'message_id', 'date'],
  },
  full: {
    shape: Object.fromEntries(['update_id', ...MESSAGE_KINDS, ...EVENT_KINDS].map((key) => [key, 'JSON'])),
    stage: {
      update_id: `update_id ->> '$'`,
      is_message: `${BODY} IS NOT NULL`,
      kind: `coalesce(${KIND}, ${UNKNOWN_KEY}, 'none')`,
      event: `coalesce(${EVENT}, ${member('line', UNKNOWN_KEY)}, ${AS_SENT})`,
      ...common((path) => `${fromJson(BODY, COMMON)}.${path}`),
      more: BODY,
    },
  },
  derived: DERIVED,
  tables: [events, messages],
};
