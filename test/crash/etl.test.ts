import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addsUp } from '../../src/etl/manifest.js';
import { etl, lakeIn, lay, layBytes, newLake, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { startChild } from '../support/lake-child.js';
import { callback, telegramMessage } from '../support/lake-payloads.js';
import { ask, everything, manifests, type Row, rowsByArrival, rowsOf } from '../support/rows.js';

/** Rounds of kills at random moments; more with CHATLAKE_ROUNDS. */
const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 5);
const noon = (date: string) => seconds(`${date}T15:00:00Z`);
const text = (id: number, date: string, more: object = {}) => telegramMessage({ id, date: noon(date), text: `text ${id}`, ...more });

/** A lake that has been read once and then got edits, duplicates that arrived earlier, late messages and a foreign file. */
async function layHistory(lake: TestLake): Promise<void> {
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
async function expectWhole(lake: TestLake): Promise<void> {
  for (const name of await filesUnder(lake.enrichedPath).catch(() => [])) {
    const path = join(lake.enrichedPath, name);
    if (name.startsWith('_tmp/') || name === '_etl.lock' || name.endsWith('.wal')) continue;
    if (name.endsWith('.json')) JSON.parse(await readFile(path, 'utf8'));
    else
      expect(await ask(`SELECT count(*) AS n FROM (SELECT * FROM read_parquet('${path}', hive_partitioning = false))`), name).toHaveLength(
        1,
      );
  }
}

async function expectSums(lake: TestLake): Promise<void> {
  const inTables = await rowsByArrival(lake);
  for (const manifest of await manifests(lake)) {
    const day = `${manifest.source} ${manifest.context_date}`;
    expect(addsUp(manifest), day).toBe(true);
    expect([day, manifest.rows, manifest.quarantined]).toEqual([day, inTables.rows[day] ?? 0, inTables.quarantined[day] ?? 0]);
  }
}

let before: TestLake;
let wanted: Record<string, Row[]>;
let writes: { run: number; rebuild: number };

/** A lake of the history, with what the first run left. */
async function copyOf(lake: TestLake): Promise<TestLake> {
  const copy = await newLake();
  await cp(lake.folder, copy.folder, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** Does `work` for 1 to `last`, two at a time. */
async function each(last: number, work: (n: number) => Promise<void>): Promise<void> {
  let n = 0;
  const worker = async () => {
    while (n < last) await work(++n);
  };
  await Promise.all([worker(), worker()]);
}

/** Runs the ETL to its end in this process and compares with the lake that nobody disturbed. */
async function expectRecovery(lake: TestLake): Promise<void> {
  await expectWhole(lake);
  await etl(lake);
  expect(await everything(lake)).toEqual(wanted);
  await expectSums(lake);
  expect(await etl(lake)).toMatchObject({ days: [] });
}

beforeAll(async () => {
  before = await openLake();
  await layHistory(before);
  const counted = async (rebuild: boolean) =>
    Number(/writes (\d+)/.exec(await startChild({ run: 'etl', folder: (await cpTo(before)).folder, rebuild }).over)?.[1]);
  const cpTo = async (lake: TestLake) => {
    const copy = lakeIn(`${before.folder}-${Math.random()}`);
    await cp(lake.folder, copy.folder, { recursive: true });
    return copy;
  };
  writes = { run: await counted(false), rebuild: await counted(true) };
  const whole = await cpTo(before);
  await etl(whole);
  wanted = await everything(whole);
  const fresh = await cpTo(before);
  await etl({ ...fresh, ...lakeIn(`${fresh.folder}/fresh`), raw: fresh.raw });
  expect(await everything(lakeIn(`${fresh.folder}/fresh`))).toEqual(wanted);
});
afterAll(() => removeLake(before));

describe('an ETL run killed around any of its writes', () => {
  it('leaves whole files, and the next run finishes its work', async () => {
    expect(writes.run).toBeGreaterThan(8);
    await each(writes.run, async (n) => {
      const lake = await copyOf(before);
      await startChild({ run: 'etl', folder: lake.folder, kill: { when: n % 2 === 0 ? 'after' : 'before', n } }).over;
      await expectRecovery(lake);
    });
  });

  it('is as harmless again and again: a run that always dies at its next write still ends', async () => {
    const lake = await copyOf(before);
    for (let n = 1; n <= 8; n += 1) {
      const out = await startChild({ run: 'etl', folder: lake.folder, kill: { when: 'after', n: 3 } }).over;
      if (out.includes('writes')) break;
      await expectWhole(lake);
    }
    await expectRecovery(lake);
  });
});

describe('a rebuild killed around a write', () => {
  it('is taken up again by the next run', async () => {
    await each(Math.floor(writes.rebuild / 4), async (n) => {
      const lake = await copyOf(before);
      await startChild({ run: 'etl', folder: lake.folder, rebuild: true, kill: { when: 'after', n: n * 4 - 2 } }).over;
      await expectRecovery(lake);
    });
  });
});

describe('an ETL run killed at random moments', () => {
  it('never leaves anything that the next run does not put right', async () => {
    const lake = await copyOf(before);
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = startChild({ run: 'etl', folder: lake.folder, rebuild: round % 2 === 1 });
      await child.ready;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
      child.kill();
      await child.over;
      await expectWhole(lake);
      if (round % 3 === 2) await expectRecovery(lake);
    }
    await expectRecovery(lake);
  });
});

describe('ETL runs side by side', () => {
  it('of two processes and of several calls in one give the rows of one', async () => {
    const lake = await copyOf(before);
    const children = [startChild({ run: 'etl', folder: lake.folder }), startChild({ run: 'etl', folder: lake.folder, rebuild: true })];
    await Promise.all(children.map(({ ready }) => ready));
    await Promise.all([
      etl(lake),
      etl(lake, { days: { from: '2024-07-02', to: '2024-07-02' } }),
      etl(lake, { rebuild: true, days: { from: '2024-07-01', to: '2024-07-01' } }),
      ...children.map(({ over }) => over),
    ]);
    await expectRecovery(lake);
  });
});

describe('an ETL run beside a writer', () => {
  it('takes each finished line once, and never one that is half there', async () => {
    const lake = await newLake();
    lake.clock.at = Date.now();
    const writer = startChild({ run: 'write', folder: lake.folder, count: 6000 });
    await writer.ready;
    let over = false;
    const done = writer.over.finally(() => (over = true));
    let runs = 0;
    while (!over) {
      await etl(lake);
      runs += 1;
    }
    await done;
    await etl(lake);
    expect(runs).toBeGreaterThan(1);
    await expectSums(lake);
    expect(await rowsOf(lake, 'quarantine')).toEqual([]);
    const fresh = { ...lakeIn(`${lake.folder}/fresh`), raw: lake.raw, rawPath: lake.rawPath };
    await etl(fresh);
    expect(await everything(lake)).toEqual(await everything(fresh));
    const sums = async (from: TestLake) =>
      (await manifests(from)).map(({ lines, units, rows, duplicates, torn }) => ({ lines, units, rows, duplicates, torn }));
    expect(await sums(lake)).toEqual(await sums(fresh));
    expect((await sums(lake)).reduce((sum, { lines }) => sum + lines, 0)).toBe(6000);
  });
});
