import { fromJson, literal, structType } from '../sources/shape.js';
import type { Shape, SourceModel, Table } from '../types.js';
import type { Zone } from '../zone.js';
import { fileColumns } from './fingerprint.js';

/**
 * From declared columns to SQL. A day's raw lines are staged once into `staged` (one row a line); `lines` is that with a
 * row id; each table's units are a relation over `lines`.
 *
 * Two readers fill `staged`, with the same columns. The fast one lets DuckDB's JSON reader fill the shape and refuses a
 * file with any line the shape does not describe; the careful one has each line as text and can always say what became of it.
 */

const LINE_KEYS: Shape = { _received_at: 'BIGINT', _line: 'BIGINT' };
const shapeOf = (source: SourceModel): Shape => ({ ...LINE_KEYS, ...source.shape });

export const pathList = (paths: readonly string[]) => `[${paths.map(literal).join(', ')}]`;

/** The staged columns of a relation that has the keys of the shape. */
function staging(source: SourceModel, from: string, careful: boolean): string {
  const columns = source.stage.map(({ name, sql, careful: other }) => `${(careful ? other : undefined) ?? sql} AS ${name}`);
  return `SELECT _file, _line, _received_at, ${columns.join(', ')} FROM ${from}`;
}

/**
 * Staged rows of `paths`, whose position in the list plus `base` is the file's number: files of one object a line, or of
 * one object each. Throws on any line that is not JSON of this shape.
 */
export function fastStaging(source: SourceModel, paths: readonly string[], base: number, kind: 'lines' | 'object'): string {
  const columns = Object.entries(shapeOf(source)).map(([key, node]) => `${literal(key)}: ${literal(structType(node))}`);
  const format = kind === 'lines' ? 'newline_delimited' : 'unstructured';
  const read = `read_json(${pathList(paths)}, format = '${format}', maximum_object_size = 8388608, columns = {${columns.join(', ')}})`;
  return staging(source, `(SELECT *, CAST(file_index AS BIGINT) + ${base} AS _file FROM ${read})`, false);
}

/** No rows, with the columns of the other two. */
export function emptyStaging(source: SourceModel): string {
  const columns = Object.entries(shapeOf(source)).map(([key, node]) => `CAST(NULL AS ${structType(node)}) AS "${key}"`);
  return `${staging(source, `(SELECT 0::BIGINT AS _file, ${columns.join(', ')})`, false)} LIMIT 0`;
}

/** The relation of `texts` files (see normalise.ts): `_file`, `_line` (position), `line` (text). */
export const textLines = (paths: readonly string[]): string =>
  `read_csv(${pathList(paths)}, columns = {'_file': 'BIGINT', '_line': 'BIGINT', 'line': 'VARCHAR'}, delim = E'\\x01', quote = '', escape = '',
    header = false, auto_detect = false, max_line_size = 67108864, buffer_size = 134217728, new_line = '\\n')`;

/** Staged rows of the valid lines of the relation `texts`. */
export const carefulStaging = (source: SourceModel, texts: string): string =>
  staging(
    source,
    `(SELECT _file, line, _position AS _line, p.* EXCLUDE (_line) FROM (
      SELECT _file, _line AS _position, CAST(line AS JSON) AS line, ${fromJson('line', shapeOf(source))} AS p
      FROM ${texts} WHERE json_valid(line) AND json_type(line) = 'OBJECT'))`,
    true,
  );

/** One row a unit, with the table's columns, `received_at`, `_file`, `raw_line` and `id` as `_id`. Types are cast explicitly. */
export function units(table: Table, id: string): string {
  const columns = table.columns.map(({ name, type, sql }) => `CAST(${sql} AS ${type}) AS "${name}"`);
  return `SELECT ${columns.join(', ')}, _received_at AS received_at, _file, _line AS raw_line, ${id} AS _id FROM ${table.from}`;
}

/** Seconds that a partition name can hold: 1970 to 9999. */
const DATABLE = 'BETWEEN 0 AND 253402214400';

/** Conditions that keep a unit from becoming a row, with the name of what is wrong. */
function faults(table: Table): { name: string; sql: string }[] {
  const missing = table.required.map((name) => ({ name, sql: `"${name}" IS NULL` }));
  return table.time === undefined ? missing : [...missing, { name: table.time, sql: `"${table.time}" NOT ${DATABLE}` }];
}

/** True for a unit that cannot become a row. */
export const incomplete = (table: Table): string =>
  faults(table)
    .map(({ sql }) => `(${sql}) IS TRUE`)
    .join(' OR ');

/** Reason for the quarantine of an incomplete unit. */
export const reasonOf = (table: Table): string =>
  `'missing or impossible: ' || concat_ws(', ', ${faults(table)
    .map(({ name, sql }) => `CASE WHEN ${sql} THEN ${literal(`${table.name}.${name}`)} END`)
    .join(', ')})`;

/** The partition that a row belongs to: the day it was sent, or that of its arrival (milliseconds) where nothing tells. */
export function partitionOf(table: Table, zone: Zone, arrived: string, day: string, row = ''): string {
  const byArrival = dateIn(zone, `(${arrived} // 1000)`, day);
  return table.time === undefined
    ? byArrival
    : `CASE WHEN ${row}"${table.time}" IS NULL THEN ${byArrival} ELSE ${dateIn(zone, `${row}"${table.time}"`, day)} END`;
}

/**
 * The calendar date, in the zone, of an expression of epoch seconds. Where the zone keeps one offset around `day`, plain
 * arithmetic answers for the weeks around it and ICU for the rest.
 */
export function dateIn(zone: Zone, seconds: string, day: string): string {
  const arithmetic = (offset: number) => `(DATE '1970-01-01' + CAST(floor((${seconds} + ${offset}) / 86400) AS INTEGER))`;
  if (/^[+-]/.test(zone.name)) return arithmetic(zone.offsetAt(0));
  const icu = `CAST(timezone(${literal(zone.name)}, to_timestamp(${seconds})) AS DATE)`;
  const start = zone.startOf(day) - 40 * 86_400;
  const end = zone.startOf(day) + 3 * 86_400;
  const offset = zone.offsetAt(start);
  for (let at = start; at <= end; at += 6 * 3600) if (zone.offsetAt(at) !== offset) return icu;
  return `CASE WHEN ${seconds} BETWEEN ${start} AND ${end} THEN ${arithmetic(offset)} ELSE ${icu} END`;
}

/** What a row says, apart from how it came here, as JSON text without NULLs. Equal text, equal content. */
export function contentOf(table: Table): string {
  const told = fileColumns(table).filter(({ name }) => !table.provenance.includes(name));
  return `CAST(json_merge_patch('{}', to_json({${told.map(({ name }) => `'${name}': "${name}"`).join(', ')}})) AS VARCHAR)`;
}

export const columnNames = (table: Table): string =>
  fileColumns(table)
    .map(({ name }) => `"${name}"`)
    .join(', ');
