import type { SourceModel, Store, Table } from '../types.js';
import type { Zone } from '../zone.js';
import { carefulStaging, emptyStaging, fastStaging, incomplete, partitionOf, pathList, reasonOf, textLines, units } from './compile.js';
import { literal } from '../sources/shape.js';
import { QUARANTINE } from './quarantine.js';
import type { FileRecord } from './manifest.js';
import { chunkedWriter, extentOf, readCarefully, removeAll, slice } from './normalise.js';
import type { Input } from './plan.js';
import type { Session } from './session.js';

/**
 * Reads raw files into temporary relations of the session, for one source and arrival day:
 *
 *   files      one row a file: `_file`, `raw_file`, `arrived` (milliseconds, for lines that do not tell)
 *   staged     one row a line, columns of the source model
 *   rejects    what cannot become a row
 *   units_<t>  one row a unit of table t, with every column of its file, `context_date`, `_id`
 */
export interface Staged {
  readonly records: readonly FileRecord[];
  /** Lines read now. */
  readonly lines: number;
}

interface Prepared {
  readonly input: Input;
  readonly path: string;
  readonly end: number;
  readonly torn: boolean;
}

/** In this order, so that the files of a kind have numbers in a row. */
const KINDS = ['lines', 'object', 'rejected'] as const;
const CHUNK = 32 * 1024 * 1024;
const REJECT_COLUMNS = `{'_file': 'BIGINT', '_line': 'BIGINT', '_received_at': 'BIGINT', 'reason': 'VARCHAR', 'payload': 'VARCHAR'}`;

export interface StageOptions {
  readonly session: Session;
  readonly raw: Store;
  readonly source: SourceModel;
  readonly zone: Zone;
  readonly date: string;
  readonly inputs: readonly Input[];
  /** A path for a temporary file; the caller removes what is left. */
  readonly temporary: (suffix: string) => Promise<string>;
}

export async function stageDay(options: StageOptions): Promise<Staged> {
  const { session, source } = options;
  const prepared: Prepared[] = [];
  for (const kind of KINDS) for (const input of options.inputs) if (input.kind === kind) prepared.push(await prepare(options, input));
  await createFiles(options, prepared);
  await session.run(`CREATE TEMP TABLE staged AS ${emptyStaging(source)}`);
  await session.run(`CREATE TEMP TABLE rejects AS SELECT * FROM (SELECT NULL::BIGINT _file, NULL::BIGINT _line, NULL::BIGINT _received_at, '' AS reason, '' AS payload) LIMIT 0`);

  const suspects = await readFast(options, prepared);
  await createUnits(options);
  for (const file of await incompleteFiles(options)) suspects.add(file);
  let texts: string[] = [];
  if (suspects.size > 0) {
    await session.run(`DELETE FROM staged WHERE _file IN (${[...suspects].join(', ')})`);
    texts = await readCarefullyInto(options, prepared, [...suspects].sort((a, b) => a - b));
    await dropUnits(options);
    await createUnits(options);
  }
  await createQuarantine(options, texts);
  await removeAll(texts);
  return records(options, prepared);
}

/** The part of the file to read, as a local file whose every line is finished. */
async function prepare({ raw, temporary }: StageOptions, input: Input): Promise<Prepared> {
  const local = await raw.local(input.object.key);
  if (input.kind === 'object') return { input, path: local, end: input.object.size, torn: false };
  const { end, torn } = await extentOf(local, input.from);
  if (input.from === 0 && end === input.object.size) return { input, path: local, end, torn };
  const path = await temporary('.ndjson');
  await slice(local, input.from, end, path);
  return { input, path, end, torn };
}

async function createFiles({ session, zone, date, temporary }: StageOptions, prepared: readonly Prepared[]): Promise<void> {
  const writer = chunkedWriter(() => temporary('.files'), CHUNK);
  for (const [index, { input }] of prepared.entries()) {
    const name = input.object.key.slice(input.object.key.lastIndexOf('/') + 1);
    await writer.add(`${JSON.stringify({ _file: index, raw_file: input.object.key, arrived: arrivalOf(name) ?? zone.startOf(date) * 1000 })}\n`);
  }
  const paths = await writer.finish();
  await session.run(
    `CREATE TEMP TABLE files AS SELECT * FROM ${
      paths.length === 0
        ? '(SELECT NULL::BIGINT AS _file, NULL::VARCHAR AS raw_file, NULL::BIGINT AS arrived) WHERE false'
        : `read_json(${pathList(paths)}, format = 'newline_delimited', columns = {'_file': 'BIGINT', 'raw_file': 'VARCHAR', 'arrived': 'BIGINT'})`
    }`,
  );
  await removeAll(paths);
}

