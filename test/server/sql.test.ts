import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogView, FailureView, SqlView } from '../../src/server/api-types.js';
import { etl, lay, openLake, removeLake, type TestLake } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { rawLines } from '../lake/raw.js';
import { send, toTelegram } from './receiving.js';
import { openService, type Service } from './service.js';

const DATE = Date.parse('2026-03-02T15:00:00Z') / 1000;
let lake: TestLake;
let service: Service;
beforeAll(async () => {
  lake = await openLake();
  lake.clock.at = Date.now();
  const said = Array.from({ length: 30 }, (_, at) => telegramMessage({ id: at + 1, date: DATE + at, text: `texto ${at}` }));
  await lay(lake, 'telegram', DATE * 1000, said);
  await etl(lake);
  service = await openService(lake, { CHATLAKE_SQL_MEMORY: '600', CHATLAKE_SQL_TIMEOUT: '5' });
});
afterAll(async () => {
  await service.close();
  await removeLake(lake);
});

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, body: unknown) => send(service.port, 'POST', path, JSON_TYPE, JSON.stringify(body));
const ask = async (sql: string, more: object = {}) => {
  const answer = await post('/api/sql', { sql, ...more });
  return { status: answer.status, body: JSON.parse(answer.body) as SqlView & FailureView };
};

describe('POST /api/sql', () => {
  it('answers columns and rows, and says when they were cut', async () => {
    const { status, body } = await ask('SELECT message_id, text, context_date FROM telegram ORDER BY 1', { maxRows: 2 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      columns: [
        { name: 'message_id', type: 'BIGINT' },
        { name: 'text', type: 'VARCHAR' },
        { name: 'context_date', type: 'DATE' },
      ],
      rows: [
        [1, 'texto 0', '2026-03-02'],
        [2, 'texto 1', '2026-03-02'],
      ],
      truncated: true,
      notices: [],
    });
    expect((await ask('SELECT count(*) FROM messages')).body).toMatchObject({ rows: [[30]], truncated: false });
  });

  it('keeps the digits of large integers, and hands out what JSON cannot hold as text', async () => {
    const { body } = await ask(`SELECT 9007199254740993, ['a', NULL], CAST('NaN' AS DOUBLE), DATE '2026-01-02'`);
    expect(body.rows).toEqual([['9007199254740993', ['a', null], 'NaN', '2026-01-02']]);
  });

  it('tells what is wrong, and where', async () => {
    expect(await ask('SELECT\n  nothing\nFROM telegram')).toMatchObject({
      status: 400,
      body: { error: { code: 'SQL', line: 2, column: 3 } },
    });
    expect(await ask("SELECT 'a\0b'")).toMatchObject({ status: 400, body: { error: { code: 'SQL' } } });
    expect(await ask("SELECT length('a' || chr(0) || 'b')")).toMatchObject({ status: 200, body: { rows: [[3]] } });
    expect(await ask('')).toMatchObject({ status: 400, body: { error: { code: 'USAGE' } } });
    expect((await send(service.port, 'POST', '/api/sql', JSON_TYPE, 'no json')).status).toBe(400);
    expect((await send(service.port, 'POST', '/api/sql', JSON_TYPE, JSON.stringify({ sql: 'x'.repeat(1_100_000) }))).status).toBe(413);
  });

  it('takes every preset', async () => {
    const { presets } = JSON.parse((await send(service.port, 'GET', '/api/sql/catalog')).body) as CatalogView;
    expect(presets).toHaveLength(10);
    for (const { id, sql } of presets) expect({ id, status: (await ask(sql)).status }).toEqual({ id, status: 200 });
  });
});

