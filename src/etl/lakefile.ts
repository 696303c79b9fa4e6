import { ChatlakeError } from '../errors.js';
import { LAKE_FILE } from '../lake/layout.js';
import type { Store, Table } from '../types.js';
import { columnsFingerprint } from './fingerprint.js';

/** What the enriched lake was built with. */
export interface LakeFile {
  readonly timezone: string;
  /** Fingerprint of the columns that all files of a table have; `mixed` when some were written under others. */
  readonly columns: Readonly<Record<string, string>>;
  /** A rebuild that has begun and not finished: the next run takes it up again. */
  readonly rebuilding?: Rebuilding;
}

export interface Rebuilding {
  readonly sources: readonly string[];
  /** Arrival days, inclusive; undefined = all. */
  readonly from?: string;
  readonly to?: string;
}

/** Stands for a damaged record: nobody can tell the zone, so only a rebuild may write. */
const UNREADABLE: LakeFile = { timezone: 'a zone that its _lake.json no longer tells', columns: {} };

export async function readLakeFile(enriched: Store): Promise<LakeFile | undefined> {
  try {
    const found = JSON.parse(new TextDecoder().decode(await enriched.read(LAKE_FILE))) as Partial<LakeFile> | null;
    return typeof found?.timezone === 'string' && typeof found.columns === 'object' ? (found as LakeFile) : UNREADABLE;
  } catch (error) {
    if (error instanceof SyntaxError) return UNREADABLE;
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Sees to it that the lake is of `timezone`, and marks tables whose files were written under other columns. `anew` says
 * that every file is about to be written again. Returns what is recorded now.
 * Throws LAKE_MISMATCH for a lake of another zone, unless it is being made anew.
 */
export async function claimLake(
  enriched: Store,
  timezone: string,
  tables: readonly Table[],
  rebuilding: Rebuilding | undefined,
  anew: boolean,
): Promise<void> {
  const found = await readLakeFile(enriched);
  if (found && found.timezone !== timezone && !anew) {
    throw new ChatlakeError(
      'LAKE_MISMATCH',
      `${enriched.url} was built in ${found.timezone}; CHATLAKE_TIMEZONE is ${timezone}. Set it back, or rebuild every day with: chatlake etl --rebuild`,
    );
  }
  const columns: Record<string, string> = {};
  for (const table of tables) {
    const now = columnsFingerprint(table);
    const before = found?.columns[table.name];
    columns[table.name] = before === undefined || before === now ? now : 'mixed';
  }
  await writeLakeFile(enriched, found, { timezone, columns, ...(rebuilding ? { rebuilding } : {}) });
}

/** Records that a rebuild is over; `anew` when it covered every file. */
export async function settleLake(enriched: Store, tables: readonly Table[], anew: boolean): Promise<void> {
  const found = await readLakeFile(enriched);
  if (!found) return;
  const columns = anew ? Object.fromEntries(tables.map((table) => [table.name, columnsFingerprint(table)])) : found.columns;
  await writeLakeFile(enriched, found, { timezone: found.timezone, columns });
}

async function writeLakeFile(enriched: Store, found: LakeFile | undefined, next: LakeFile): Promise<void> {
  const text = JSON.stringify(next);
  if (JSON.stringify(found) !== text) await enriched.write(LAKE_FILE, text);
}
