import { defined, isObject, type Loose, objects, text, whole } from '../values.js';

/** What Telegram Desktop calls a part of a text, as the Bot API's MessageEntity does. Parts that it lacks are plain text. */
const ENTITIES: Readonly<Record<string, string>> = {
  mention: 'mention',
  hashtag: 'hashtag',
  cashtag: 'cashtag',
  bot_command: 'bot_command',
  link: 'url',
  email: 'email',
  phone: 'phone_number',
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  spoiler: 'spoiler',
  blockquote: 'blockquote',
  code: 'code',
  pre: 'pre',
  text_link: 'text_link',
  mention_name: 'text_mention',
  custom_emoji: 'custom_emoji',
};

export interface Text {
  readonly text: string;
  readonly entities: readonly Loose[];
}

/** A text that is one string or a list of strings and parts. Offsets count UTF-16 units, as the Bot API's do. */
export function textOf(value: unknown): Text {
  if (typeof value === 'string') return { text: value, entities: [] };
  if (!Array.isArray(value)) return { text: '', entities: [] };
  let whole = '';
  const entities: Loose[] = [];
  for (const part of value as readonly unknown[]) {
    if (typeof part === 'string') {
      whole += part;
      continue;
    }
    if (!isObject(part) || typeof part['text'] !== 'string') continue;
    const type = typeof part['type'] === 'string' && Object.hasOwn(ENTITIES, part['type']) ? ENTITIES[part['type']] : undefined;
    if (type !== undefined && part['text'] !== '') entities.push(entityOf(type, part, whole.length));
    whole += part['text'];
  }
  return { text: whole, entities };
}

function entityOf(type: string, part: Loose, offset: number): Loose {
  const entity: Record<string, unknown> = { type, offset, length: (part['text'] as string).length };
  if (type === 'text_link') entity['url'] = text(part['href']) ?? part['text'];
  if (type === 'text_mention') entity['user'] = defined({ id: whole(part['user_id']), first_name: part['text'] });
  return entity;
}

/** Where the export says why a file is not there. */
const LEFT_OUT = /\(File (?:unavailable|exceeds|not included)|\(Photo (?:unavailable|exceeds|not included)/;

function nameOf(message: Loose): string | undefined {
  const named = text(message['file_name']);
  if (named !== undefined) return named;
  const path = text(message['file']);
  return path === undefined || LEFT_OUT.test(path) ? undefined : path.slice(path.lastIndexOf('/') + 1);
}

const MEDIA: Readonly<Record<string, string>> = {
  sticker: 'sticker',
  video_message: 'video_note',
  voice_message: 'voice',
  animation: 'animation',
  video_file: 'video',
  audio_file: 'audio',
};

/** Content keys of a message beside its text. Ids of files are not in an export: they belong to whoever asks for the file. */
export function contentOf(message: Loose): Loose | undefined {
  if (message['photo'] !== undefined)
    return {
      photo: [defined({ width: whole(message['width']), height: whole(message['height']), file_size: whole(message['photo_file_size']) })],
    };
  const type = text(message['media_type']);
  if (message['file'] !== undefined || type !== undefined)
    return { [(type !== undefined && Object.hasOwn(MEDIA, type) && MEDIA[type]) || 'document']: fileOf(message) };
  if (isObject(message['contact_information'])) return { contact: contactOf(message['contact_information']) };
  const location = isObject(message['location_information']) ? placeOf(message['location_information']) : undefined;
  if (message['place_name'] !== undefined)
    return defined({ venue: defined({ location, title: text(message['place_name']), address: text(message['address']) }), location });
  if (location !== undefined) return { location };
  if (message['game_title'] !== undefined)
    return { game: defined({ title: text(message['game_title']), description: text(message['game_description']) }) };
  if (message['invoice_information'] !== undefined) return { invoice: invoiceOf(message['invoice_information']) };
  if (isObject(message['poll'])) return { poll: pollOf(message['poll']) };
  if (isObject(message['todo_list'])) return { checklist: defined({ title: text(message['todo_list']['title']) }) };
  if (message['giveaway_information'] !== undefined) return { giveaway: {} };
  if (message['giveaway_results'] !== undefined) return { giveaway_winners: {} };
  if (message['story'] !== undefined || message['story_id'] !== undefined) return { story: {} };
  return undefined;
}

const fileOf = (message: Loose): Loose =>
  defined({
    file_name: nameOf(message),
    mime_type: text(message['mime_type']),
    file_size: whole(message['file_size']),
    duration: whole(message['duration_seconds']),
    width: whole(message['width']),
    height: whole(message['height']),
    emoji: text(message['sticker_emoji']),
    performer: text(message['performer']),
    title: text(message['title']),
  });

const contactOf = (contact: Loose): Loose =>
  defined({ first_name: text(contact['first_name']), last_name: text(contact['last_name']), phone_number: text(contact['phone_number']) });

const placeOf = ({ latitude, longitude }: Loose): Loose => ({ latitude: degrees(latitude), longitude: degrees(longitude) });
const degrees = (value: unknown): number => (typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN);

const invoiceOf = (invoice: unknown): Loose =>
  isObject(invoice)
    ? defined({
        title: text(invoice['title']),
        description: text(invoice['description']),
        currency: text(invoice['currency']),
        total_amount: whole(invoice['amount']),
      })
    : {};

const pollOf = (poll: Loose): Loose => ({
  question: textOf(poll['question']).text,
  options: objects(poll['answers']).map((answer) => ({ text: textOf(answer['text']).text, voter_count: whole(answer['voters']) ?? 0 })),
  total_voter_count: whole(poll['total_voters']) ?? 0,
  is_closed: poll['closed'] === true,
});
