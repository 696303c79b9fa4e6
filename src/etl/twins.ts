import type { Table } from '../types.js';
import { type Fates, NO_FATES } from './fates.js';
import type { Session } from './session.js';

/**
 * Leaves out rows without an id of the platform's where rows with one say the same (see `Table.twins`), whichever came first: of those
 * equal, the nth goes where there are at least n of the others. So none is lost, and the result depends on neither order nor grouping.
 * `olds` are the rows in files now; adds to `fates_<table>`.
 */
export async function leaveOutTwins(session: Session, table: Table, olds: string | undefined, fates: Fates): Promise<Fates> {
  if (!table.twins) return fates;
  const { when, same, nth } = table.twins;
  const news = `new_${table.name}`;
  const some = [news, ...(olds === undefined ? [] : [olds])].map((rows) => `EXISTS (SELECT 1 FROM ${rows} WHERE ${when})`);
  const [found] = await session.rows<{ some: boolean }>(`SELECT ${some.join(' OR ')} AS "some"`);
  if (!found?.some) return fates;

  const name = `fates_${table.name}`;
  if (fates === NO_FATES)
    await session.run(`CREATE TEMP TABLE ${name} AS SELECT 0::BIGINT AS _new, NULL::DATE AS _home, NULL::BIGINT AS _old LIMIT 0`);
  const equal = same.map((_, index) => `_s${index}`);
  const told = `raw_file, raw_line, (${when}) IS TRUE AS lone, ${nth} AS nth, ${same.map((sql, index) => `${sql} AS _s${index}`).join(', ')}`;
  const rows = [
    `SELECT context_date AS day, n._new, NULL::BIGINT AS _old, counted, ${told} FROM ${news} n ANTI JOIN ${name} f ON f._new = n._new`,
    ...(olds === undefined
      ? []
      : [`SELECT o._home, NULL, o._old, false, ${told} FROM ${olds} o ANTI JOIN ${name} f ON f._home = o._home AND f._old = o._old`]),
  ];
  await session.run(
    `CREATE TEMP TABLE twins AS SELECT day, _new, _old, counted, raw_file, raw_line
      FROM (SELECT *, count(*) FILTER (NOT lone) OVER (PARTITION BY ${['day', ...equal].join(', ')}) AS others
        FROM (${rows.join(' UNION ALL ')}) WHERE ${equal.map((column) => `${column} IS NOT NULL`).join(' AND ')})
      WHERE lone AND nth <= others`,
  );
  const result = await withTwins(session, news, name, fates);
  await session.run(`INSERT INTO ${name} SELECT _new, CASE WHEN _new IS NULL THEN day END, _old FROM twins`);
  await session.run('DROP TABLE twins');
  return result;
}

async function withTwins(session: Session, news: string, name: string, fates: Fates): Promise<Fates> {
  const days = await session.rows<{ day: string; staying: bigint; losing: bigint; duplicates: bigint }>(
    `SELECT CAST(day AS VARCHAR) AS day, count(_new) AS staying, count(_old) AS losing, count(*) FILTER (counted) AS duplicates FROM twins GROUP BY 1`,
  );
  // A line that is read again was known by its row; now it is a duplicate like the row.
  const [known] = await session.rows<{ n: bigint }>(
    `SELECT count(*) AS n FROM ${news} n SEMI JOIN ${name} f ON f._new = n._new
      SEMI JOIN (FROM twins WHERE _old IS NOT NULL) t ON t.raw_file = n.raw_file AND t.raw_line = n.raw_line WHERE n.counted`,
  );
  const displaced = await session.rows<{ raw_file: string }>(
    `SELECT DISTINCT raw_file FROM twins WHERE _old IS NOT NULL AND raw_file IS NOT NULL`,
  );
  const added = (to: ReadonlyMap<string, number>, of: (row: (typeof days)[number]) => bigint) => {
    const sums = new Map(to);
    for (const row of days) if (of(row) > 0n) sums.set(row.day, (sums.get(row.day) ?? 0) + Number(of(row)));
    return sums;
  };
  return {
    staying: added(fates.staying, ({ staying }) => staying),
    losing: added(fates.losing, ({ losing }) => losing),
    duplicates: fates.duplicates + days.reduce((sum, row) => sum + Number(row.duplicates), 0) + Number(known?.n ?? 0n),
    known: fates.known - Number(known?.n ?? 0n),
    replaced: fates.replaced,
    displaced: [...new Set([...fates.displaced, ...displaced.map(({ raw_file }) => raw_file)])],
  };
}
