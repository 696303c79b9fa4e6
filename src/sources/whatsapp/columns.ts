import type { Column, Shape, SourceModel, Table } from '../../types.js';
import { AS_SENT, fromJson, literal, member } from '../shape.js';
import { FIELDS, MEDIA, MEDIA_TYPES, MESSAGE_FIELDS, OUTBOUND } from './kinds.js';
import { TWINS } from './twins.js';

/**
 * How WhatsApp webhook bodies become rows. Field names and meanings: the Cloud API's webhook reference. A body holds
 * entries, an entry holds changes, a change of field `messages` holds contacts, messages, statuses and errors, several of each.
 * Messages sent from the phone app come under `message_echoes`, those of before under `history`; what was sent through the
 * Cloud API is a raw line of its own (see outbound.ts), read as a change of field `outbound`.
 */

const VALUE: Shape = {
  metadata: { display_phone_number: 'VARCHAR', phone_number_id: 'VARCHAR' },
  contacts: [{ wa_id: 'VARCHAR', user_id: 'VARCHAR', parent_user_id: 'VARCHAR', profile: { name: 'VARCHAR' } }],
  messages: ['JSON'],
  statuses: ['JSON'],
  errors: ['JSON'],
  message_echoes: ['JSON'],
  history: [{ threads: [{ id: 'VARCHAR', messages: ['JSON'] }] }],
  outbound: ['JSON'],
};

/** Lists of a change that holds messages, each item of which becomes a row. */
const LISTS = ['messages', 'statuses', 'errors', 'message_echoes', OUTBOUND];

const typeOf = (types: readonly string[]) => `json_type(${member('payload', 'k')}) IN (${types.map(literal).join(', ')})`;

const HOLDS_MESSAGES = `field IN (${MESSAGE_FIELDS.map(literal).join(', ')})`;

/** Keys of such a change that are neither a list of those nor something that belongs to one. */
const OTHER_KEYS = `list_filter(json_keys(payload), lambda k: k <> 'messaging_product' AND NOT (k = 'metadata' AND ${typeOf(['OBJECT', 'NULL'])})
    AND NOT (k IN (${[...LISTS, 'history', 'contacts'].map(literal).join(', ')}) AND ${typeOf(['ARRAY', 'NULL'])}))`;

/**
 * One row a change: `payload` is its value, and parsed in `v` where it holds messages. What should hold changes and does not, an entry or
 * a change of an odd form, is a row of field `none` with itself as payload.
 */
const CHANGES = `SELECT *, CASE WHEN ${HOLDS_MESSAGES} AND len(${OTHER_KEYS}) > 0 THEN payload END AS unread FROM (
    SELECT * EXCLUDE (change, change_text), coalesce(change.field, 'none') AS field,
      CASE WHEN change.field IS NULL OR change.value IS NULL THEN coalesce(change_text, 'null') ELSE change.value END AS payload,
      CASE WHEN change.${HOLDS_MESSAGES} THEN ${fromJson('change.value', VALUE)} END AS v
    FROM (SELECT * EXCLUDE (entry_row), ${fromJson('change_text', { field: 'VARCHAR', value: 'JSON' })} AS change
      FROM (SELECT * EXCLUDE (entry_row, entry_text), entry_row.id AS waba_id, TRY_CAST(entry_row."time" ->> '$' AS BIGINT) AS entry_time, entry_row,
          unnest(CASE WHEN len(entry_row.changes) > 0 THEN entry_row.changes ELSE [entry_text] END) AS change_text
        FROM (SELECT *, ${fromJson('entry_text', { id: 'VARCHAR', time: 'JSON', changes: ['JSON'] })} AS entry_row
          FROM (SELECT _file, _line, _received_at, unnest(entry) AS entry_text FROM staged)))))`;

/** Threads of a change that hold messages. */
const THREADS = `list_filter(flatten(list_transform(v.history, lambda h: h.threads)), lambda t: len(t.messages) > 0)`;

/** A change that holds nothing this model reads: kept as an event like any other field. */
const HOLDS_NOTHING = [...LISTS.map((list) => `coalesce(len(v.${list}), 0) = 0`), `coalesce(len(${THREADS}), 0) = 0`].join(' AND ');

