import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complains } from '../../src/analysis/text/complaint.js';
import type { Dialect } from '../../src/analysis/text/dialect.js';
import { alike, areAlike, meaning, meaningList } from '../../src/analysis/text/meaning.js';
import { normalForm } from '../../src/analysis/text/normal.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { literal } from '../../src/sources/shape.js';
import type { QueryEngine } from '../../src/types.js';
import { ask, newRoot } from '../query/lake.js';

type Sets<T> = Readonly<Record<'tuned' | 'heldOut', readonly T[]>>;
type Pair = readonly [first: string, second: string];

const FIXTURE = JSON.parse(readFileSync(new URL('./fixtures/follow-ups.json', import.meta.url), 'utf8')) as {
  readonly again: Sets<Pair>;
  readonly other: Sets<Pair>;
  readonly complaint: Sets<string>;
  readonly fine: Sets<string>;
};
const ODD = ['', '?', ' ', 'a', 'os as de', '你好吗', "it's 5' or 6\"?", '\\1 $1 $0', `${'palavra '.repeat(2000)}?`, '3 2 1', 'áéí óú'];

let root: string;
let engine: QueryEngine;
beforeAll(async () => {
  root = await newRoot();
  engine = await duckdbEngine({ root, threads: 2 });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

const valuesOf = (rows: readonly (readonly string[])[]) =>
  `(VALUES ${rows.map((row, place) => `(${[place, ...row.map(literal)].join(', ')})`).join(', ')})`;

/** What an expression gives for each text, in one spelling of SQL or the other. */
async function told(dialect: Dialect, expression: (dialect: Dialect) => string, rows: readonly (readonly string[])[]): Promise<unknown[]> {
  const names = rows[0]?.map((_, at) => 'ab'.charAt(at)) ?? [];
  const sql = `SELECT ${expression(dialect)} FROM ${valuesOf(rows)} t(place, ${names.join(', ')}) ORDER BY place`;
  if (dialect === 'trino') return (await ask(engine, sql)).map(([value]) => value);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const found = await connection.runAndReadAll(sql);
  connection.closeSync();
  return found.getRowsJS().map(([value]) => value);
}

const complaint = (dialect: Dialect) => complains(normalForm('a', dialect), dialect);
const meant = (dialect: Dialect, text: string) => meaning(normalForm(text, dialect), dialect);
const again = (dialect: Dialect) => alike(meaningList(meant(dialect, 'a'), dialect), meaningList(meant(dialect, 'b'), dialect), dialect);

/** How well `found` tells what is `positive`. */
function measure(found: readonly unknown[], positive: readonly boolean[]) {
  const right = found.filter((value, at) => value === true && positive[at] === true).length;
  return {
    precision: right / found.filter((value) => value === true).length,
    recall: right / positive.filter(Boolean).length,
  };
}

describe('what follows an answer', () => {
  it.each([
    ['tuned', 1, 0.8],
    ['heldOut', 1, 0.8],
  ] as const)('is told to ask the same again as well as docs/metrics.md says: %s', async (set, precision, recall) => {
    const pairs = [...FIXTURE.again[set], ...FIXTURE.other[set]];
    const found = measure(
      await told('trino', again, pairs),
      pairs.map((_, at) => at < FIXTURE.again[set].length),
    );
    expect(found.precision).toBeGreaterThanOrEqual(precision);
    expect(found.recall).toBeGreaterThanOrEqual(recall);
  });

  it.each([
    ['tuned', 1, 0.95],
    ['heldOut', 1, 0.95],
  ] as const)('is told to complain as well as docs/metrics.md says: %s', async (set, precision, recall) => {
    const texts = [...FIXTURE.complaint[set], ...FIXTURE.fine[set]];
    const found = measure(
      await told(
        'trino',
        complaint,
        texts.map((text) => [text]),
      ),
      texts.map((_, at) => at < FIXTURE.complaint[set].length),
    );
    expect(found.precision).toBeGreaterThanOrEqual(precision);
    expect(found.recall).toBeGreaterThanOrEqual(recall);
  });

  it('is told alike in both spellings of SQL, and by the words of meaning counted by hand', async () => {
    const texts = [
      ...[...Object.values(FIXTURE.complaint), ...Object.values(FIXTURE.fine)].flat(),
      ...[...Object.values(FIXTURE.again), ...Object.values(FIXTURE.other)].flat(2),
      ...ODD,
    ].map((text) => [text]);
    expect(await told('duckdb', complaint, texts)).toEqual(await told('trino', complaint, texts));
    const words = (await told('duckdb', (dialect) => meant(dialect, 'a'), texts)) as string[];
    expect(await told('trino', (dialect) => meant(dialect, 'a'), texts)).toEqual(words);

    const pairs = texts.map(([text], at): [string, string] => [text as string, texts[(at * 7 + 1) % texts.length]?.[0] as string]);
    const labelled = [...Object.values(FIXTURE.again), ...Object.values(FIXTURE.other)].flat() as [string, string][];
    const all = [...pairs, ...labelled];
    const found = await told('trino', again, all);
    expect(await told('duckdb', again, all)).toEqual(found);
    const wordsOf = new Map(texts.map(([text], at) => [text as string, new Set(words[at]?.split(' '))]));
    const counted = all.map(([a, b]) => {
      const [first, second] = [wordsOf.get(a) ?? new Set(), wordsOf.get(b) ?? new Set()];
      return areAlike([...first].filter((word) => second.has(word)).length, first.size, second.size);
    });
    expect(found).toEqual(counted);
  });
});
