import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, layBytes, newLake, openLake, rawLines, removeLake, seconds, type TestLake } from '../support/lake.js';
import { callback, telegramMessage } from '../support/lake-payloads.js';
import { manifests, type Row, rowsOf } from '../support/rows.js';

const DAY = '2024-07-02';
const SENT = seconds('2024-07-02T15:00:00Z');
const folder = rawFolder('telegram', DAY);
const text = (id: number, said = `text ${id}`) => JSON.stringify(telegramMessage({ id, date: SENT, text: said }));

/** 1,200 files of one object each, as an older pipeline wrote them, in every spelling; ids from 10,000. */
const FILES = 1200;
const spelled = (json: string, index: number): string => {
  if (index % 4 === 0) return json;
  if (index % 4 === 1) return `${json}\n`;
  return `${JSON.stringify(JSON.parse(json), null, index % 4 === 2 ? 2 : '\t')}${index % 3 === 0 ? '\r\n' : ''}`;
};

let lake: TestLake;
let rows: Map<unknown, Row>;

beforeAll(async () => {
  lake = await openLake();
  for (let index = 0; index < FILES; index += 1) {
    const name = index % 2 === 0 ? `${SENT * 1000 + index}` : `${SENT}.${String(index).padStart(6, '0')}`;
    await layBytes(lake, `${folder}${name}.json`, spelled(text(10_000 + index), index));
  }
  const files: Record<string, string> = {
    'bare.ndjson': [1, 2, 3].map((id) => `${text(id)}\n`).join(''),
    'crlf.ndjson': [11, 12].map((id) => `${text(id, 'two\r\nlines')}\r\n`).join(''),
    'blank.ndjson': `\n  \n${text(21)}\n\r\n\t\n${text(22)}\n\n`,
    'unfinished.ndjson': `${text(31)}\n${text(32)}`,
    'spaced.jsonl': `  { "update_id" : 1 , "message" : ${JSON.stringify((JSON.parse(text(41)) as { message: object }).message)} } \n`,
    'mixed.ndjson': `${rawLines([text(51)], SENT * 1000 + 5)}${text(52)}\n`,
    'bom.ndjson': `\uFEFF${text(61)}\n${text(62)}\n`,
    'pretty-by-the-log.ndjson': rawLines([JSON.stringify(JSON.parse(text(71)), null, 2)], SENT * 1000),
    'empty.ndjson': '',
    'empty.json': '',
    'blank-object.json': '\n',
    '_hidden.ndjson': text(81),
    '.hidden.ndjson': text(82),
    'notes.txt': text(83),
    'lines.json': `${text(91)}\n${text(92)}\n`,
    '1719932400.json': text(101),
    '1719932400123.json': JSON.stringify(callback(7)),
    '1719932401.5.json': JSON.stringify(callback(8)),
    'no-epoch.json': JSON.stringify(callback(9)),
  };
  for (const [name, bytes] of Object.entries(files)) await layBytes(lake, folder + name, bytes);
  await layBytes(lake, 'telegram/not-a-day/1.ndjson', text(84));
  await layBytes(lake, 'telegram/context_date=2024-7-2/1.ndjson', text(85));
  await etl(lake);
  rows = new Map((await rowsOf(lake, 'telegram')).map((row) => [row['message_id'], row]));
});
afterAll(() => removeLake(lake));

it('reads 1,200 files of one object each, with or without a line break at the end, and pretty printed', () => {
  const ids = Array.from({ length: FILES }, (_, index) => 10_000 + index);
  expect(ids.filter((id) => !rows.has(id))).toEqual([]);
  expect(ids.map((id) => rows.get(id)?.['text'])).toEqual(ids.map((id) => `text ${id}`));
  expect(rows.get(10_002)).toMatchObject({ raw_line: 1, raw_file: `${folder}${SENT * 1000 + 2}.json` });
});

