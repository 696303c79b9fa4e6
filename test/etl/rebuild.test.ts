import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MoreRebuilt } from '../../src/etl/run.js';
import { dataFile, LAKE_FILE } from '../../src/lake/layout.js';
import { SOURCES } from '../../src/sources/registry.js';
import { etl, lakeIn, lay, layBytes, newLake, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { callback, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import { ask, everything, manifests, rowsOf } from '../support/rows.js';

const noon = (date: string) => seconds(`${date}T15:00:00Z`);
const text = (id: number, date: string, more: object = {}) => telegramMessage({ id, date: noon(date), text: `text ${id}`, ...more });
const only = (name: string) => SOURCES.filter((source) => source.name === name);
const lakeFile = async (lake: TestLake) =>
  JSON.parse(await readFile(join(lake.enrichedPath, LAKE_FILE), 'utf8')) as Record<string, unknown>;

/** Three days of both sources: edits, duplicates and late arrivals across them, and a line that is no JSON. Returns the raw keys. */
async function layThreeDays(lake: TestLake): Promise<string[]> {
  const [one, two, three] = ['2024-07-01', '2024-07-02', '2024-07-03'] as const;
  return [
    await lay(lake, 'telegram', noon(one) * 1000, [text(1, one), text(2, one), callback(1)]),
    await lay(lake, 'telegram', noon(two) * 1000, [
      text(3, two),
      telegramMessage({ id: 1, date: noon(one), text: 'edited', edited: noon(two) }),
      text(2, one),
      callback(1),
    ]),
    await lay(lake, 'telegram', noon(three) * 1000, [
      text(4, three),
      text(5, one),
      telegramMessage({ id: 3, date: noon(two), text: 'edited too', edited: noon(three) }),
    ]),
    await lay(lake, 'whatsapp', noon(two) * 1000, [
      whatsappBody({
        messages: [whatsappMessage({ id: 'w1', date: noon(one), text: 'a' }), whatsappMessage({ id: 'w2', date: noon(two), text: 'b' })],
      }),
    ]),
    await layBytes(lake, 'telegram/context_date=2024-07-02/foreign.ndjson', 'not json\n'),
    await layBytes(lake, 'whatsapp/context_date=2024-07-02/foreign.ndjson', 'not json either\n'),
  ];
}

/** A lake made from the same raw files in one run. */
async function freshOf(lake: TestLake): Promise<TestLake> {
  const fresh = { ...lakeIn(`${lake.folder}/fresh-${Math.random()}`, lake.zone.name), raw: lake.raw, rawPath: lake.rawPath };
  await etl(fresh);
  return fresh;
}

async function expectLikeFresh(lake: TestLake, made?: TestLake): Promise<void> {
  const fresh = made ?? (await freshOf(lake));
  expect(await everything(lake)).toEqual(await everything(fresh));
  const sums = async (from: TestLake) =>
    (await manifests(from)).map(({ source, context_date, lines, units, rows, duplicates, quarantined }) => ({
      source,
      context_date,
      lines,
      units,
      rows,
      duplicates,
      quarantined,
    }));
  expect(await sums(lake)).toEqual(await sums(fresh));
}

describe('a rebuild', () => {
  let lake: TestLake;
  let fresh: TestLake;
  beforeAll(async () => {
    lake = await openLake();
    await layThreeDays(lake);
    await etl(lake);
    fresh = await freshOf(lake);
  });
  afterAll(() => removeLake(lake));

  it.each([
    ['of everything', {}],
    ['of one day', { days: { from: '2024-07-01', to: '2024-07-01' } }],
    ['of one source', { sources: only('telegram') }],
    ['of one day of one source', { sources: only('whatsapp'), days: { from: '2024-07-02', to: '2024-07-02' } }],
  ])('%s gives the rows and sums of a fresh lake', async (_, scope) => {
    await etl(lake, { ...scope, rebuild: true });
    await expectLikeFresh(lake, fresh);
    expect(await lakeFile(lake)).not.toHaveProperty('rebuilding');
  });

  it('writes lost files again', async () => {
    await rm(join(lake.enrichedPath, dataFile('telegram', '2024-07-01')));
    await rm(join(lake.enrichedPath, dataFile('telegram_events', '2024-07-01')));
    await etl(lake, { rebuild: true });
    await expectLikeFresh(lake, fresh);
  });

  it('puts right rows that somebody changed', async () => {
    const path = join(lake.enrichedPath, dataFile('telegram', '2024-07-01'));
    await ask(
      `COPY (SELECT * REPLACE ('forged' AS text) FROM read_parquet('${path}', hive_partitioning = false)) TO '${path}' (FORMAT parquet)`,
    );
    await etl(lake, { rebuild: true });
    await expectLikeFresh(lake, fresh);
  });

  it('that is interrupted is finished by the next run, whatever that was asked for', async () => {
    const stop = new AbortController();
    await etl(lake, { rebuild: true, signal: stop.signal, onDay: () => stop.abort() });
    expect(await lakeFile(lake)).toMatchObject({ rebuilding: { sources: ['telegram', 'whatsapp'] } });
    const more: MoreRebuilt[] = [];
    const onMore = (rebuild: MoreRebuilt) => void more.push(rebuild);
    await etl(lake, { days: { from: '2024-07-03', to: '2024-07-03' }, sources: only('whatsapp'), onMore });
    expect(more).toMatchObject([{ why: 'unfinished', sources: ['telegram', 'whatsapp'] }]);
    expect(await lakeFile(lake)).not.toHaveProperty('rebuilding');
    await expectLikeFresh(lake, fresh);
  });

  it('drops the rows of raw files that are gone, and files that held nothing else', async () => {
    const gone = await newLake();
    const keys = await layThreeDays(gone);
    await etl(gone);
    await rm(join(gone.rawPath, keys[2] as string));
    await rm(join(gone.rawPath, keys[4] as string));
    await etl(gone);
    expect((await rowsOf(gone, 'telegram')).map((row) => row['message_id'])).toContain(4);
    await etl(gone, { rebuild: true });
    expect((await rowsOf(gone, 'telegram')).map((row) => row['message_id'])).not.toContain(4);
    await expectLikeFresh(gone);
    await rm(gone.rawPath, { recursive: true });
    await etl(gone, { rebuild: true });
    expect(Object.values(await everything(gone)).flat()).toEqual([]);
    expect(await manifests(gone)).toEqual([]);
  });
});

describe('a range rebuilt after raw files of it are gone', () => {
  it('gives what a fresh lake gives: versions and duplicates of other days come back', async () => {
    const lake = await newLake();
    const keys = await layThreeDays(lake);
    await etl(lake);
    await rm(join(lake.rawPath, keys[1] as string));
    const more: MoreRebuilt[] = [];
    const onMore = (rebuild: MoreRebuilt) => void more.push(rebuild);
    await etl(lake, { rebuild: true, days: { from: '2024-07-01', to: '2024-07-01' }, onMore });
    expect(more).toEqual([]);
    await etl(lake, { rebuild: true, days: { from: '2024-07-02', to: '2024-07-02' }, onMore });
    expect(more).toMatchObject([{ why: 'gone', sources: ['telegram', 'whatsapp'] }]);
    expect(more[0]).not.toHaveProperty('from');
    await expectLikeFresh(lake);
    await rm(join(lake.rawPath, keys[0] as string));
    await etl(lake, { rebuild: true, days: { from: '2024-07-01', to: '2024-07-01' } });
    await expectLikeFresh(lake);
  });
});

describe('a lake built in another zone', () => {
  it('is refused with the way out, before and after anything new arrives, until it is rebuilt whole', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', Date.parse('2024-07-02T01:30:00Z'), [
      telegramMessage({ id: 1, date: seconds('2024-07-02T01:00:00Z'), text: 'x' }),
    ]);
    await etl(lake);
    const moved = { ...lakeIn(lake.folder, 'UTC'), clock: lake.clock };
    await expect(etl(moved)).rejects.toMatchObject({
      code: 'LAKE_MISMATCH',
      message: expect.stringMatching(/America\/Sao_Paulo.*UTC.*etl --rebuild/) as string,
    });
    await expect(etl(moved, { rebuild: true, sources: only('telegram') })).rejects.toMatchObject({ code: 'LAKE_MISMATCH' });
    await expect(etl(moved, { rebuild: true, days: { from: '2024-07-01', to: '2024-07-01' } })).rejects.toMatchObject({
      code: 'LAKE_MISMATCH',
    });
    expect((await rowsOf(lake, 'telegram')).map((row) => row['context_date'])).toEqual(['2024-07-01']);
    await etl(moved, { rebuild: true });
    expect((await rowsOf(lake, 'telegram')).map((row) => row['context_date'])).toEqual(['2024-07-02']);
    await expect(etl(lake)).rejects.toMatchObject({ code: 'LAKE_MISMATCH' });
    await expectLikeFresh(moved);
  });
});

