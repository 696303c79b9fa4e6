import { afterAll, beforeAll, expect, it } from 'vitest';
import { etl, lay, lakeIn, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { CHAT, callback, telegramMessage } from '../support/lake-payloads.js';
import { everything, manifests, type Row, rowsOf } from '../support/rows.js';

/**
 * Every case lays one update a round; all cases share one lake, and the ETL runs after each round. A case has message
 * ids (or update ids) of its own, by which it finds its rows again.
 */
const SENT = seconds('2024-07-02T15:00:00Z');
const SOON = '2024-07-02T15:00:10Z';
type Step = readonly [arrived: string, update: object];

const original = (id: number) => telegramMessage({ id, date: SENT, text: `original ${id}` });
const edit = (id: number, after: number, text = `edit ${after}`) => telegramMessage({ id, date: SENT, text, edited: SENT + after });
const voice = (id: number, file: string, update: number) =>
  telegramMessage({ id, date: SENT, update, more: { voice: { file_id: file, file_unique_id: 'same', duration: 3 } } });
const BEFORE_MIDNIGHT = '2024-07-03T02:59:59Z';
const AFTER_MIDNIGHT = '2024-07-03T03:00:02Z';

const CASES: readonly (readonly Step[])[] = [
  [
    [SOON, original(1)],
    [SOON, edit(1, 5)],
    [SOON, edit(1, 9)],
  ],
  [
    [SOON, original(2)],
    ['2024-07-05T09:00:00Z', edit(2, 237_600)],
  ],
  [
    ['2024-07-02T15:01:00Z', edit(3, 30)],
    ['2024-07-03T15:01:00Z', original(3)],
  ],
  [
    [SOON, original(4)],
    ['2024-07-02T18:00:00Z', original(4)],
  ],
  [
    [SOON, original(5)],
    ['2024-08-02T18:00:00Z', original(5)],
  ],
  [
    ['2024-07-04T00:00:10Z', original(6)],
    ['2024-07-03T04:00:10Z', original(6)],
    [SOON, original(6)],
  ],
  ...[
    [7, 'abc'],
    [8, 'cba'],
    [9, 'bca'],
  ].map(([id, order]) => [...String(order)].map((text): Step => [SOON, edit(Number(id), 1, text)])),
  [
    ['2024-07-03T03:00:01Z', telegramMessage({ id: 10, date: seconds(BEFORE_MIDNIGHT), text: 'late' })],
    [BEFORE_MIDNIGHT, telegramMessage({ id: 10, date: seconds(BEFORE_MIDNIGHT), text: 'late' })],
  ],
  [
    [BEFORE_MIDNIGHT, callback(51)],
    [AFTER_MIDNIGHT, callback(51)],
  ],
  [
    [AFTER_MIDNIGHT, callback(52)],
    [BEFORE_MIDNIGHT, callback(52)],
  ],
  [
    [SOON, callback(53, 'yes')],
    [SOON, callback(53, 'no')],
  ],
  [
    [SOON, voice(11, 'of bot one', 1)],
    ['2024-07-02T15:00:11Z', voice(11, 'of bot two', 900)],
  ],
  [
    [SOON, original(12)],
    ['2024-07-02T15:00:12Z', original(12)],
    ['2024-07-02T15:00:13Z', edit(12, 2)],
  ],
  [
    [SOON, edit(13, 2)],
    ['2024-07-04T15:00:12Z', original(13)],
    ['2024-07-03T15:00:13Z', original(13)],
  ],
];

let lake: TestLake;
let rows: Row[];
let events: Row[];
const of = (id: number) => rows.filter((row) => row['message_id'] === id);
const versionsOf = (id: number) => events.filter((row) => row['event_id'] === `version:${CHAT}:${id}`);
const callbacksOf = (id: number) => events.filter((row) => row['event_id'] === `callback_query:${id}`);

beforeAll(async () => {
  lake = await openLake();
  for (let round = 0; round < 3; round += 1) {
    const now = CASES.map((steps) => steps[round]).filter((step) => step !== undefined);
    for (const [arrived, update] of now) await lay(lake, 'telegram', Date.parse(arrived), [update]);
    await etl(lake);
  }
  rows = await rowsOf(lake, 'telegram');
  events = await rowsOf(lake, 'telegram_events', 'date, received_at');
});
afterAll(() => removeLake(lake));

it('shows the newest edit and keeps each superseded version, whole, among the events', () => {
  expect(of(1)).toMatchObject([{ text: 'edit 9', edit_date: SENT + 9, context_date: '2024-07-02' }]);
  expect(versionsOf(1)).toMatchObject([
    { update_kind: 'message', chat_id: CHAT, message_id: 1, user_id: 7, date: SENT },
    { update_kind: 'edited_message', date: SENT + 5 },
  ]);
  expect(JSON.parse(String(versionsOf(1)[0]?.['payload']))).toEqual({
    message_id: 1,
    user_id: 7,
    user_is_bot: false,
    user_first_name: 'User 7',
    chat_id: CHAT,
    chat_type: 'supergroup',
    data_type: 'text',
    text: 'original 1',
    date: SENT,
    update_kind: 'message',
    chat_title: 'The group',
    direction: 'in',
  });
});

it('puts an edit that arrives days later into the day the message was sent', () => {
  expect(of(2)).toMatchObject([{ text: 'edit 237600', context_date: '2024-07-02', received_at: Date.parse('2024-07-05T09:00:00Z') }]);
  expect(versionsOf(2)).toMatchObject([{ update_kind: 'message', context_date: '2024-07-02' }]);
});

it('does not let an original that arrives after its edit take the place of the edit', () => {
  expect(of(3)).toMatchObject([{ text: 'edit 30' }]);
  expect(versionsOf(3)).toMatchObject([{ update_kind: 'message', received_at: Date.parse('2024-07-03T15:01:00Z') }]);
});

it.each([
  [4, 'later the same day'],
  [5, 'a month later'],
])('counts message %i, delivered again %s, once, as it first came', (id) => {
  expect(of(id)).toMatchObject([{ text: `original ${id}`, received_at: Date.parse(SOON) }]);
  expect(versionsOf(id)).toEqual([]);
});

it('names the earliest arrival as the origin even when later ones were read first', () => {
  expect(of(6)).toMatchObject([{ received_at: Date.parse(SOON) }]);
});

it('decides between edits of one second without regard to the order in which they come', () => {
  const texts = [7, 8, 9].map((id) => of(id).map((row) => row['text']));
  expect(texts).toEqual([['c'], ['c'], ['c']]);
  for (const id of [7, 8, 9]) expect(versionsOf(id)).toHaveLength(2);
});

it('lands a message sent just before midnight and delivered on both sides of it once', () => {
  expect(of(10)).toMatchObject([{ context_date: '2024-07-02', received_at: Date.parse(BEFORE_MIDNIGHT) }]);
});

it.each([
  [51, 'first'],
  [52, 'last'],
])('lands callback %i, which has no time and came on both sides of midnight, once when the earlier is read %s', (id) => {
  expect(callbacksOf(id)).toMatchObject([{ date: null, received_at: Date.parse(BEFORE_MIDNIGHT), context_date: '2024-07-02' }]);
});

it('keeps two callbacks of one update id that say different things', () => {
  expect(callbacksOf(53)).toHaveLength(2);
});

it('does not take a message that another bot of the lake delivered with its own file ids for a new version', () => {
  expect(of(11)).toMatchObject([{ file_id: 'of bot one', file_unique_id: 'same' }]);
  expect(versionsOf(11)).toEqual([]);
});

it.each([12, 13])('keeps a version that came twice once among the events, as it first came (message %i)', (id) => {
  expect(of(id)).toMatchObject([{ text: 'edit 2' }]);
  expect(versionsOf(id)).toMatchObject([{ update_kind: 'message', received_at: Date.parse(id === 12 ? SOON : '2024-07-03T15:00:13Z') }]);
});

it('gives the same rows and sums as one run over everything', async () => {
  const other = { ...lakeIn(`${lake.folder}/again`), raw: lake.raw, rawPath: lake.rawPath };
  await etl(other);
  expect(await everything(lake)).toEqual(await everything(other));
  const told = async (from: TestLake) =>
    (await manifests(from)).map(({ context_date, units, rows, duplicates, quarantined, late, files }) => ({
      context_date,
      units,
      rows,
      duplicates,
      quarantined,
      late,
      files: files.length,
    }));
  expect(await told(lake)).toEqual(await told(other));
  for (const { units, rows, duplicates } of await manifests(lake)) expect(rows + duplicates).toBe(units);
});
