import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { statusCommand } from '../../src/cli/status.js';
import { audit, type DayAudit, strangers } from '../../src/etl/audit.js';
import { addsUp } from '../../src/etl/manifest.js';
import { openSession } from '../../src/etl/session.js';
import { manifestFile, rawFolder } from '../../src/lake/layout.js';
import { SOURCES } from '../../src/sources/registry.js';
import { etl, lay, layBytes, newLake, seconds, type TestLake, zoneNamed } from '../support/lake.js';
import { callback, telegramMessage } from '../support/lake-payloads.js';
import { manifests } from '../support/rows.js';

const DAY = '2024-07-02';
const SENT = seconds(`${DAY}T15:00:00Z`);

let lake: TestLake;

async function days(): Promise<DayAudit[]> {
  const session = await openSession({ memoryLimit: '256MB' });
  try {
    return await audit(session, lake.raw, lake.enriched, SOURCES);
  } finally {
    session.close();
  }
}

/** What is wrong with the sums of each day, in the order of days. */
const faults = async () => (await days()).map((day) => day.faults);

/** How `chatlake status` ends. What it writes goes to `stdout`. */
async function complaint(env: Record<string, string> = {}, stdout = new PassThrough()): Promise<string> {
  const io = {
    env: { CHATLAKE_RAW: lake.rawPath, CHATLAKE_ENRICHED: lake.enrichedPath, ...env },
    stdout: stdout as unknown as NodeJS.WriteStream,
  } as Partial<Io> as Io;
  const ended = statusCommand(io).exitOverride().parseAsync([], { from: 'user' });
  return String(
    await ended.then(
      () => 'none',
      (error: unknown) => error,
    ),
  );
}

beforeEach(async () => {
  lake = await newLake();
  const [first, edited] = [
    telegramMessage({ id: 1, date: SENT, text: 'a' }),
    telegramMessage({ id: 1, date: SENT, text: 'b', kind: 'edited_message', edited: SENT + 5 }),
  ];
  await lay(lake, 'telegram', SENT * 1000, [first, edited, first, callback(1), callback(1)]);
  await etl(lake);
});

it('finds nothing wrong with a day that adds up', async () => {
  expect(await manifests(lake)).toMatchObject([{ lines: 5, units: 5, rows: 3, duplicates: 2, quarantined: 0 }]);
  expect(await faults()).toEqual([[]]);
});

it.each(['rows', 'duplicates', 'quarantined', 'units'] as const)('tells when the %s are not what is recorded', async (name) => {
  const path = join(lake.enrichedPath, manifestFile('telegram', DAY));
  const [manifest] = await manifests(lake);
  const changed = { ...manifest, [name]: (manifest?.[name] ?? 0) + 1 };
  await writeFile(path, JSON.stringify(changed));
  expect((await manifests(lake)).map(addsUp)).toEqual([false]);
  expect((await faults())[0]).not.toEqual([]);
});

it('tells when a table has lost its rows', async () => {
  const file = join(lake.enrichedPath, 'telegram', `context_date=${DAY}`, 'data.parquet');
  await rename(file, `${file}.gone`);
  expect(await faults()).toEqual([['3 rows recorded, 2 in the tables']]);
});

it('names files that nobody reads, and no hidden ones', async () => {
  await layBytes(lake, `${rawFolder('telegram', DAY)}1720000000000-a-0.ndjson.gz`, 'x');
  await layBytes(lake, `${rawFolder('telegram', DAY)}_copying.ndjson.gz`, 'x');
  await layBytes(lake, `${rawFolder('telegram', '2024-07-03')}1.json.gz`, 'x');
  expect((await days()).map(({ foreign, faults }) => ({ foreign, faults }))).toEqual([
    { foreign: [`${rawFolder('telegram', DAY)}1720000000000-a-0.ndjson.gz`], faults: [] },
    { foreign: [`${rawFolder('telegram', '2024-07-03')}1.json.gz`], faults: [] },
  ]);
});

it('advises what helps: a rebuild for sums, and none for files that nobody reads', async () => {
  expect(await complaint()).toBe('none');
  const foreign = `${rawFolder('telegram', DAY)}1.json.gz`;
  await layBytes(lake, foreign, 'x');
  expect(await complaint()).toContain(`\n  ${foreign}`);
  expect(await complaint()).not.toContain('--rebuild');
  await writeFile(join(lake.enrichedPath, manifestFile('telegram', DAY)), JSON.stringify({ ...(await manifests(lake))[0], rows: 0 }));
  expect(await complaint()).toMatch(/--rebuild[^]*0 rows recorded[^]*1\.json\.gz/);
});

it('tells of a rebuild that did not end, and no longer when it has', async () => {
  const record = join(lake.enrichedPath, '_lake.json');
  const begun = { ...(JSON.parse(await readFile(record, 'utf8')) as object), rebuilding: { sources: ['telegram'], from: DAY } };
  await writeFile(record, JSON.stringify(begun));
  expect(await complaint()).toContain(`A rebuild of the days from ${DAY} to ${DAY} of telegram has begun and not ended`);
  await etl(lake);
  expect(await complaint()).toBe('none');
});

it('names a file of a table that is damaged', async () => {
  const file = join(lake.enrichedPath, 'telegram', `context_date=${DAY}`, 'data.parquet');
  await writeFile(file, 'no Parquet');
  expect(await complaint()).toContain(`${file} cannot be read as Parquet. Write every day again`);
});

it('names files of others in the folders of tables, whose rows other engines would count', async () => {
  const folder = join(lake.enrichedPath, 'telegram', `context_date=${DAY}`);
  for (const name of ['part-00000.parquet', '.part-00000.crc', '_SUCCESS', '1720000000000.parquet'])
    await writeFile(join(folder, name), 'x');
  const found = ['1720000000000.parquet', 'part-00000.parquet'].map((name) => `telegram/context_date=${DAY}/${name}`);
  expect(await strangers(lake.enriched, SOURCES)).toEqual(found);
  expect(await complaint()).toContain(`\n  ${found.join('\n  ')}`);
});

it('tells of another time zone than the one that the days are cut in, and claims the new one for the times only', async () => {
  expect(await complaint()).toBe('none');
  const stdout = new PassThrough();
  expect(await complaint({ CHATLAKE_TIMEZONE: 'Asia/Tokyo' }, stdout)).toMatch(/built in America\/Sao_Paulo.*etl --rebuild/);
  const told = String(stdout.read());
  expect(told).toMatch(/2024-07-02 .* 2024-07-03 00:00:00/);
  expect(told).toContain('days of arrival, in the time zone set then; times in Asia/Tokyo');
  await etl({ ...lake, zone: zoneNamed('Asia/Tokyo') }, { rebuild: true });
  expect(await complaint({ CHATLAKE_TIMEZONE: 'Asia/Tokyo' })).toBe('none');
});
