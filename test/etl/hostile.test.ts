import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addsUp } from '../../src/etl/manifest.js';
import { rawFolder, rejectedFolder } from '../../src/lake/layout.js';
import { etl, layBytes, newLake, openLake, rawLine, removeLake, seconds, type TestLake } from '../support/lake.js';
import { callback, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import { manifests, type Row, rowsByArrival, rowsOf } from '../support/rows.js';

const DAY = '2024-07-02';
const SENT = seconds('2024-07-02T15:00:00Z');
const folder = rawFolder('telegram', DAY);
const good = (id: number, text = `text ${id}`) => JSON.stringify(telegramMessage({ id, date: SENT, text }));
const withText = (id: number, literal: string) =>
  `{"update_id":${id},"message":{"message_id":${id},"chat":{"id":5,"type":"group"},"date":${SENT},"text":${literal}}}`;
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const MEGABYTES = 'x'.repeat(3 * 1024 * 1024);

/** Payloads that are JSON objects, or nearly: name, text, and what is known of the row or the reason for its quarantine. */
const LINES: readonly { name: string; text: string | Buffer; row?: Row; event?: Row; reason?: RegExp }[] = [
  {
    name: '2^53+1 as message id',
    text: withText(1, '"a"').replace('"message_id":1', '"message_id":9007199254740993'),
    row: { message_id: 9007199254740993n },
  },
  {
    name: '2^63-1 as chat id',
    text: withText(2, '"a"').replace('"id":5', '"id":9223372036854775807'),
    row: { chat_id: 9223372036854775807n },
  },
  {
    name: '-2^63 as chat id',
    text: withText(3, '"a"').replace('"id":5', '"id":-9223372036854775808'),
    row: { chat_id: -9223372036854775808n },
  },
  { name: '2^63 as chat id', text: withText(4, '"a"').replace('"id":5', '"id":9223372036854775808'), reason: /telegram\.chat_id/ },
  {
    name: 'numbers as strings',
    text: withText(5, '"a"').replace('"id":5', '"id":"5"').replace(`${SENT}`, `"${SENT}"`),
    row: { chat_id: 5, date: SENT },
  },
  { name: 'a word for a date', text: withText(6, '"a"').replace(`${SENT}`, '"today"'), reason: /telegram\.date/ },
  { name: 'a date of 1e15', text: withText(7, '"a"').replace(`${SENT}`, '1000000000000000'), reason: /telegram\.date/ },
  { name: 'a date of -1', text: withText(8, '"a"').replace(`${SENT}`, '-1'), reason: /telegram\.date/ },
  { name: 'a date of 2^63-1', text: withText(9, '"a"').replace(`${SENT}`, '9223372036854775807'), reason: /telegram\.date/ },
  { name: 'an edit of 2^63-1', text: withText(10, '"a"').replace('"text"', '"edit_date":9223372036854775807,"text"'), row: { text: 'a' } },
  { name: 'a text of null', text: withText(11, 'null'), row: { text: null, data_type: 'unknown' } },
  { name: 'a text of false', text: withText(12, 'false'), row: { text: 'false', data_type: 'text' } },
  { name: 'a text of []', text: withText(13, '[]'), row: { text: '[]', data_type: 'text' } },
  { name: 'a text that is an object', text: withText(14, '{"a":1}'), row: { data_type: 'text' } },
  { name: 'a text that is a number', text: withText(15, '12.5'), row: { text: '12.5', data_type: 'text' } },
  { name: 'an empty text', text: withText(16, '""'), row: { text: null } },
  { name: 'a NUL in a text', text: withText(17, String.raw`"a\u0000b"`), row: { text: 'a\0b' } },
  { name: 'a lone surrogate in a text', text: withText(18, String.raw`"a\ud83db"`), row: { text: 'a\ufffdb' } },
  { name: 'two halves the wrong way round', text: withText(19, String.raw`"\udc00\ud800"`), row: { text: '\ufffd\ufffd' } },
  { name: 'what looks like a lone surrogate', text: withText(45, String.raw`"\\ud83d \uD83D\uDE00"`), row: { text: '\\ud83d 😀' } },
  { name: 'half a pair after a capital U, which is no JSON', text: withText(46, String.raw`"a\UD83D"`), reason: /invalid_json/ },
  { name: 'an escaped emoji', text: withText(20, String.raw`"\ud83d\ude00"`), row: { text: '😀' } },
  { name: 'a control character U+001F, escaped', text: withText(21, String.raw`"\u001f\u0001"`), row: { text: '\u001f\u0001' } },
  { name: 'line and paragraph separators', text: withText(22, '"a\u2028b\u2029c\u0085d"'), row: { text: 'a\u2028b\u2029c\u0085d' } },
  { name: 'the same key twice', text: withText(23, '"first","text":"second"') },
  { name: '100,000 brackets', text: withText(24, '"a"').replace('"text"', `"odd":${nested(100_000)},"text"`) },
  { name: '100,000 brackets that do not close', text: `{"a":${'['.repeat(100_000)}`, reason: /invalid_json/ },
  { name: '3 MB of text', text: withText(26, `"${MEGABYTES}"`), row: { text: MEGABYTES } },
  {
    name: 'bytes that are not UTF-8',
    text: Buffer.concat([Buffer.from(withText(27, '"a').slice(0, -2)), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}}')]),
    reason: /not_utf8/,
  },
  { name: 'a raw NUL byte', text: Buffer.from(withText(28, '"a\0b"')), reason: /invalid_json/ },
  { name: 'an array', text: '[1,2]', reason: /not_an_object/ },
  { name: 'a number', text: '17', reason: /not_an_object/ },
  { name: 'a message that is a string', text: '{"update_id":31,"message":"hello"}', reason: /telegram\./ },
  { name: 'a message that is an array', text: '{"update_id":32,"message":[1]}', reason: /telegram\./ },
  { name: 'a message without chat', text: `{"update_id":33,"message":{"message_id":1,"date":${SENT}}}`, reason: /telegram\.chat_id/ },
  { name: 'a message that is null', text: '{"update_id":34,"message":null}', event: { update_id: 34, update_kind: 'none' } },
  { name: 'an empty object', text: '{}', event: { update_kind: 'none' } },
  {
    name: 'an unknown kind',
    text: '{"update_id":36,"kind of \\"next\\" year.$[0]":{"a":[1]}}',
    event: { update_kind: 'kind of "next" year.$[0]', payload: '{"a":[1]}' },
  },
  {
    name: 'content under odd names',
    text: withText(37, 'null').replace('"text"', '"":1,"a\\"b~/$.c":{},"dice":{"value":1},"text"'),
    row: { data_type: 'dice' },
  },
  { name: 'an empty name', text: '{"update_id":38,"":{"a":[1]}}', event: { update_kind: '', payload: '{"a":[1]}' } },
  { name: 'a float for an id', text: '{"update_id":37.5,"callback_query":{"id":"x"}}', event: { update_kind: 'callback_query' } },
  { name: 'an arrival that is no number', text: `{"_received_at":"soon","_line":"x",${good(38).slice(1)}`, row: { message_id: 38 } },
  { name: 'an arrival of 2^63-1', text: `{"_received_at":9223372036854775807,"_line":1,${JSON.stringify(callback(39)).slice(1)}` },
  { name: 'entities that are no list', text: withText(40, '"#a","entities":{"offset":0}'), row: { text: '#a' } },
  {
    name: 'entities out of reach',
    text: withText(
      41,
      '"#a😀","entities":[{"type":"hashtag","offset":-5,"length":99},{"type":"url","offset":900,"length":9223372036854775807},{"type":"mention","offset":"1","length":null}]',
    ),
    row: { text: '#a😀' },
  },
  {
    name: 'an event dated 2^63-1',
    text: `{"update_id":42,"my_chat_member":{"chat":{"id":5},"date":9223372036854775807}}`,
    reason: /telegram_events\.date/,
  },
  { name: 'keys of SQL', text: withText(43, `"'; DROP TABLE staged; --"`), row: { text: "'; DROP TABLE staged; --" } },
  { name: 'a byte U+0001, the separator of text files', text: Buffer.from(withText(44, '"a\u0001b"')), reason: /invalid_json/ },
  {
    name: 'an edit of a message with an impossible edit date, superseded',
    text: withText(10, '"newer"').replace('"text"', '"edit_date":9223372036854775806,"text"'),
  },
];

let lake: TestLake;
let rows: Row[];
let events: Row[];
let quarantine: Row[];
const line = (list: readonly Row[], file: string, number: number) =>
  list.filter((row) => row['raw_file'] === `${folder}${file}` && row['raw_line'] === number);

beforeAll(async () => {
  lake = await openLake();
  const foreign = Buffer.concat(LINES.flatMap(({ text }) => [Buffer.from(text), Buffer.from('\n')]));
  await layBytes(lake, `${folder}foreign.ndjson`, foreign);
  const many = Array.from({ length: 2000 }, (_, index) =>
    rawLine(good(10_000 + index, index === 1000 ? MEGABYTES : 'small'), SENT * 1000, index + 1),
  );
  await layBytes(lake, `${folder}1720000000000-large-0.ndjson`, many.join(''));
  const cut = Buffer.from(`${good(20_000)}\n${good(20_001, 'ends in 😀')}`);
  await layBytes(lake, `${folder}torn.ndjson`, cut.subarray(0, cut.indexOf('😀') + 2));
  await layBytes(lake, `${folder}broken.json`, `${good(20_002).slice(0, -3)}`);
  const signed = (id: number, number: number) => `{ "_line" : ${number} , ${JSON.stringify(callback(id)).slice(1)}`;
  await layBytes(
    lake,
    `${folder}numbered-elsewhere.ndjson`,
    `${signed(1, 1)}\n${JSON.stringify({ ...callback(2), _line: 2 })}\n${signed(3, 3)}\n`,
  );
  const huge = [good(20_020), good(20_021, 'y'.repeat(9 * 1024 * 1024)), good(20_022), good(20_023)];
  await layBytes(lake, `${folder}huge.ndjson`, huge.map((text, index) => rawLine(text, SENT * 1000, index + 1)).join(''));
  await layBytes(
    lake,
    `${folder}numbers-lie.ndjson`,
    [3, 3, 1].map((number, index) => rawLine(good(20_010 + index), SENT * 1000, number)).join(''),
  );
  const rejected = (body: Buffer | string, reason: string, number: number) =>
    `{"_received_at":${SENT * 1000},"_line":${number},"reason":"${reason}","body":"${Buffer.from(body).toString('base64')}"}\n`;
  await layBytes(
    lake,
    `${rejectedFolder('telegram', DAY)}1720000000000-test-0.ndjson`,
    rejected('{"half', 'invalid_json', 1) +
      rejected(Buffer.from([0xff]), 'not_utf8', 2) +
      rejected('"\0\u2028"', 'not_an_object', 3) +
      'not what the log writes\n',
  );
  const numbers = whatsappBody({
    messages: [
      whatsappMessage({ id: 'w1', date: SENT, text: 'ok' }),
      { id: 'w2', timestamp: 'never', type: 'text' },
      'no object',
      null,
      { ...whatsappMessage({ id: 'w3', date: SENT, text: 'ok' }), from: 'hidden' },
    ],
  });
  await layBytes(
    lake,
    `${rawFolder('whatsapp', DAY)}numbered-elsewhere.ndjson`,
    `{ "_line" : 1 , ${JSON.stringify(numbers).replaceAll('"w', '"elsewhere-w').slice(1)}\n`,
  );
  const odd = [
    '{"entry":{}}',
    '{"entry":[{"changes":"x"}]}',
    '{"entry":[null,{"changes":[null,{"field":"messages","value":null},{"field":7,"value":[1]}]}]}',
    '{"entry":[{"id":"1","time":"2^53","changes":[{"field":"messages","value":{"messages":{"a":1}}}]}]}',
  ];
  await layBytes(
    lake,
    `${rawFolder('whatsapp', DAY)}1720000000000-test-0.ndjson`,
    [JSON.stringify(numbers), ...odd].map((text, index) => rawLine(text, SENT * 1000, index + 1)).join(''),
  );
  await etl(lake);
  rows = await rowsOf(lake, 'telegram', 'raw_file, raw_line');
  events = await rowsOf(lake, 'telegram_events', 'raw_file, raw_line');
  quarantine = await rowsOf(lake, 'quarantine', 'raw_file, raw_line');
});
afterAll(() => removeLake(lake));

describe('a line with', () => {
  it.each(LINES.map((one, index) => ({ ...one, number: index + 1 })))(
    '$name ends up in exactly one place',
    ({ number, row, event, reason, text }) => {
      const found = {
        rows: line(rows, 'foreign.ndjson', number),
        events: line(events, 'foreign.ndjson', number),
        quarantine: line(quarantine, 'foreign.ndjson', number),
      };
      expect(found.rows.length + found.events.length + found.quarantine.length).toBe(1);
      if (row) expect(found.rows).toMatchObject([row]);
      if (event) expect(found.events).toMatchObject([event]);
      if (reason) {
        const expected =
          Buffer.isBuffer(text) && !text.equals(Buffer.from(text.toString())) ? `base64:${text.toString('base64')}` : text.toString();
        expect(found.quarantine).toMatchObject([
          { source: 'telegram', reason: expect.stringMatching(reason) as string, payload: expected },
        ]);
      }
    },
  );
});

it('reads a line of 3 MB among 2,000 small ones', () => {
  const read = rows.filter((row) => String(row['raw_file']).includes('large'));
  expect(read).toHaveLength(2000);
  expect(String(read[1000]?.['text'])).toHaveLength(MEGABYTES.length);
});

it('counts a tail cut inside a character as torn and reads the lines before it', () => {
  expect(line(rows, 'torn.ndjson', 1)).toHaveLength(1);
  expect(rows.filter((row) => row['message_id'] === 20_001)).toEqual([]);
});

it('reads lines whose numbers are wrong by their position', () => {
  expect([1, 2, 3].map((number) => line(rows, 'numbers-lie.ndjson', number).map((row) => row['message_id']))).toEqual([
    [20_010],
    [20_011],
    [20_012],
  ]);
});

it('reads lines that name their number elsewhere than the raw log does', () => {
  expect([1, 2, 3].map((number) => line(events, 'numbered-elsewhere.ndjson', number).map((row) => row['update_id']))).toEqual([
    [1],
    [2],
    [3],
  ]);
});

it('reads a line of 9 MB, more than any platform sends, among others', () => {
  expect([1, 2, 3, 4].map((number) => line(rows, 'huge.ndjson', number).length)).toEqual([1, 1, 1, 1]);
});

it('sets a line of 40 MB aside, and reads those around it', async () => {
  const other = await newLake();
  const texts = [good(1), good(2, 'z'.repeat(40 * 1024 * 1024)), good(3)];
  await layBytes(other, `${folder}huge.ndjson`, texts.map((text, index) => rawLine(text, SENT * 1000, index + 1)).join(''));
  await etl(other);
  expect((await rowsOf(other, 'telegram', 'raw_line')).map((row) => row['raw_line'])).toEqual([1, 3]);
  expect(await rowsOf(other, 'quarantine')).toMatchObject([{ reason: 'too_long', payload: '', raw_line: 2 }]);
});

it('keeps an object that ends too early in the quarantine', () => {
  expect(line(quarantine, 'broken.json', 1)).toMatchObject([{ reason: 'invalid_json', payload: good(20_002).slice(0, -3) }]);
});

it('takes rejected bodies over with their reason, as text where they are text', () => {
  const told = quarantine
    .filter((row) => String(row['raw_file']).startsWith('_rejected/'))
    .map((row) => [row['reason'], row['payload'], row['received_at']]);
  expect(told).toMatchObject([
    ['invalid_json', '{"half', SENT * 1000],
    ['not_utf8', 'base64:/w==', SENT * 1000],
    ['not_an_object', '"\0\u2028"', SENT * 1000],
    ['invalid_json', 'not what the log writes', 1_720_000_000_000],
  ]);
});

it('takes what it can of a WhatsApp body and quarantines the rest, body and all', async () => {
  const messages = await rowsOf(lake, 'whatsapp', 'message_id');
  expect(messages.map((row) => [row['message_id'], row['number']])).toEqual([
    ['elsewhere-w1', 5511999990000],
    ['elsewhere-w3', null],
    ['w1', 5511999990000],
    ['w3', null],
  ]);
  const set = quarantine.filter((row) => row['source'] === 'whatsapp');
  expect(set.every((row) => /whatsapp\.(message_id|date)/.test(String(row['reason'])))).toBe(true);
  expect(new Set(set.map((row) => row['raw_file'])).size).toBe(2);
});

it('points every row of the quarantine to bytes that are there', async () => {
  for (const row of quarantine.filter(({ reason }) => reason !== 'too_long')) {
    const bytes = await readFile(join(lake.rawPath, String(row['raw_file'])));
    const found = bytes.toString('latin1').split('\n')[Number(row['raw_line']) - 1] ?? '';
    const payload = String(row['payload']);
    const text = payload.startsWith('base64:')
      ? Buffer.from(payload.slice(7), 'base64').toString('latin1')
      : Buffer.from(payload).toString('latin1');
    const kept = /"body":"([^"]*)"/.exec(found);
    const held =
      String(row['raw_file']).startsWith('_rejected/') && kept ? Buffer.from(String(kept[1]), 'base64').toString('latin1') : found;
    expect(held.trim(), `${String(row['raw_file'])}:${String(row['raw_line'])}`).toBe(text.trim());
  }
});

it('loses nothing: each line is a row, a duplicate or in quarantine', async () => {
  const inTables = await rowsByArrival(lake);
  for (const manifest of await manifests(lake)) {
    const day = `${manifest.source} ${manifest.context_date}`;
    expect(addsUp(manifest)).toBe(true);
    expect([day, manifest.rows, manifest.quarantined]).toEqual([day, inTables.rows[day] ?? 0, inTables.quarantined[day] ?? 0]);
  }
  const [telegram] = await manifests(lake);
  expect(telegram).toMatchObject({ lines: LINES.length + 2000 + 1 + 1 + 3 + 3 + 4 + 4, torn: 1 });
  expect(telegram?.units).toBe(telegram?.lines);
});
