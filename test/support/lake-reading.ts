import { readFileSync } from 'node:fs';
import { corpus } from './lake-corpora.js';
import type { Row } from './rows.js';

/**
 * Telegram and WhatsApp payloads read by hand: what a person who knows the platforms' documentation would put into each
 * column. Shares nothing with the column lists of `src/sources`.
 */
type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const shown = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
const integer = (value: unknown): number | null =>
  typeof value === 'number' ? Math.round(value) : typeof value === 'string' && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : null;

/** Fields of a Message by the Bot API as data, and three older ones that Telegram still sends. */
const FIELDS = new Set(['new_chat_participant', 'new_chat_member', 'left_chat_participant', ...fieldsOf('Message')]);

function fieldsOf(type: string): string[] {
  const spec = corpus('spec/telegram-bot-api.json');
  if (spec === undefined) return [];
  const { types } = JSON.parse(readFileSync(spec, 'utf8')) as { types: Record<string, { fields: { name: string }[] }> };
  return types[type]?.fields.map(({ name }) => name) ?? [];
}

const decimal = (value: unknown): number | null => (isThere(value) && Number.isFinite(Number(value)) ? Number(value) : null);

const KINDS = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_message',
  'edited_business_message',
  'guest_message',
];

/** Keys of a Message that say nothing of its content. */
const ENVELOPE = new Set(
  `message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot sender_tag date business_connection_id chat
  forward_origin is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id via_bot edit_date
  has_protected_content is_from_offline is_paid_post media_group_id author_signature paid_star_count entities link_preview_options suggested_post_info
  effect_id caption caption_entities show_caption_above_media has_media_spoiler reply_markup forward_from forward_from_chat forward_from_message_id
  forward_signature forward_sender_name forward_date guest_bot_caller_user guest_bot_caller_chat guest_query_id`.split(/\s+/),
);
/** Where several contents come together, the one that tells. */
const TELLING = [
  'text',
  'animation',
  'photo',
  'video',
  'document',
  'venue',
  'location',
  'new_chat_participant',
  'new_chat_members',
  'new_chat_member',
  'left_chat_member',
  'left_chat_participant',
];
const FILES = ['animation', 'audio', 'document', 'photo', 'sticker', 'video', 'video_note', 'voice'];
const isThere = (value: unknown): boolean =>
  !(
    value === null ||
    value === undefined ||
    value === false ||
    value === 0 ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );

export interface Reading {
  readonly table: string;
  /** Columns by name; those that are absent are NULL. Columns that start with `_` are not checked. */
  readonly row: Row;
}

/** Every kind of update, messages first: that is the order in which one of several is the update's own. */
const UPDATE_KINDS = [...KINDS, ...fieldsOf('Update').filter((name) => name !== 'update_id' && !KINDS.includes(name))];

/** What an update says: the row of its own kind, and an event for each further one, which the Bot API rules out. */
export function readUpdate(update: Json): Reading[] {
  const kinds = UPDATE_KINDS.filter((kind) => isThere(update[kind]));
  const only = (kind: string) => ({ update_id: update['update_id'], [kind]: update[kind] });
  const [own, ...others] = kinds;
  return [
    readMessage(update) ?? readEvent(own !== undefined && others.length > 0 ? only(own) : update),
    ...others.map((kind) => readEvent(only(kind))),
  ];
}

