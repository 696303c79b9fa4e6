import { literal } from '../sources/shape.js';
import type { Column, Store, Table } from '../types.js';
import type { Zone } from '../zone.js';
import { ChatlakeError } from '../errors.js';
import { dataFile, dateOf, tableFolder } from '../lake/layout.js';
import { columnNames, contentOf, dateIn, incomplete } from './compile.js';
import { fileColumns } from './fingerprint.js';
import type { Session } from './session.js';

/**
 * Merges the units of a table into its partitions: one row a key, at its newest version. Rows of one key and version
 * with the same content are one row, whose origin is the earliest arrival. The result does not depend on the order or
 * the grouping in which units come.
 *
 * The plan of a partition names the few rows to leave out; everything else passes through unread but for its keys.
 */
export interface MergeContext {
  readonly session: Session;
  readonly enriched: Store;
  readonly zone: Zone;
  /** Arrival day of the units. */
  readonly date: string;
  /** Condition on rows of a partition's file that are to be forgotten, while a lake is rebuilt; undefined = none. */
  readonly forget: (table: Table, partition: string) => string | undefined;
}

export interface PartitionPlan {
  readonly date: string;
  /** Relation of the rows that the new file will hold. */
  readonly rows: string;
}

/** Rows to take out of another day's file, because the same event arrived earlier on a day now read. */
export interface Removal {
  readonly date: string;
  /** Relation of the rows, by the columns of the table's key and origin. */
  readonly gone: string;
}

export interface TablePlan {
  readonly table: Table;
  readonly partitions: readonly PartitionPlan[];
  /** To be done after the partitions are written. */
  readonly removals: readonly Removal[];
  readonly units: number;
  readonly duplicates: number;
  /** Newer versions that took an older one's place. */
  readonly replaced: number;
  /** Units of another day than that of their arrival. */
  readonly late: number;
  /** Raw files whose rows gave way to an earlier arrival of the same; their manifests no longer hold. */
  readonly displaced: readonly string[];
}

/**
 * Looks at every partition that has units of `table`; superseded rows are added to the relation `moved_<target>`.
 * The relation `units_<table>` must exist.
 */
export async function planTable(context: MergeContext, table: Table): Promise<TablePlan> {
  const { session, date } = context;
  await session.run(`CREATE TEMP VIEW new_${table.name} AS ${newRows(context, table)}`);
  const found = await session.rows<{ day: string; units: bigint; counted: bigint }>(
    `SELECT CAST(context_date AS VARCHAR) AS day, count(*) AS units, count(*) FILTER (counted) AS counted FROM new_${table.name} GROUP BY 1 ORDER BY 1`,
  );
  const partitions: PartitionPlan[] = [];
  const removals: Removal[] = [];
  const displaced: string[] = [];
  let duplicates = 0;
  let replaced = 0;
  for (const { day } of found) {
    const outcome = await planPartition(context, table, day);
    if (outcome.rows !== undefined) partitions.push({ date: day, rows: outcome.rows });
    removals.push(...outcome.removals);
    displaced.push(...outcome.displaced);
    duplicates += outcome.duplicates;
    replaced += outcome.replaced;
  }
  const counted = (rows: typeof found) => rows.reduce((sum, row) => sum + Number(row.counted), 0);
  const late = counted(found.filter(({ day }) => day !== date));
  return { table, partitions, removals, units: counted(found), duplicates, replaced, late, displaced: [...new Set(displaced)] };
}

/** Units that can become rows, and rows that other tables superseded: `_new` numbers them. */
function newRows({ zone, date }: MergeContext, table: Table): string {
  const names = columnNames(table);
  const own = `SELECT ${names}, context_date, _id AS _new, true AS counted FROM units_${table.name} WHERE NOT (${incomplete(table)})`;
  const moved = `SELECT ${names}, ${dateIn(zone, `"${table.time}"`, date)} AS context_date, -1 - rowid AS _new, counted FROM moved_${table.name}`;
  return table.datedByArrivalFor === undefined ? own : `${own} UNION ALL ${moved}`;
}

interface Outcome {
  /** Undefined when the file stays as it is. */
  readonly rows: string | undefined;
  readonly removals: readonly Removal[];
  readonly duplicates: number;
  readonly replaced: number;
  readonly displaced: readonly string[];
}

