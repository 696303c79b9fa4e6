import { randomUUID } from 'node:crypto';
import { ChatlakeError } from '../errors.js';
import { dateOf, manifestFile, manifestFolder } from '../lake/layout.js';
import type { Condition, Store } from '../types.js';

/** A raw file that an ETL run has read. */
export interface FileRecord {
  /** Key relative to the raw lake. */
  readonly name: string;
  /** Bytes when it was read, and the etag it had. */
  readonly size: number;
  readonly etag: string;
  /** Bytes that were turned into lines; the rest is a torn tail. */
  readonly read: number;
  readonly lines: number;
  /** Number of the line that follows what was read. */
  readonly next: number;
  /** 1 when the file ends in a line that was never finished. */
  readonly torn: number;
}

/** What the raw lines of one source and arrival day became. Sums over every file of the day. */
export interface Tally {
  /** Raw lines, rejected bodies included. */
  readonly lines: number;
  /** Things in them that could become a row: one a line for Telegram, any number for WhatsApp. */
  readonly units: number;
  /** Units that are a row of a table now, or were until a newer version came. */
  readonly rows: number;
  /** Units that said what another one had said. */
  readonly duplicates: number;
  readonly quarantined: number;
  /** Units by the table they were meant for, duplicates included. */
  readonly tables: Readonly<Record<string, number>>;
  /** Rows of a newer version that took the place of an older one. */
  readonly replaced: number;
  /** Units sent on another day than they arrived. */
  readonly late: number;
  readonly torn: number;
  /** Kinds that this version does not know. */
  readonly unknown: Readonly<Record<string, number>>;
}

/**
 * What the ETL did with the raw files of one source and arrival day: a record and a shortcut, never the authority.
 * Without it the same rows come out, only slower.
 */
export interface Manifest extends Tally {
  readonly version: 1;
  readonly source: string;
  readonly context_date: string;
  readonly files: readonly FileRecord[];
  /** Epoch milliseconds of the last arrival; null when there was none. */
  readonly last_received_at: number | null;
  /** Epoch milliseconds. */
  readonly processed_at: number;
}

export const EMPTY_TALLY: Tally = {
  lines: 0,
  units: 0,
  rows: 0,
  duplicates: 0,
  quarantined: 0,
  tables: {},
  replaced: 0,
  late: 0,
  torn: 0,
  unknown: {},
};

const FIELDS = Object.keys(EMPTY_TALLY) as (keyof Tally)[];

/** The sums alone of what may say more, such as a manifest; those of an empty day for none. */
export const tallyOf = (counted: Tally = EMPTY_TALLY): Tally =>
  FIELDS.reduce((tally, field) => ({ ...tally, [field]: counted[field] }), EMPTY_TALLY);

/** Sum of two tallies, field by field. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    lines: a.lines + b.lines,
    units: a.units + b.units,
    rows: a.rows + b.rows,
    duplicates: a.duplicates + b.duplicates,
    quarantined: a.quarantined + b.quarantined,
    tables: addCounts(a.tables, b.tables),
    replaced: a.replaced + b.replaced,
    late: a.late + b.late,
    torn: a.torn + b.torn,
    unknown: addCounts(a.unknown, b.unknown),
  };
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** Whether every unit is accounted for. */
export const addsUp = (tally: Tally): boolean => tally.units === tally.rows + tally.duplicates + tally.quarantined;

/** A day's manifest as found: none where there is none that this version can use. */
export interface FoundManifest {
  readonly manifest: Manifest | undefined;
  /** Of whatever is there, to base a write on; undefined when there is nothing. */
  readonly etag: string | undefined;
}

export async function findManifest(enriched: Store, source: string, date: string): Promise<FoundManifest> {
  const found = await unlessAbsent(enriched.get(manifestFile(source, date)));
  return { manifest: found && parsed(found.bytes), etag: found?.etag };
}

async function unlessAbsent<T>(object: Promise<T>): Promise<T | undefined> {
  try {
    return await object;
  } catch (error) {
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function parsed(bytes: Uint8Array): Manifest | undefined {
  try {
    const manifest = JSON.parse(new TextDecoder().decode(bytes)) as Manifest | null;
    return manifest?.version === 1 && Array.isArray(manifest.files) && typeof manifest.units === 'number' ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** The manifest of a day, or undefined when there is none that this version can use. */
export async function readManifest(enriched: Store, source: string, date: string): Promise<Manifest | undefined> {
  const bytes = await unlessAbsent(enriched.read(manifestFile(source, date)));
  return bytes && parsed(bytes);
}

/** Every manifest of a source, by date. */
export async function readManifests(enriched: Store, source: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const name of await enriched.children(manifestFolder(source))) {
    const date = dateOf(name.replace(/\.json$/, ''));
    const manifest = date === undefined ? undefined : await readManifest(enriched, source, date);
    if (manifest) manifests.push(manifest);
  }
  return manifests;
}

/** Records a day, in the place of what `found` says was there. Throws CONFLICT when that is no longer so. */
export const writeManifest = (enriched: Store, manifest: Manifest, found: FoundManifest): Promise<void> =>
  enriched.write(manifestFile(manifest.source, manifest.context_date), `${JSON.stringify(manifest)}\n`, inPlaceOf(found.etag));

/**
 * Makes the next run read the whole day again. A mark takes the manifest's place: a run that has begun from what was there before, or
 * from nothing, cannot record the day any more.
 */
export async function forgetManifest(enriched: Store, source: string, date: string): Promise<void> {
  for (;;) {
    const { etag } = await findManifest(enriched, source, date);
    try {
      return await enriched.write(manifestFile(source, date), `${JSON.stringify({ forgotten: randomUUID() })}\n`, inPlaceOf(etag));
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

/** The condition under which to write on the basis of what was read. */
export const inPlaceOf = (etag: string | undefined): Condition => (etag === undefined ? { ifAbsent: true } : { ifMatch: etag });

/** Whether another writer came first. */
export const isConflict = (error: unknown): boolean => error instanceof ChatlakeError && error.code === 'CONFLICT';
