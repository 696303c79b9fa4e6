import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, lay, layBytes, newLake, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { callback, telegramMessage } from '../support/lake-payloads.js';
import { manifests, rowsOf } from '../support/rows.js';

const text = (id: number, date: number) => telegramMessage({ id, date, text: `text ${id}` });

/** Every file of the enriched lake with what changes when it is written. */
async function stamps(lake: TestLake): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(lake.enrichedPath, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    found[path.slice(lake.enrichedPath.length + 1)] = `${ino} ${mtimeNs} ${size}`;
  }
  return found;
}

describe('the date of a row', () => {
  /** Zone; instants, each with the date it has there. */
  const INSTANTS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      'America/Sao_Paulo',
      [
        ['2024-07-03T02:59:59Z', '2024-07-02'],
        ['2024-07-03T03:00:00Z', '2024-07-03'],
        ['2018-11-04T02:59:59Z', '2018-11-03'],
        ['2018-11-04T03:00:00Z', '2018-11-04'],
        ['2018-11-05T01:59:59Z', '2018-11-04'],
        ['2018-11-05T02:00:00Z', '2018-11-05'],
        ['2019-02-17T02:59:59Z', '2019-02-16'],
        ['1970-01-02T00:00:00Z', '1970-01-01'],
        ['2099-12-31T23:00:00Z', '2099-12-31'],
        ['9999-12-30T12:00:00Z', '9999-12-30'],
      ],
    ],
    [
      'America/New_York',
      [
        ['2024-03-10T04:59:59Z', '2024-03-09'],
        ['2024-03-10T05:00:00Z', '2024-03-10'],
        ['2024-03-11T03:59:59Z', '2024-03-10'],
        ['2024-11-04T04:59:59Z', '2024-11-03'],
        ['2024-11-04T05:00:00Z', '2024-11-04'],
      ],
    ],
    [
      'Europe/Lisbon',
      [
        ['2024-03-31T00:00:00Z', '2024-03-31'],
        ['2024-03-31T22:59:59Z', '2024-03-31'],
        ['2024-03-31T23:00:00Z', '2024-04-01'],
        ['2024-10-27T23:59:59Z', '2024-10-27'],
      ],
    ],
    [
      'Australia/Lord_Howe',
      [
        ['2024-10-05T13:30:00Z', '2024-10-06'],
        ['2024-10-06T12:59:59Z', '2024-10-06'],
        ['2024-10-06T13:00:00Z', '2024-10-07'],
      ],
    ],
    [
      '-03:00',
      [
        ['2018-11-04T02:59:59Z', '2018-11-03'],
        ['2018-11-05T01:59:59Z', '2018-11-04'],
        ['2018-11-05T02:00:00Z', '2018-11-04'],
        ['2024-07-03T02:59:59Z', '2024-07-02'],
      ],
    ],
  ];

  it.each(INSTANTS)('is that of its second in %s, on days of 23 to 25 hours and far from today', async (zone, instants) => {
    const lake = await newLake(zone);
    const updates = instants.map(([iso], id) => text(id, seconds(iso)));
    // They arrive on a day near the change of the clocks, and on one far from it.
    await lay(lake, 'telegram', Date.parse('2024-07-03T03:00:01Z'), updates);
    await lay(lake, 'telegram', Date.parse('2024-11-06T03:00:01Z'), updates.slice(0, 2));
    await etl(lake);
    const rows = await rowsOf(lake, 'telegram', 'message_id');
    expect(rows.map((row) => row['context_date'])).toEqual(instants.map(([, date]) => date));
  });

  it('is that of the second it was sent when it arrives after midnight, and counts as late', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', Date.parse('2024-07-03T03:00:00.250Z'), [text(1, seconds('2024-07-03T02:59:59Z')), callback(1)]);
    await etl(lake);
    expect(await rowsOf(lake, 'telegram')).toMatchObject([{ context_date: '2024-07-02' }]);
    expect(await rowsOf(lake, 'telegram_events')).toMatchObject([{ context_date: '2024-07-03' }]);
    expect(await manifests(lake)).toMatchObject([{ context_date: '2024-07-03', late: 1, rows: 2 }]);
  });
});

