import { GetPartitionsCommand, GetTableCommand, GlueClient, paginateGetPartitions } from '@aws-sdk/client-glue';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStore } from '../../src/lake/file.js';
import { dataFile } from '../../src/lake/layout.js';
import { memoryStore } from '../../src/lake/memory.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { glueCatalog } from '../../src/query/register/glue.js';
import { registrar } from '../../src/query/register/registrar.js';
import { trinoCatalog } from '../../src/query/register/trino.js';
import { addDays } from '../../src/zone.js';
import { newRoot, smallLake, writeDay } from '../query/lake.js';
import { type Moto, NO_MOTO, startMoto } from './support/moto.js';
import { CATALOG, NO_TRINO, startTrino, type Trino } from './support/trino.js';

const NAMES = [...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => name);

describe.skipIf(NO_MOTO)(`registering in Glue${NO_MOTO ? ` (skipped: ${NO_MOTO})` : ''}`, () => {
  let moto: Moto;
  let client: GlueClient;
  beforeAll(async () => {
    moto = await startMoto();
    client = new GlueClient(moto.client);
  });
  afterAll(async () => {
    client?.destroy();
    await moto?.stop();
  });

  const open = () => glueCatalog({ database: 'lake', location: 's3://bucket/enriched', client: moto.client });
  const daysOf = async (name: string) => {
    const days: string[] = [];
    for await (const { Partitions = [] } of paginateGetPartitions({ client }, { DatabaseName: 'lake', TableName: name }))
      for (const { Values } of Partitions) days.push(Values?.[0] ?? '');
    return days.sort();
  };

  it('makes what is absent, then only what is new, however often and from however many places', async () => {
    const store = memoryStore();
    const first = Array.from({ length: 250 }, (_, at) => addDays('2024-01-01', at));
    for (const date of first) await store.write(dataFile('telegram', date), 'x');
    const keeper = registrar(await open(), store);
    expect(await keeper.register()).toEqual({ catalog: 'glue', made: NAMES, days: { telegram: 250 } });
    expect(await keeper.register()).toEqual({ catalog: 'glue', made: [], days: {} });
    expect(await daysOf('telegram')).toEqual(first);

    await store.write(dataFile('telegram', '2025-01-01'), 'x');
    const others = await Promise.all([keeper.register(), registrar(await open(), store).register()]);
    expect(others.reduce((sum, { days }) => sum + (days['telegram'] ?? 0), 0)).toBe(1);
    expect(await daysOf('telegram')).toEqual([...first, '2025-01-01']);
  });

  it('says where a day lies, and how its files are read', async () => {
    const { Partitions = [] } = await client.send(new GetPartitionsCommand({ DatabaseName: 'lake', TableName: 'telegram', MaxResults: 1 }));
    const { Table } = await client.send(new GetTableCommand({ DatabaseName: 'lake', Name: 'telegram' }));
    const [day] = Partitions;
    expect(day?.StorageDescriptor?.Location).toBe(`s3://bucket/enriched/telegram/context_date=${day?.Values?.[0]}/`);
    expect(day?.StorageDescriptor?.SerdeInfo).toEqual(Table?.StorageDescriptor?.SerdeInfo);
    expect(Table?.PartitionKeys).toEqual([expect.objectContaining({ Name: 'context_date', Type: 'date' })]);
  });
});

describe.skipIf(NO_TRINO)(`registering in Trino${NO_TRINO ? ` (skipped: ${NO_TRINO})` : ''}`, () => {
  let root: string;
  let trino: Trino;
  beforeAll(async () => {
    root = await newRoot();
    await smallLake(root);
    trino = await startTrino();
  });
  afterAll(async () => {
    await trino?.stop();
    await rm(root, { recursive: true, force: true });
  });

  const open = (schema: string) => trinoCatalog({ url: trino.url, user: 'test', catalog: CATALOG, schema }, `local://${root}`);
  const count = async (schema: string) => (await trino.run('SELECT count(*) FROM telegram', schema))[0];

  it('makes what is absent, then only what is new', async () => {
    const schema = 'A "fresh" one';
    const keeper = registrar(open(schema), fileStore(root));
    expect(await keeper.register()).toEqual({ catalog: 'trino', made: NAMES, days: { telegram: 2, whatsapp: 1 } });
    expect(await count(schema)).toEqual([4]);
    await writeDay(root, 'telegram', '2024-07-09', [{ message_id: '9', chat_id: '-100', date: '1720500000', data_type: "'text'" }]);
    expect(await count(schema)).toEqual([4]);
    expect(await keeper.register()).toEqual({ catalog: 'trino', made: [], days: { telegram: 1 } });
    expect(await count(schema)).toEqual([5]);
    expect(await registrar(open(schema), fileStore(root)).register()).toEqual({ catalog: 'trino', made: [], days: {} });
  });

  it('tells of a catalog that cannot hold the tables by the settings it hangs on, not as of somebody’s SQL', async () => {
    const refusal = async (catalog: string, location: string) =>
      registrar(trinoCatalog({ url: trino.url, user: 'test', catalog, schema: 'none' }, location), fileStore(root))
        .register()
        .catch((error: unknown) => error);
    expect(await refusal('absent', `local://${root}`)).toMatchObject({
      code: 'SETTINGS',
      message: expect.stringMatching(/"absent" \(CATALOG_NOT_FOUND\): Catalog 'absent' not found\. Check TRINO_CATALOG/) as unknown,
    });
    expect(await refusal(CATALOG, 's3://bucket/lake')).toMatchObject({
      code: 'SETTINGS',
      message: expect.stringMatching(
        /\(INVALID_TABLE_PROPERTY\).*s3:\/\/bucket\/lake\/.*Check TRINO_CATALOG.*reaches s3:\/\/bucket\/lake\.$/,
      ) as unknown,
    });
  });

  it('leaves tables alone that were there before, of whatever kind', async () => {
    await mkdir(join(root, 'quarantine'), { recursive: true });
    await trino.run(`CREATE SCHEMA ${CATALOG}.older`, 'older');
    const properties = {
      'projection.enabled': 'true',
      'projection.context_date.type': 'date',
      'projection.context_date.format': 'yyyy-MM-dd',
      'projection.context_date.range': '2024-07-01,2024-07-09',
      'storage.location.template': `local://${root}/quarantine/context_date=\${context_date}`,
    };
    const texts = (all: readonly string[]) => `ARRAY[${all.map((text) => `'${text}'`).join(', ')}]`;
    await trino.run(
      `CREATE TABLE quarantine (reason varchar, context_date date) WITH (external_location = 'local://${root}/quarantine/', format = 'PARQUET',
        partitioned_by = ARRAY['context_date'], extra_properties = MAP(${texts(Object.keys(properties))}, ${texts(Object.values(properties))}))`,
      'older',
    );
    await mkdir(join(root, 'quarantine', 'context_date=2024-07-02'), { recursive: true });
    const { made, days } = await registrar(open('older'), fileStore(root)).register();
    expect(made).toEqual(NAMES.filter((name) => name !== 'quarantine'));
    expect(days['quarantine']).toBeUndefined();
    expect(await trino.run('SELECT * FROM quarantine', 'older')).toEqual([]);
  });
});
