import { rm } from 'node:fs/promises';
import { messageOf } from '../errors.js';
import { dataFile, datesIn, tableFolder } from '../lake/layout.js';
import { globbed, literal } from '../sources/shape.js';
import type { Store, Table } from '../types.js';
import { fileColumns } from './fingerprint.js';
import { isConflict } from './manifest.js';
import { checkedOut, damaged, narrow, writeParquet } from './parquet.js';
import type { Session } from './session.js';

/** Rejects with the name of a damaged file, where one of those that could not be read is; else with `error`. */
export async function unreadable(session: Session, paths: readonly string[], error: unknown): Promise<never> {
  for (const path of paths) await readThrough(session, path);
  throw error;
}

/** The same for whatever of the lake's tables a run has read. */
export async function unreadableTable(session: Session, enriched: Store, tables: readonly Table[], error: unknown): Promise<never> {
  // What DuckDB says of bytes that it cannot decode; of other failures no file is to blame, and to read all of them may take long.
  if (/^Invalid (?:Input )?Error/.test(messageOf(error))) {
    for (const table of tables) {
      for (const date of await datesIn(enriched, tableFolder(table.name))) {
        const there = await checkedOut(enriched, table, date);
        if (there) await readThrough(session, there.path);
      }
    }
  }
  throw error;
}

/** Decodes every value of a file. Throws LAKE_UNAVAILABLE for one that is damaged, as far as its format can tell. */
async function readThrough(session: Session, path: string): Promise<void> {
  try {
    await session.rows(`SELECT max(hash(part)) FROM read_parquet(${literal(globbed(path))}, hive_partitioning = false) AS part`);
  } catch (error) {
    throw damaged(path, error);
  }
}

/**
 * Removes those of a table's files that are damaged; where other runs `share` the lake, a file of no rows takes the place of such a one, unless
 * another run was faster. Only for tables of which every row is about to be read from raw again.
 */
export async function clearDamaged(
  session: Session,
  enriched: Store,
  table: Table,
  dates: readonly string[],
  shared: boolean,
): Promise<void> {
  for (const date of dates) {
    const there = await checkedOut(enriched, table, date);
    if (!there || (await isWhole(session, there.path))) continue;
    const key = dataFile(table.name, date);
    if (shared) await putEmpty(session, enriched, table, key, there.etag);
    else await enriched.remove(key);
  }
}

const isWhole = (session: Session, path: string): Promise<boolean> =>
  readThrough(session, path).then(
    () => true,
    () => false,
  );

async function putEmpty(session: Session, enriched: Store, table: Table, key: string, etag: string): Promise<void> {
  const columns = fileColumns(table).map(({ name, type }) => `CAST(NULL AS ${type}) AS "${name}"`);
  const path = await enriched.temporary('.parquet');
  await writeParquet(session, table, narrow(table, `(SELECT ${columns.join(', ')} WHERE false)`, 'file'), path, 0);
  try {
    await enriched.put(key, path, { ifMatch: etag });
  } catch (error) {
    await rm(path, { force: true });
    if (!isConflict(error)) throw error;
  }
}
