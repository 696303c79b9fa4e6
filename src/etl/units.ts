import { literal } from '../sources/shape.js';
import type { SourceModel, Table } from '../types.js';
import type { Zone } from '../zone.js';
import { type FileRun, incomplete, linesOf, partitionOf, reasonOf, textLines, units } from './compile.js';
import { ARRIVED_OF, RAW_FILE_OF } from './files.js';
import { QUARANTINE } from './quarantine.js';
import type { Session } from './session.js';
import { filesOf, findTexts } from './texts.js';

/**
 * From staged lines to the units of each table: `units_<table>`, one row a unit with every column of its file,
 * `context_date`, and `_id`, its number in this session. A packed table's units have `packed` too.
 */
export interface UnitsContext {
  readonly session: Session;
  readonly source: SourceModel;
  readonly zone: Zone;
  /** Arrival day of the lines. */
  readonly date: string;
}

const filled = (source: SourceModel): Table[] => source.tables.filter(({ from }) => from !== undefined);

/** Makes the units relations of the source's tables. */
export async function createUnits(context: UnitsContext): Promise<void> {
  const { session, source } = context;
  for (const { name, sql } of source.derived) await session.run(`CREATE TEMP TABLE ${name} AS ${sql}`);
  for (const table of filled(source)) {
    if (table.packed === undefined) await session.run(`CREATE TEMP TABLE found_${table.name} AS ${units(table, 'staged')}`);
    await session.run(`CREATE TEMP VIEW units_${table.name} AS ${unitsOf(context, table)}`);
  }
}

/** The units of a table as a SELECT: all, or those whose numbers are in the relation `only` (`_id`). */
export function unitsOf({ zone, date }: Pick<UnitsContext, 'zone' | 'date'>, table: Table, only?: string): string {
  const arrived = `coalesce(u.received_at, ${ARRIVED_OF('u._file')})`;
  const columns = [...table.columns.map(({ name }) => `u."${name}"`), ...(table.packed === undefined ? [] : ['u.packed'])];
  const pick = only === undefined ? '' : `SEMI JOIN ${only} ids USING (_id)`;
  const found =
    table.packed === undefined
      ? `(SELECT * FROM (SELECT *, rowid AS _id FROM found_${table.name}) ${pick})`
      : `(${units(table, only === undefined ? 'staged' : linesOf(only))})`;
  return `SELECT ${columns.join(', ')}, ${arrived} AS received_at, ${RAW_FILE_OF('u._file')} AS raw_file, coalesce(u.raw_line, 1) AS raw_line, u._file, u._id,
      ${partitionOf(table, zone, arrived, date, 'u.')} AS context_date
    FROM ${found} u`;
}

/** What a day puts into quarantine. */
export interface Quarantined {
  /** Rows; without any, there is no units relation. */
  readonly rows: number;
  /** Files in which lines were not found again. */
  readonly unfound: readonly number[];
}

/** Units relation of the quarantine: rejects, and the lines of units that lack what a row needs. */
export async function createQuarantine(
  { session, source, date }: UnitsContext,
  runs: readonly FileRun[],
  chunks: readonly string[],
): Promise<Quarantined> {
  const bad = filled(source).map(
    (table) =>
      `SELECT _file, coalesce(raw_line, 1) AS _line, received_at, ${reasonOf(table)} AS reason FROM ${table.packed === undefined ? `found_${table.name}` : `(${units(table, 'staged')})`} WHERE ${incomplete(table)}`,
  );
  await session.run(`CREATE TEMP TABLE bad AS SELECT _file, _line, received_at, reason || CASE WHEN nth > 1 THEN ' (' || nth || ')' ELSE '' END AS reason
      FROM (SELECT *, row_number() OVER (PARTITION BY _file, _line, reason) AS nth FROM (${bad.join(' UNION ALL ')}))`);
  const [some] = await session.rows<{ n: bigint }>('SELECT count(*) AS n FROM bad');
  let unfound: number[] = [];
  if (some && some.n > 0n) {
    await findTexts(session, 'bad', runs);
    if (chunks.length > 0) await session.run(`INSERT INTO texts SELECT _file, _line, line FROM ${textLines(chunks)}`);
    await session.run(
      `INSERT INTO rejects SELECT b._file, b._line, b.received_at, b.reason, t.line FROM bad b JOIN texts t USING (_file, _line)`,
    );
    unfound = await filesOf(session, `bad r ANTI JOIN texts t USING (_file, _line)`);
  }
  await session.run('DROP TABLE bad');
  const [rejects] = await session.rows<{ n: bigint }>('SELECT count(*) AS n FROM rejects');
  const rows = Number(rejects?.n ?? 0);
  if (rows === 0) return { rows, unfound };
  await session.run(
    `CREATE TEMP TABLE quarantined AS SELECT ${literal(source.name)} AS source, reason, payload, coalesce(_received_at, ${ARRIVED_OF('_file')}) AS received_at,
      ${RAW_FILE_OF('_file')} AS raw_file, _line AS raw_line, _file, rowid AS _id, DATE ${literal(date)} AS context_date FROM rejects`,
  );
  await session.run(`CREATE TEMP VIEW units_${QUARANTINE.name} AS SELECT * FROM quarantined`);
  return { rows, unfound };
}
