import type { Store } from '../types.js';
import { isDate } from '../zone.js';

/**
 * Names of everything in the lake. Raw and enriched keys are relative to their own roots.
 *
 *   <raw>/<source>/context_date=YYYY-MM-DD/<epoch-ms>-<writer>-<seq>.ndjson
 *   <raw>/_rejected/<source>/context_date=YYYY-MM-DD/...ndjson
 *   <enriched>/<table>/context_date=YYYY-MM-DD/data.parquet
 *   <enriched>/_manifest/<source>/context_date=YYYY-MM-DD.json
 *   <enriched>/_derived/...   what a machine derived from the tables; may be deleted at any time
 *
 * Names that start with `_` or `.` are not data: every Hive-style reader skips them.
 */
export const REJECTED = '_rejected';

const DATE = /^context_date=(\d{4}-\d{2}-\d{2})\/?$/;

export const partition = (date: string): string => `context_date=${date}`;

/** The date of a partition's folder name, or undefined when it is not one: of a day that no calendar has, nothing could be made. */
export function dateOf(folder: string): string | undefined {
  const date = DATE.exec(folder)?.[1];
  return date !== undefined && isDate(date) ? date : undefined;
}

/** The days that have a folder under `folder`, a table's or a source's, in order. */
export const datesIn = async (store: Store, folder: string): Promise<string[]> =>
  (await store.children(folder)).flatMap((name) => dateOf(name) ?? []);

export const rawFolder = (source: string, date: string): string => `${source}/${partition(date)}/`;
export const rejectedFolder = (source: string, date: string): string => `${REJECTED}/${rawFolder(source, date)}`;

/** `seq` counts the segments of one writer, so that names stay unique when the clock jumps back. */
export const segmentName = (epochMs: number, writer: string, seq: number): string => `${epochMs}-${writer}-${seq}.ndjson`;

export const tableFolder = (table: string): string => `${table}/`;
export const dataFile = (table: string, date: string): string => `${table}/${partition(date)}/data.parquet`;

export const manifestFolder = (source: string): string => `_manifest/${source}/`;
export const manifestFile = (source: string, date: string): string => `${manifestFolder(source)}${partition(date)}.json`;

/** Describes the lake as a whole: time zone and column set it was built with. */
export const LAKE_FILE = '_lake.json';

const ENRICHED =
  /^(?:_lake\.json|_manifest\/[a-z_]{1,64}\/context_date=[\d-]{10}\.json|[a-z_]{1,64}\/context_date=[\d-]{10}\/data\.parquet)$/;

/** Whether a key of the enriched lake is one that the ETL writes: a bucket may hold others. */
export const isEnriched = (key: string): boolean => ENRICHED.test(key);

/** Whether a key is hidden from Hive-style readers. */
export const isHidden = (key: string): boolean => /(?:^|\/)[_.]/.test(key);