describe('the days of a run', () => {
  let lake: TestLake;
  const noon = (date: string) => Date.parse(`${date}T15:00:00Z`);
  const done = async () => (await manifests(lake)).map(({ context_date }) => context_date);

  beforeAll(async () => {
    lake = await openLake();
    for (const [id, date] of ['2024-07-01', '2024-07-02', '2024-07-03', '2024-07-04'].entries())
      await lay(lake, 'telegram', noon(date), [text(id, noon(date) / 1000)]);
    lake.clock.at = Date.parse('2024-07-05T02:59:00Z');
  });
  afterAll(() => removeLake(lake));

  it('are those of a range, both ends included', async () => {
    const report = await etl(lake, { days: { from: '2024-07-02', to: '2024-07-02' } });
    expect(report.days.map(({ date }) => date)).toEqual(['2024-07-02']);
    expect(await done()).toEqual(['2024-07-02']);
  });

  it('are by default those before today in the zone of the lake, if anything of theirs is unread', async () => {
    const seen: string[] = [];
    await etl(lake, { days: 'closed', onProgress: ({ date, index, count }) => seen.push(`${date} ${index}/${count}`) });
    expect(await done()).toEqual(['2024-07-01', '2024-07-02', '2024-07-03']);
    expect(seen).toEqual(['2024-07-01 1/2', '2024-07-03 2/2']);
  });

  it('include today once midnight has passed', async () => {
    lake.clock.at = Date.parse('2024-07-05T03:00:00Z');
    await etl(lake, { days: 'closed' });
    expect(await done()).toContain('2024-07-04');
  });

  it('are every one with "all", of one source when so asked', async () => {
    await lay(lake, 'whatsapp', noon('2024-07-01'), ['{"object":"x"}']);
    await lay(lake, 'telegram', noon('2024-07-05'), [text(9, noon('2024-07-05') / 1000)]);
    const report = await etl(lake, {
      sources: (await import('../../src/sources/registry.js')).SOURCES.filter(({ name }) => name === 'telegram'),
    });
    expect(report.days.map(({ source, date }) => [source, date])).toEqual([['telegram', '2024-07-05']]);
    expect((await etl(lake)).days.map(({ source, date }) => [source, date])).toEqual([['whatsapp', '2024-07-01']]);
  });

  it('write nothing at all when there is nothing new', async () => {
    const before = await stamps(lake);
    expect(await etl(lake)).toMatchObject({ days: [], quarantined: 0 });
    expect(await stamps(lake)).toEqual(before);
    expect(Object.keys(before).filter((name) => name.startsWith('_tmp/'))).toEqual([]);
  });

  it('leave the files of other days alone when one day has something new', async () => {
    const before = await stamps(lake);
    await lay(lake, 'telegram', noon('2024-07-03'), [text(50, noon('2024-07-03') / 1000)]);
    await etl(lake);
    const after = await stamps(lake);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.toSorted()).toEqual([
      '_manifest/telegram/context_date=2024-07-03.json',
      'telegram/context_date=2024-07-03/data.parquet',
    ]);
  });

  it('stop between two days when told to, and go on in the next run', async () => {
    for (const date of ['2024-08-01', '2024-08-02', '2024-08-03']) await lay(lake, 'telegram', noon(date), [text(100, noon(date) / 1000)]);
    const stop = new AbortController();
    const first = await etl(lake, { signal: stop.signal, onDay: () => stop.abort() });
    expect(first.days.map(({ date }) => date)).toEqual(['2024-08-01']);
    expect((await etl(lake)).days.map(({ date }) => date)).toEqual(['2024-08-02', '2024-08-03']);
  });
});

describe('days with little in them', () => {
  it('are fine: no lake at all, no raw files, empty files, only blank lines, only a torn line', async () => {
    const lake = await newLake();
    expect(await etl(lake)).toMatchObject({ days: [] });
    await layBytes(lake, `${rawFolder('telegram', '2024-07-01')}_nothing`, '');
    await layBytes(lake, `${rawFolder('telegram', '2024-07-02')}1-a-0.ndjson`, '');
    await layBytes(lake, `${rawFolder('telegram', '2024-07-03')}1-a-0.ndjson`, '\n \r\n\n');
    await layBytes(lake, `${rawFolder('telegram', '2024-07-04')}1-a-0.ndjson`, '{"_received_at":1,"_line":1,"upd');
    await layBytes(lake, `${rawFolder('whatsapp', '2024-07-04')}1-a-0.json`, '');
    await etl(lake);
    expect((await manifests(lake)).map(({ context_date, lines, units, rows, torn }) => [context_date, lines, units, rows, torn])).toEqual([
      ['2024-07-01', 0, 0, 0, 0],
      ['2024-07-02', 0, 0, 0, 0],
      ['2024-07-03', 0, 0, 0, 0],
      ['2024-07-04', 0, 0, 0, 1],
      ['2024-07-04', 0, 0, 0, 0],
    ]);
    expect(await etl(lake)).toMatchObject({ days: [] });
    expect(await rowsOf(lake, 'telegram')).toEqual([]);
  });

  it('take a torn line once it is finished, and count it once', async () => {
    const lake = await newLake();
    const key = `${rawFolder('telegram', '2024-07-04')}1720105200000-a-0.ndjson`;
    const lines = [1, 2, 3].map(
      (id) => `{"_received_at":1720105200000,"_line":${id},${JSON.stringify(text(id, 1_720_105_200)).slice(1)}\n`,
    );
    const whole = lines.join('');
    for (const end of [10, (lines[0]?.length ?? 0) + 40, whole.length - 1, whole.length]) {
      await layBytes(lake, key, whole.slice(0, end));
      await etl(lake);
    }
    expect((await rowsOf(lake, 'telegram', 'message_id')).map((row) => row['raw_line'])).toEqual([1, 2, 3]);
    expect(await manifests(lake)).toMatchObject([{ lines: 3, units: 3, rows: 3, duplicates: 0, torn: 0 }]);
  });
});
