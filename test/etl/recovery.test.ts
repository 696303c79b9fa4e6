import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFile } from '../../src/lake/layout.js';
import { SOURCES } from '../../src/sources/registry.js';
import type { Store } from '../../src/types.js';
import { etl, lay, layBytes, newLake, seconds } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { everything } from '../support/rows.js';

const answer = { update_id: 77, poll_answer: { poll_id: 'p', user: { id: 7, is_bot: false, first_name: 'A' }, option_ids: [1] } };
const noon = (day: number) => seconds(`2024-07-0${day}T15:00:00Z`) * 1000;
const on = (day: number) => ({ days: { from: `2024-07-0${day}`, to: `2024-07-0${day}` } });

describe('undated events', () => {
  it('come out the same whichever of four days in a row is read first', async () => {
    const [together, backwards] = [await newLake(), await newLake()];
    for (const day of [1, 2, 3, 4]) for (const lake of [together, backwards]) await lay(lake, 'telegram', noon(day), [answer]);
    await etl(together);
    for (const day of [4, 3, 2, 1]) await etl(backwards, on(day));
    const dates = async (lake: typeof together) => (await everything(lake))['telegram_events']?.map((row) => row['context_date']);
    expect(await dates(backwards)).toEqual(await dates(together));
    expect(await dates(together)).toEqual(['2024-07-01', '2024-07-04']);
  });

  it('are one row when they are delivered again 24 hours later, across a day of 23', async () => {
    const lake = await newLake('America/New_York');
    const late = Date.parse('2024-03-10T04:30:00Z');
    await lay(lake, 'telegram', late, [answer]);
    await lay(lake, 'telegram', late + 86_400_000, [answer]);
    await etl(lake, { days: { from: '2024-03-11', to: '2024-03-11' } });
    await etl(lake);
    expect((await everything(lake))['telegram_events']?.map((row) => row['context_date'])).toEqual(['2024-03-09']);
  });

  it('of no kind at all are one row when they are delivered twice, and tell nothing of the raw log', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', noon(1), [{ update_id: 500 }]);
    await lay(lake, 'telegram', noon(1) + 1000, [{ update_id: 500 }]);
    await lay(lake, 'whatsapp', noon(1), [{ object: 'whatsapp_business_account', entry: [] }]);
    await lay(lake, 'whatsapp', noon(1) + 1000, [{ object: 'whatsapp_business_account', entry: [] }]);
    await etl(lake);
    const tables = await everything(lake);
    expect(tables['telegram_events']?.map((row) => row['payload'])).toEqual(['{"update_id":500}']);
    expect(tables['whatsapp_events']).toHaveLength(1);
  });
});

it('sets every bad message of one body aside, none as the duplicate of another', async () => {
  const lake = await newLake();
  const messages = [1, 2, 3].map((n) => ({ from: '5511900000000', id: `wamid.${n}`, type: 'text', text: { body: String(n) } }));
  await lay(lake, 'whatsapp', noon(1), [
    { entry: [{ id: '1', changes: [{ field: 'messages', value: { metadata: { phone_number_id: '9' }, messages } }] }] },
  ]);
  const { days } = await etl(lake);
  expect(days[0]?.read).toMatchObject({ units: 3, quarantined: 3, duplicates: 0 });
});

it('reads a day again when its manifest is damaged, and refuses a damaged lake record until a rebuild', async () => {
  const lake = await newLake();
  await lay(lake, 'telegram', noon(1), [answer]);
  await etl(lake);
  const before = await everything(lake);
  const manifest = join(lake.folder, 'enriched/_manifest/telegram/context_date=2024-07-01.json');
  await writeFile(manifest, '{"version":1}');
  await etl(lake);
  expect(await everything(lake)).toEqual(before);
  expect(JSON.parse(await readFile(manifest, 'utf8'))).toMatchObject({ units: 1 });
  await writeFile(join(lake.folder, 'enriched/_lake.json'), 'garbage');
  await expect(etl(lake)).rejects.toMatchObject({ code: 'LAKE_MISMATCH' });
  await etl(lake, { rebuild: true });
  expect(await everything(lake)).toEqual(before);
});

