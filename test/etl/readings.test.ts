import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, layBytes, newLake, rawLine, seconds, textOf } from '../support/lake.js';
import { corpus, corpusLines } from '../support/lake-corpora.js';
import { everything, type Row, TABLES } from '../support/rows.js';

const DAY = '2024-07-02';
const SENT = seconds('2024-07-02T15:00:00Z');

/** Parts of a Message, each with values that are there, empty or odd. */
const PARTS: Readonly<Record<string, readonly unknown[]>> = {
  text: ['a text', '', null, false, 7, '#x 😀'],
  caption: ['a caption', '', null],
  from: [{ id: 1, is_bot: false, first_name: 'A', username: 'a' }, { id: '2' }, null, []],
  edit_date: [SENT + 5, null, 0, String(SENT + 6)],
  entities: [[{ type: 'hashtag', offset: 0, length: 2 }], [], null, {}],
  caption_entities: [[{ type: 'hashtag', offset: 0, length: 2 }], null],
  photo: [[{ file_id: 'f', file_unique_id: 'u' }], [], null],
  dice: [{ value: 3 }, false],
  document: [{ file_id: 'd', file_unique_id: 'e', file_size: 5 }, null],
  new_chat_title: ['title', ''],
  group_chat_created: [true, false],
  migrate_to_chat_id: [-5, 0],
  message_thread_id: [9, null],
  reply_to_message: [
    { message_id: 3, from: { id: 4 }, text: 'x' },
    { message_id: 9, forum_topic_created: { name: 'Topic' } },
    { message_id: 9, forum_topic_created: 'odd' },
    null,
  ],
  forum_topic_edited: [{ name: 'Renamed' }, { icon_custom_emoji_id: '1' }, null],
  via_bot: [{ id: 6 }, null],
  media_group_id: ['album', null],
  sender_chat: [{ id: -6 }, null],
  forward_date: [SENT - 5, null],
  forward_origin: [{ date: SENT - 6, chat: { id: -7 } }, null],
  business_connection_id: ['b', '', null],
  something_new: [{ a: 1 }, null],
};

const message = fc
  .tuple(
    fc
      .subarray(Object.keys(PARTS), { maxLength: 5 })
      .chain((keys) => fc.tuple(...keys.map((key) => fc.constantFrom(...(PARTS[key] ?? [])).map((value) => [key, value] as const)))),
    fc.constantFrom('message', 'message', 'message', 'edited_message', 'channel_post'),
    fc.constantFrom({}, {}, {}, { edited_message: null }, { poll: { id: 'p' } }, { something_else: {} }),
  )
  .map(([parts, kind, beside]) => ({ parts: Object.fromEntries(parts), kind, beside }));

/** Lines whose keys come twice, in a strange order, or spaced. */
const ODD = [
  `{"update_id":1,"message":{"message_id":900001,"chat":{"id":1},"date":${SENT},"text":"first","text":"second"}}`,
  `{"message":{"text":"x","date":${SENT},"chat":{"type":"group","id":1},"message_id":900002},"update_id":2}`,
  `{ "update_id" : 3 , "message" : { "message_id" : 900003 , "chat" : { "id" : 1 } , "date" : ${SENT} , "text" : "x" } }`,
  `{"update_id":4,"message":{"message_id":900004,"chat":{"id":1},"date":${SENT}.0,"text":"x"}}`,
  `{"update_id":5,"message":{"message_id":9.00005e5,"chat":{"id":1},"date":${SENT},"text":"x"}}`,
  `{"update_id":6,"message":{"message_id":900006,"chat":{"id":1},"date":${SENT},"text":"x"},"message":{"message_id":900007,"chat":{"id":1},"date":${SENT},"text":"y"}}`,
  `{"update_id":"8","message":{"message_id":"900008","chat":{"id":"1"},"date":"${SENT}","text":"x"}}`,
  `{"update_id":9,"message":{"message_id":900009,"chat":{"id":1,"type":5,"title":null},"date":${SENT},"text":"x","from":{"id":1,"is_bot":"true","first_name":7}}}`,
];

/** Rows without what only the place of a line in the lake decides. */
const tell = (rows: readonly Row[] | undefined, table: string) =>
  (rows ?? [])
    .map((row) => (table === 'quarantine' ? { ...row, payload: bareLine(String(row['payload'])) } : row))
    .map((row) =>
      JSON.stringify({ ...row, received_at: 0, raw_file: '' }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    )
    .toSorted();
const bareLine = (line: string) => line.replace(/^\{"_received_at":\d+,"_line":\d+,/, '{').trim();

it('gives the same rows for a line of the raw log, which is read quickly, and for the same line of another program, which is taken apart', async () => {
  const random = fc.sample(message, { numRuns: 700, seed: 20240702 }).map(({ parts, kind, beside }, index) => ({
    update_id: index,
    [kind]: { message_id: index, chat: { id: 31_415_926, type: 'group' }, date: SENT, ...parts },
    ...beside,
  }));
  const lines = { telegram: [...random.map(textOf), ...ODD], whatsapp: [] as string[] };
  const [updates, webhooks] = [corpus('telegram-updates.ndjson'), corpus('whatsapp-webhooks.ndjson')];
  if (updates) lines.telegram.push(...corpusLines(updates));
  if (webhooks) lines.whatsapp.push(...corpusLines(webhooks));
  const [quick, full, object] = [await newLake(), await newLake(), await newLake()];
  for (const [source, texts] of Object.entries(lines)) {
    await layBytes(
      quick,
      `${rawFolder(source, DAY)}${SENT * 1000}-a-0.ndjson`,
      texts.map((text, index) => rawLine(text, SENT * 1000, index + 1)).join(''),
    );
    await layBytes(full, `${rawFolder(source, DAY)}${SENT * 1000}-a-0.ndjson`, texts.map((text) => `${text}\n`).join(''));
    for (const [index, text] of texts.slice(0, 150).entries())
      await layBytes(object, `${rawFolder(source, DAY)}${SENT * 1000}-${String(index).padStart(6, '0')}.json`, text);
  }
  for (const lake of [quick, full, object]) await etl(lake);
  const [one, other, third] = [await everything(quick), await everything(full), await everything(object)];
  for (const table of TABLES) {
    expect(tell(one[table], table), table).toEqual(tell(other[table], table));
  }
  // One object a file: the first 150, each the first line of a file of its own.
  const first = (all: readonly Row[] | undefined) =>
    (all ?? []).filter((row) => row['chat_id'] === 31_415_926 && Number(row['message_id']) < 150).map((row) => ({ ...row, raw_line: 0 }));
  for (const table of ['telegram', 'telegram_events'])
    expect(tell(first(third[table]), table), `${table}, one object a file`).toEqual(tell(first(one[table]), table));
}, 180_000);
