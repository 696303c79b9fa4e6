import type { Table } from '../types.js';
import { columnNames, contentOf } from './compile.js';
import { type Fates, NO_FATES } from './fates.js';
import type { Session } from './session.js';

const keyOf = (table: Table) => table.key.map((name) => `"${name}"`);
const same = (a: string, b: string, names: readonly string[]) =>
  names.map((name) => `${a}.${name} IS NOT DISTINCT FROM ${b}.${name}`).join(' AND ');

/**
 * Decides about the rows that share a key: which is the newest version, which say the same. `olds` are the rows in files now; the new ones
 * are the relation `new_<table>`, and `newRows` are those of them whose numbers are in a relation (`_id`).
 */
export async function judge(session: Session, table: Table, olds: string | undefined, newRows: (only: string) => string): Promise<Fates> {
  return (await contest(session, table, olds)) ? decide(session, table, olds, newRows) : NO_FATES;
}

/** Makes `contested`: the keys that more than one row has. Dated rows meet within a day, undated ones wherever they are. False when there is none. */
async function contest(session: Session, table: Table, olds: string | undefined): Promise<boolean> {
  const key = [...keyOf(table), 'slot'];
  const slotted = `(SELECT ${keyOf(table).join(', ')}, CASE WHEN NOT undated THEN context_date END AS slot FROM new_${table.name})`;
  const inFiles = `(SELECT ${keyOf(table).join(', ')}, CASE WHEN NOT undated THEN _home END AS slot FROM ${olds})`;
  // Few keys come twice: their hashes, which are cheap to count, say where to look.
  const hash = `hash(${key.join(', ')})`;
  const twice = `(SELECT ${hash} AS hash FROM ${slotted} GROUP BY 1 HAVING count(*) > 1)`;
  await session.run(
    `CREATE OR REPLACE TEMP TABLE contested AS
      SELECT ${key.join(', ')} FROM ${slotted} n SEMI JOIN ${twice} t ON t.hash = ${hash} GROUP BY ALL HAVING count(*) > 1
      ${olds === undefined ? '' : `UNION SELECT DISTINCT ${key.join(', ')} FROM ${inFiles} o SEMI JOIN ${slotted} n ON ${same('o', 'n', key)}`}`,
  );
  const [contested] = await session.rows<{ n: bigint }>(`SELECT count(*) AS n FROM contested`);
  return contested !== undefined && contested.n > 0n;
}

/**
 * Decides about every row of a contested key. Makes `fates_<table>`: the rows to leave out, by `_new` or by `_home` and
 * `_old`; and adds superseded rows to the relation of the table that takes them.
 */
async function decide(session: Session, table: Table, olds: string | undefined, newRows: (only: string) => string): Promise<Fates> {
  const names = columnNames(table);
  const key = [...keyOf(table), 'slot'];
  const version = (table.version ?? []).map((sql, index) => `${sql} AS _v${index}`);
  const versions = (table.version ?? []).map((_, index) => `_v${index}`);
  const slot = 'CASE WHEN NOT undated THEN context_date END AS slot';
  await session.run(
    `CREATE TEMP TABLE picked AS SELECT _new AS _id FROM (SELECT ${keyOf(table).join(', ')}, ${slot}, _new FROM new_${table.name}) n SEMI JOIN contested k ON ${same('n', 'k', key)}`,
  );
  const news = `SELECT ${names}, ${slot}, context_date AS day, _new, counted, CAST(NULL AS BIGINT) AS _old FROM (${newRows('picked')})`;
  const rows =
    olds === undefined
      ? news
      : `${news} UNION ALL SELECT ${names}, CASE WHEN NOT undated THEN _home END, _home, NULL, false, _old FROM ${olds}`;
  const group = [...key, ...versions, 'content'].join(', ');
  const judgedBy = [`${contentOf(table)} AS content`, ...version].join(', ');
  const copy = table.copies ? 'is_copy, ' : '';
  // The first of each group stays: the earliest arrival. An old row comes before a new reading of the same line.
  await session.run(
    `CREATE TEMP TABLE ranked AS SELECT *, row_number() OVER g = 1 AS canonical,
        first_value(raw_file) OVER g AS file0, first_value(raw_line) OVER g AS line0, first_value(_new) OVER g AS new0,
        row_number() OVER (PARTITION BY ${group}, raw_file, raw_line, _new IS NULL ORDER BY _new) AS nth
      FROM ${likened(table, key, versions, `(SELECT *, ${judgedBy} FROM (${rows}) r SEMI JOIN contested k ON ${same('r', 'k', key)})`)}
      WINDOW g AS (PARTITION BY ${group} ORDER BY ${copy}received_at, raw_file, raw_line, _new IS NOT NULL, _new)`,
  );
  const newest = table.version
    ? `row_number() OVER (PARTITION BY ${key.join(', ')} ORDER BY NOT canonical, ${[...versions.map((name) => `${name} DESC`), 'content DESC'].join(', ')}) = 1`
    : 'true';
  await session.run(
    `CREATE TEMP TABLE judged AS SELECT *, CASE
        WHEN canonical AND newest THEN 'kept'
        WHEN canonical THEN 'superseded'
        WHEN _new IS NULL THEN 'displaced'
        WHEN new0 IS NULL AND raw_file IS NOT DISTINCT FROM file0 AND raw_line IS NOT DISTINCT FROM line0 AND nth = 1 THEN 'known'
        ELSE 'duplicate' END AS fate
      FROM (SELECT *, ${newest} AS newest FROM ranked)`,
  );
  await session.run(
    `CREATE TEMP TABLE fates_${table.name} AS SELECT _new, CASE WHEN _new IS NULL THEN day END AS _home, _old FROM judged WHERE fate <> 'kept'`,
  );
  await moveSuperseded(session, table);
  const fates = await summary(session);
  await session.run('DROP TABLE contested; DROP TABLE ranked; DROP TABLE judged; DROP TABLE picked');
  return fates;
}