/** One row a value of a list inside `v`, as JSON in `item`. */
const items = (list: string, more = '') => `(SELECT *, ${more}unnest(v.${list}) AS item FROM changes WHERE v IS NOT NULL)`;

/** The business's own number, as it stands in `from`. */
const OWN = `regexp_replace(v.metadata.display_phone_number, '[^0-9]', '', 'g')`;
/** A group's message names it in place of the recipient. */
const RECIPIENT = (item: string) => `CASE WHEN (${item} ->> '$.recipient_type') = 'group' THEN NULL ELSE ${item} ->> '$.to' END`;

/**
 * One row a message, in `item`, with the other side's number in `peer` and whether the business sent it. Of history, which has both sides,
 * the thread says whose it is.
 */
const MESSAGE_ITEMS = `(
    SELECT *, field = 'history' AND coalesce((item ->> '$.from') = ${OWN}, false) AS sent,
      CASE WHEN sent THEN item ->> '$.to' ELSE item ->> '$.from' END AS peer FROM ${items('messages')}
    UNION ALL BY NAME
    SELECT *, true AS sent, ${RECIPIENT('item')} AS peer FROM (FROM ${items('message_echoes')} UNION ALL BY NAME FROM ${items(OUTBOUND)})
    UNION ALL BY NAME
    SELECT * EXCLUDE (thread), coalesce((item ->> '$.from') <> thread.id AND (thread.id = (item ->> '$.to') OR (item ->> '$.from') = ${OWN}), false) AS sent,
      thread.id AS peer FROM (SELECT *, unnest(thread.messages) AS item FROM (SELECT *, unnest(${THREADS}) AS thread FROM changes WHERE len(v.history) > 0))
  )`;

const text = (...paths: string[]) =>
  paths.length === 1 ? `nullif(item ->> '${paths[0]}', 'null')` : `coalesce(${paths.map((path) => `item ->> '${path}'`).join(', ')})`;
const integer = (...paths: string[]) => `TRY_CAST(${text(...paths)} AS BIGINT)`;
const media = (key: string) => text(...MEDIA_TYPES.map((type) => `$.${type}.${key}`));

/** The contact of a message's sender, never that of another message in the same body. */
const CONTACT = `list_filter(v.contacts, lambda c: c.wa_id = (item ->> '$.from') OR c.user_id = (item ->> '$.from_user_id'))[1]`;

const column = (name: string, type: Column['type'], sql: string, description: string): Column => ({ name, type, sql, description });

const sometimes = (...parameters: Parameters<typeof column>): Column => ({ ...column(...parameters), sparse: true });

/** Columns that other lines tell. */
const MARKED = ['media_file', 'media_error'];

