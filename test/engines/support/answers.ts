import type { QueryEngine } from '../../../src/types.js';
import { rowsOf } from '../../query/lake.js';

/** What a statement gave: the columns' names, and the rows as text, in an order of their own. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

/** A value as every engine writes it: shares and averages to nine digits. */
const alike = (value: unknown): unknown => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value);

/** Some rows of many, and no word on which: only how many there are is the same everywhere. */
const anyRows = (sql: string): boolean => /\blimit\b/i.test(sql) && !/\border\s+by\b/i.test(sql);

/** Rows are compared as a bag: SQL leaves open which of equal ones comes first. The columns of `without` are left out. */
export async function answerOf(engine: QueryEngine, sql: string, without: ReadonlySet<string> = new Set()): Promise<Answer> {
  const result = await engine.run(sql);
  const kept = result.columns.flatMap(({ name }, at) => (without.has(name) ? [] : [{ name, at }]));
  const rows = (await rowsOf(result)).map((row) =>
    JSON.stringify(
      kept.map(({ at }) => alike(row[at])),
      (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
    ),
  );
  return { columns: kept.map(({ name }) => name), rows: anyRows(sql) ? rows.map(() => 'a row') : rows.sort() };
}
