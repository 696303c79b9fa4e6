import { ChatlakeError } from '../errors.js';
import { dataFile, datesIn, isEnriched, isHidden, tableFolder } from '../lake/layout.js';
import type { SourceModel, Store } from '../types.js';
import { addsUp, type Manifest, readManifest } from './manifest.js';
import { pathList } from './compile.js';
import { unreadable } from './damage.js';
import { arrivalDays, planDay } from './plan.js';
import { QUARANTINE } from './quarantine.js';
import type { Session } from './session.js';

/** One source and arrival day: what its manifest says, beside what is really in the lake. */
export interface DayAudit {
  readonly source: string;
  readonly date: string;
  /** Undefined when no run has read the day. */
  readonly manifest: Manifest | undefined;
  /** Rows in the tables, and in the quarantine, that come from this day's raw files; counted now. */
  readonly rows: number;
  readonly quarantined: number;
  /** Raw files that have something unread. */
  readonly unread: number;
  /** Keys beside them that nobody reads, however often: lines are read from .ndjson, .jsonl and .json. */
  readonly foreign: readonly string[];
  /** What is wrong with the day's sums; empty when they add up. */
  readonly faults: readonly string[];
}

/**
 * Holds every manifest against the raw files and the rows in the tables. A day adds up when every unit of its raw lines
 * is a row, a duplicate or in quarantine, and those rows are there.
 */
export async function audit(session: Session, raw: Store, enriched: Store, sources: readonly SourceModel[]): Promise<DayAudit[]> {
  const audits: DayAudit[] = [];
  for (const source of sources) {
    const rows = await countRows(
      session,
      enriched,
      source.tables.map(({ name }) => name),
      source.name,
    );
    const quarantined = await countRows(session, enriched, [QUARANTINE.name], source.name);
    for (const date of new Set([...(await arrivalDays(raw, source.name)), ...rows.keys()].sort())) {
      const manifest = await readManifest(enriched, source.name, date);
      const { inputs, foreign } = await planDay(raw, source.name, date, manifest);
      const day = {
        source: source.name,
        date,
        manifest,
        rows: rows.get(date) ?? 0,
        quarantined: quarantined.get(date) ?? 0,
        unread: inputs.length,
        foreign,
      };
      audits.push({ ...day, faults: faultsOf(day) });
    }
  }
  return audits;
}

/** Keys in the folders of tables that the ETL did not write. It reads none of them; Athena, Trino and their kind read all, and count their rows too. */
export async function strangers(enriched: Store, sources: readonly SourceModel[]): Promise<string[]> {
  const keys: string[] = [];
  for (const { name } of [...sources.flatMap(({ tables }) => tables), QUARANTINE]) {
    for await (const { key } of enriched.list(tableFolder(name))) if (!isEnriched(key) && !isHidden(key)) keys.push(key);
  }
  return keys;
}

function faultsOf({ manifest, rows, quarantined }: Omit<DayAudit, 'faults'>): string[] {
  if (!manifest) return rows > 0 ? [`${rows} rows, but no record of the day`] : [];
  return [
    ...(addsUp(manifest)
      ? []
      : [
          `${manifest.units} units are not ${manifest.rows} rows + ${manifest.duplicates} duplicates + ${manifest.quarantined} quarantined`,
        ]),
    ...(manifest.rows === rows ? [] : [`${manifest.rows} rows recorded, ${rows} in the tables`]),
    ...(manifest.quarantined === quarantined ? [] : [`${manifest.quarantined} quarantined recorded, ${quarantined} in the table`]),
  ];
}

async function localIfThere(enriched: Store, key: string): Promise<string | undefined> {
  try {
    return await enriched.local(key);
  } catch (error) {
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Rows by the arrival day of their raw file. */
async function countRows(session: Session, enriched: Store, tables: readonly string[], source: string): Promise<Map<string, number>> {
  const paths: string[] = [];
  for (const table of tables) {
    for (const date of await datesIn(enriched, tableFolder(table))) {
      const path = await localIfThere(enriched, dataFile(table, date));
      if (path !== undefined) paths.push(path);
    }
  }
  if (paths.length === 0) return new Map();
  const counting = session.rows<{ date: string; n: bigint }>(
    `SELECT regexp_extract(raw_file, '^(?:_rejected/)?${source}/context_date=([^/]+)/', 1) AS date, sum(n)::BIGINT AS n
      FROM (SELECT raw_file, count(*) AS n FROM read_parquet(${pathList(paths)}, union_by_name = true) GROUP BY raw_file) GROUP BY 1`,
  );
  const rows = await counting.catch((error: unknown) => unreadable(session, paths, error));
  return new Map(rows.filter(({ date }) => date !== '').map(({ date, n }) => [date, Number(n)]));
}
