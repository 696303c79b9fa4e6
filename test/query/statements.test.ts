import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import answers from './fixtures/trino-answers.json' with { type: 'json' };
import { ask, newRoot, smallLake } from './lake.js';

const STATEMENTS = fileURLToPath(new URL('../../../shared/sql/', import.meta.url));

let engine: QueryEngine;
beforeAll(async () => {
  const root = await newRoot();
  await smallLake(root);
  engine = await duckdbEngine({ root, threads: 2 });
});
afterAll(() => engine.close());

/** What each established statement answers over the small lake, in its own order where it has one. */
const EXPECTED: Readonly<Record<string, unknown>> = {
  '01-messages-per-day.sql': [
    ['2024-07-07', 2],
    ['2024-07-02', 2],
  ],
  '02-messages-per-type.sql': [
    ['text', 3],
    ['photo', 1],
  ],
  '03-messages-per-user.sql': [
    ['Ana', 3],
    ['Bot', 1],
  ],
  '04-messages-per-user-per-day.sql': expect.arrayContaining([
    [1, 'Ana', '2024-07-07', 1],
    [2, 'Bot', '2024-07-07', 1],
    [1, 'Ana', '2024-07-02', 2],
  ]),
  '05-average-length-per-user-per-day.sql': expect.arrayContaining([
    [1, 'Ana', '2024-07-07', 2],
    [2, 'Bot', '2024-07-07', null],
    [1, 'Ana', '2024-07-02', 3],
  ]),
  '06-hour-weekday-month.sql': expect.arrayContaining([
    [10, 2, 7, 1],
    [23, 2, 7, 1],
    [8, 7, 7, 2],
  ]),
  '07-hour-weekday-week.sql': expect.arrayContaining([
    [10, 2, 27, 1],
    [23, 2, 27, 1],
    [8, 7, 27, 2],
  ]),
  '08-whatsapp-hour-weekday-week.sql': [[12, 2, 27, 2]],
  '11-msck.sql': [],
};

describe.skipIf(!existsSync(STATEMENTS))('the established statements (skipped where their folder is absent)', () => {
  it.each(Object.entries(EXPECTED))('%s answers as on Trino, unchanged', async (file, expected) => {
    expect(await ask(engine, await readFile(`${STATEMENTS}${file}`, 'utf8'))).toEqual(expected);
  });
  it.each([
    ['09-default-schema.sql', 4],
    ['10-select-whatsapp.sql', 2],
  ])('%s runs unchanged', async (file, count) => {
    const result = await engine.run(await readFile(`${STATEMENTS}${file}`, 'utf8'));
    expect(result.columns.map(({ name }) => name)).toContain('context_date');
    expect(await ask(engine, await readFile(`${STATEMENTS}${file}`, 'utf8'))).toHaveLength(count);
  });
});

describe('MSCK REPAIR TABLE', () => {
  it('answers with a notice that there is nothing to repair', async () => {
    const result = await engine.run('MSCK REPAIR TABLE `default`.`telegram`;');
    expect(result.notices).toEqual([expect.stringMatching(/^Nothing to repair/)]);
    expect(result.columns).toEqual([]);
  });
});

/** Trino sends decimals and timestamps as text with a fixed number of places. */
const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value;
  return value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$/, '$1').replace(/^(-?\d+\.\d*?)0+$/, '$1');
};

describe('expressions in Trino’s spelling', () => {
  it.each(answers.answers.map((answer) => [answer.sql, answer] as const))('%s', async (sql, answer) => {
    const result = await engine.run(sql);
    expect(result.columns.map(({ name }) => name)).toEqual(answer.columns);
    expect(comparable(await ask(engine, sql))).toEqual(comparable(answer.rows));
  });
});
