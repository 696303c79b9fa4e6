import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsFingerprint } from '../../src/etl/fingerprint.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import { ask, newRoot, rowsOf, smallLake, table, writeDay } from './lake.js';

let root: string;
let engine: QueryEngine;
beforeAll(async () => {
  root = await newRoot();
  await smallLake(root);
  engine = await duckdbEngine({ root, threads: 2 });
});
afterAll(() => engine.close());

const endless = 'SELECT count(*) FROM range(10000000000) a, range(10000000000) b';

describe('values', () => {
  it('keeps every digit of a BIGINT', async () => {
    expect(await ask(engine, 'SELECT message_id FROM telegram ORDER BY 1')).toEqual([[1], [2], [3], [9007199254740993n]]);
  });
  it('gives dates, times, decimals, lists and structs in a plain form', async () => {
    const sql = `SELECT context_date, from_unixtime("date"), CAST(from_unixtime("date") AS timestamp), timestamp '2024-01-01 00:00:00.5', commands, 2.50, CAST(12345678901234567890.5 AS DECIMAL(30,1)), map(['a'], [1]), NULL
      FROM telegram WHERE message_id = 1`;
    expect(await ask(engine, sql)).toEqual([
      [
        '2024-07-02',
        '2024-07-02 10:00:00 UTC',
        '2024-07-02 10:00:00',
        '2024-01-01 00:00:00.5',
        ['/start', '/help'],
        2.5,
        '12345678901234567890.5',
        '{"a":1}',
        null,
      ],
    ]);
  });
  it('puts the declared columns first, then the origin, then the partition', async () => {
    const { columns } = await engine.run('SELECT * FROM telegram');
    expect(columns.map(({ name }) => name)).toEqual([
      ...table('telegram').columns.map(({ name }) => name),
      'received_at',
      'raw_file',
      'raw_line',
      'context_date',
    ]);
    expect(columns.at(-1)).toEqual({ name: 'context_date', type: 'DATE' });
  });
});

describe('the view messages', () => {
  it('shows both channels in one shape', async () => {
    const sql =
      'SELECT channel, conversation_id, author_id, author_name, is_bot, direction, kind, text, context_date FROM messages ORDER BY channel, sent_at';
    expect(await ask(engine, sql)).toEqual([
      ['telegram', '-100', '1', 'Ana', false, 'in', 'text', 'ab', '2024-07-02'],
      ['telegram', '-100', '1', 'Ana', false, 'in', 'text', 'abc', '2024-07-02'],
      ['telegram', '-100', '1', 'Ana', false, 'in', 'text', 'é😀', '2024-07-07'],
      ['telegram', '-100', '2', 'Bot', true, 'in', 'photo', 'a picture', '2024-07-07'],
      ['whatsapp', '5511999990000', '5511999990000', 'Zé', false, 'in', 'text', 'oi', '2024-07-02'],
      ['whatsapp', 'g1', 'u1', null, false, 'in', 'image', 'foto', '2024-07-02'],
    ]);
  });
});

describe('what a statement may be', () => {
  it.each([
    ['SELECT 1 AS x;;'],
    ['SELECT 1 AS x; -- the end'],
    ['-- first\nSELECT /* ; */ 1 AS x'],
    ['FROM (SELECT 1 AS x)'],
    ['  VALUES (1) ;  '],
  ])('takes %s', async (sql) => {
    expect(await ask(engine, sql)).toEqual([[1]]);
  });
  it.each([
    ['EXPLAIN SELECT * FROM telegram'],
    ['explain -- why\n SELECT 1'],
    ['DESCRIBE telegram'],
    ['SHOW TABLES'],
    ['SHOW COLUMNS FROM telegram'],
    ['show columns in "default"."whatsapp"'],
  ])('takes %s', async (sql) => {
    expect((await ask(engine, sql)).length).toBeGreaterThan(0);
  });
  it('says that an empty statement is empty', async () => {
    await expect(engine.run(' -- nothing\n;')).rejects.toMatchObject({ code: 'SQL', message: expect.stringContaining('empty') });
  });
});

