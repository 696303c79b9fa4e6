import { datesIn, tableFolder } from '../lake/layout.js';
import { literal } from '../sources/shape.js';
import type { Table } from '../types.js';
import { addDays } from '../zone.js';
import { incomplete } from './compile.js';
import type { MergeContext } from './context.js';
import { filesRows, localFiles } from './parquet.js';
import type { Session } from './session.js';

/**
 * Marks: what rows of one table tell of rows of another (see `Table.marks`), whichever came first. New rows meet the marks that are
 * known, new marks the rows that are there; so the result does not depend on the order in which they come.
 */
export interface Marks {
  /** Partitions that hold rows which new marks change. */
  readonly days: readonly string[];
  /** Rows of the table with their marks. `packed`: rows whose sparse columns are packed (see `sources/pack.ts`). */
  readonly apply: (rows: string, packed: boolean) => string;
}

const NONE: Marks = { days: [], apply: (rows) => rows };
/** Days before a mark in which its row is looked for first. */
const NEAR = 2;

/** Partitions whose marks are in `marks_<table>`, by session. */
const loaded = new WeakMap<Session, Map<string, Set<string>>>();

/** `days`: partitions that get new rows of `table`, whose relation is `new_<table>`. */
export async function planMarks(context: MergeContext, table: Table, days: readonly string[]): Promise<Marks> {
  const { marks } = table;
  const from = marks && context.tables.find(({ name }) => name === marks.from);
  if (!marks || !from) return NONE;
  const { session } = context;
  const all = `marks_${table.name}`;
  const fresh = `fresh_${table.name}`;
  await session.run(`CREATE TEMP TABLE ${fresh} AS ${marks.told(`(SELECT * FROM units_${from.name} WHERE NOT (${incomplete(from)}))`)}`);
  // Not temporary: it serves every day of the run.
  await session.once(`CREATE TABLE ${all} AS FROM ${fresh} LIMIT 0`);
  await load(context, table, from, days);
  await session.run(`INSERT INTO ${all} FROM ${fresh}`);
  const [count] = await session.rows<{ all: bigint; fresh: bigint }>(
    `SELECT (SELECT count(*) FROM ${all}) AS "all", (SELECT count(*) FROM ${fresh}) AS fresh`,
  );
  if (count?.all === 0n) return NONE;
  for (const [index, on] of marks.on.entries()) {
    const keys = on.map((name) => `"${name}"`).join(', ');
    const told = marks.columns.map((name) => `min("${name}") AS "${name}"`).join(', ');
    await session.run(`CREATE TEMP TABLE ${all}_${index} AS SELECT ${keys}, ${told} FROM ${all} WHERE way = ${index} GROUP BY ${keys}`);
  }
  const touched = count?.fresh === 0n ? [] : await daysTouched(context, table, fresh);
  return { days: touched, apply: (rows, packed) => applied(table, rows, packed) };
}

/** Reads the marks that may be about rows of `days` from the files of the table that tells them: those of the same days and after. */
async function load(context: MergeContext, table: Table, from: Table, days: readonly string[]): Promise<void> {
  const { session, enriched, forget } = context;
  const first = [...days].sort()[0];
  if (first === undefined || !table.marks) return;
  const known = loaded.get(session) ?? new Map<string, Set<string>>();
  loaded.set(session, known);
  const seen = known.get(table.name) ?? new Set<string>();
  known.set(table.name, seen);
  const unread = (await datesIn(enriched, tableFolder(from.name))).filter((date) => date >= first && !seen.has(date));
  const files = await localFiles(session, enriched, from, unread);
  if (files.length > 0) await session.run(`INSERT INTO marks_${table.name} ${table.marks.told(filesRows(from, files, forget))}`);
  for (const date of unread) seen.add(date);
}

const matches = (on: readonly string[], row: string, mark: string) =>
  on.map((name) => `${row}."${name}" IS NOT DISTINCT FROM ${mark}."${name}"`).join(' AND ');