async function planPartition(context: MergeContext, table: Table, day: string): Promise<Outcome> {
  const { session } = context;
  const id = `${table.name}_${day.replaceAll('-', '_')}`;
  const olds = await oldRows(context, table, day, id);
  const news = `(SELECT * FROM new_${table.name} WHERE context_date = DATE ${literal(day)})`;
  const key = table.key.map((name) => `"${name}"`).join(', ');
  const sameKey = table.key.map((name) => `o."${name}" IS NOT DISTINCT FROM n."${name}"`).join(' AND ');
  await session.run(
    `CREATE TEMP TABLE contested AS SELECT ${key} FROM ${news} GROUP BY ${key} HAVING count(*) > 1
      ${olds.all === undefined ? '' : `UNION SELECT ${key} FROM (SELECT DISTINCT ${key} FROM ${news}) n SEMI JOIN ${olds.all} o ON ${sameKey}`}`,
  );
  const [contested] = await session.rows<{ n: bigint }>('SELECT count(*) AS n FROM contested');
  const fates = contested?.n === 0n ? undefined : await decide(context, table, news, olds.all, id);
  await session.run('DROP TABLE contested');
  if (fates === undefined) return { rows: rowsOf(table, olds.own, news, undefined), removals: [], duplicates: 0, replaced: 0, displaced: [] };
  const [all] = await session.rows<{ n: bigint }>(`SELECT count(*) AS n FROM ${news}`);
  const uncontested = Number(all?.n ?? 0n) - fates.considered;
  const changed = uncontested > 0 || fates.kept > 0 || fates.leaving.some(({ home }) => home === day);
  return {
    rows: changed ? rowsOf(table, olds.own, news, `fates_${id}`) : undefined,
    removals: fates.leaving
      .filter(({ home }) => home !== day)
      .map(({ home }) => ({ date: home, gone: `(SELECT * FROM gone_${id} WHERE _home = DATE ${literal(home)})` })),
    duplicates: fates.duplicates,
    replaced: fates.replaced,
    displaced: fates.displaced,
  };
}

/**
 * Relations of the rows that files hold now: of the day itself (`own`), and with the days around it in which the
 * platform may have delivered the same undated event (`all`). `_home` is the day of the file, `_old` the row in it.
 */
async function oldRows(context: MergeContext, table: Table, day: string, id: string): Promise<{ own: string | undefined; all: string | undefined }> {
  const { session, enriched } = context;
  const days = [day];
  if (table.datedByArrivalFor !== undefined) {
    const [undated] = await session.rows<{ n: bigint }>(
      `SELECT count(*) AS n FROM new_${table.name} WHERE context_date = DATE ${literal(day)} AND "${table.time}" IS NULL`,
    );
    if (undated && undated.n > 0n) days.push(...(await daysAround(enriched, table, day)));
  }
  const views: string[] = [];
  let own: string | undefined;
  for (const home of days) {
    const view = await viewOfFile(context, table, home, `old_${id}_${home.replaceAll('-', '_')}`);
    if (view === undefined) continue;
    if (home === day) own = view;
    views.push(home === day ? `SELECT * FROM ${view}` : `SELECT * FROM ${view} WHERE "${table.time}" IS NULL`);
  }
  return { own, all: views.length === 0 ? undefined : `(${views.join(' UNION ALL ')})` };
}

