import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { etlCommand } from '../../src/cli/etl.js';
import { registerCommand } from '../../src/cli/register.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { ask } from '../query/lake.js';
import { testIo } from '../support/io.js';
import { newLake } from '../support/lake.js';

const UPDATE = {
  update_id: 1,
  message: { message_id: 1, date: 1_720_000_000, chat: { id: -7, type: 'group' }, from: { id: 1, first_name: 'Ana' }, text: 'oi' },
};
/** A port that nobody listens on. */
const NOWHERE = 'http://127.0.0.1:1';

describe('a catalog that cannot be reached', () => {
  it('costs the ETL nothing but its exit code, and the message says what to do', async () => {
    const lake = await newLake();
    const folder = join(lake.rawPath, 'telegram', 'context_date=2024-07-03');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '1-w-1.ndjson'), `${JSON.stringify(UPDATE)}\n`);
    const env = { CHATLAKE_RAW: lake.rawPath, CHATLAKE_ENRICHED: lake.enrichedPath, CHATLAKE_CATALOG: 'trino', TRINO_URL: NOWHERE };
    const io = testIo({ env });
    await expect(etlCommand(io).parseAsync([], { from: 'user' })).rejects.toMatchObject({
      code: 'LAKE_UNAVAILABLE',
      message: expect.stringMatching(/days are done and safe.*ECONNREFUSED.*chatlake register$/) as unknown,
    });
    expect(io.out()).toContain('1 day in');
    const engine = await duckdbEngine({ root: lake.enrichedPath });
    expect(await ask(engine, 'SELECT "text" FROM telegram')).toEqual([['oi']]);
    await engine.close();
  });
});

describe('register', () => {
  it.each([
    ['no catalog', [], {}, 'USAGE'],
    ['Glue for a lake that is not on S3', ['--engine', 'glue'], {}, 'USAGE'],
    ['a Trino whose address is not set', ['--engine', 'trino'], {}, 'SETTINGS'],
    ['a Trino that is not there', ['--engine', 'trino'], { TRINO_URL: NOWHERE }, 'NETWORK'],
  ] as const)('refuses %s', async (_, args, env, code) => {
    await expect(registerCommand(testIo({ env })).parseAsync([...args], { from: 'user' })).rejects.toMatchObject({ code });
  });
});