/**
 * Rows with their `content` and versions; a copy has those of the row it is a copy of (see `Table.copies`), so that both are one.
 * Adds `is_copy`.
 */
function likened({ copies }: Table, key: readonly string[], versions: readonly string[], rows: string): string {
  if (!copies) return rows;
  const told = [...versions, 'content'];
  const same = copies.same.map((_, index) => `_s${index}`);
  const alike = `OVER (PARTITION BY ${[...key, ...same].join(', ')})`;
  const all = `{${told.map((name) => `'${name}': ${name}`).join(', ')}}`;
  const like = `CASE WHEN is_copy THEN coalesce(max(${all}) FILTER (NOT is_copy) ${alike}, max(${all}) ${alike}) ELSE ${all} END`;
  const marked = `SELECT *, (${copies.when}) IS TRUE AS is_copy, ${copies.same.map((sql, index) => `${sql} AS _s${index}`).join(', ')} FROM ${rows}`;
  return `(SELECT * EXCLUDE (_like, ${[...told, ...same].join(', ')}), ${told.map((name) => `_like.${name} AS ${name}`).join(', ')}
    FROM (SELECT *, ${like} AS _like FROM (${marked})))`;
}

async function moveSuperseded(session: Session, { superseded }: Table): Promise<void> {
  if (!superseded) return;
  const columns = { ...superseded.select, received_at: 'received_at', raw_file: 'raw_file', raw_line: 'raw_line', counted: 'counted' };
  const list = Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`);
  await session.run(`INSERT INTO moved_${superseded.table} BY NAME SELECT ${list.join(', ')} FROM judged WHERE fate = 'superseded'`);
}

async function summary(session: Session): Promise<Fates> {
  const days = await session.rows<{ day: string; staying: bigint; losing: bigint; duplicates: bigint; known: bigint; replaced: bigint }>(
    `SELECT CAST(day AS VARCHAR) AS day, count(_new) FILTER (fate <> 'kept') AS staying, count(_old) FILTER (fate <> 'kept') AS losing,
      count(*) FILTER (counted AND fate = 'duplicate') AS duplicates, count(*) FILTER (counted AND fate = 'known') AS known, count(*) FILTER (fate = 'superseded' AND _new IS NULL) AS replaced
      FROM judged GROUP BY 1`,
  );
  const displaced = await session.rows<{ raw_file: string }>(
    `SELECT DISTINCT raw_file FROM judged WHERE fate = 'displaced' AND raw_file IS NOT NULL`,
  );
  const sum = (of: (row: (typeof days)[number]) => bigint) => days.reduce((total, row) => total + Number(of(row)), 0);
  return {
    staying: new Map(days.map((row) => [row.day, Number(row.staying)])),
    losing: new Map(days.filter((row) => row.losing > 0n).map((row) => [row.day, Number(row.losing)])),
    duplicates: sum((row) => row.duplicates),
    known: sum((row) => row.known),
    replaced: sum((row) => row.replaced),
    displaced: displaced.map(({ raw_file }) => raw_file),
  };
}