describe('errors', () => {
  const failure = (sql: string) =>
    engine
      .run(sql)
      .then(rowsOf)
      .then(
        () => undefined,
        (error: Error) => error,
      );
  it.each([
    ['a syntax error', 'SELECT *\nFORM telegram', 'line 2, column 6', 'FORM telegram\n       ^'],
    ['an unknown table', 'SELECT *\n  FROM telegrams', 'line 2, column 8', ''],
    ['an unknown column', "SELECT 'é😀', txt FROM telegram", 'line 1, column 14', "  SELECT 'é😀', txt FROM telegram\n               ^"],
    [
      'an unknown function behind rewritten calls',
      "SELECT date_format(from_unixtime(1), '%H'), CAST(2.5 AS INT),\n  nonsense(1)",
      'line 2, column 3',
      '',
    ],
    ['a place behind a mended spelling', 'SELECT if(true, 1), wrong FROM telegram', 'line 1, column 21', ''],
    ['a statement that is explained', 'EXPLAIN SELECT wrong FROM telegram', 'line 1, column 16', ''],
  ])('name the line and column of %s', async (_, sql, where, excerpt) => {
    const error = await failure(sql);
    expect(error).toMatchObject({ name: 'ChatlakeError', code: 'SQL' });
    expect(error?.message).toContain(where);
    expect(error?.message).toContain(excerpt);
    expect(error?.message).not.toContain('exception_type');
  });
  it('come out when a statement fails after many rows', async () => {
    const error = await failure("SELECT range,\n  CAST(CASE WHEN range = 900000 THEN 'x' ELSE '1' END AS INT) FROM range(1000000)");
    expect(error).toMatchObject({ code: 'SQL' });
    expect(error?.message).toContain('line 2, column 3');
    expect(await ask(engine, 'SELECT 1')).toEqual([[1]]);
  });
  it('hold no value of a row', async () => {
    const error = await failure('SELECT CAST(text AS BIGINT) FROM telegram WHERE message_id = 2');
    expect(error).toMatchObject({ code: 'SQL' });
    expect(error?.message).not.toContain('abc');
  });
});

describe('the sandbox', () => {
  const outside = join(process.cwd(), 'package.json');
  const attempts = (): [string, string][] => [
    ['another file by name', `FROM '${outside}'`],
    ['a text file', `SELECT * FROM read_text('${outside}')`],
    ['a binary file', `SELECT * FROM read_blob('/etc/hostname')`],
    ['a listing', `SELECT * FROM glob('/etc/*')`],
    ['a CSV file', `SELECT * FROM read_csv('/etc/passwd')`],
    ['a JSON file', `SELECT * FROM read_json('${outside}')`],
    ['a Parquet file elsewhere', `SELECT * FROM read_parquet('/tmp/other.parquet')`],
    ['a path that climbs out', `SELECT * FROM read_csv('${root}/../../etc/passwd')`],
    ['the web', `SELECT * FROM read_csv('https://example.com/x.csv')`],
    ['the environment', `SELECT getenv('HOME')`],
    ['secrets', 'SELECT * FROM duckdb_secrets()'],
    ['secrets by name', "SELECT * FROM which_secret('s3://x', 's3')"],
    ['settings', "SELECT current_setting('temp_directory')"],
    ['logging to a file', `SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_config = {'path': '${root}/log'})`],
    ['a log entry', "SELECT write_log('x')"],
    ['a hidden table function', 'SELECT (SELECT count(*) FROM (SELECT * FROM duckdb_secrets()))'],
    ['a statement in a string', `SELECT * FROM query('SELECT 1')`],
    ['COPY inside the lake', `COPY (SELECT 1) TO '${root}/stray.parquet'`],
    ['COPY under EXPLAIN ANALYZE', `EXPLAIN ANALYZE COPY (SELECT 1) TO '${root}/stray.parquet'`],
    ['COPY behind a SELECT', `SELECT 1; COPY (SELECT 1) TO '${root}/stray.parquet'`],
    ['a second statement', 'SELECT 1; SELECT 2'],
    ['EXPORT', `EXPORT DATABASE '${root}/export'`],
    ['ATTACH', `ATTACH '${root}/stray.db'`],
    ['INSTALL', 'INSTALL httpfs'],
    ['LOAD', 'LOAD httpfs'],
    ['SET', "SET memory_limit = '10GB'"],
    ['RESET', 'RESET memory_limit'],
    ['PRAGMA', 'PRAGMA enable_profiling'],
    ['CALL', 'CALL enable_logging()'],
    ['CREATE TABLE', 'CREATE TABLE x AS SELECT 1'],
    ['CREATE VIEW', 'CREATE OR REPLACE VIEW telegram AS SELECT 1'],
    ['CREATE MACRO', 'CREATE MACRO f(x) AS x'],
    ['INSERT', 'INSERT INTO telegram SELECT * FROM telegram'],
    ['UPDATE', 'UPDATE telegram SET text = NULL'],
    ['DELETE', 'DELETE FROM telegram'],
    ['DROP', 'DROP VIEW telegram'],
    ['VACUUM', 'VACUUM'],
    ['CHECKPOINT', 'CHECKPOINT'],
    ['a transaction', 'BEGIN'],
    ['PREPARE', 'PREPARE p AS SELECT 1'],
    ['USE', 'USE memory'],
  ];
  it('refuses every way out, reads nothing and leaves nothing behind', async () => {
    const before = (await readdir(root, { recursive: true })).sort();
    for (const [what, sql] of attempts()) {
      const outcome = await engine
        .run(sql)
        .then(rowsOf)
        .then(
          (rows) => ({ code: `answered ${JSON.stringify(rows)}` }),
          (error: { code?: string }) => error,
        );
      expect([what, outcome.code]).toEqual([what, 'SQL_REFUSED']);
    }
    expect((await readdir(root, { recursive: true })).sort()).toEqual(before);
    expect(existsSync(join(process.cwd(), 'httpfs'))).toBe(false);
    expect(await ask(engine, 'SELECT count(*) FROM telegram')).toEqual([[4]]);
  });
  it('lets a statement read the lake’s own files by path', async () => {
    expect(await ask(engine, `SELECT count(*) FROM read_parquet('${root}/telegram/*/data.parquet')`)).toEqual([[4]]);
  });
});

