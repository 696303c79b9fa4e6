import { unpacked } from '../sources/pack.js';
import { fromJson, globbed, literal, structType, withoutNulls } from '../sources/shape.js';
import type { Reading, Shape, SourceModel, Table } from '../types.js';
import { LATEST, type Zone } from '../zone.js';
import { fileColumns } from './fingerprint.js';

/**
 * From declared columns to SQL. A day's raw lines are staged, one row a line: by the source's quick reading, for the
 * lines it describes; the others by the full reading, which can always say what became of a line. Each table's units are
 * a relation over staged lines.
 */

const LINE_KEYS: Shape = { _received_at: 'BIGINT', _line: 'BIGINT' };

export const pathList = (paths: readonly string[]) => `[${paths.map((path) => literal(globbed(path))).join(', ')}]`;

/** A line's number among those of all files of a run: file and line in one. */
const ID = '_file * 68719476736 + coalesce(_line, 1)';

/** An arrival that dates a row; what cannot is none. */
const ARRIVAL = `CASE WHEN _received_at BETWEEN 0 AND ${LATEST * 1000} THEN _received_at END`;

const list = (expressions: Readonly<Record<string, string>>) =>
  Object.entries(expressions)
    .map(([name, sql]) => `${sql} AS "${name}"`)
    .join(', ');

/** Staged lines: `plain` tells which reading staged one, `rest` is what the quick reading leaves of a line to the full one. */
function select({ layers = [], stage }: Reading, plain: string, rest: string, from: string): string {
  const layered = layers.reduce((relation, layer) => `(SELECT *, ${list(layer)} FROM ${relation})`, from);
  return `SELECT _file, _line, ${ARRIVAL} AS _received_at, (${plain}) IS TRUE AS plain, CAST(${rest} AS VARCHAR) AS rest, ${list(stage)} FROM ${layered}`;
}

/** Files that are read together; the file at position n of `paths` has number `base` + n, but for `gathered` ones, whose lines tell it. */
export interface FileRun {
  readonly paths: readonly string[];
  readonly base: number;
  /** One object a line, one object in each file, or what `gather.ts` made. */
  readonly kind: 'lines' | 'object' | 'gathered';
}

/** Every line of a run of files. Rows that are not `plain` stand for lines to be read in full. Throws on a line that is not JSON of the shape. */
export function quickLines({ quick }: SourceModel, { paths, base, kind }: FileRun): string {
  const keys: Shape = kind === 'gathered' ? { _file: 'BIGINT', ...LINE_KEYS } : LINE_KEYS;
  const columns = Object.entries({ ...keys, ...quick.shape }).map(([key, node]) => `${literal(key)}: ${literal(structType(node))}`);
  const format = kind === 'object' ? 'unstructured' : 'newline_delimited';
  const read = `read_json(${pathList(paths)}, format = '${format}', maximum_object_size = 8388608, columns = {${columns.join(', ')}})`;
  // Only the raw log's own numbers are numbers: an object alone in its file is its first line, whatever it says.
  const numbered = {
    lines: `*, CAST(file_index AS BIGINT) + ${base} AS _file`,
    object: `* REPLACE (CAST(1 AS BIGINT) AS _line), CAST(file_index AS BIGINT) + ${base} AS _file`,
    gathered: '*',
  };
  return select(quick, quick.plain, quick.rest ?? 'NULL', `(SELECT ${numbered[kind]} FROM ${read})`);
}

/** No rows, with the columns of staged lines. */
export function noLines({ quick }: SourceModel): string {
  const columns = Object.entries({ ...LINE_KEYS, ...quick.shape }).map(([key, node]) => `CAST(NULL AS ${structType(node)}) AS "${key}"`);
  return `${select(quick, 'true', 'NULL', `(SELECT 0::BIGINT AS _file, ${columns.join(', ')})`)} LIMIT 0`;
}

/** The text of a line as it was received: what the raw log put in front would make two deliveries of one thing differ. */
const BARE = `regexp_replace(line, '^\\{"_received_at":[0-9]+,"_line":[0-9]+,?', '{')`;

/** Those lines of the relation `texts` (`_file`, `_line`, `line`) that are JSON objects, as JSON in `line`, with `_received_at`. */
export const objects = (texts: string): string =>
  `(SELECT _file, _line, ${fromJson('line', { _received_at: 'BIGINT' })}._received_at AS _received_at, CAST(${BARE} AS JSON) AS line
    FROM ${texts} WHERE json_valid(line) AND json_type(line) = 'OBJECT')`;

/** The full reading of the relation `lines` (`_file`, `_line`, `_received_at`, and `line`, a JSON object). */
export const fullLines = ({ full }: SourceModel, lines: string): string =>
  select(
    full,
    'false',
    'NULL',
    `(SELECT _file, _line, _received_at, line, p.* FROM (SELECT *, ${fromJson('line', full.shape)} AS p FROM ${lines}))`,
  );

