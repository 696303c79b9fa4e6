import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT, FILE_CONTENT } from '../../src/sources/telegram/kinds.js';
import { etl, lay, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { manifests, type Row, rowsOf } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');

interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

/** The entities of `text`, each part in brackets: `[hashtag:#a]`. Offsets in UTF-16 units, as the Bot API counts. */
function marked(source: string): { text: string; entities: Entity[] } {
  const entities: Entity[] = [];
  let text = '';
  for (const part of source.split(/(\[\w+:[^\]]*\])/)) {
    const found = /^\[(\w+):([^\]]*)\]$/.exec(part);
    const [type, shown] = found ? [found[1] as string, found[2] as string] : ['', part];
    if (type !== '')
      entities.push({
        type,
        offset: text.length,
        length: shown.length,
        ...(type === 'text_link' ? { url: 'https://hidden.example/?a=1' } : {}),
      });
    text += shown;
  }
  return { text, entities };
}

const TEXTS: readonly { name: string; source: string; want: Partial<Row>; caption?: boolean }[] = [
  {
    name: 'plain ASCII',
    source: 'run [bot_command:/start] now [hashtag:#one] [cashtag:$USD]',
    want: { commands: ['/start'], hashtags: ['#one', '$USD'] },
  },
  { name: 'a command that names its bot', source: '[bot_command:/help@some_bot]', want: { commands: ['/help'] } },
  {
    name: 'emoji before, between and inside',
    source: '😀😀[hashtag:#🎉party] 👨‍👩‍👧 [mention:@ana] 🇧🇷[url:https://exämple.org/ß?q=🎈]!',
    want: { hashtags: ['#🎉party'], mentions: ['@ana'], urls: ['https://exämple.org/ß?q=🎈'] },
  },
  {
    name: 'letters outside the basic plane',
    source: '𝕬𝖇𝖈 [bot_command:/𝖌𝖔] [hashtag:#𠮷野家]',
    want: { commands: ['/𝖌𝖔'], hashtags: ['#𠮷野家'] },
  },
  {
    name: 'combining marks, which are units of their own',
    source: 'e\u0301e\u0301 [hashtag:#cafe\u0301] हिन्दी [mention:@x]',
    want: { hashtags: ['#cafe\u0301'], mentions: ['@x'] },
  },
  {
    name: 'a hidden link and a mention without a username',
    source: '[text_link:here] and 😀[text_mention:Ana Maria]',
    want: { urls: ['https://hidden.example/?a=1'], mentions: ['Ana Maria'] },
  },
  { name: 'right-to-left text', source: 'שלום [hashtag:#שלום] مرحبا [mention:@ok]', want: { hashtags: ['#שלום'], mentions: ['@ok'] } },
  { name: 'line breaks and tabs', source: 'a\n\t[hashtag:#b]\r\n[hashtag:#c]', want: { hashtags: ['#b', '#c'] } },
  { name: 'a caption', source: '😀 [hashtag:#photo] [bot_command:/x]', want: { hashtags: ['#photo'], commands: ['/x'] }, caption: true },
  {
    name: 'only entities that are not told',
    source: '[bold:bold] [code:code]',
    want: { commands: null, hashtags: null, mentions: null, urls: null },
  },
];

/** A value for each content key, in the form the platform gives it. */
const VALUES: Readonly<Record<string, unknown>> = {
  text: 'text',
  photo: [
    { file_id: 'small', file_unique_id: 's', file_size: 1 },
    { file_id: 'photo', file_unique_id: 'u-photo', file_size: 2 },
  ],
  new_chat_members: [{ id: 1, is_bot: false, first_name: 'A' }],
  new_chat_photo: [{ file_id: 'p', file_unique_id: 'u' }],
  new_chat_title: 'title',
  migrate_to_chat_id: -1009,
  migrate_from_chat_id: -1008,
};
const file = (key: string) => ({ file_id: key, file_unique_id: `u-${key}`, file_size: 2 ** 40, mime_type: 'a/b', duration: 12 });
const valueOf = (key: string): unknown => {
  if (key in VALUES) return VALUES[key];
  if ((FILE_CONTENT as readonly string[]).includes(key)) return file(key);
  return /(_created|delete_chat_photo)$/.test(key) && !key.includes('topic') ? true : { some: 'object' };
};

/** What comes together, and which key tells. */
const TOGETHER: readonly (readonly [string, object])[] = [
  ['venue', { location: { latitude: 1, longitude: 2 }, venue: { title: 'x' } }],
  ['animation', { document: file('document'), animation: file('animation') }],
  ['new_chat_participant', { new_chat_member: { id: 1 }, new_chat_members: [{ id: 1 }], new_chat_participant: { id: 1 } }],
  ['unknown', { something_of_next_year: { a: 1 } }],
  ['unknown', {}],
  ['location', { location: { latitude: 1, longitude: 2 }, photo: [], text: null, group_chat_created: false, caption: '' }],
  ['text', { text: '0', photo: null }],
];