/** The columns of a message's update; undefined for other updates. */
function readMessage(update: Json): Reading | undefined {
  const kind = KINDS.find((name) => isThere(update[name]));
  if (kind === undefined) return undefined;
  const m = object(update[kind]);
  const [from, chat] = [object(m['from']), object(m['chat'])];
  const contents = Object.keys(m).filter((key) => FIELDS.has(key) && !ENVELOPE.has(key) && isThere(m[key]));
  const content = contents.length <= 1 ? contents[0] : (TELLING.find((key) => contents.includes(key)) ?? contents[0]);
  const isFile = content !== undefined && FILES.includes(content);
  const file = isFile ? (content === 'photo' ? (list(m['photo']).at(-1) ?? {}) : object(m[content])) : {};
  const said = text(m['text']) ?? text(m['caption']) ?? '';
  const entities = list(m['entities']).length > 0 ? list(m['entities']) : list(m['caption_entities']);
  const cut = (entity: Json) => said.slice(Number(entity['offset']), Number(entity['offset']) + Number(entity['length']));
  const of = (types: string[], value: (entity: Json) => string) => {
    const found = entities.filter(({ type }) => types.includes(String(type))).map(value);
    return found.length > 0 ? found : null;
  };
  const reply = object(m['reply_to_message']);
  const origin = object(m['forward_origin']);
  const topic = object(content?.startsWith('forum_topic_') ? m[content] : reply['forum_topic_created']);
  const row: Row = {
    message_id: integer(m['message_id']),
    user_id: integer(from['id']),
    user_is_bot: from['is_bot'] ?? null,
    user_first_name: shown(from['first_name']),
    user_last_name: shown(from['last_name']),
    user_username: shown(from['username']),
    user_language_code: shown(from['language_code']),
    chat_id: integer(chat['id']),
    chat_type: shown(chat['type']),
    chat_title: shown(chat['title']),
    chat_username: shown(chat['username']),
    data_type: content ?? 'unknown',
    text: text(m['text']),
    date: integer(m['date']),
    update_kind: kind,
    message_thread_id: integer(m['message_thread_id']),
    sender_chat_id: integer(object(m['sender_chat'])['id']),
    reply_to_message_id: integer(reply['message_id']),
    reply_to_user_id: integer(object(reply['from'])['id']),
    edit_date: integer(m['edit_date']),
    caption: text(m['caption']),
    commands: of(['bot_command'], (entity) => cut(entity).split('@')[0] ?? ''),
    hashtags: of(['hashtag', 'cashtag'], cut),
    mentions: of(['mention', 'text_mention'], cut),
    urls: of(['url', 'text_link'], (entity) => shown(entity['url']) ?? cut(entity)),
    forward_from_id:
      [origin['sender_user'], origin['sender_chat'], origin['chat'], m['forward_from'], m['forward_from_chat']]
        .map((who) => integer(object(who)['id']))
        .find((id) => id !== null) ?? null,
    forward_date: integer(origin['date']) ?? integer(m['forward_date']),
    via_bot_id: integer(object(m['via_bot'])['id']),
    media_group_id: shown(m['media_group_id']),
    file_id: shown(file['file_id']),
    file_unique_id: shown(file['file_unique_id']),
    mime_type: shown(file['mime_type']),
    file_size: integer(file['file_size']),
    duration: integer(file['duration']),
    migrate_to_chat_id: integer(m['migrate_to_chat_id']) || null,
    migrate_from_chat_id: integer(m['migrate_from_chat_id']) || null,
    business_connection_id: shown(m['business_connection_id']),
    topic_name: shown(topic['name']) || null,
    sender_chat_title: shown(object(m['sender_chat'])['title']) || null,
    direction: 'in',
    update_id: integer(update['update_id']),
  };
  return { table: 'telegram', row };
}

/** The columns of an update that is no message. */
function readEvent(update: Json): Reading {
  const kind = Object.keys(update).find((key) => key !== 'update_id' && isThere(update[key])) ?? 'none';
  const body = object(update[kind]);
  const message = object(body['message']);
  const chat =
    [body['chat'], message['chat'], body['voter_chat']].map((one) => integer(object(one)['id'])).find((id) => id !== null) ?? null;
  const row: Row = {
    event_id: `${kind}:${update['update_id'] === undefined ? '' : shown(update['update_id'])}`,
    update_id: integer(update['update_id']),
    update_kind: kind,
    chat_id: chat,
    message_id: integer(body['message_id']) ?? integer(message['message_id']),
    user_id: integer(object(body['from'])['id']) ?? integer(object(body['user'])['id']),
    date: integer(body['date']) ?? integer(object(body['boost'])['add_date']) ?? integer(body['remove_date']),
    payload: kind === 'none' ? update : update[kind],
  };
  return { table: 'telegram_events', row };
}

const MEDIA = ['image', 'video', 'audio', 'document', 'sticker'];

