import type { Column, SourceModel, Table } from '../../types.js';
import { sparseOf } from '../pack.js';
import { AS_SENT, fromJson, literal, member } from '../shape.js';
import { DELETIONS, EVENT_KINDS, MEDIA, MESSAGE_KINDS, OUTBOUND } from './kinds.js';
import {
  CONTENT_KEY,
  FULL_CONTENT,
  keysIn,
  messageLayers,
  messageShape,
  QUICK_CONTENT,
  QUICK_CONTENT_KEY,
  stageMessage,
} from './message.js';
import { LATEST } from '../../zone.js';

/**
 * How Telegram updates become rows. Field names and meanings: https://core.telegram.org/bots/api (Update). A new message is
 * staged as it is parsed; an update of any other kind is read again from its JSON, and so is what the bot itself did
 * (`outbound`, see outbound.ts).
 */

const KINDS = [...MESSAGE_KINDS, ...EVENT_KINDS];
/** Keys of a line of which it has one, beside `message`. */
const OTHER_KEYS = [...KINDS.filter((kind) => kind !== 'message'), OUTBOUND, MEDIA];

const firstOf = (keys: readonly string[]) => `coalesce(${keys.map((key) => `"${key}"`).join(', ')})`;
const nameOfFirst = (keys: readonly string[]) => `CASE ${keys.map((key) => `WHEN "${key}" IS NOT NULL THEN '${key}'`).join(' ')} END`;
/** Names of those of the keys that are there. */
const namesOf = (keys: readonly string[]) =>
  `list_filter([${keys.map((key) => `CASE WHEN "${key}" IS NOT NULL THEN '${key}' END`).join(', ')}], lambda k: k IS NOT NULL)`;
const howMany = (keys: readonly string[]) => keys.map((key) => `CAST("${key}" IS NOT NULL AS INTEGER)`).join(' + ');

const OUT = `"${OUTBOUND}"`;
const BODY = `coalesce(${MESSAGE_KINDS.map((key) => `"${key}"`).join(', ')}, json_extract(${OUT}, '$.message'))`;
/** Method of the Bot API that the bot called. */
const METHOD = `coalesce(${OUT} ->> '$.method', '${OUTBOUND}')`;

/** Name of the first key of a line that this version does not know. */
const UNKNOWN_KEY = `list_filter(json_keys(line), lambda k: k NOT IN (${['_received_at', '_line', 'import', 'update_id', OUTBOUND, MEDIA, ...KINDS].map(literal).join(', ')}))[1]`;

/** What a line of more than one kind has beside the first. */
const OTHERS = fromJson('others', [{ kind: 'VARCHAR', event: 'JSON' }]);

const integer = (json: string) => `TRY_CAST(${json} AS BIGINT)`;

const column = (name: string, type: Column['type'], sql: string, description: string): Column => ({ name, type, sql, description });
const staged = (name: string, type: Column['type'], description: string): Column => column(name, type, name, description);
const rare = (name: string, type: Column['type'], description: string): Column => ({ name, type, description, sparse: true });

const eventPath = (...paths: string[]) => `coalesce(${paths.map((path) => `event ->> '${path}'`).join(', ')})`;

