import { ChatlakeError } from '../errors.js';
import { LAKE_FILE } from '../lake/layout.js';
import type { Store, Table } from '../types.js';
import { columnsFingerprint } from './fingerprint.js';
import { inPlaceOf, isConflict } from './manifest.js';

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
  /** Runs that have begun it, each by the time it did and a word of its own. */
  readonly runs?: readonly string[];
}

/** Stands for a damaged record: nobody can tell the zone, so only a rebuild may write. */
const UNREADABLE: LakeFile = { timezone: 'a zone that its _lake.json no longer tells', columns: {} };

export const readLakeFile = async (enriched: Store): Promise<LakeFile | undefined> => (await findLakeFile(enriched)).lake;

async function findLakeFile(enriched: Store): Promise<{ lake: LakeFile | undefined; etag: string | undefined }> {
  try {
    const { bytes, etag } = await enriched.get(LAKE_FILE);
    return { lake: parsed(new TextDecoder().decode(bytes)), etag };
  } catch (error) {
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return { lake: undefined, etag: undefined };
    throw error;
  }
}

function parsed(text: string): LakeFile {
  try {
    const found = JSON.parse(text) as Partial<LakeFile> | null;
    return typeof found?.timezone === 'string' && typeof found.columns === 'object' ? (found as LakeFile) : UNREADABLE;
  } catch {
    return UNREADABLE;
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
  await changeLakeFile(enriched, (found) => {
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
    const runs = [...new Set([...(found?.rebuilding?.runs ?? []), ...(rebuilding?.runs ?? [])])];
    const next = rebuilding ?? found?.rebuilding;
    return { timezone, columns, ...(next ? { rebuilding: { ...next, runs } } : {}) };
  });
}

/**
 * Records that the rebuild of `runs` is over; `anew` when it covered every file. A run beside it may have taken out rows that it meant to
 * bring back: while others are recorded, the rebuild is not over for the lake.
 */
export async function settleLake(enriched: Store, tables: readonly Table[], anew: boolean, runs: readonly string[]): Promise<void> {
  await changeLakeFile(enriched, (found) => {
    if (!found) return undefined;
    const columns = anew ? Object.fromEntries(tables.map((table) => [table.name, columnsFingerprint(table)])) : found.columns;
    const left = (found.rebuilding?.runs ?? []).filter((run) => !runs.includes(run));
    const rebuilding = left.length > 0 && found.rebuilding ? { rebuilding: { ...found.rebuilding, runs: left } } : {};
    return { timezone: found.timezone, columns, ...rebuilding };
  });
}

/** Replaces the record by what `next` makes of it, as often as another run is faster. */
async function changeLakeFile(enriched: Store, next: (found: LakeFile | undefined) => LakeFile | undefined): Promise<void> {
  for (;;) {
    const { lake, etag } = await findLakeFile(enriched);
    const wanted = next(lake);
    const text = JSON.stringify(wanted);
    if (wanted === undefined || JSON.stringify(lake) === text) return;
    try {
      return await enriched.write(LAKE_FILE, text, inPlaceOf(etag));
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}