/** Milliseconds that an older layout's file name tells: an epoch in seconds (with a fraction) or milliseconds. */
function arrivalOf(name: string): number | undefined {
  const epoch = /^(\d{13}|\d{10}(?:\.\d+)?)(?!\d)/.exec(name)?.[1];
  if (epoch === undefined) return undefined;
  return epoch.length === 13 && !epoch.includes('.') ? Number(epoch) : Math.floor(Number(epoch) * 1000);
}

/** Reads what DuckDB's JSON reader can read alone; returns the numbers of the files that need a careful reading. */
async function readFast(options: StageOptions, prepared: readonly Prepared[]): Promise<Set<number>> {
  const { session, source } = options;
  const suspects = new Set<number>();
  const numbered = prepared.map((file, index) => ({ ...file, index }));
  numbered.filter(({ input }) => input.kind === 'rejected').forEach(({ index }) => suspects.add(index));
  for (const kind of ['lines', 'object'] as const) {
    const group = numbered.filter(({ input }) => input.kind === kind);
    if (group.length === 0) continue;
    const insert = (files: typeof group) =>
      session.run(`INSERT INTO staged ${fastStaging(source, files.map(({ path }) => path), files[0]?.index ?? 0, kind)}`);
    try {
      await insert(group);
    } catch {
      await session.run(`DELETE FROM staged WHERE _file IN (${group.map(({ index }) => index).join(', ')})`);
      for (const file of group.length > 64 ? [] : group) await insert([file]).catch(() => undefined);
    }
  }
  const seen = await session.rows<{ file: bigint; lines: bigint; numbered: bigint; first: bigint | null; last: bigint | null; odd: bigint }>(
    `SELECT _file AS file, count(*) AS lines, count(_line) AS numbered, min(_line) AS first, max(_line) AS last,
      count(*) FILTER (WHERE (${source.understood}) IS NOT TRUE) AS odd FROM staged GROUP BY _file`,
  );
  const byFile = new Map(seen.map((row) => [Number(row.file), row]));
  for (const { index, input, end } of numbered) {
    const row = byFile.get(index);
    const whole =
      row === undefined
        ? end === input.from
        : row.odd === 0n &&
          (input.kind === 'object'
            ? row.lines === 1n
            : row.numbered === row.lines && row.first === BigInt(input.firstLine) && row.last === BigInt(input.firstLine) + row.lines - 1n);
    if (!whole) suspects.add(index);
  }
  return suspects;
}

/** Units relations of every table, on top of `lines`. */
async function createUnits({ session, source, zone, date }: StageOptions): Promise<void> {
  await session.run(`CREATE TEMP VIEW lines AS SELECT *, rowid AS _id FROM staged`);
  for (const { name, sql } of source.derived) await session.run(`CREATE TEMP TABLE ${name} AS ${sql}`);
  for (const table of source.tables) {
    if (table.from === undefined) continue;
    await session.run(
      table.perLine ? `CREATE TEMP VIEW found_${table.name} AS ${units(table, '_id')}` : `CREATE TEMP TABLE found_${table.name} AS ${units(table, 'NULL')}`,
    );
    const arrived = 'coalesce(u.received_at, f.arrived)';
    await session.run(
      `CREATE TEMP VIEW units_${table.name} AS SELECT ${table.columns.map(({ name }) => `u."${name}"`).join(', ')}, ${arrived} AS received_at, f.raw_file,
        coalesce(u.raw_line, 1) AS raw_line, u._file, ${table.perLine ? 'u._id' : 'u.rowid'} AS _id,
        ${partitionOf(table, zone, arrived, date, 'u.')} AS context_date
      FROM found_${table.name} u JOIN files f USING (_file)`,
    );
  }
}

async function dropUnits({ session, source }: StageOptions): Promise<void> {
  for (const table of source.tables.filter(({ from }) => from !== undefined)) {
    await session.run(`DROP VIEW units_${table.name}`);
    await session.run(`DROP ${table.perLine ? 'VIEW' : 'TABLE'} found_${table.name}`);
  }
  for (const { name } of source.derived.toReversed()) await session.run(`DROP TABLE ${name}`);
  await session.run('DROP VIEW lines');
}