/** A view of a partition's file as it is now, in today's columns; undefined when there is none. */
export async function viewOfFile({ session, enriched, forget }: MergeContext, table: Table, day: string, view: string): Promise<string | undefined> {
  const path = await localFile(enriched, table, day);
  if (path === undefined) return undefined;
  const there = new Set((await session.rows<{ name: string }>(`SELECT name FROM parquet_schema(${literal(path)})`)).map(({ name }) => name));
  const columns = fileColumns(table).map(({ name, type }) => (there.has(name) ? `CAST("${name}" AS ${type}) AS "${name}"` : `CAST(NULL AS ${type}) AS "${name}"`));
  const forgotten = forget(table, day);
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${view} AS SELECT * FROM (
        SELECT ${columns.join(', ')}, DATE ${literal(day)} AS _home, file_row_number AS _old
        FROM read_parquet(${literal(path)}, file_row_number = true, hive_partitioning = false))
      ${forgotten === undefined ? '' : `WHERE (${forgotten}) IS NOT TRUE`}`,
  );
  return view;
}

/** The rows that stay in a file when `removal` is done; undefined when there is no file. */
export async function rowsAfterRemoval(context: MergeContext, table: Table, removal: Removal): Promise<string | undefined> {
  const view = await viewOfFile(context, table, removal.date, `left_${table.name}`);
  if (view === undefined) return undefined;
  const same = [...table.key, 'raw_file', 'raw_line'].map((name) => `o."${name}" IS NOT DISTINCT FROM g."${name}"`).join(' AND ');
  return `SELECT ${columnNames(table)} FROM ${view} o ANTI JOIN ${removal.gone} g ON ${same}`;
}

async function daysAround(enriched: Store, table: Table, day: string): Promise<string[]> {
  const reach = (table.datedByArrivalFor ?? 0) * 86_400_000;
  const there = (await enriched.children(tableFolder(table.name))).map(dateOf).filter((date) => date !== undefined);
  return there.filter((date) => date !== day && Math.abs(Date.parse(date) - Date.parse(day)) <= reach);
}

async function localFile(enriched: Store, table: Table, day: string): Promise<string | undefined> {
  try {
    return await enriched.local(dataFile(table.name, day));
  } catch (error) {
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

interface Fates {
  /** New rows of contested keys, and those of them that stay. */
  readonly considered: number;
  readonly kept: number;
  readonly duplicates: number;
  readonly replaced: number;
  readonly displaced: readonly string[];
  /** Files that lose rows. */
  readonly leaving: readonly { home: string }[];
}

/**
 * Decides about every row of a contested key. Makes `fates_<id>`: the rows to leave out, by `_new` or by `_home` and
 * `_old`; and adds superseded rows to the relation that takes them.
 */
async function decide({ session }: MergeContext, table: Table, news: string, olds: string | undefined, id: string): Promise<Fates> {
  const names = columnNames(table);
  const key = table.key.map((name) => `"${name}"`).join(', ');
  const sameKey = table.key.map((name) => `r."${name}" IS NOT DISTINCT FROM k."${name}"`).join(' AND ');
  const version = (table.version ?? []).map((sql, index) => `${sql} AS _v${index}`);
  const versions = (table.version ?? []).map((_, index) => `_v${index}`);
  const rows = [
    `SELECT ${names}, _new, counted, CAST(NULL AS DATE) AS _home, CAST(NULL AS BIGINT) AS _old FROM ${news}`,
    ...(olds === undefined ? [] : [`SELECT ${names}, NULL, false, _home, _old FROM ${olds}`]),
  ];
  const group = [key, ...versions, 'content'].join(', ');
  await session.run(
    `CREATE TEMP TABLE ranked AS SELECT *,
        first_value(raw_file) OVER g AS _file0, first_value(raw_line) OVER g AS _line0, first_value(_new) OVER g AS _new0,
        row_number() OVER g = 1 AS canonical,
        row_number() OVER (PARTITION BY ${group}, raw_file, raw_line, _new IS NULL ORDER BY _new) AS nth
      FROM (SELECT *, ${[`${contentOf(table)} AS content`, ...version].join(', ')} FROM (${rows.join(' UNION ALL ')}) r SEMI JOIN contested k ON ${sameKey})
      WINDOW g AS (PARTITION BY ${group} ORDER BY received_at, raw_file, raw_line, _new IS NOT NULL, _new)`,
  );
  const newest = table.version
    ? `row_number() OVER (PARTITION BY ${key} ORDER BY NOT canonical, ${[...versions.map((name) => `${name} DESC`), 'content DESC'].join(', ')}) = 1`
    : 'true';
  await session.run(
    `CREATE TEMP TABLE judged AS SELECT *, CASE
        WHEN canonical AND newest THEN 'kept'
        WHEN canonical THEN 'superseded'
        WHEN _new IS NULL THEN 'displaced'
        WHEN raw_file IS NOT DISTINCT FROM _file0 AND raw_line IS NOT DISTINCT FROM _line0 AND _new0 IS NULL AND nth = 1 THEN 'known'
        ELSE 'duplicate' END AS fate
      FROM (SELECT *, ${newest} AS newest FROM ranked)`,
  );
  await session.run(`CREATE TEMP TABLE fates_${id} AS SELECT _new, _home, _old FROM judged WHERE fate <> 'kept'`);
  await session.run(`CREATE TEMP TABLE gone_${id} AS SELECT ${names}, _home FROM judged WHERE fate <> 'kept' AND _home IS NOT NULL`);
  await moveSuperseded(session, table);
  const fates = await summary(session);
  await session.run('DROP TABLE ranked');
  await session.run('DROP TABLE judged');
  return fates;
}

async function moveSuperseded(session: Session, table: Table): Promise<void> {
  const { superseded } = table;
  if (!superseded) return;
  const columns = { ...superseded.select, received_at: 'received_at', raw_file: 'raw_file', raw_line: 'raw_line', counted: 'counted' };
  await session.run(
    `INSERT INTO moved_${superseded.table} BY NAME SELECT ${Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`).join(', ')} FROM judged WHERE fate = 'superseded'`,
  );
}

