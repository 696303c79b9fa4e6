import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { etl, lakeIn, newLake, type TestLake } from '../support/lake.js';
import { startChild } from '../support/lake-child.js';
import { type Disturbed, disturbedLake, expectSums } from '../support/lake-disturbed.js';
import { everything, manifests, rowsOf } from '../support/rows.js';

let lakes: Disturbed;
beforeAll(async () => {
  lakes = await disturbedLake();
});
afterAll(() => lakes.remove());

describe('ETL runs side by side', () => {
  it('of two processes and of several calls in one give the rows of one', async () => {
    const lake = await lakes.copy();
    const children = [startChild({ run: 'etl', folder: lake.folder }), startChild({ run: 'etl', folder: lake.folder, rebuild: true })];
    await Promise.all(children.map(({ ready }) => ready));
    await Promise.all([
      etl(lake),
      etl(lake, { days: { from: '2024-07-02', to: '2024-07-02' } }),
      etl(lake, { rebuild: true, days: { from: '2024-07-01', to: '2024-07-01' } }),
      ...children.map(({ over }) => over),
    ]);
    await lakes.expectRecovery(lake);
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