const filled = (source: SourceModel): Table[] => source.tables.filter(({ from }) => from !== undefined);

async function incompleteFiles({ session, source }: StageOptions): Promise<number[]> {
  const found = filled(source).map((table) => `SELECT DISTINCT _file FROM found_${table.name} WHERE ${incomplete(table)}`);
  const rows = await session.rows<{ _file: bigint }>(found.join(' UNION '));
  return rows.map((row) => Number(row._file));
}

/** Reads files line by line; returns the text files it left for the quarantine to look into. */
async function readCarefullyInto(options: StageOptions, prepared: readonly Prepared[], files: readonly number[]): Promise<string[]> {
  const { session, source, temporary } = options;
  const texts = chunkedWriter(() => temporary('.texts'), CHUNK);
  const rejects = chunkedWriter(() => temporary('.rejects'), CHUNK);
  for (const index of files) {
    const { input, path } = prepared[index] as Prepared;
    for await (const found of readCarefully(path, input.kind, index, input.firstLine)) {
      if ('text' in found) await texts.add(`${found.file}\u0001${found.line}\u0001${found.text}\n`);
      else await rejects.add(`${JSON.stringify(found)}\n`);
    }
  }
  const paths = await texts.finish();
  for (const path of paths) {
    await session.run(`CREATE OR REPLACE TEMP TABLE texts AS SELECT * FROM ${textLines([path])}`);
    await session.run(`INSERT INTO staged ${carefulStaging(source, 'texts')}`);
    await session.run(
      `INSERT INTO rejects SELECT _file, _line, NULL, CASE WHEN json_valid(line) THEN 'not_an_object' ELSE 'invalid_json' END, line
        FROM texts WHERE NOT json_valid(line) OR json_type(line) <> 'OBJECT'`,
    );
    await session.run('DROP TABLE texts');
  }
  const rejected = await rejects.finish();
  if (rejected.length > 0) {
    await session.run(
      `INSERT INTO rejects SELECT * FROM read_json(${pathList(rejected)}, format = 'newline_delimited', maximum_object_size = 67108864, columns = ${REJECT_COLUMNS})`,
    );
    await removeAll(rejected);
  }
  return paths;
}

/** Units relation of the quarantine: rejects, and the lines of units that lack what a row needs. */
async function createQuarantine({ session, source, date }: StageOptions, texts: readonly string[]): Promise<void> {
  for (const table of filled(source)) {
    await session.run(`CREATE TEMP TABLE bad AS SELECT _file, raw_line AS _line, received_at, ${reasonOf(table)} AS reason FROM found_${table.name} WHERE ${incomplete(table)}`);
    if (texts.length > 0) {
      await session.run(
        `INSERT INTO rejects SELECT bad._file, bad._line, bad.received_at, bad.reason, t.line FROM bad LEFT JOIN ${textLines(texts)} t ON t._file = bad._file AND t._line = bad._line`,
      );
    }
    await session.run('DROP TABLE bad');
  }
  await session.run(
    `CREATE TEMP VIEW units_${QUARANTINE.name} AS SELECT ${literal(source.name)} AS source, r.reason, r.payload, coalesce(r._received_at, f.arrived) AS received_at,
      f.raw_file, r._line AS raw_line, r._file, r.rowid AS _id, DATE ${literal(date)} AS context_date FROM rejects r JOIN files f USING (_file)`,
  );
}

async function records({ session }: StageOptions, prepared: readonly Prepared[]): Promise<Staged> {
  const counted = await session.rows<{ file: bigint; lines: bigint; last: bigint }>(
    `SELECT _file AS file, count(DISTINCT _line) AS lines, max(_line) AS last FROM (
      SELECT _file, coalesce(_line, 1) AS _line FROM staged UNION ALL SELECT _file, _line FROM rejects) GROUP BY _file`,
  );
  const byFile = new Map(counted.map((row) => [Number(row.file), row]));
  const found = prepared.map(({ input, end, torn }, index): FileRecord => {
    const row = byFile.get(index);
    return {
      name: input.object.key,
      size: input.object.size,
      etag: input.object.etag,
      read: end,
      lines: input.linesBefore + Number(row?.lines ?? 0),
      next: Math.max(input.firstLine, Number(row?.last ?? 0) + 1),
      torn: torn ? 1 : 0,
    };
  });
  return { records: found, lines: counted.reduce((sum, { lines }) => sum + Number(lines), 0) };
}

