import { expect, it } from 'vitest';
import { etl, lay, newLake, sameRaw, seconds, type TestLake } from '../support/lake.js';
import { CHAT, telegramMessage } from '../support/lake-payloads.js';
import { everything, manifests, rowsOf } from '../support/rows.js';
import { importInto, importText, exported, telegramChat, telegramExport } from './importing.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const LIVE = Date.parse('2024-07-02T15:00:05Z');

async function sums(lake: TestLake) {
  const all = await manifests(lake);
  for (const { units, rows, duplicates, quarantined } of all) expect(units).toBe(rows + duplicates + quarantined);
  const sum = (of: (manifest: (typeof all)[number]) => number) => all.reduce((total, manifest) => total + of(manifest), 0);
  return { rows: sum(({ rows }) => rows), duplicates: sum(({ duplicates }) => duplicates) };
}

it('doubles nothing that was received live, whichever the ETL sees first, and the live row stays', async () => {
  const overlap = telegramChat([1, 2, 3].map((id) => telegramExport(id, SENT + id, `text ${id}`)));
  const live = [2, 3, 4].map((id) =>
    telegramMessage({
      id,
      date: SENT + id,
      text: `text ${id}`,
      more: { from: { id: 7, is_bot: false, first_name: 'User', last_name: '7', username: 'user7', language_code: 'pt' } },
    }),
  );
  const lake = await newLake();
  await lay(lake, 'telegram', LIVE, live);
  await etl(lake);
  await importText(lake, 'result.json', overlap);
  await etl(lake);
  const rows = await rowsOf(lake, 'telegram', 'message_id');
  expect(rows.map((row) => [row['message_id'], row['chat_id'], row['user_username'], row['imported_from']])).toEqual([
    [1, CHAT, null, 'telegram-desktop'],
    [2, CHAT, 'user7', null],
    [3, CHAT, 'user7', null],
    [4, CHAT, 'user7', null],
  ]);
  expect(await rowsOf(lake, 'telegram_events')).toEqual([]);
  expect(await sums(lake)).toEqual({ rows: 4, duplicates: 2 });

  const late = await newLake();
  await importText(late, 'result.json', overlap);
  await etl(late);
  await lay(late, 'telegram', LIVE, live);
  await etl(late);
  const without = (all: readonly Record<string, unknown>[]) =>
    all.map(({ raw_file: _file, received_at: _at, raw_line: _line, ...row }) => row);
  expect(without(await rowsOf(late, 'telegram', 'message_id'))).toEqual(without(rows));
  expect(await rowsOf(late, 'telegram_events')).toEqual([]);
  expect(await sums(late)).toEqual({ rows: 4, duplicates: 2 });

  const anew = await sameRaw(late);
  await etl(anew);
  expect(await everything(anew)).toEqual(await everything(late));
});

it('takes an edit that only the export knows, and keeps what was received as the version before', async () => {
  const lake = await newLake();
  await lay(lake, 'telegram', LIVE, [telegramMessage({ id: 1, date: SENT, text: 'first' })]);
  await importText(lake, 'result.json', telegramChat([telegramExport(1, SENT, 'second', { edited_unixtime: String(SENT + 60) })]));
  await etl(lake);
  expect((await rowsOf(lake, 'telegram')).map((row) => [row['text'], row['edit_date']])).toEqual([['second', SENT + 60]]);
  expect((await rowsOf(lake, 'telegram_events')).map((row) => [row['event_id'], JSON.parse(String(row['payload'])).text])).toEqual([
    [`version:${CHAT}:1`, 'first'],
  ]);
});

it('keeps the live row where the export knows no other text, even if it tells of an edit', async () => {
  const lake = await newLake();
  await lay(lake, 'telegram', LIVE, [telegramMessage({ id: 1, date: SENT, text: 'same' })]);
  await importText(lake, 'result.json', telegramChat([telegramExport(1, SENT, 'same', { edited_unixtime: String(SENT + 60) })]));
  await etl(lake);
  expect((await rowsOf(lake, 'telegram')).map((row) => [row['text'], row['imported_from']])).toEqual([['same', null]]);
  expect(await sums(lake)).toEqual({ rows: 1, duplicates: 1 });
});

it('knows a live version that was superseded before the import, in any order and grouping of runs', { timeout: 240_000 }, async () => {
  const steps: readonly ((lake: TestLake) => Promise<unknown>)[] = [
    (lake) => lay(lake, 'telegram', LIVE, [telegramMessage({ id: 1, date: SENT, text: 'first' })]),
    (lake) =>
      lay(lake, 'telegram', LIVE + 60_000, [telegramMessage({ id: 1, date: SENT, text: 'second', edited: SENT + 60, update: 2002 })]),
    (lake) => importText(lake, 'result.json', telegramChat([telegramExport(1, SENT, 'first')])),
  ];
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const lake = await newLake();
    for (const step of order) {
      await steps[step]?.(lake);
      await etl(lake);
    }
    const together = await sameRaw(lake);
    await etl(together);
    const told = await everything(lake);
    expect(await everything(together)).toEqual(told);
    expect(told['telegram']?.map((row) => row['text'])).toEqual(['second']);
    expect(told['telegram_events']?.map((row) => JSON.parse(String(row['payload'])).imported_from)).toEqual([undefined]);
    expect(await sums(lake)).toEqual({ rows: 2, duplicates: 1 });
  }
});

it('gives a copy that the bot sent the content that only the export knows, whichever came first', async () => {
  const chat = { id: -1_001_234_567_890 };
  const copy = {
    outbound: { method: 'copyMessage', message: { message_id: 20, from: { id: 99, is_bot: true }, chat, date: 1_720_000_009 } },
  };
  const path = await exported('result.json', telegramChat([telegramExport(20, 1_720_000_008, 'copied words', { from_id: 'user99' })]));
  for (const [bots, importedFirst, text] of [
    [[99], false, 'copied words'],
    [[99], true, 'copied words'],
    // Nobody said who the bot is: that it was a bot's message counts for more than its words.
    [[], false, null],
    [[], true, null],
  ] as const) {
    const lake = await newLake();
    if (importedFirst) await importInto(lake, path, { bots });
    if (importedFirst) await etl(lake);
    await lay(lake, 'telegram', lake.clock.at, [copy]);
    await etl(lake);
    if (!importedFirst) await importInto(lake, path, { bots });
    await etl(lake);
    const rows = await rowsOf(lake, 'telegram');
    expect(rows.map((row) => [row['message_id'], row['text'], row['direction']])).toEqual([[20, text, 'out']]);
  }
});

it('counts an export that is imported again as known, and one of a renamed person too', async () => {
  const lake = await newLake();
  const path = await exported('result.json', telegramChat([1, 2].map((id) => telegramExport(id, SENT + id, `text ${id}`))));
  const [first] = await importInto(lake, path);
  const [again] = await importInto(lake, path);
  expect([first?.written, first?.before, again?.written, again?.before]).toEqual([2, 0, 0, 2]);
  lake.clock.at += 1000;
  await importInto(lake, path, {}, { again: true });
  lake.clock.at += 1000;
  await importText(
    lake,
    'result.json',
    telegramChat(
      [1, 2].map((id) => telegramExport(id, SENT + id, `text ${id}`, { from: 'Another name' })),
      { name: 'New title' },
    ),
  );
  await etl(lake);
  expect((await rowsOf(lake, 'telegram', 'message_id')).map((row) => row['user_first_name'])).toEqual(['User 7', 'User 7']);
  expect(await rowsOf(lake, 'telegram_events')).toEqual([]);
  expect(await sums(lake)).toEqual({ rows: 2, duplicates: 4 });
});