/** Partitions with rows that the marks of the relation `fresh` change: near the marks first, then wherever the rest may be. */
async function daysTouched({ session, enriched, forget, zone }: MergeContext, table: Table, fresh: string): Promise<string[]> {
  const nears = await session.rows<{ near: bigint }>(`SELECT DISTINCT near // 3600 * 3600 AS near FROM ${fresh} WHERE near IS NOT NULL`);
  const near = new Set<string>();
  for (const row of nears) {
    const day = zone.dateAt(Number(row.near));
    for (let back = -1; back <= NEAR; back += 1) near.add(addDays(day, -back));
  }
  const last = [...near].sort().at(-1);
  const there = await datesIn(enriched, tableFolder(table.name));
  const touched = new Set<string>();
  await session.run(`CREATE TEMP TABLE unmet_${table.name} AS FROM ${fresh}`);
  const ways = table.marks?.on ?? [];
  const columns = table.marks?.columns ?? [];
  for (const dates of [
    there.filter((date) => near.has(date)),
    there.filter((date) => !near.has(date) && (last === undefined || date < last)),
  ]) {
    const [unmet] = await session.rows<{ n: bigint }>(`SELECT count(*) AS n FROM unmet_${table.name}`);
    if (unmet?.n === 0n) break;
    const files = await localFiles(session, enriched, table, dates);
    if (files.length === 0) continue;
    const rows = filesRows(table, files, forget);
    for (const [way, on] of ways.entries()) {
      const names = [...new Set([...on, ...columns])].map((name) => `r."${name}" AS "${name}"`).join(', ');
      await session.run(
        `CREATE OR REPLACE TEMP TABLE met AS SELECT ${names}, r._home, ${columns.map((name) => `m."${name}" AS "new_${name}"`).join(', ')}
          FROM ${rows} r JOIN (FROM unmet_${table.name} WHERE way = ${way}) m ON ${matches(on, 'r', 'm')}`,
      );
      const changed = columns.map((name) => `list_min(["${name}", "new_${name}"]) IS DISTINCT FROM "${name}"`).join(' OR ');
      for (const { day } of await session.rows<{ day: string }>(`SELECT DISTINCT CAST(_home AS VARCHAR) AS day FROM met WHERE ${changed}`))
        touched.add(day);
      await session.run(
        `DELETE FROM unmet_${table.name} u WHERE way = ${way} AND EXISTS (SELECT 1 FROM met WHERE ${matches(on, 'met', 'u')})`,
      );
    }
    // What comes with the marks is there to be marked, and need not be looked for.
    for (const [way, on] of ways.entries())
      await session.run(
        `DELETE FROM unmet_${table.name} u WHERE way = ${way} AND EXISTS (SELECT 1 FROM new_${table.name} n WHERE ${matches(on, 'n', 'u')})`,
      );
  }
  return [...touched];
}

function applied(table: Table, rows: string, packed: boolean): string {
  const { on = [], columns = [] } = table.marks ?? {};
  const told = (name: string) => on.map((_, way) => `k${way}."${name}"`);
  const joins = on.map((keys, way) => `LEFT JOIN marks_${table.name}_${way} k${way} ON ${matches(keys, 'r', `k${way}`)}`).join(' ');
  const value = (name: string) => `list_min([r."${name}", ${told(name).join(', ')}])`;
  const some = columns.flatMap(told).map((name) => `${name} IS NOT NULL`);
  const patch = `json_object(${columns.map((name) => `${literal(name)}, ${value(name)}`).join(', ')})`;
  const replaced = packed
    ? [
        `CASE WHEN ${some.join(' OR ')} THEN CAST(json_merge_patch(coalesce(r.packed, '{}'), ${patch}) AS VARCHAR) ELSE r.packed END AS packed`,
      ]
    : columns.map((name) => `${value(name)} AS "${name}"`);
  return `(SELECT r.* REPLACE (${replaced.join(', ')}) FROM (SELECT * FROM ${rows}) r ${joins})`;
}