describe('the sandbox', () => {
  const secret = () => join(lake.folder, 'secret.csv');
  it.each([
    ["ATTACH '/tmp/x.db'"],
    ["COPY (SELECT 1) TO '/tmp/chatlake-copied'"],
    ["EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/chatlake-copied'"],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    ["SET memory_limit = '20GB'"],
    ['PRAGMA database_list'],
    ['CREATE TABLE t AS SELECT 1'],
    ['DROP VIEW messages'],
    ['SELECT 1; SELECT 2'],
    ["SELECT * FROM read_csv('/etc/passwd')"],
    ["SELECT * FROM read_text('/etc/passwd')"],
    ["SELECT * FROM glob('/etc/*')"],
    ["SELECT * FROM '/etc/passwd'"],
    ["SELECT * FROM 'https://example.com/x.csv'"],
    ["SELECT getenv('HOME')"],
    ['SELECT * FROM duckdb_settings()'],
    ["SELECT * FROM sniff_csv('/etc/passwd')"],
  ])('refuses %s', async (sql) => {
    const { status, body } = await ask(sql);
    expect({ status, code: body.error?.code }).toEqual({ status: 400, code: expect.stringMatching(/^SQL/) });
    expect(existsSync('/tmp/chatlake-copied')).toBe(false);
  });

  it('ends at the enriched lake: not even the raw one beside it is read', async () => {
    await writeFile(secret(), 'a\n1\n');
    const files = [secret(), `${lake.enrichedPath}/../secret.csv`, `${lake.rawPath}/_state/access.json`];
    for (const file of files) expect((await ask(`SELECT * FROM read_csv('${file}')`)).status).toBe(400);
  });
});

describe('POST /api/sql/export', () => {
  it.each([
    ['csv', /^message_id,text\r\n1,texto 0\r\n/],
    ['json', /^\[\n\{"message_id":1,"text":"texto 0"\}/],
    ['parquet', /^PAR1/],
  ])('answers a file of %s', async (format, start) => {
    const answer = await post('/api/sql/export', { sql: 'SELECT message_id, text FROM telegram ORDER BY 1', format });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="chatlake.${format}"`);
    expect(answer.body).toMatch(start);
  });

  it('tells what is wrong', async () => {
    expect((await post('/api/sql/export', { sql: 'SELECT nothing', format: 'csv' })).status).toBe(400);
    expect((await post('/api/sql/export', { sql: 'SELECT 1', format: 'xls' })).status).toBe(400);
  });
});

describe('GET /api/sql/catalog', () => {
  it('lists tables with their columns, functions that may be called, and the limits', async () => {
    const catalog = JSON.parse((await send(service.port, 'GET', '/api/sql/catalog')).body) as CatalogView;
    const messages = catalog.tables.find(({ name }) => name === 'messages');
    expect(messages?.columns.map(({ name }) => name)).toContain('sent_at');
    for (const name of ['count', 'date_format', 'from_unixtime', 'approx_distinct', 'any_match', 'lower'])
      expect(catalog.functions).toContain(name);
    for (const name of ['getenv', 'plus_days', 'minus_days', 'map_of']) expect(catalog.functions).not.toContain(name);
    expect(catalog.limits).toEqual({ rows: 10_000, seconds: 5, memoryMb: 600 });
  });
});

describe('a heavy statement', () => {
  it('stops when its reader goes away', async () => {
    const body = JSON.stringify({ sql: 'SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c' });
    for (let round = 0; round < 4; round += 1) {
      const request = httpRequest({ port: service.port, method: 'POST', path: '/api/sql', headers: JSON_TYPE });
      request.on('error', () => undefined);
      request.end(body);
      await new Promise((resolve) => setTimeout(resolve, 200));
      request.destroy();
    }
    // Four that went on would keep every worker until their time is up, and this one would be told so.
    expect((await ask('SELECT 1')).status).toBe(200);
  });

  it('of fifty at once keeps no webhook waiting: each is answered, and each of them ends in LIMIT', async () => {
    const heavy = [
      'SELECT len(range(300000000))',
      `SELECT list_transform(range(4000000000), lambda i: 'x')`,
      'SELECT list(range) OVER () FROM range(200000)',
      'SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c',
    ];
    let asking = 50;
    const asked = Array.from({ length: asking }, (_, at) => ask(heavy[at % heavy.length] as string).finally(() => (asking -= 1)));
    const took: number[] = [];
    for (let id = 1000; asking > 0; id += 1) {
      const began = performance.now();
      const answer = await toTelegram(service.port, JSON.stringify(telegramMessage({ id, date: DATE, text: 'oi' })));
      took.push(performance.now() - began);
      expect(answer.status).toBe(200);
    }
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status, body }) => status !== 400 || body.error.code !== 'LIMIT')).toEqual([]);
    expect((await ask('SELECT count(*) FROM messages')).body.rows).toEqual([[30]]);
    expect((await rawLines(lake.rawPath)).length).toBe(30 + took.length);
    const at = (share: number) => (took.sort((a, b) => a - b)[Math.floor(took.length * share)] ?? 0).toFixed(1);
    console.log(`${took.length} webhooks beside 50 heavy statements: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(0.9999)} ms`);
  });
});