it('takes the arrival from the name of such a file, where it tells one: milliseconds, or seconds with a fraction', async () => {
  expect(rows.get(10_002)).toMatchObject({ received_at: SENT * 1000 + 2 });
  expect([10_003, 11_199].map((id) => rows.get(id)?.['received_at'])).toEqual([SENT * 1000, SENT * 1000 + 1]);
  expect(rows.get(101)).toMatchObject({ received_at: 1_719_932_400_000 });
  const events = await rowsOf(lake, 'telegram_events', 'event_id');
  expect(events.map((row) => row['received_at'])).toEqual([1_719_932_400_123, 1_719_932_401_500, Date.parse('2024-07-02T03:00:00Z')]);
});

it('numbers lines that do not say their number, and gives them the start of the day for an arrival', () => {
  expect([1, 2, 3].map((id) => rows.get(id)?.['raw_line'])).toEqual([1, 2, 3]);
  expect(rows.get(1)).toMatchObject({ received_at: Date.parse('2024-07-02T03:00:00Z'), raw_file: `${folder}bare.ndjson` });
});

it('reads lines that end in CRLF, and keeps line breaks inside a text', () => {
  expect([11, 12].map((id) => [rows.get(id)?.['raw_line'], rows.get(id)?.['text']])).toEqual([
    [1, 'two\r\nlines'],
    [2, 'two\r\nlines'],
  ]);
});

it('passes over blank lines and counts them in the numbers', () => {
  expect([21, 22].map((id) => rows.get(id)?.['raw_line'])).toEqual([3, 6]);
});

it('takes a last line without its line break when it is whole', () => {
  expect(rows.get(32)).toMatchObject({ raw_line: 2 });
});

it.each([41, 52, 71, 91, 92])('reads the odd spelling of line %i', (id) => {
  expect(rows.get(id)).toMatchObject({ text: `text ${id}` });
});

it('reads a file that begins with a byte order mark', () => {
  expect([61, 62].map((id) => rows.get(id)?.['raw_line'])).toEqual([1, 2]);
});

it('mixes lines with and without a number', () => {
  expect(rows.get(51)).toMatchObject({ raw_line: 1, received_at: SENT * 1000 + 5 });
  expect(rows.get(52)).toMatchObject({ raw_line: 2 });
});

it('leaves alone what is not raw: hidden names, other endings, folders that are no day', () => {
  expect([81, 82, 83, 84, 85].filter((id) => rows.has(id))).toEqual([]);
});

it('adds up, with nothing in quarantine', async () => {
  const [manifest, ...others] = await manifests(lake);
  expect(others).toEqual([]);
  expect(await rowsOf(lake, 'quarantine')).toEqual([]);
  expect(manifest).toMatchObject({ context_date: DAY, units: rows.size + 3, rows: rows.size + 3, quarantined: 0, duplicates: 0, torn: 0 });
  expect(manifest?.lines).toBe(rows.size + 3);
});

it('takes an object alone in its file for its first line, whatever number it names', async () => {
  const numbered = await openLake();
  const line = (number: number, id: number) => `{"_line":${number},${text(id).slice(1)}`;
  await layBytes(numbered, `${folder}${SENT * 1000}.json`, line(68_719_476_737, 1));
  await layBytes(numbered, `${folder}${SENT * 1000 + 1}.json`, text(2));
  await layBytes(numbered, `${folder}${SENT * 1000 + 2}.json`, text(2));
  await layBytes(numbered, `${folder}${SENT * 1000 + 3}.json`, line(0, 3).replace('"_line":0', '"_line":9223372036854775807'));
  await etl(numbered);
  const found = await rowsOf(numbered, 'telegram');
  expect(found.map((row) => [Number(row['message_id']), Number(row['raw_line'])])).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
  await removeLake(numbered);
});

it('reads the days there are beside folders of days that no calendar has', async () => {
  const other = await newLake();
  for (const date of ['2024-13-45', '2024-02-30', '0000-00-00', DAY])
    await layBytes(other, `${rawFolder('telegram', date)}1.json`, text(1));
  const { days } = await etl(other);
  expect(days.map(({ date }) => date)).toEqual([DAY]);
});