const messages: Table = {
  name: 'whatsapp',
  description: 'One row a message.',
  from: () => MESSAGE_ITEMS,
  columns: [
    column('name', 'VARCHAR', `${CONTACT}.profile.name`, "Sender's profile name, from the contact that belongs to the message."),
    column(
      'number',
      'BIGINT',
      'TRY_CAST(peer AS BIGINT)',
      "The person's phone number, who sent it or to whom it was sent; NULL where the platform gives only a user id.",
    ),
    column(
      'message',
      'VARCHAR',
      text(
        '$.text.body',
        ...MEDIA_TYPES.map((type) => `$.${type}.caption`),
        '$.edit.message.text.body',
        ...MEDIA_TYPES.map((type) => `$.edit.message.${type}.caption`),
        '$.button.text',
        '$.interactive.button_reply.title',
        '$.interactive.list_reply.title',
        '$.interactive.nfm_reply.body',
        '$.interactive.body.text',
        '$.reaction.emoji',
        '$.system.body',
        '$.order.text',
        '$.location.name',
      ),
      'What a person would read: body, caption, the text after an edit, button or list title, reaction emoji.',
    ),
    column('date', 'BIGINT', integer('$.timestamp'), 'Sent, epoch seconds.'),
    column('type', 'VARCHAR', text('$.type'), 'text, image, audio, interactive, reaction, ..., as the platform names it.'),
    column('message_id', 'VARCHAR', text('$.id'), 'wamid.'),
    column('phone_number_id', 'VARCHAR', 'v.metadata.phone_number_id', 'Business number it was sent to, or from.'),
    column('display_phone_number', 'VARCHAR', 'v.metadata.display_phone_number', 'The same, as people dial it.'),
    sometimes(
      'user_id',
      'VARCHAR',
      `CASE WHEN sent THEN ${text('$.to_user_id')} ELSE coalesce(${text('$.from_user_id')}, ${CONTACT}.user_id) END`,
      'Business-scoped user id of the person.',
    ),
    sometimes(
      'parent_user_id',
      'VARCHAR',
      `coalesce(${text('$.from_parent_user_id')}, ${CONTACT}.parent_user_id)`,
      'The same across the businesses of one portfolio.',
    ),
    sometimes(
      'group_id',
      'VARCHAR',
      `coalesce(${text('$.group_id')}, CASE WHEN ${text('$.recipient_type')} = 'group' THEN ${text('$.to')} END)`,
      'Group it was sent in.',
    ),
    sometimes('reply_to_message_id', 'VARCHAR', text('$.context.id', '$.context.message_id'), 'wamid of the message it answers.'),
    sometimes(
      'forwarded',
      'BOOLEAN',
      `TRY_CAST(${text('$.context.forwarded', '$.context.frequently_forwarded')} AS BOOLEAN)`,
      'Whether it was forwarded.',
    ),
    sometimes('media_id', 'VARCHAR', media('id'), 'Id to fetch the file with, for 7 days.'),
    sometimes('mime_type', 'VARCHAR', media('mime_type'), 'Type of the file.'),
    sometimes('sha256', 'VARCHAR', media('sha256'), 'Hash of the file.'),
    sometimes('filename', 'VARCHAR', text('$.document.filename'), 'Name of a document.'),
    sometimes('caption', 'VARCHAR', media('caption'), 'Caption of the media.'),
    sometimes(
      'interactive_id',
      'VARCHAR',
      text('$.interactive.button_reply.id', '$.interactive.list_reply.id', '$.button.payload'),
      'Id or payload of the button or list row chosen.',
    ),
    sometimes(
      'interactive_title',
      'VARCHAR',
      text('$.interactive.button_reply.title', '$.interactive.list_reply.title', '$.button.text'),
      'Its title.',
    ),
    sometimes('reaction_emoji', 'VARCHAR', text('$.reaction.emoji'), 'Emoji of a reaction; NULL when one was removed.'),
    sometimes('reaction_to', 'VARCHAR', text('$.reaction.message_id'), 'wamid of the message reacted to.'),
    sometimes('latitude', 'DOUBLE', `TRY_CAST(${text('$.location.latitude')} AS DOUBLE)`, 'Degrees.'),
    sometimes('longitude', 'DOUBLE', `TRY_CAST(${text('$.location.longitude')} AS DOUBLE)`, 'Degrees.'),
    sometimes('referral_source', 'VARCHAR', text('$.referral.source_url', '$.referral.source_id'), 'Ad or post that led here.'),
    sometimes('error_code', 'BIGINT', integer('$.errors[0].code'), 'Error of a message the platform could not deliver whole.'),
    column('direction', 'VARCHAR', "CASE WHEN sent THEN 'out' ELSE 'in' END", '`in`: received by the business; `out`: sent by it.'),
    sometimes('template', 'VARCHAR', text('$.template.name'), 'Template it was made of; the platform fills in its text.'),
    sometimes(
      'imported_from',
      'VARCHAR',
      text('$.import.from'),
      'Export it comes from (`whatsapp-export`); NULL for what the platform delivered.',
    ),
    sometimes('media_file', 'VARCHAR', 'NULL', 'The file, relative to the raw lake, where files are kept.'),
    sometimes('media_error', 'VARCHAR', 'NULL', 'Why the file could not be kept.'),
    sometimes(
      'original_message_id',
      'VARCHAR',
      text('$.edit.original_message_id', '$.revoke.original_message_id'),
      'wamid of the message that an edit changes, or a revocation takes back; its own row stays as it was sent.',
    ),
  ],
  key: ['phone_number_id', 'message_id'],
  required: ['message_id', 'date'],
  time: 'date',
  // A message of history may first come without its media, and without the name that came with it when it was sent; one of an export
  // before it is known whose chat it is.
  version: ['date', `"type" IS DISTINCT FROM 'media_placeholder'`, '"name" IS NOT NULL', '"number" IS NOT NULL'],
  twins: TWINS,
  provenance: [...MARKED, 'received_at', 'raw_file', 'raw_line'],
  marks: {
    from: 'whatsapp_events',
    on: [['phone_number_id', 'message_id']],
    columns: MARKED,
    told: (rows) => `SELECT 0 AS way, phone_number_id, message_id, payload ->> '$.file' AS media_file, payload ->> '$.error' AS media_error,
        coalesce(TRY_CAST(payload ->> '$.sent' AS BIGINT), "date") AS near
      FROM ${rows} WHERE field = '${MEDIA}' AND message_id IS NOT NULL`,
  },
  superseded: {
    table: 'whatsapp_events',
    select: {
      event_id: "concat_ws(':', 'version', phone_number_id, message_id)",
      field: "'messages'",
      phone_number_id: 'phone_number_id',
      message_id: 'message_id',
      user_id: 'user_id',
      date: 'date',
      payload: 'content',
    },
  },
  order: ['date', 'phone_number_id', 'message_id'],
};