/** Every message, status, error and other change of a WhatsApp body. */
export function readBody(body: Json): Reading[] {
  const changes = list(body['entry']).flatMap((entry) => list(entry['changes']).map((change) => ({ entry, change })));
  if (changes.length === 0) return [{ table: 'whatsapp_events', row: { field: 'none', payload: body } }];
  return changes.flatMap(({ entry, change }): Reading[] => {
    const value = object(change['value']);
    const field = shown(change['field']) ?? 'none';
    const { phone_number_id = null, display_phone_number = null } = object(value['metadata']);
    const business = { phone_number_id, display_phone_number };
    const event = { waba_id: shown(entry['id']), field, date: integer(entry['time']) };
    const contents = [list(value['messages']), list(value['statuses']), list(value['errors'])] as const;
    if (field !== 'messages' || contents.every((found) => found.length === 0))
      return [{ table: 'whatsapp_events', row: { ...event, payload: change['value'] } }];
    const [messages, statuses, errors] = contents;
    return [
      ...messages.map((message) => ({ table: 'whatsapp', row: { ...business, ...readWhatsapp(message, list(value['contacts'])) } })),
      ...statuses.map((status) => ({ table: 'whatsapp_statuses', row: { ...business, ...readStatus(status) } })),
      ...errors.map((error) => ({ table: 'whatsapp_events', row: { ...event, payload: { errors: error } } })),
    ];
  });
}

function readWhatsapp(message: Json, contacts: readonly Json[]): Row {
  const part = (name: string) => object(message[name]);
  const media = MEDIA.map(part).find((one) => Object.keys(one).length > 0) ?? {};
  const interactive = part('interactive');
  const reply = [interactive['button_reply'], interactive['list_reply']].map(object).find((one) => Object.keys(one).length > 0) ?? {};
  const contact =
    contacts.find(
      (one) =>
        (one['wa_id'] !== undefined && one['wa_id'] === message['from']) ||
        (one['user_id'] !== undefined && one['user_id'] === message['from_user_id']),
    ) ?? {};
  const readable = [
    part('text')['body'],
    media['caption'],
    part('button')['text'],
    reply['title'],
    object(interactive['nfm_reply'])['body'],
    part('reaction')['emoji'],
    part('system')['body'],
    part('order')['text'],
    part('location')['name'],
  ];
  const [error] = list(message['errors']);
  return {
    name: shown(object(contact['profile'])['name']),
    number: integer(message['from']),
    message: readable.map(shown).find((one) => one !== null) ?? null,
    date: integer(message['timestamp']),
    type: shown(message['type']),
    message_id: shown(message['id']),
    user_id: shown(message['from_user_id']) ?? shown(contact['user_id']),
    parent_user_id: shown(message['from_parent_user_id']) ?? shown(contact['parent_user_id']),
    group_id: shown(message['group_id']),
    reply_to_message_id: shown(part('context')['id']),
    forwarded: part('context')['forwarded'] ?? part('context')['frequently_forwarded'] ?? null,
    media_id: shown(media['id']),
    mime_type: shown(media['mime_type']),
    sha256: shown(media['sha256']),
    filename: shown(part('document')['filename']),
    caption: shown(media['caption']),
    interactive_id: shown(reply['id']) ?? shown(part('button')['payload']),
    interactive_title: shown(reply['title']) ?? shown(part('button')['text']),
    reaction_emoji: shown(part('reaction')['emoji']),
    reaction_to: shown(part('reaction')['message_id']),
    latitude: decimal(part('location')['latitude']),
    longitude: decimal(part('location')['longitude']),
    referral_source: shown(part('referral')['source_url']) ?? shown(part('referral')['source_id']),
    error_code: integer(error?.['code']),
    direction: 'in',
  };
}

function readStatus(status: Json): Row {
  const [error] = list(status['errors']);
  const conversation = object(status['conversation']);
  const pricing = object(status['pricing']);
  return {
    message_id: shown(status['id']),
    status: shown(status['status']),
    recipient_id: shown(status['recipient_id']) ?? shown(status['recipient_user_id']),
    date: integer(status['timestamp']),
    conversation_id: shown(conversation['id']),
    conversation_origin: shown(object(conversation['origin'])['type']),
    pricing_category: shown(pricing['category']),
    pricing_type: shown(pricing['type']),
    billable: pricing['billable'] ?? null,
    error_code: integer(error?.['code']),
    error_title: shown(error?.['title']) ?? shown(error?.['message']),
    callback_data: shown(status['biz_opaque_callback_data']),
  };
}