async function summary(session: Session): Promise<Fates> {
  const [counts] = await session.rows<Record<'considered' | 'kept' | 'duplicates' | 'replaced', bigint>>(
    `SELECT count(_new) AS considered, count(_new) FILTER (fate = 'kept') AS kept,
      count(*) FILTER (counted AND fate = 'duplicate') AS duplicates,
      count(*) FILTER (fate = 'superseded' AND _new IS NULL) AS replaced FROM judged`,
  );
  const displaced = await session.rows<{ raw_file: string }>(`SELECT DISTINCT raw_file FROM judged WHERE fate = 'displaced' AND raw_file IS NOT NULL`);
  const leaving = await session.rows<{ home: string }>(`SELECT DISTINCT CAST(_home AS VARCHAR) AS home FROM judged WHERE _home IS NOT NULL AND fate <> 'kept'`);
  return {
    considered: Number(counts?.considered ?? 0n),
    kept: Number(counts?.kept ?? 0n),
    duplicates: Number(counts?.duplicates ?? 0n),
    replaced: Number(counts?.replaced ?? 0n),
    displaced: displaced.map(({ raw_file }) => raw_file),
    leaving,
  };
}

/** Rows of the new file: the old ones and the added ones, without those whose fate is to leave. */
function rowsOf(table: Table, old: string | undefined, added: string | undefined, fates: string | undefined): string {
  const names = columnNames(table);
  const without = (which: string) => (fates === undefined ? '' : `WHERE NOT EXISTS (SELECT 1 FROM ${fates} f WHERE ${which})`);
  const parts = [
    ...(old === undefined ? [] : [`SELECT ${names} FROM ${old} o ${without('f._home = o._home AND f._old = o._old')}`]),
    ...(added === undefined ? [] : [`SELECT ${names} FROM ${added} n ${without('f._new = n._new')}`]),
  ];
  return parts.join(' UNION ALL ');
}

/**
 * Writes the rows of a partition to a local Parquet file: zstd, sorted, every column in its declared type. Sparse columns
 * are packed into one while sorting: a sorted row would else carry the width of all that it does not have.
 */
export async function writePartition(session: Session, table: Table, rows: string, path: string): Promise<void> {
  const sparse = table.columns.filter((column) => column.sparse);
  const dense = fileColumns(table).filter((column) => !column.sparse);
  const quoted = (columns: readonly Column[]) => columns.map(({ name }) => `"${name}"`).join(', ');
  const packed =
    sparse.length === 0
      ? rows
      : `SELECT ${quoted(dense)}, CASE WHEN ${sparse.map(({ name }) => `"${name}" IS NOT NULL`).join(' OR ')} THEN [{${sparse.map(({ name }) => `'${name}': "${name}"`).join(', ')}}] END AS sparse FROM (${rows})`;
  const columns = fileColumns(table).map((column) => (column.sparse ? `sparse[1]."${column.name}" AS "${column.name}"` : `"${column.name}"`));
  const order = table.order.map((name) => `"${name}"`).join(', ');
  await session.run(
    `COPY (SELECT ${columns.join(', ')} FROM (${packed}) ORDER BY ${order}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
  );
}