const NUMBER = `TRY_CAST(split_part(split_part(line[:96], '"_line":', 2), ',', 1).rtrim('}') AS BIGINT)`;

/** Text of every line of raw log files, which are numbered as in `quickLines`: `{"_received_at":<13 digits>,"_line":<n>,...`. */
export const numberedLines = ({ paths, base }: FileRun): string =>
  `(SELECT file_index + ${base} AS _file, ${NUMBER} AS _line, line
    FROM read_csv(${pathList(paths)}, columns = {'line': 'VARCHAR'}, delim = E'\\x01', ${TEXT_FILE}) WHERE line IS NOT NULL)`;

/** Text of files of one object each, on one line. */
export const wholeFiles = ({ paths }: FileRun): string =>
  `(SELECT _file, 1 AS _line, regexp_replace(content, '[\\r\\n]+', ' ', 'g') AS line FROM read_text(${pathList(paths)}) JOIN files ON path = filename)`;

/** What `gather.ts` puts in front of a line: the number of its file, and for an object alone in its file that it is the first line. */
export const GATHERED = '^\\{"_file":([0-9]+)(?:,"_line":1)?,?';

/** Text of gathered lines, as they were. */
export const gatheredLines = ({ paths }: FileRun): string =>
  `(SELECT TRY_CAST(regexp_extract(line, ${literal(GATHERED)}, 1) AS BIGINT) AS _file, ${NUMBER} AS _line, regexp_replace(line, ${literal(GATHERED)}, '{') AS line
    FROM read_csv(${pathList(paths)}, columns = {'line': 'VARCHAR'}, delim = E'\\x01', ${TEXT_FILE}) WHERE line IS NOT NULL)`;

const TEXT_FILE = `quote = '', escape = '', header = false, auto_detect = false, max_line_size = 16777216, buffer_size = 33554432, new_line = '\\n'`;

/** The relation of the text files that a careful reading leaves (see normalise.ts): `_file`, `_line` (position), `line`. */
export const textLines = (paths: readonly string[]): string =>
  `(SELECT * FROM read_csv(${pathList(paths)}, columns = {'_file': 'BIGINT', '_line': 'BIGINT', 'line': 'VARCHAR'}, delim = E'\\x01', ${TEXT_FILE}))`;

/**
 * One row a unit, with the table's columns, cast explicitly, `received_at`, `_file` and `raw_line`. Those of a packed
 * table also have `packed` and, as `_id`, the number of their line.
 */
export function units(table: Table, lines: string): string {
  const columns = table.columns.map(({ name, type, sql }) => `CAST(${sql ?? `part."${name}"`} AS ${type}) AS "${name}"`);
  if (table.packed === undefined)
    return `SELECT ${columns.join(', ')}, _received_at AS received_at, _file, _line AS raw_line FROM ${table.from?.(lines)}`;
  const layered = `(SELECT *, ${unpacked(table, table.packed)} AS part FROM ${lines})`;
  return `SELECT ${columns.join(', ')}, _received_at AS received_at, _file, _line AS raw_line, ${table.packed} AS packed, ${ID} AS _id FROM ${table.from?.(layered)}`;
}

/** Those of the staged lines whose numbers are in the relation `ids` (`_id`). */
export const linesOf = (ids: string): string => `(SELECT * FROM staged SEMI JOIN ${ids} ids ON ids._id = ${ID})`;

/** Seconds that a partition name can hold: 1970 to 9999. */
const DATABLE = `BETWEEN 0 AND ${LATEST}`;

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
 * arithmetic answers for the weeks around it and ICU for the rest. NULL for seconds that no partition name can hold.
 */
export function dateIn(zone: Zone, seconds: string, day: string): string {
  const arithmetic = (offset: number) => `(DATE '1970-01-01' + CAST(floor((${seconds} + ${offset}) / 86400) AS INTEGER))`;
  if (/^[+-]/.test(zone.name)) return `CASE WHEN ${seconds} ${DATABLE} THEN ${arithmetic(zone.offsetAt(0))} END`;
  const icu = `CASE WHEN ${seconds} ${DATABLE} THEN CAST(timezone(${literal(zone.name)}, to_timestamp(${seconds})) AS DATE) END`;
  const start = zone.startOf(day) - 40 * 86_400;
  const end = zone.startOf(day) + 3 * 86_400;
  const offset = zone.offsetAt(start);
  for (let at = start; at <= end; at += 6 * 3600) if (zone.offsetAt(at) !== offset) return icu;
  return `CASE WHEN ${seconds} BETWEEN ${start} AND ${end} THEN ${arithmetic(offset)} ELSE ${icu} END`;
}

/** What a row says, apart from how it came here, as JSON text without NULLs. Equal text, equal content. */
export function contentOf(table: Table): string {
  const told = fileColumns(table).filter(({ name }) => !table.provenance.includes(name));
  return withoutNulls(told.map(({ name }) => [name, `"${name}"`]));
}

export const columnNames = (table: Table): string =>
  fileColumns(table)
    .map(({ name }) => `"${name}"`)
    .join(', ');
