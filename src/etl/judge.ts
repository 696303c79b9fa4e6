import type { Table } from '../types.js';
import { columnNames, contentOf } from './compile.js';
import { type Fates, NO_FATES } from './fates.js';
import type { Session } from './session.js';

const keyOf = (table: Table) => table.key.map((name) => `"${name}"`);
const same = (a: string, b: string, names: readonly string[]) =>
  names.map((name) => `${a}.${name} IS NOT DISTINCT FROM ${b}.${name}`).join(' AND ');

/** Rows of the relation `new_<table>` whose numbers are in the relation `only` (`_id`). */
type NewRows = (only: string) => string;

/** Contested keys that are decided at once: windows over rows hold them in memory, and a day may come twice whole. */
const PORTION = 32_768;

/**
 * Decides about the rows that share a key: which is the newest version, which say the same. `olds` are the rows in files now; the new ones
 * are the relation `new_<table>`, and `newRows` are those of them whose numbers are in a relation (`_id`).
 *
 * Makes `fates_<table>`: the rows to leave out, by `_new` or by `_home` and `_old`; and adds superseded rows to the relation of the table
 * that takes them. Rows are judged by little: most by a digest of what they say, and only those that move are read again.
 */
export async function judge(session: Session, table: Table, olds: string | undefined, newRows: NewRows): Promise<Fates> {
  const keys = await contest(session, table, olds);
  if (keys === 0) return NO_FATES;
  await gatherRivals(session, table, olds, newRows);
  await session.run(
    `CREATE TEMP TABLE judged AS SELECT day, _new, _old, counted, raw_file, CAST(NULL AS VARCHAR) AS fate FROM rivals LIMIT 0`,
  );
  for (let from = 0; from < keys; from += PORTION) await decide(session, table, from);
  await session.run(
    `CREATE TEMP TABLE fates_${table.name} AS SELECT _new, CASE WHEN _new IS NULL THEN day END AS _home, _old FROM judged WHERE fate <> 'kept'`,
  );
  await moveSuperseded(session, table, olds, newRows);
  const fates = await summary(session);
  await session.run('DROP TABLE contested; DROP TABLE rivals; DROP TABLE judged');
  return fates;
}

/** Makes `contested`: the keys that more than one row has. Dated rows meet within a day, undated ones wherever they are. Returns how many. */
async function contest(session: Session, table: Table, olds: string | undefined): Promise<number> {
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
  return Number(contested?.n ?? 0n);
}

/**
 * Makes `rivals`: the rows of contested keys, by the number of their key in `contest`; with their versions and, in `told`, what they say:
 * a digest, which tells whether two say the same, or where rows of one version do not, the text, whose order decides between them.
 */
async function gatherRivals(session: Session, table: Table, olds: string | undefined, newRows: NewRows): Promise<void> {
  const key = [...keyOf(table), 'slot'];
  const slot = 'CASE WHEN NOT undated THEN context_date END AS slot';
  await session.run(
    `CREATE TEMP TABLE picked AS SELECT _new AS _id FROM (SELECT ${keyOf(table).join(', ')}, ${slot}, _new FROM new_${table.name}) n SEMI JOIN contested k ON ${same('n', 'k', key)}`,
  );
  const names = columnNames(table);
  const news = `SELECT ${names}, ${slot}, context_date AS day, _new, counted, CAST(NULL AS BIGINT) AS _old FROM (${newRows('picked')})`;
  const rows =
    olds === undefined
      ? news
      : `${news} UNION ALL SELECT ${names}, CASE WHEN NOT undated THEN _home END, _home, NULL, false, _old FROM ${olds}`;
  const judgedBy = [
    ...(table.version ?? []).map((sql, index) => `${sql} AS ${versionsOf(table)[index]}`),
    ...(table.copies
      ? [`(${table.copies.when}) IS TRUE AS is_copy`, `${digest(`CAST(to_json([${table.copies.same.join(', ')}]) AS VARCHAR)`)} AS alike`]
      : []),
  ];
  const rivals = (told: string, of: string) =>
    `SELECT contest, day, _new, _old, counted, received_at, raw_file, raw_line, ${[`${told} AS told`, ...judgedBy].join(', ')}
      FROM (SELECT k.contest, r.* FROM (${rows}) r JOIN (SELECT *, rowid AS contest FROM contested ${of}) k ON ${same('r', 'k', key)})`;
  await session.run(`CREATE TEMP TABLE rivals AS ${rivals(digest(contentOf(table)), '')}`);

  const version = ['contest', ...versionsOf(table)].join(', ');
  await session.run(
    `CREATE TEMP TABLE tied AS SELECT DISTINCT contest FROM (SELECT contest FROM rivals GROUP BY ${version} HAVING min(told) <> max(told))`,
  );
  const [tied] = await session.rows<{ n: bigint }>('SELECT count(*) AS n FROM tied');
  if (tied !== undefined && tied.n > 0n) {
    await session.run('DELETE FROM rivals WHERE contest IN (FROM tied)');
    await session.run(`INSERT INTO rivals BY NAME ${rivals(`encode(${contentOf(table)})`, 'WHERE rowid IN (FROM tied)')}`);
  }
  await session.run('DROP TABLE tied; DROP TABLE picked');
}