const statuses: Table = {
  name: 'whatsapp_statuses',
  description: 'What became of messages the business sent: one row per message, status and recipient.',
  from: () => items('statuses'),
  columns: [
    column('message_id', 'VARCHAR', text('$.id'), 'wamid of the outbound message.'),
    column('status', 'VARCHAR', text('$.status'), 'sent, delivered, read, failed, played, deleted.'),
    column('recipient_id', 'VARCHAR', text('$.recipient_id', '$.recipient_user_id'), 'Phone number or user id of the recipient.'),
    column('date', 'BIGINT', integer('$.timestamp'), 'When it happened, epoch seconds.'),
    column('phone_number_id', 'VARCHAR', 'v.metadata.phone_number_id', 'Business number that sent the message.'),
    column('display_phone_number', 'VARCHAR', 'v.metadata.display_phone_number', 'The same, as people dial it.'),
    column('conversation_id', 'VARCHAR', text('$.conversation.id'), 'Billing conversation (gone since v24).'),
    column('conversation_origin', 'VARCHAR', text('$.conversation.origin.type'), 'What opened it.'),
    column('pricing_category', 'VARCHAR', text('$.pricing.category'), 'marketing, utility, service, ...'),
    column('pricing_type', 'VARCHAR', text('$.pricing.type'), 'regular, free_customer_service, ...'),
    column('billable', 'BOOLEAN', `TRY_CAST(${text('$.pricing.billable')} AS BOOLEAN)`, 'Whether it is charged.'),
    column('error_code', 'BIGINT', integer('$.errors[0].code'), 'Why it failed.'),
    column('error_title', 'VARCHAR', text('$.errors[0].title', '$.errors[0].message'), 'The same in words.'),
    column('callback_data', 'VARCHAR', text('$.biz_opaque_callback_data'), 'What the business attached when sending.'),
  ],
  key: ['message_id', 'status', 'recipient_id'],
  required: ['message_id', 'status', 'date'],
  time: 'date',
  version: ['date'],
  provenance: ['received_at', 'raw_file', 'raw_line'],
  superseded: {
    table: 'whatsapp_events',
    select: {
      event_id: "concat_ws(':', 'status', message_id, status, recipient_id)",
      field: "'messages'",
      phone_number_id: 'phone_number_id',
      message_id: 'message_id',
      date: 'date',
      payload: 'content',
    },
  },
  order: ['date', 'message_id', 'status'],
};