describe('a file written under older columns', () => {
  it('is merged with NULLs for what it lacks, in its order and types, and a rebuild fills them', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', noon('2024-07-02') * 1000, [
      text(1, '2024-07-02', { more: { message_thread_id: 5 } }),
      text(2, '2024-07-02'),
    ]);
    await etl(lake);
    const path = join(lake.enrichedPath, dataFile('telegram', '2024-07-02'));
    const whole = await ask(`DESCRIBE SELECT * FROM read_parquet('${path}', hive_partitioning = false)`);
    await ask(
      `COPY (SELECT raw_line, * EXCLUDE (message_thread_id, chat_title, urls, raw_line, direction), 'x' AS of_the_future FROM read_parquet('${path}', hive_partitioning = false)) TO '${path}' (FORMAT parquet)`,
    );
    const recorded = await lakeFile(lake);
    await writeFile(
      join(lake.enrichedPath, LAKE_FILE),
      JSON.stringify({ ...recorded, columns: { ...(recorded['columns'] as object), telegram: 'older' } }),
    );

    await lay(lake, 'telegram', noon('2024-07-02') * 1000 + 1, [text(3, '2024-07-02', { more: { message_thread_id: 6 } })]);
    await etl(lake);
    const rows = await rowsOf(lake, 'telegram', 'message_id');
    expect(rows.map((row) => [row['message_id'], row['message_thread_id'], row['chat_title'], row['direction'], row['text']])).toEqual([
      [1, null, null, null, 'text 1'],
      [2, null, null, null, 'text 2'],
      [3, 6, 'The group', 'in', 'text 3'],
    ]);
    expect(await ask(`DESCRIBE SELECT * FROM read_parquet('${path}', hive_partitioning = false)`)).toEqual(whole);
    expect(await lakeFile(lake)).toMatchObject({ columns: { telegram: 'mixed' } });
    await etl(lake, { rebuild: true });
    await expectLikeFresh(lake);
    expect(await lakeFile(lake)).toEqual(recorded);
  });
});