describe('limits', () => {
  it('cuts the rows and says so', async () => {
    const cut = await engine.run('SELECT * FROM range(10000)', { maxRows: 5000 });
    expect(await rowsOf(cut)).toHaveLength(5000);
    expect(cut.truncated()).toBe(true);
    const whole = await engine.run('SELECT * FROM range(5000)', { maxRows: 5000 });
    expect(await rowsOf(whole)).toHaveLength(5000);
    expect(whole.truncated()).toBe(false);
  });
  it.each([
    `SELECT repeat('x', 300000000)`,
    'SELECT sequence(1, 300000000)',
    'SELECT sequence(300000000, 1, -1)',
    `SELECT sequence(date '0001-01-01', date '9999-12-31')`,
    `SELECT sequence(date '0001-01-01', date '9999-12-31', interval '1' day)`,
  ])('makes no list longer than Trino does: %s', async (sql) => {
    await expect(ask(engine, sql)).rejects.toMatchObject({ code: 'SQL', message: expect.stringContaining('at most 10000 entries') });
  });

  it('stops a statement that takes too long', async () => {
    await expect(engine.run(endless, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'LIMIT' });
    expect(await ask(engine, 'SELECT 1')).toEqual([[1]]);
  });
  it('stops a statement that needs too much memory', async () => {
    const small = await duckdbEngine({ root, memoryLimit: '50MB', threads: 1 });
    await expect(
      small.run('SELECT count(*) FROM (SELECT DISTINCT a.range, b.range FROM range(10000) a, range(10000) b)'),
    ).rejects.toMatchObject({ code: 'LIMIT' });
    await small.close();
  });
  it('is cancelled by the signal, before, while it runs and while rows are read', async () => {
    const stop = new AbortController();
    const running = engine.run(endless, { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(engine.run('SELECT 1', { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    const late = new AbortController();
    const { batches } = await engine.run('SELECT * FROM range(1000000000)', { signal: late.signal });
    const read = async () => {
      for await (const batch of batches) if (batch.length > 0) late.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' });
  });
  it('leaves nothing that keeps the process alive when it is closed while rows are read', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const short = await duckdbEngine({ root, threads: 1 });
    const { batches } = await short.run('SELECT * FROM range(1000000)');
    const rows = batches[Symbol.asyncIterator]();
    await rows.next();
    const whole = await short.run('SELECT * FROM range(3000)');
    await rowsOf(whole);
    await short.close();
    const rest = async () => {
      while ((await rows.next()).done !== true);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(timers()).toBeLessThanOrEqual(before);
  });
  it('frees the connection of a result that is left early, and answers further statements in turn', async () => {
    const one = await duckdbEngine({ root, connections: 1, threads: 1 });
    for (let round = 0; round < 3; round += 1) {
      const { batches } = await one.run('SELECT * FROM range(10000000)');
      for await (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
    }
    // Nobody reads this one: the time limit frees its connection.
    await one.run('SELECT * FROM range(10000000)', { timeoutMs: 2000 });
    const together = await Promise.all([1, 2, 3].map((n) => ask(one, `SELECT ${n}, count(*) FROM telegram`)));
    expect(together).toEqual([[[1, 4]], [[2, 4]], [[3, 4]]]);
    await one.close();
  });
});

describe('the files', () => {
  it('an empty lake has every table, with its types and no rows', async () => {
    const empty = await duckdbEngine({ root: join(root, 'not-there-yet') });
    const { columns, batches } = await empty.run('SELECT * FROM whatsapp_statuses');
    expect(columns.map(({ name, type }) => [name, type])).toContainEqual(['billable', 'BOOLEAN']);
    for await (const batch of batches) expect(batch).toEqual([]);
    expect(await ask(empty, 'SELECT count(*) FROM messages')).toEqual([[0]]);
    expect(await ask(empty, 'SELECT count(*) FROM quarantine')).toEqual([[0]]);
    await empty.close();
  });
  it.each([['absent'], ['mixed'], ['older']])(
    'a file of an older column set reads as NULLs where the lake says nothing or %s',
    async (declared) => {
      const folder = await newRoot();
      if (declared !== 'absent') await writeFile(join(folder, '_lake.json'), JSON.stringify({ columns: { telegram: declared } }));
      await writeDay(folder, 'telegram', '2024-01-01', [{ message_id: '1', text: "'old'" }], ['caption', 'update_id', 'raw_line']);
      if (declared !== 'older') await writeDay(folder, 'telegram', '2024-01-02', [{ message_id: '2', caption: "'new'" }]);
      const mixed = await duckdbEngine({ root: folder });
      const rows = await ask(mixed, 'SELECT message_id, text, caption, raw_line, context_date FROM telegram ORDER BY 1');
      const newer = declared === 'older' ? [] : [[2, null, 'new', null, '2024-01-02']];
      expect(rows).toEqual([[1, 'old', null, null, '2024-01-01'], ...newer]);
      await mixed.close();
    },
  );
  it.each([
    ['no Parquet at all', () => Buffer.from('no Parquet')],
    ['with a whole footer', (bytes: Buffer) => bytes.fill(0, 4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8))],
  ])('a damaged one is no mistake of the statement: %s', async (_how, damage) => {
    const folder = await newRoot();
    await writeDay(folder, 'telegram', '2024-01-01', [{ message_id: '1', text: "'one'" }]);
    const file = join(folder, 'telegram', 'context_date=2024-01-01', 'data.parquet');
    await writeFile(file, damage(await readFile(file)));
    const damaged = await duckdbEngine({ root: folder });
    await expect(damaged.run('SELECT max(text) FROM telegram').then(rowsOf)).rejects.toMatchObject({
      code: 'LAKE_UNAVAILABLE',
      message: expect.stringContaining('chatlake etl --rebuild'),
    });
    await damaged.close();
  });
  it('sees files that come, change and go between statements, whatever the lake says of them', async () => {
    const folder = await newRoot();
    const live = await duckdbEngine({ root: folder });
    const texts = () => ask(live, 'SELECT text FROM telegram ORDER BY message_id').then((rows) => rows.map(([text]) => text));
    expect(await texts()).toEqual([]);
    await writeFile(join(folder, '_lake.json'), JSON.stringify({ columns: { telegram: columnsFingerprint(table('telegram')) } }));
    await writeDay(folder, 'telegram', '2024-01-01', [{ message_id: '1', text: "'one'" }]);
    expect(await texts()).toEqual(['one']);
    await writeDay(folder, 'telegram', '2024-01-01', [{ message_id: '1', text: "'two'" }]);
    expect(await texts()).toEqual(['two']);
    // Older than declared: the lake's word is not taken for it.
    await writeDay(folder, 'telegram', '2024-01-02', [{ message_id: '2', text: "'three'" }], ['caption']);
    expect(await ask(live, 'SELECT text, caption FROM telegram ORDER BY message_id')).toEqual([
      ['two', null],
      ['three', null],
    ]);
    await rm(join(folder, 'telegram'), { recursive: true });
    expect(await texts()).toEqual([]);
    await live.close();
  });
  it('answers while every file is being replaced', async () => {
    const folder = await newRoot();
    await writeFile(join(folder, '_lake.json'), JSON.stringify({ columns: { telegram: columnsFingerprint(table('telegram')) } }));
    const days = Array.from({ length: 20 }, (_, at) => `2024-01-${String(at + 1).padStart(2, '0')}`);
    const row = [{ message_id: '1', text: "'x'" }];
    for (const day of days) await writeDay(folder, 'telegram', day, row);
    const live = await duckdbEngine({ root: folder });
    let busy = true;
    const replacing = (async () => {
      while (busy) for (const day of days) await writeDay(folder, 'telegram', day, busy ? [...row, ...row] : row);
    })();
    for (let round = 0; round < 30; round += 1) {
      const [found] = await ask(live, 'SELECT count(DISTINCT context_date), count(DISTINCT text) FROM telegram');
      expect(found).toEqual([20, 1]);
    }
    busy = false;
    await replacing;
    await live.close();
  });
  it('reads a lake whose path holds quotes, blanks and glob characters', async () => {
    const folder = join(await newRoot(), "it's [a] lake*?");
    await mkdir(folder);
    const plain = await newRoot();
    await writeDay(plain, 'telegram', '2024-01-01', [{ message_id: '1' }]);
    await rename(join(plain, 'telegram'), join(folder, 'telegram'));
    const odd = await duckdbEngine({ root: folder });
    expect(await ask(odd, 'SELECT message_id FROM telegram')).toEqual([[1]]);
    await odd.close();
  });
});
