import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { athenaEngine } from '../../src/query/athena.js';
import { LAKE_TABLES } from '../../src/query/lake-tables.js';
import type { QueryEngine } from '../../src/types.js';
import { ENDLESS, testEngine } from '../conformance/engine.js';
import { newRoot, smallLake } from '../query/lake.js';
import { type Athena, startAthena } from './support/athena.js';
import { makeTables } from './support/tables.js';
import { NO_TRINO, startTrino, type Trino } from './support/trino.js';

describe.skipIf(NO_TRINO)(`engines elsewhere${NO_TRINO ? ` (skipped: ${NO_TRINO})` : ''}`, () => {
  let trino: Trino;
  let athena: Athena;
  let engine: QueryEngine;

  beforeAll(async () => {
    const root = await newRoot();
    await smallLake(root);
    for (const { name } of LAKE_TABLES) await mkdir(join(root, name), { recursive: true });
    trino = await startTrino();
    await makeTables(trino, { location: `local://${root}`, partitions: 'registered' });
    athena = await startAthena(trino);
  });
  afterAll(async () => {
    await athena?.stop();
    await trino?.stop();
  });

  const endless = async () =>
    (
      await trino.run("SELECT count(*) FROM system.runtime.queries WHERE query LIKE 'SELECT count(*) FROM UNNEST%' AND state = 'RUNNING'")
    )[0];

  describe('Trino', () => {
    beforeAll(() => void (engine = trino.engine()));
    afterAll(() => engine.close());
    testEngine(() => engine);

    it('gives lists as lists, and rows and maps as JSON', async () => {
      const { batches } = await engine.run(
        "SELECT ARRAY[9007199254740993, 1], CAST(ROW(9007199254740993, 'x') AS ROW(a bigint, b varchar)), MAP(ARRAY['k'], ARRAY[1.5])",
      );
      for await (const batch of batches) expect(batch).toEqual([[[9007199254740993n, 1], '{"a":9007199254740993,"b":"x"}', '{"k":1.5}']]);
    });

    it('leaves nothing running there', async () => {
      const stop = new AbortController();
      const running = engine.run(ENDLESS, { signal: stop.signal });
      await expect.poll(endless).toEqual([1]);
      stop.abort();
      await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
      await expect.poll(endless).toEqual([0]);
    });
  });

  describe('Athena', () => {
    const open = (more: object = {}) =>
      athenaEngine({
        workgroup: 'primary',
        catalog: 'AwsDataCatalog',
        database: 'default',
        pricePerTb: 5,
        polling: { firstMs: 10, mostMs: 200 },
        client: { endpoint: athena.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
        ...more,
      });
    beforeAll(async () => void (engine = await open()));
    afterAll(() => engine.close());
    testEngine(() => engine);

    it('says what was scanned and what it costs', async () => {
      const { notices } = await engine.run('SELECT 1');
      expect(notices).toEqual(['Athena scanned 12.3 MB in 1.4 s: about $0.000065 at $5 a TB.']);
    });

    it('stops there what is stopped here', async () => {
      const stop = new AbortController();
      const running = engine.run(ENDLESS, { signal: stop.signal });
      await expect.poll(endless).toEqual([1]);
      stop.abort();
      await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
      await expect.poll(() => athena.states().at(-1)).toBe('CANCELLED');
    });

    it('says what is wrong with a workgroup', async () => {
      const wrong = await open({ workgroup: 'nobody' });
      await expect(wrong.run('SELECT 1')).rejects.toMatchObject({
        code: 'SETTINGS',
        message: expect.stringContaining('ATHENA_WORKGROUP') as unknown,
      });
      await wrong.close();
    });
  });
});