const events: Table = {
  name: 'telegram_events',
  description:
    'Every update that is not a message (reactions, joins, callbacks, polls, unknown kinds) and every superseded version of an edited message.',
  from: (lines) => `(FROM ${lines} WHERE NOT is_message UNION ALL BY NAME
    SELECT * REPLACE (other.kind AS kind, other.event AS event) FROM (SELECT *, unnest(${OTHERS}) AS other FROM ${lines} WHERE others IS NOT NULL))`,
  columns: [
    column(
      'event_id',
      'VARCHAR',
      `CASE WHEN direction = 'out' THEN concat_ws(':', '${OUTBOUND}', kind, event ->> '$.chat.id', event ->> '$.message_id')
        WHEN imported_from IS NOT NULL THEN concat_ws(':', 'import', kind, event ->> '$.chat.id', event ->> '$.message_id')
        WHEN kind = '${MEDIA}' THEN concat_ws(':', kind, event ->> '$.chat.id', event ->> '$.message_id')
        ELSE kind || ':' || coalesce(CAST(update_id AS VARCHAR), '') END`,
      'Identity: update kind and update id; `version:` and the message for a superseded version; `outbound:`, method and message for what the bot did; `import:`, kind and message for what an export tells; `media:` and message for what became of its file.',
    ),
    staged('update_id', 'BIGINT', 'Update id: unique per bot, restarts after a quiet week.'),
    column('update_kind', 'VARCHAR', 'kind', 'Key of the update, as Telegram names it; the method for what the bot did.'),
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
  // Telegram keeps an update for 24 hours (getUpdates), which may touch three days where one of them has 23.
  datedByArrivalFor: 2,
  provenance: ['update_id', 'received_at', 'raw_file', 'raw_line'],
  copies: {
    when: `event_id LIKE 'version:%' AND payload LIKE '%"imported_from":%'`,
    same: ['text', 'caption'].map((name) => `CASE WHEN event_id LIKE 'version:%' THEN payload ->> '$.${name}' END`),
  },
  unknownKind: `CASE WHEN update_kind NOT IN (${[...EVENT_KINDS, MEDIA].map(literal).join(', ')}) AND NOT starts_with(event_id, '${OUTBOUND}:') THEN update_kind END`,
  order: ['date', 'event_id'],
};

/** Columns that other lines tell. */
const MARKED = ['deleted_date', 'media_file', 'media_error'];

const messages: Table = {
  name: 'telegram',
  description: 'One row a message, at its newest version.',
  from: (lines) => `${lines} WHERE is_message`,
  packed: 'rare',
  columns: [
    staged('message_id', 'BIGINT', 'Id of the message in its chat.'),
    staged('user_id', 'BIGINT', 'Sender; NULL for channel posts.'),
    staged('user_is_bot', 'BOOLEAN', 'Whether the sender is a bot.'),
    staged('user_first_name', 'VARCHAR', "Sender's first name at the time."),
    staged('chat_id', 'BIGINT', 'Chat; a group that becomes a supergroup gets a new one.'),
    staged('chat_type', 'VARCHAR', 'private, group, supergroup or channel.'),
    staged(
      'data_type',
      'VARCHAR',
      'Content key of the message: text, photo, voice, new_chat_participant, ...; `unknown` when this version knows none of its keys.',
    ),
    staged('text', 'VARCHAR', 'Text; NULL when there is none.'),
    staged('date', 'BIGINT', 'Sent, epoch seconds.'),
    column('update_kind', 'VARCHAR', 'kind', 'Update kind that brought this version; the method called for what the bot sent.'),
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
    staged('business_connection_id', 'VARCHAR', 'Business account it belongs to; ids are counted apart in each.'),
    staged('direction', 'VARCHAR', '`in`: received by the bot; `out`: sent by it.'),
    staged('imported_from', 'VARCHAR', 'Export it comes from (`telegram-desktop`); NULL for what the platform delivered.'),
    staged('update_id', 'BIGINT', 'Update that brought this version; NULL for what the bot sent.'),
    rare('deleted_date', 'BIGINT', 'When the bot, or the owner of a business account, deleted it, epoch seconds.'),
    rare('media_file', 'VARCHAR', 'The file, relative to the raw lake, where files are kept.'),
    rare('media_error', 'VARCHAR', 'Why the file could not be kept.'),
    rare('topic_name', 'VARCHAR', 'Name of the forum topic that the message gives; of a message within one, the name it was created with.'),
    rare('sender_chat_title', 'VARCHAR', 'Title of the chat on whose behalf it was sent.'),
  ],
  key: ['chat_id', 'business_connection_id', 'message_id'],
  required: ['chat_id', 'message_id', 'date'],
  time: 'date',
  // Of a copy that a bot sent only the id is known: an export that knows the bot knows the content too.
  version: [
    'coalesce(edit_date, 0)',
    `CASE direction WHEN 'out' THEN data_type <> 'unknown' ELSE imported_from IS NULL END`,
    'imported_from IS NULL',
    "update_kind LIKE 'edited%'",
  ],
  // Rows of lakes from before the name was kept say the same without it.
  provenance: ['update_id', 'file_id', 'topic_name', 'sender_chat_title', ...MARKED, 'received_at', 'raw_file', 'raw_line'],
  copies: { when: 'imported_from IS NOT NULL', same: ['text', 'caption'] },
  marks: {
    from: 'telegram_events',
    // A deletion in a business account may name the account without the chat.
    on: [
      ['chat_id', 'business_connection_id', 'message_id'],
      ['business_connection_id', 'message_id'],
    ],
    columns: MARKED,
    told: (rows) => `SELECT CAST(chat_id IS NULL AS INTEGER) AS way, chat_id, connection AS business_connection_id, id AS message_id,
        CASE WHEN update_kind <> '${MEDIA}' THEN coalesce("date", received_at // 1000) END AS deleted_date, payload ->> '$.file' AS media_file, payload ->> '$.error' AS media_error,
        coalesce(TRY_CAST(payload ->> '$.sent' AS BIGINT), "date", received_at // 1000) AS near
      FROM (SELECT *, payload ->> '$.business_connection_id' AS connection,
          unnest(coalesce(from_json(payload -> '$.message_ids', '["BIGINT"]'), [message_id])) AS id
        FROM ${rows} WHERE lower(update_kind) IN (${[...DELETIONS, MEDIA].map((kind) => literal(kind.toLowerCase())).join(', ')}) AND NOT starts_with(event_id, 'version:'))
      WHERE id IS NOT NULL AND (chat_id IS NOT NULL OR connection IS NOT NULL)`,
  },
  superseded: {
    table: 'telegram_events',
    select: {
      event_id: "concat_ws(':', 'version', chat_id, business_connection_id, message_id)",
      update_id: 'update_id',
      update_kind: 'update_kind',
      chat_id: 'chat_id',
      message_id: 'message_id',
      user_id: 'user_id',
      date: `CASE WHEN edit_date BETWEEN 0 AND ${LATEST} THEN edit_date ELSE date END`,
      payload: 'content',
    },
  },
  order: ['date', 'chat_id', 'message_id'],
};

/** The platform delivers what others write; in an export, a bot is marked as one when it is the lake's own (see import/telegram). */
const SENT_BY_BOT = `CASE WHEN "import" IS NOT NULL AND m_from.is_bot THEN 'out' ELSE 'in' END`;

const PACKED = sparseOf(messages);

export const telegram: SourceModel = {
  name: 'telegram',
  quick: {
    shape: {
      import: 'VARCHAR',
      update_id: 'BIGINT',
      message: messageShape(QUICK_CONTENT),
      ...Object.fromEntries(OTHER_KEYS.map((kind) => [kind, 'JSON'])),
    },
    plain: `message IS NOT NULL AND data_type IS NOT NULL AND ${firstOf(OTHER_KEYS.filter((key) => key !== MEDIA))} IS NULL`,
    rest: `CASE WHEN message IS NULL AND ${howMany(OTHER_KEYS)} = 1 THEN json_object('import', "import", 'update_id', update_id, ${nameOfFirst(OTHER_KEYS)}, ${firstOf(OTHER_KEYS)}) END`,
    layers: messageLayers('message', QUICK_CONTENT, QUICK_CONTENT_KEY),
    stage: {
      update_id: 'update_id',
      imported_from: '"import"',
      is_message: 'true',
      kind: `'message'`,
      direction: SENT_BY_BOT,
      event: 'CAST(NULL AS JSON)',
      others: 'CAST(NULL AS JSON)',
      ...stageMessage(PACKED, QUICK_CONTENT),
    },
  },
  full: {
    shape: { import: 'VARCHAR', update_id: 'BIGINT', ...Object.fromEntries([...KINDS, OUTBOUND, MEDIA].map((key) => [key, 'JSON'])) },
    layers: [
      { m: fromJson(BODY, messageShape(FULL_CONTENT)) },
      { keys: `CASE WHEN coalesce(m."text", '') = '' THEN ${keysIn(BODY)} END` },
      ...messageLayers('m', FULL_CONTENT, CONTENT_KEY),
    ],
    stage: {
      update_id: 'update_id',
      imported_from: '"import"',
      is_message: `${BODY} IS NOT NULL`,
      kind: `coalesce(${nameOfFirst([...KINDS, MEDIA])}, CASE WHEN ${OUT} IS NOT NULL THEN ${METHOD} END, ${UNKNOWN_KEY}, 'none')`,
      direction: `CASE WHEN ${OUT} IS NOT NULL THEN 'out' ELSE ${SENT_BY_BOT} END`,
      event: `CASE WHEN ${BODY} IS NULL THEN coalesce(${firstOf([...EVENT_KINDS, OUTBOUND, MEDIA])}, ${member('line', UNKNOWN_KEY)}, ${AS_SENT}) END`,
      // An update is of one kind (Bot API, Update); should it ever be of more, the first has the row and the others are events.
      others: `CASE WHEN ${howMany(KINDS)} > 1 THEN to_json(list_transform(${namesOf(KINDS)}[2:], lambda k: {'kind': k, 'event': ${member('line', 'k')}})) END`,
      ...stageMessage(PACKED, FULL_CONTENT),
    },
  },
  derived: [],
  tables: [events, messages],
};