const BEGAN = { message_id: 5, forum_topic_created: { name: 'First', icon_color: 1 } };
/** What a message tells of its topic's name. */
const TOPICS: readonly (readonly [string | null, object])[] = [
  ['First', { forum_topic_created: { name: 'First', icon_color: 1 } }],
  ['Second', { reply_to_message: BEGAN, forum_topic_edited: { name: 'Second' } }],
  [null, { reply_to_message: BEGAN, forum_topic_edited: { icon_custom_emoji_id: '7' } }],
  ['First', { reply_to_message: BEGAN, text: 'in it' }],
  [null, { reply_to_message: { message_id: 6, text: 'x' }, text: 'a reply' }],
];

let lake: TestLake;
let rows: Map<unknown, Row>;

beforeAll(async () => {
  lake = await openLake();
  const updates = [
    ...TEXTS.map(({ source, caption }, index) => {
      const { text, entities } = marked(source);
      return telegramMessage({
        id: index,
        date: SENT,
        more: caption ? { photo: valueOf('photo'), caption: text, caption_entities: entities } : { text, entities },
      });
    }),
    ...CONTENT.map((key, index) => telegramMessage({ id: 1000 + index, date: SENT, more: { [key]: valueOf(key) } })),
    ...TOGETHER.map(([, more], index) => telegramMessage({ id: 2000 + index, date: SENT, more })),
    ...TOPICS.map(([, more], index) => telegramMessage({ id: 4000 + index, date: SENT, more: { message_thread_id: 5, ...more } })),
    telegramMessage({
      id: 3000,
      date: SENT,
      text: 'reply',
      more: {
        message_thread_id: 5,
        reply_to_message: {
          message_id: 1,
          from: { id: 8, is_bot: true, first_name: 'B' },
          chat: { id: 1 },
          date: SENT - 1,
          text: 'nested',
          entities: [{ type: 'hashtag', offset: 0, length: 2 }],
          photo: valueOf('photo'),
        },
        forward_origin: { type: 'user', date: SENT - 100, sender_user: { id: 77 } },
        via_bot: { id: 88 },
        media_group_id: '12345678901234567',
        sender_chat: { id: -5 },
        from: { id: 9, is_bot: true, first_name: 'F', last_name: 'L', username: 'u', language_code: 'pt-br' },
      },
    }),
  ];
  await lay(lake, 'telegram', SENT * 1000, updates);
  await etl(lake);
  rows = new Map((await rowsOf(lake, 'telegram')).map((row) => [row['message_id'], row]));
});
afterAll(() => removeLake(lake));

describe('entities', () => {
  it.each(TEXTS.map((text, index) => ({ ...text, index })))('are cut out by UTF-16 units: $name', ({ index, source, want, caption }) => {
    expect(rows.get(index)).toMatchObject({ ...want, [caption ? 'caption' : 'text']: marked(source).text });
  });
});

describe('data_type', () => {
  it.each(CONTENT.map((key, index) => ({ key, index })))('is $key for a message with that content', ({ key, index }) => {
    expect(rows.get(1000 + index)).toMatchObject({ data_type: key });
  });

  it.each(TOGETHER.map(([want, more], index) => ({ want, keys: Object.keys(more).join(', '), index })))(
    'is $want for a message with: $keys',
    ({ want, index }) => {
      expect(rows.get(2000 + index)).toMatchObject({ data_type: want });
    },
  );
});

it.each([...FILE_CONTENT])('names the file of %s, with sizes past 32 bits', (key) => {
  const size = key === 'photo' ? { file_size: 2, mime_type: null } : { file_size: 2 ** 40, mime_type: 'a/b', duration: 12 };
  expect(rows.get(1000 + CONTENT.indexOf(key))).toMatchObject({ file_id: key, file_unique_id: `u-${key}`, ...size });
});

it('reads the sender, thread, reply, forward and album of a message, and nothing out of the message it answers', () => {
  expect(rows.get(3000)).toMatchObject({
    user_id: 9,
    user_is_bot: true,
    user_first_name: 'F',
    user_last_name: 'L',
    user_username: 'u',
    user_language_code: 'pt-br',
    message_thread_id: 5,
    sender_chat_id: -5,
    reply_to_message_id: 1,
    reply_to_user_id: 8,
    forward_from_id: 77,
    forward_date: SENT - 100,
    via_bot_id: 88,
    media_group_id: '12345678901234567',
    data_type: 'text',
    file_id: null,
    hashtags: null,
  });
});

it('takes the name of a forum topic from who gives it, or from the message that began the topic', () => {
  expect(TOPICS.map((_, index) => rows.get(4000 + index)?.['topic_name'])).toEqual(TOPICS.map(([name]) => name));
});

it('makes a row of every one of them', async () => {
  expect(rows.size).toBe(TEXTS.length + CONTENT.length + TOGETHER.length + TOPICS.length + 1);
  expect(await manifests(lake)).toMatchObject([{ rows: rows.size, quarantined: 0, duplicates: 0 }]);
});
