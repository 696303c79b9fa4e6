import { ChatlakeError } from '../errors.js';
import { dataFile } from '../lake/layout.js';
import { globbed, literal } from '../sources/shape.js';
import { packOf, sparseOf, unpacked } from '../sources/pack.js';
import type { Store, Table } from '../types.js';
import { pathList } from './compile.js';
import { RAW_FILE_OF } from './files.js';
import { fileColumns } from './fingerprint.js';
import type { Session } from './session.js';

/** A partition's file as DuckDB can open it. */
export interface LocalFile {
  /** Partition. */
  readonly date: string;
  readonly path: string;
  /** The version that was read. */
  readonly etag: string;
  /** Names of the columns it has: an older one may lack some. */
  readonly columns: ReadonlySet<string>;
}

/** Arrival days of the rows of a file that `condition` holds for. */
export async function daysOfRows(session: Session, table: Table, file: LocalFile, condition: string): Promise<string[]> {
  const days = await session.rows<{ day: string }>(
    `SELECT DISTINCT regexp_extract(raw_file, '^(?:_rejected/)?[^/]+/context_date=([^/]+)/', 1) AS day
      FROM ${fileRows(table, file, undefined)} WHERE ${condition}`,
  );
  return days.map(({ day }) => day).filter((day) => day !== '');
}

/** The files of those partitions of `dates` that have one. */
export async function localFiles(session: Session, enriched: Store, table: Table, dates: readonly string[]): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  for (const date of dates) {
    const there = await checkedOut(enriched, table, date);
    if (there) files.push({ date, ...there, columns: await columnsIn(session, there.path) });
  }
  return files;
}

/** A partition's file as a local one; undefined where there is none. */
export async function checkedOut(enriched: Store, table: Table, date: string): Promise<{ path: string; etag: string } | undefined> {
  try {
    return await enriched.checkout(dataFile(table.name, date));
  } catch (error) {
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Names of a file's columns. Throws LAKE_UNAVAILABLE for a file that is not Parquet. */
async function columnsIn(session: Session, path: string): Promise<Set<string>> {
  try {
    const found = await session.rows<{ name: string }>(`SELECT name FROM parquet_schema(${literal(globbed(path))})`);
    return new Set(found.map(({ name }) => name));
  } catch (error) {
    throw damaged(path, error);
  }
}

/** No run leaves such a file; a disk may, or somebody's hand. Its rows are in raw, but nobody can tell on which days they arrived. */
export const damaged = (path: string, cause: unknown): ChatlakeError =>
  new ChatlakeError('LAKE_UNAVAILABLE', `${path} cannot be read as Parquet. Write every day again from raw: chatlake etl --rebuild`, {
    cause,
  });

/** Relation of a file's rows in today's columns, without those that `forgotten` holds for: `_home` is its partition, `_old` the row. */
export const fileRows = (table: Table, file: LocalFile, forgotten: string | undefined): string => alikeRows(table, [file], forgotten);

/** The same of any number of files, without the rows that are to be `forget`-ten of each. */
export function filesRows(table: Table, files: readonly LocalFile[], forget: (table: Table, date: string) => string | undefined): string {
  const alike = new Map<string, { readonly files: LocalFile[]; readonly forgotten: string | undefined }>();
  for (const file of files) {
    const forgotten = forget(table, file.date);
    const kind = JSON.stringify([[...file.columns].sort(), forgotten]);
    const group = alike.get(kind);
    if (group) group.files.push(file);
    else alike.set(kind, { files: [file], forgotten });
  }
  return `(${[...alike.values()].map((group) => `FROM ${alikeRows(table, group.files, group.forgotten)}`).join(' UNION ALL ')})`;
}

/** Rows of files with the same columns: to read a thousand as one takes a plan of one, and as much memory. */
function alikeRows(table: Table, files: readonly LocalFile[], forgotten: string | undefined): string {
  const columns = fileColumns(table).map(({ name, type }) =>
    files[0]?.columns.has(name) ? `CAST("${name}" AS ${type}) AS "${name}"` : `CAST(NULL AS ${type}) AS "${name}"`,
  );
  const home =
    files.length === 1
      ? `DATE ${literal(files[0]?.date ?? '')}`
      : `CAST([${files.map(({ date }) => literal(date)).join(', ')}][CAST(file_index AS BIGINT) + 1] AS DATE)`;
  const rows = `SELECT ${columns.join(', ')}, ${home} AS _home, file_row_number AS _old
    FROM read_parquet(${pathList(files.map(({ path }) => path))}, file_row_number = true, hive_partitioning = false)`;
  return forgotten === undefined ? `(${rows})` : `(SELECT * FROM (${rows}) WHERE (${forgotten}) IS NOT TRUE)`;
}

/**
 * Rows of a relation with the table's columns, as `writeParquet` takes them: narrow, since they are sorted so. New ones name their raw file
 * by its number in `_file`, where they have one, and those of a packed table have `packed`.
 */
export function narrow(table: Table, relation: string, from: 'file' | 'new'): string {
  const dense = fileColumns(table)
    .filter((column) => !column.sparse)
    .map(({ name }) => (name === 'raw_file' && from === 'new' ? 'CASE WHEN _file IS NULL THEN raw_file END AS raw_file' : `"${name}"`));
  const file = from === 'new' ? '_file' : 'CAST(NULL AS BIGINT) AS _file';
  const sparse =
    sparseOf(table).length === 0 ? '' : `, ${from === 'new' && table.packed !== undefined ? 'packed' : `${packOf(table)} AS packed`}`;
  return `SELECT ${dense.join(', ')}, ${file}${sparse} FROM ${relation}`;
}

/** Rows of a row group: what a reader can pass over by its smallest and greatest values, and what each thread that writes holds in memory. */
const ROW_GROUP = 40_960;

/**
 * Writes about `count` rows of a table to a local Parquet file: zstd, sorted, every column in its declared type. Sparse columns come
 * packed and are unpacked when rows are sorted: a sorted row would else carry the width of all that it does not have. Resolves with the
 * number of rows.
 *
 * Rows of more than one row group are sorted into a relation first: rows that a file takes in the order in which they come are written by
 * one thread, and wait for memory that others hold. A row group then begins where the one before ends, whichever thread writes it.
 */
export async function writeParquet(session: Session, table: Table, rows: string, path: string, count: number): Promise<number> {
  const order = table.order.map((name) => `"${name}"`).join(', ');
  const ordered = `SELECT * FROM (${rows}) ORDER BY ${order}`;
  if (count <= ROW_GROUP) return copy(session, table, `(${ordered})`, path);
  await session.run(`CREATE TEMP TABLE ordered AS ${ordered}`);
  const written = await copy(session, table, 'ordered', path);
  await session.run('DROP TABLE ordered');
  return written;
}

/** Copies the relation `sorted` to a file, with its columns as the file has them. */
async function copy(session: Session, table: Table, sorted: string, path: string): Promise<number> {
  const from = sparseOf(table).length === 0 ? sorted : `(SELECT * EXCLUDE (packed), ${unpacked(table, 'packed')} AS part FROM ${sorted})`;
  const columns = fileColumns(table).map(({ name, sparse }) => {
    if (name === 'raw_file') return `coalesce(raw_file, ${RAW_FILE_OF('_file')}) AS raw_file`;
    return sparse ? `part."${name}" AS "${name}"` : `"${name}"`;
  });
  const [written] = await session.rows<{ Count: bigint }>(
    `COPY (SELECT ${columns.join(', ')} FROM ${from}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP})`,
  );
  return Number(written?.Count ?? 0);
}
