import { datesIn, tableFolder } from '../lake/layout.js';
import { literal } from '../sources/shape.js';
import type { Table } from '../types.js';
import { columnNames, incomplete, partitionOf } from './compile.js';
import type { MergeContext } from './context.js';
import { judge } from './judge.js';
import { type Marks, planMarks } from './marks.js';
import { fileRows, filesRows, type LocalFile, localFiles, narrow } from './parquet.js';
import { QUARANTINE } from './quarantine.js';
import { type Fates, NO_FATES } from './fates.js';
import type { Session } from './session.js';
import { leaveOutTwins } from './twins.js';
import { unitsOf } from './units.js';

/**
 * Merges the units of a table into its partitions: one row a key, at its newest version. Rows of one key and version
 * with the same content are one row, whose origin is the earliest arrival. The result does not depend on the order or
 * the grouping in which units come.
 *
 * Planning names the few rows to leave out; all others pass through with nothing read but their keys.
 */

export interface PartitionPlan {
  readonly date: string;
  /** Relation of the rows that the new file will hold. */
  readonly rows: string;
  /** How many these are: those of the file before, less what leaves, and what comes. */
  readonly count: number;
}

export interface TablePlan {
  readonly table: Table;
  /** Files to write. Those that only lose rows, or whose rows are marked, come last: what took the rows' place is there before they go. */
  readonly partitions: readonly PartitionPlan[];
  /** Units that can become a row of this table. */
  readonly units: number;
  /** Units that are a row of it, after this run or before it already; those of another table that were superseded come here. */
  readonly landed: number;
  readonly duplicates: number;
  /** Newer versions that took an older one's place. */
  readonly replaced: number;
  /** Units of another day than that of their arrival. */
  readonly late: number;
  /** Raw files whose rows gave way to an earlier arrival of the same; their manifests no longer hold. */
  readonly displaced: readonly string[];
  /** The files that all this is based on, by partition; and whether undated rows were looked for in those near. */
  readonly basis: ReadonlyMap<string, LocalFile>;
  readonly undated: boolean;
}

/**
 * Looks at every partition that has units of `table`; rows that newer versions supersede are added to the relation
 * `moved_<target>`. The relation `units_<table>` must exist, and `moved_<table>` where other tables' rows come here.
 */
export async function planTable(context: MergeContext, table: Table): Promise<TablePlan> {
  const { session, date, lines } = context;
  await session.run(`CREATE TEMP ${lines <= FEW ? 'TABLE' : 'VIEW'} new_${table.name} AS ${newRows(context, table)}`);
  const days = await session.rows<{ day: string; all: bigint; units: bigint; counted: bigint; undated: bigint }>(
    `SELECT CAST(context_date AS VARCHAR) AS day, count(*) AS "all", count(*) FILTER (_new >= 0) AS units, count(*) FILTER (counted) AS counted,
        count(*) FILTER (undated) AS undated
      FROM new_${table.name} GROUP BY context_date ORDER BY 1`,
  );
  if (days.length > MANY_DAYS && lines > FEW) await sortByDay(session, table);
  const files = await localFiles(session, context.enriched, table, await partitionsNear(context, table, days));
  const olds = oldRows(context, table, files, new Set(days.map(({ day }) => day)));
  const fates = days.length === 0 ? NO_FATES : await fatesOf(context, table, olds);

  const marks = await planMarks(
    context,
    table,
    days.map(({ day }) => day),
  );
  const unread = marks.days.filter((day) => !files.some(({ date: there }) => there === day));
  files.push(...(await localFiles(session, context.enriched, table, unread)));
  const leaveOut = fates === NO_FATES ? undefined : `fates_${table.name}`;
  const fileOf = new Map(files.map((file) => [file.date, file]));
  const rowsIn = (day: string, added: boolean) => rowsOf(context, table, fileOf.get(day), added ? day : undefined, leaveOut, marks);
  const before = await countRows(context, table, files);
  const countIn = (day: string, coming: number) =>
    (before.get(day) ?? 0) - (fates.losing.get(day) ?? 0) + (coming === 0 ? 0 : coming - (fates.staying.get(day) ?? 0));
  const changed = days.filter(
    ({ day, all }) => Number(all) > (fates.staying.get(day) ?? 0) || fates.losing.has(day) || marks.days.includes(day),
  );
  const losing = [...new Set([...fates.losing.keys(), ...marks.days])].filter((day) => !days.some((one) => one.day === day));
  const units = (rows: typeof days) => rows.reduce((sum, row) => sum + Number(row.units), 0);
  const counted = days.reduce((sum, row) => sum + Number(row.counted), 0);
  return {
    table,
    partitions: [
      ...changed.map(({ day, all }) => ({ date: day, rows: rowsIn(day, true), count: countIn(day, Number(all)) })),
      ...losing.map((day) => ({ date: day, rows: rowsIn(day, false), count: countIn(day, 0) })),
    ],
    units: units(days),
    landed: fates === NO_FATES ? counted : (await coming(session, table)) + fates.known,
    duplicates: fates.duplicates,
    replaced: fates.replaced,
    late: units(days.filter(({ day }) => day !== date)),
    displaced: fates.displaced,
    basis: fileOf,
    undated: days.some(({ undated }) => undated > 0n),
  };
}

/** What becomes of new rows and of those in files now. */
async function fatesOf(context: MergeContext, table: Table, olds: string | undefined): Promise<Fates> {
  const some = (only: string) =>
    context.lines <= FEW ? `FROM new_${table.name} SEMI JOIN ${only} ids ON ids._id = _new` : newRows(context, table, only);
  const decided = await judge(context.session, table, olds, some);
  return leaveOutTwins(context.session, table, olds, decided);
}