const versionsOf = (table: Table): string[] => (table.version ?? []).map((_, index) => `_v${index}`);

/** Equal digest, equal text. */
const digest = (text: string): string => `unhex(sha256(${text}))`;

/** Adds the rows of the contested keys from number `from` on to `judged`, each with its fate. */
async function decide(session: Session, table: Table, from: number): Promise<void> {
  const versions = versionsOf(table);
  const group = ['contest', ...versions, 'told'].join(', ');
  const copy = table.copies ? 'is_copy, ' : '';
  // The first of each group stays: the earliest arrival. An old row comes before a new reading of the same line.
  const ranked = `SELECT *, row_number() OVER g = 1 AS canonical,
      first_value(raw_file) OVER g AS file0, first_value(raw_line) OVER g AS line0, first_value(_new) OVER g AS new0,
      row_number() OVER (PARTITION BY ${group}, raw_file, raw_line, _new IS NULL ORDER BY _new) AS nth
    FROM ${likened(table, versions, `(FROM rivals WHERE contest BETWEEN ${from} AND ${from + PORTION - 1})`)}
    WINDOW g AS (PARTITION BY ${group} ORDER BY ${copy}received_at, raw_file, raw_line, _new IS NOT NULL, _new)`;
  const newest = table.version
    ? `row_number() OVER (PARTITION BY contest ORDER BY NOT canonical, ${[...versions, 'told'].map((name) => `${name} DESC`).join(', ')}) = 1`
    : 'true';
  await session.run(
    `INSERT INTO judged SELECT day, _new, _old, counted, raw_file, CASE
        WHEN canonical AND newest THEN 'kept'
        WHEN canonical THEN 'superseded'
        WHEN _new IS NULL THEN 'displaced'
        WHEN new0 IS NULL AND raw_file IS NOT DISTINCT FROM file0 AND raw_line IS NOT DISTINCT FROM line0 AND nth = 1 THEN 'known'
        ELSE 'duplicate' END AS fate
      FROM (SELECT *, ${newest} AS newest FROM (${ranked}))`,
  );
}

/** Rivals; a copy says what the row says that it is a copy of, in its version (see `Table.copies`), so that both are one. */
function likened({ copies }: Table, versions: readonly string[], rivals: string): string {
  if (!copies) return rivals;
  const told = [...versions, 'told'];
  const alike = 'OVER (PARTITION BY contest, alike)';
  const all = `{${told.map((name) => `'${name}': ${name}`).join(', ')}}`;
  const like = `CASE WHEN is_copy THEN coalesce(max(${all}) FILTER (NOT is_copy) ${alike}, max(${all}) ${alike}) ELSE ${all} END`;
  return `(SELECT * EXCLUDE (_like, alike, ${told.join(', ')}), ${told.map((name) => `_like.${name} AS ${name}`).join(', ')}
    FROM (SELECT *, ${like} AS _like FROM ${rivals}))`;
}

async function moveSuperseded(session: Session, table: Table, olds: string | undefined, newRows: NewRows): Promise<void> {
  if (!table.superseded) return;
  await session.run(`CREATE TEMP TABLE moving AS SELECT day, _new AS _id, _old, counted FROM judged WHERE fate = 'superseded'`);
  const [moving] = await session.rows<{ n: bigint }>('SELECT count(*) AS n FROM moving');
  if (moving !== undefined && moving.n > 0n) {
    const names = columnNames(table);
    const news = `SELECT ${names}, counted FROM (${newRows('moving')}) n SEMI JOIN moving m ON m._id = n._new`;
    const rows =
      olds === undefined
        ? news
        : `${news} UNION ALL SELECT ${names}, false FROM ${olds} o SEMI JOIN moving m ON m._id IS NULL AND m.day = o._home AND m._old = o._old`;
    const columns = {
      ...table.superseded.select,
      received_at: 'received_at',
      raw_file: 'raw_file',
      raw_line: 'raw_line',
      counted: 'counted',
    };
    const list = Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`);
    await session.run(
      `INSERT INTO moved_${table.superseded.table} BY NAME SELECT ${list.join(', ')} FROM (SELECT *, ${contentOf(table)} AS content FROM (${rows}))`,
    );
  }
  await session.run('DROP TABLE moving');
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