const events: Table = {
  name: 'whatsapp_events',
  description:
    'Everything else that arrives: template, account and quality updates, errors, unknown fields, bodies without content, superseded versions.',
  from: (lines) => `(
    SELECT _file, _line, _received_at, waba_id, entry_time, field, payload FROM changes WHERE v IS NULL OR (${HOLDS_NOTHING}) OR unread IS NOT NULL
    UNION ALL BY NAME
    SELECT _file, _line, _received_at, waba_id, entry_time, field, json_object('errors', item) AS payload FROM ${items('errors')}
    UNION ALL BY NAME
    SELECT _file, _line, _received_at, NULL AS waba_id, NULL AS entry_time, 'none' AS field, whole AS payload FROM ${lines} WHERE whole IS NOT NULL
  )`,
  columns: [
    column(
      'event_id',
      'VARCHAR',
      `concat_ws(':', 'event', waba_id, field, entry_time)`,
      'Identity: account, field and time; `version:` or `status:` for a superseded row.',
    ),
    column('waba_id', 'VARCHAR', 'waba_id', 'WhatsApp Business Account.'),
    column('field', 'VARCHAR', 'field', 'Webhook field, as the platform names it; `none` for a body, entry or change of an odd form.'),
    column('phone_number_id', 'VARCHAR', `payload ->> '$.metadata.phone_number_id'`, 'Business number it is about.'),
    column('message_id', 'VARCHAR', `coalesce(payload ->> '$.message_id', payload ->> '$.id')`, 'Message it is about.'),
    column('user_id', 'VARCHAR', `coalesce(payload ->> '$.user_id', payload ->> '$.wa_id')`, 'Person it is about.'),
    column(
      'date',
      'BIGINT',
      `entry_time`,
      "The event's own time, epoch seconds; NULL when the platform gives none (then the arrival dates it).",
    ),
    column('payload', 'VARCHAR', 'payload', 'The `value` of the change as JSON text; the columns of the row for a superseded version.'),
  ],
  key: ['event_id'],
  required: ['field'],
  time: 'date',
  datedByArrivalFor: 7,
  provenance: ['received_at', 'raw_file', 'raw_line'],
  unknownKind: `CASE WHEN field NOT IN (${[...FIELDS, MEDIA].map(literal).join(', ')}) THEN field END`,
  order: ['date', 'event_id'],
};

/** A request and what the Cloud API answered, as a message: with the id, the recipient and the time of the answer. */
const SENT_ITEM = `json_merge_patch(outbound -> '$.request', json_object(
    'id', outbound -> '$.response.messages[0].id', 'timestamp', outbound -> '$.date',
    'to', coalesce(outbound ->> '$.response.contacts[0].wa_id', outbound ->> '$.request.to'),
    'to_user_id', coalesce(outbound ->> '$.response.contacts[0].user_id', outbound ->> '$.request.recipient'),
    'type', coalesce(outbound ->> '$.request.type', 'text')))`;
const SENT_ENTRY = `json_object('changes', json_array(json_object('field', '${OUTBOUND}', 'value', json_object(
    'metadata', json_object('phone_number_id', outbound ->> '$.phone_number_id'), '${OUTBOUND}', json_array(${SENT_ITEM})))))`;

/** Whether the body holds any entry; one without is kept whole, as an event. */
const HAS_ENTRIES = 'coalesce(len(entry), 0) > 0 OR outbound IS NOT NULL OR media IS NOT NULL';
const MEDIA_ENTRY = `json_object('time', media -> '$.date', 'changes', json_array(json_object('field', '${MEDIA}', 'value', media)))`;
const ENTRY = `CASE WHEN outbound IS NOT NULL THEN [${SENT_ENTRY}] WHEN media IS NOT NULL THEN [${MEDIA_ENTRY}] ELSE entry END`;

const shape: Shape = { entry: ['JSON'], outbound: 'JSON', media: 'JSON' };

export const whatsapp: SourceModel = {
  name: 'whatsapp',
  quick: { shape, plain: HAS_ENTRIES, stage: { entry: ENTRY, whole: 'CAST(NULL AS JSON)' } },
  full: { shape, stage: { entry: ENTRY, whole: `CASE WHEN NOT (${HAS_ENTRIES}) THEN ${AS_SENT} END` } },
  derived: [{ name: 'changes', sql: CHANGES }],
  tables: [events, messages, statuses],
};