it('finishes an interrupted rebuild together with a narrower one', async () => {
  const lake = await newLake();
  for (const day of [1, 2, 3]) await lay(lake, 'telegram', noon(day), [{ ...answer, update_id: day }]);
  await etl(lake);
  const before = await everything(lake);
  const record = join(lake.folder, 'enriched/_lake.json');
  const pending = { ...(JSON.parse(await readFile(record, 'utf8')) as object), rebuilding: { sources: ['telegram', 'whatsapp'] } };
  await writeFile(record, JSON.stringify(pending));
  await rm(join(lake.folder, 'enriched/_manifest'), { recursive: true });
  await etl(lake, { ...on(2), rebuild: true });
  expect(JSON.parse(await readFile(record, 'utf8'))).not.toHaveProperty('rebuilding');
  expect(await everything(lake)).toEqual(before);
  expect((await etl(lake)).days).toEqual([]);
});

it.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 100)],
  ['overwritten in front of a whole footer', (bytes: Buffer) => bytes.fill(0, 4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8))],
])('names table files that are %s, and makes their rows again from raw when all of them are', async (_how, damage) => {
  const lake = await newLake();
  await lay(lake, 'telegram', noon(1), [answer]);
  await lay(lake, 'telegram', noon(2), [telegramMessage({ id: 1, date: noon(1) / 1000, text: 'sent on the day before' })]);
  for (const source of ['telegram', 'whatsapp']) await layBytes(lake, `${source}/context_date=2024-07-01/foreign.ndjson`, 'not json\n');
  await etl(lake);
  const before = await everything(lake);
  const files = ['telegram', 'telegram_events', 'quarantine'].map((table) => join(lake.enrichedPath, dataFile(table, '2024-07-01')));
  for (const file of files) await writeFile(file, damage(await readFile(file)));
  const named = {
    code: 'LAKE_UNAVAILABLE',
    message: expect.stringMatching(/data\.parquet cannot be read as Parquet.*etl --rebuild$/) as string,
  };
  // Rows of other days may be in them, and rows of the other source in the quarantine.
  const telegram = SOURCES.filter(({ name }) => name === 'telegram');
  await expect(etl(lake, { ...on(1), rebuild: true, sources: telegram })).rejects.toMatchObject(named);
  await expect(etl(lake, { rebuild: true, sources: telegram })).rejects.toMatchObject(named);
  await etl(lake, { rebuild: true });
  expect(await everything(lake)).toEqual(before);
  expect((await etl(lake)).days).toEqual([]);
});

it('removes no damaged file of a lake that others may write to: a file of no rows takes its place under a condition', async () => {
  const lake = await newLake();
  await lay(lake, 'telegram', noon(1), [answer, telegramMessage({ id: 1, date: noon(1) / 1000, text: 'sent' })]);
  await etl(lake);
  const before = await everything(lake);
  for (const table of ['telegram', 'telegram_events'])
    await writeFile(join(lake.enrichedPath, dataFile(table, '2024-07-01')), 'no Parquet');
  const conditions: unknown[] = [];
  const enriched: Store = {
    ...lake.enriched,
    url: 's3://shared',
    put: (key, file, condition) => {
      conditions.push(condition);
      return lake.enriched.put(key, file, condition);
    },
    remove: (key) => Promise.reject(new Error(`${key} was removed`)),
  };
  await etl(lake, { enriched, rebuild: true });
  expect(await everything(lake)).toEqual(before);
  // Each damaged file, and each in its place.
  expect(conditions).toEqual(Array.from({ length: 4 }, () => ({ ifMatch: expect.any(String) as string })));
});