/** How many units come in as rows: counted by themselves rather than from what is left out, so that the sums of the manifest can tell an error. */
async function coming(session: Session, { name }: Table): Promise<number> {
  const [row] = await session.rows<{ n: bigint }>(
    `SELECT count(*) AS n FROM (SELECT _new FROM new_${name} WHERE counted) n ANTI JOIN fates_${name} f ON f._new = n._new`,
  );
  return Number(row?.n ?? 0n);
}

/** Lines up to which units are made into rows at once: to plan each statement over what they are made of costs more than a quiet day's rows. */
const FEW = 65_536;

/** Days beyond which units are put in the order of days: each day's file would else look through all of them. */
const MANY_DAYS = 16;

/** An import brings years at once. */
async function sortByDay(session: Session, { name }: Table): Promise<void> {
  await session.run(`CREATE TEMP TABLE sorted_${name} AS SELECT * FROM new_${name} ORDER BY context_date`);
  await session.run(`CREATE OR REPLACE TEMP VIEW new_${name} AS SELECT * FROM sorted_${name}`);
}

/**
 * Units that can become rows, and rows that other tables superseded (`_new` negative): all, or those whose `_new` is in the
 * relation `only` (as `_id`).
 */
function newRows(context: MergeContext, table: Table, only?: string): string {
  const undated = table.time === undefined ? 'false' : `"${table.time}" IS NULL`;
  const names = columnNames(table);
  const units = only === undefined || table.name === QUARANTINE.name ? `units_${table.name}` : `(${unitsOf(context, table, only)})`;
  const packed = table.packed === undefined ? '' : 'packed, ';
  const own = `SELECT ${names}, ${packed}context_date, _file, _id AS _new, true AS counted, ${undated} AS undated FROM ${units} WHERE NOT (${incomplete(table)})`;
  if (!receivesMoved(table)) return own;
  return `${own} UNION ALL SELECT ${names}, ${partitionOf(table, context.zone, 'received_at', context.date)}, NULL, -1 - rowid, counted, ${undated} FROM moved_${table.name}`;
}

/** Whether rows of other tables may come here: the tables of events. */
export const receivesMoved = (table: Table): boolean => table.datedByArrivalFor !== undefined;

/** Partitions whose files may hold rows like the new ones: their own, and for undated events the days of redelivery. */
async function partitionsNear(
  { enriched }: MergeContext,
  table: Table,
  days: readonly { day: string; undated: bigint }[],
): Promise<string[]> {
  const near = new Set(days.map(({ day }) => day));
  const undated = days.filter((day) => day.undated > 0n && table.time !== undefined);
  if (undated.length > 0) {
    const reach = (table.datedByArrivalFor ?? 0) * 86_400_000;
    for (const there of await datesIn(enriched, tableFolder(table.name))) {
      if (undated.some(({ day }) => Math.abs(Date.parse(there) - Date.parse(day)) <= reach)) near.add(there);
    }
  }
  return [...near].sort();
}

/** Rows of each partition's file now, without those to be forgotten. */
async function countRows({ session, forget }: MergeContext, table: Table, files: readonly LocalFile[]): Promise<Map<string, number>> {
  if (files.length === 0) return new Map();
  const counts = await session.rows<{ day: string; n: bigint }>(
    `SELECT CAST(_home AS VARCHAR) AS day, count(*) AS n FROM ${filesRows(table, files, forget)} GROUP BY _home`,
  );
  return new Map(counts.map(({ day, n }) => [day, Number(n)]));
}

/** Relation of the rows in files now: `_home` and `_old` name one. Of files that get no new rows, only the undated. */
function oldRows({ forget }: MergeContext, table: Table, files: readonly LocalFile[], days: ReadonlySet<string>): string | undefined {
  const undated = table.time === undefined ? 'false' : `"${table.time}" IS NULL`;
  const own = files.filter(({ date }) => days.has(date));
  const others = files.filter(({ date }) => !days.has(date));
  const views = [
    ...(own.length === 0 ? [] : [`SELECT *, ${undated} AS undated FROM ${filesRows(table, own, forget)}`]),
    ...(others.length === 0 ? [] : [`SELECT *, ${undated} AS undated FROM ${filesRows(table, others, forget)} WHERE ${undated}`]),
  ];
  return views.length === 0 ? undefined : `(${views.join(' UNION ALL ')})`;
}

/** Rows of a partition's new file, as `writeParquet` takes them: those of its file now and the new ones of `added`, without those that leave. */
function rowsOf(
  { forget }: MergeContext,
  table: Table,
  file: LocalFile | undefined,
  added: string | undefined,
  fates: string | undefined,
  marks: Marks,
): string {
  const without = (which: string) => (fates === undefined ? '' : `ANTI JOIN ${fates} f ON ${which}`);
  const parts: string[] = [];
  if (file)
    parts.push(
      narrow(
        table,
        marks.apply(`${fileRows(table, file, forget(table, file.date))} o ${without('f._home = o._home AND f._old = o._old')}`, false),
        'file',
      ),
    );
  if (added !== undefined)
    parts.push(
      narrow(
        table,
        marks.apply(
          `(SELECT * FROM new_${table.name} WHERE context_date = DATE ${literal(added)}) n ${without('f._new = n._new')}`,
          table.packed !== undefined,
        ),
        'new',
      ),
    );
  return parts.join(' UNION ALL ');
}
