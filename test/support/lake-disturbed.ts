import { cp, link, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { addsUp } from '../../src/etl/manifest.js';
import { etl, lakeIn, lay, layBytes, seconds, type TestLake } from './lake.js';
import { callback, telegramMessage } from './lake-payloads.js';
import { ask, everything, manifests, type Row, rowsByArrival } from './rows.js';

const noon = (date: string) => seconds(`${date}T15:00:00Z`);
const text = (id: number, date: string, more: object = {}) => telegramMessage({ id, date: noon(date), text: `text ${id}`, ...more });

/** A lake that has been read once and then got edits, duplicates that arrived earlier, late messages and a foreign file. */
export async function layHistory(lake: TestLake): Promise<void> {
  const [one, two] = ['2024-07-01', '2024-07-02'] as const;
  await lay(lake, 'telegram', noon(one) * 1000 + 50, [text(1, one), text(2, one), callback(9)]);
  await lay(lake, 'telegram', noon(two) * 1000, [text(3, two), text(4, two), text(2, one)]);
  await etl(lake);
  await lay(lake, 'telegram', noon(one) * 1000, [text(1, one), text(4, two, { text: 'before it was edited', date: noon(two) })]);
  await lay(lake, 'telegram', noon(two) * 1000 + 60, [
    telegramMessage({ id: 1, date: noon(one), text: 'edited', edited: noon(two) }),
    text(5, one),
    callback(10),
  ]);
  await layBytes(lake, 'telegram/context_date=2024-07-01/foreign.ndjson', 'not json\n');
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Every file under a final name is whole. */
export async function expectWhole(lake: TestLake): Promise<void> {
  for (const name of await filesUnder(lake.enrichedPath).catch(() => [])) {
    const path = join(lake.enrichedPath, name);
    if (name.startsWith('_tmp/') || name.startsWith('_etl.lock') || name.endsWith('.wal')) continue;
    if (name.endsWith('.json')) JSON.parse(await readFile(path, 'utf8'));
    else
      expect(await ask(`SELECT count(*) AS n FROM (SELECT * FROM read_parquet('${path}', hive_partitioning = false))`), name).toHaveLength(
        1,
      );
  }
}

export async function expectSums(lake: TestLake): Promise<void> {
  const inTables = await rowsByArrival(lake);
  for (const manifest of await manifests(lake)) {
    const day = `${manifest.source} ${manifest.context_date}`;
    expect(addsUp(manifest), day).toBe(true);
    expect([day, manifest.rows, manifest.quarantined]).toEqual([day, inTables.rows[day] ?? 0, inTables.quarantined[day] ?? 0]);
  }
}

/** A lake to disturb, as often as wanted, and what it holds when nobody does. */
export interface Disturbed {
  /** A lake of the history as the first run left it. Its raw files are those of every other copy. */
  copy(): Promise<TestLake>;
  /** Runs the ETL to its end in this process: the rows must be those of a lake that nobody disturbed. */
  expectRecovery(lake: TestLake): Promise<void>;
  remove(): Promise<void>;
}

export async function disturbedLake(): Promise<Disturbed> {
  const root = await mkdtemp(join(tmpdir(), 'chatlake-crash-'));
  const before = lakeIn(join(root, 'before'));
  await layHistory(before);
  let copies = 0;
  const copy = async () => {
    const lake = lakeIn(join(root, `copy-${copies++}`));
    for (const name of await filesUnder(before.rawPath)) {
      await mkdir(dirname(join(lake.rawPath, name)), { recursive: true });
      await link(join(before.rawPath, name), join(lake.rawPath, name));
    }
    await cp(before.enrichedPath, lake.enrichedPath, { recursive: true });
    return lake;
  };
  const fresh = { ...lakeIn(join(root, 'fresh')), raw: before.raw };
  await etl(fresh);
  const wanted: Record<string, Row[]> = await everything(fresh);
  return {
    copy,
    expectRecovery: async (lake) => {
      await expectWhole(lake);
      await etl(lake);
      expect(await everything(lake)).toEqual(wanted);
      await expectSums(lake);
      expect(await etl(lake)).toMatchObject({ days: [] });
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
