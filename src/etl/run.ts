import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { dataFile, dateOf, datesIn, manifestFolder, rawFolder, rejectedFolder, tableFolder } from '../lake/layout.js';
import { SOURCES } from '../sources/registry.js';
import { literal } from '../sources/shape.js';
import type { Clock, SourceModel, Store, Table } from '../types.js';
import type { Zone } from '../zone.js';
import { type DayContext, type DayResult, processDay } from './day.js';
import { claimLake, type Rebuilding, readLakeFile, settleLake } from './lakefile.js';
import { alone } from './lock.js';
import { forgetManifest, isConflict } from './manifest.js';
import { clearDamaged, daysOfRows, fileRows, localFiles, narrow, unreadableTable, writeParquet } from './parquet.js';
import { type Days, pendingDays, selected } from './pending.js';
import { arrivalDays } from './plan.js';
import { QUARANTINE } from './quarantine.js';
import { openSession, type Session } from './session.js';

export interface EtlProgress {
  readonly source: string;
  readonly date: string;
  /** Position of the day among those to do, from 1, and how many there are. */
  readonly index: number;
  readonly count: number;
}

export interface EtlOptions {
  readonly raw: Store;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly sources: readonly SourceModel[];
  readonly days: Days;
  /** Forget what the days gave and read them from raw alone. */
  readonly rebuild?: boolean;
  /** DuckDB's share of memory, such as `500MB`. */
  readonly memoryLimit?: string;
  /** Milliseconds to wait for another run on the same lake. */
  readonly patience?: number;
  readonly onProgress?: (progress: EtlProgress) => void;
  readonly onDay?: (result: DayResult) => void;
  /** Called once when another run holds the lake. */
  readonly onWaiting?: () => void;
  /** Called when a rebuild is more than was asked for. */
  readonly onMore?: (rebuild: MoreRebuilt) => void;
  /** Stops between two days. */
  readonly signal?: AbortSignal;
}

/** Days that are rebuilt though nobody asked for all of them. */
export interface MoreRebuilt extends Pick<Rebuilding, 'sources' | 'from' | 'to'> {
  /** `unfinished`: an earlier rebuild has not ended. `gone`: raw files are, for whose rows those of any other day may have given way. */
  readonly why: 'unfinished' | 'gone';
}

export interface EtlReport {
  /** Days that had something new. */
  readonly days: readonly DayResult[];
  readonly quarantined: number;
  readonly seconds: number;
}

/**
 * Brings raw lines into the enriched lake. May be repeated, killed or run beside another: the rows are the same.
 * Throws LAKE_MISMATCH for a lake built in another zone, LAKE_UNAVAILABLE when it cannot be read or written.
 */
export async function runEtl(options: EtlOptions): Promise<EtlReport> {
  const begun = performance.now();
  const { enriched, patience = 600_000, onWaiting = () => undefined } = options;
  const due = await dueDays(options);
  // Whoever held the lake may have left days unfinished.
  const inTurn = async (waited: boolean) => runAlone(options, waited ? await dueDays(options) : due);
  const nothing = due !== undefined && due.size === 0;
  const days = nothing ? [] : await (isFolder(enriched) ? alone(enriched.url, patience, onWaiting, inTurn) : runAlone(options, due));
  return { days, quarantined: days.reduce((sum, day) => sum + day.read.quarantined, 0), seconds: (performance.now() - begun) / 1000 };
}

/** Of a million lines, so much spares most of the spilling, and keeps the whole process below a gigabyte when all of them come again. */
const MEMORY = '540MB';

/** Whether runs can keep each other out by a lock. Elsewhere each compares what it writes with what it read. */
const isFolder = (enriched: Store): boolean => isAbsolute(enriched.url);

/** Arrival days that have something unread, by source. */
type Due = ReadonlyMap<string, readonly string[]>;

/**
 * The days to do; undefined when each that is asked for is one, whatever has been read of it. Cheap, so that a run with nothing new costs no
 * engine and no lock.
 */
async function dueDays({ raw, enriched, zone, clock, sources, days, rebuild }: EtlOptions): Promise<Due | undefined> {
  const lake = await readLakeFile(enriched);
  if (rebuild || lake?.rebuilding || (lake && lake.timezone !== zone.name)) return undefined;
  const due = new Map<string, string[]>();
  for await (const { source, date } of pendingDays({ raw, enriched, zone, clock, sources, days }))
    due.set(source, [...(due.get(source) ?? []), date]);
  return due;
}

async function runAlone(options: EtlOptions, due: Due | undefined): Promise<DayResult[]> {
  const { raw, enriched, zone, sources, clock } = options;
  const pending = (await readLakeFile(enriched))?.rebuilding;
  const wanted = options.rebuild ? both(scopeOf(options), pending) : pending;
  const run = `${clock.now()}-${randomBytes(4).toString('hex')}`;
  const asked = wanted && { ...wanted, runs: [run] };
  const tables = [QUARANTINE, ...SOURCES.flatMap((source) => source.tables)];
  const anew = asked !== undefined && isWhole(asked);
  await claimLake(enriched, zone.name, tables, asked, anew);
  if (asked && pending && !(options.rebuild && isWithin(pending, scopeOf(options)))) options.onMore?.({ ...asked, why: 'unfinished' });

  const spill = await enriched.temporary('.spill');
  const session = await openSession({ spill, memoryLimit: options.memoryLimit ?? MEMORY });
  try {
    const rebuilding = asked && (await widened(session, options, asked));
    if (rebuilding && rebuilding !== asked) {
      await claimLake(enriched, zone.name, tables, rebuilding, anew);
      options.onMore?.({ ...rebuilding, why: 'gone' });
    }
    // Before any manifest is forgotten: whatever another run puts there meanwhile is read again.
    for (const table of rebuilding ? forgottenTables(rebuilding) : [])
      await clearDamaged(session, enriched, table, await partitionsOf(enriched, table), !isFolder(enriched));
    const results: DayResult[] = [];
    for (const source of rebuilding
      ? SOURCES.filter(({ name }) => rebuilding.sources.includes(name) || sources.some((one) => one.name === name))
      : sources) {
      const scope = rebuilding?.sources.includes(source.name) ? rebuilding : undefined;
      const fresh = new Set<string>();
      const read = new Set<string>();
      const context: DayContext = {
        session,
        raw,
        enriched,
        zone,
        clock,
        shared: !isFolder(enriched),
        rebuilds: (date) => (scope && covers(scope, date) ? (read.has(date) ? 'read' : 'unread') : undefined),
        forget: (table, partition) => (scope && !fresh.has(dataFile(table.name, partition)) ? forgetting(source, table, scope) : undefined),
        wrote: (table, partition) => fresh.add(dataFile(table.name, partition)),
      };
      if (scope) await forgetManifests(enriched, source, scope);
      const days = new Set(due ? due.get(source.name) : await selected(raw, source, options.days, zone, clock));
      if (scope) for (const date of await selected(raw, source, daysOf(scope), zone, clock)) days.add(date);
      results.push(...(await processDays(options, context, source, [...days].sort(), read)));
      if (!scope || options.signal?.aborted) continue;
      const again = await sweep(context, source);
      results.push(...(await processDays(options, context, source, again, read)));
    }
    if (rebuilding && !options.signal?.aborted) await settleLake(enriched, tables, anew, [run, ...overOf(pending?.runs ?? [], options)]);
    return results;
  } catch (error) {
    return await unreadableTable(session, enriched, tables, error);
  } finally {
    session.close();
    await rm(spill, { recursive: true, force: true });
  }
}

async function processDays(
  options: EtlOptions,
  context: DayContext,
  source: SourceModel,
  dates: readonly string[],
  read: Set<string>,
): Promise<DayResult[]> {
  const results: DayResult[] = [];
  const queue = [...dates];
  for (let index = 0; index < queue.length; index += 1) {
    if (options.signal?.aborted) break;
    const date = queue[index] as string;
    options.onProgress?.({ source: source.name, date, index: index + 1, count: queue.length });
    const result = await processDay(context, source, date);
    read.add(date);
    if (!result) continue;
    results.push(result);
    options.onDay?.(result);
    queue.push(
      ...result.invalidated
        .filter((day) => day.source === source.name && !queue.slice(index + 1).includes(day.date))
        .map((day) => day.date),
    );
  }
  return results;
}

// ---------------------------------------------------------------- rebuilding

/** Milliseconds after which a run that began a rebuild and did not end it is taken for dead: AWS Lambda gives it fifteen minutes. */
const DEAD = 1_800_000;

/** Those of the runs that began a rebuild before this one which cannot be at work any more. */
const overOf = (runs: readonly string[], { enriched, clock }: EtlOptions): string[] =>
  runs.filter((run) => isFolder(enriched) || clock.now() - Number.parseInt(run, 10) > DEAD);

const covers = ({ from, to }: Rebuilding, date: string): boolean => from === undefined || (from <= date && date <= (to ?? from));

/** Whether every row of the lake is read again. */
const isWhole = ({ sources, from }: Rebuilding): boolean => from === undefined && SOURCES.every(({ name }) => sources.includes(name));

/** Tables of which no row outlives the rebuild: what a file of them holds need not be known. */
const forgottenTables = (scope: Rebuilding): Table[] =>
  scope.from === undefined
    ? [
        ...(isWhole(scope) ? [QUARANTINE] : []),
        ...SOURCES.filter(({ name }) => scope.sources.includes(name)).flatMap(({ tables }) => tables),
      ]
    : [];

const daysOf = (scope: Rebuilding): Days => (scope.from === undefined ? 'all' : { from: scope.from, to: scope.to ?? scope.from });

function scopeOf({ sources, days }: EtlOptions): Rebuilding {
  const names = sources.map(({ name }) => name);
  return typeof days === 'string' ? { sources: names } : { sources: names, from: days.from, to: days.to };
}

/** Whether a rebuild of `whole` does what one of `part` has to. */
const isWithin = (part: Rebuilding, whole: Rebuilding): boolean =>
  part.sources.every((name) => whole.sources.includes(name)) &&
  (whole.from === undefined || (part.from !== undefined && covers(whole, part.from) && covers(whole, part.to ?? part.from)));

/** A rebuild that covers two: one that was interrupted is finished with the next. */
function both(a: Rebuilding, b: Rebuilding | undefined): Rebuilding {
  if (!b) return a;
  const sources = [...new Set([...a.sources, ...b.sources])];
  if (a.from === undefined || b.from === undefined) return { sources };
  const ends = [a.to ?? a.from, b.to ?? b.from].sort();
  return { sources, from: a.from < b.from ? a.from : b.from, to: ends[1] ?? a.from };
}

/** Condition on the rows of a file that came from the days being rebuilt. */
function forgetting(source: SourceModel, table: Table, scope: Rebuilding): string {
  const ours = table.name === QUARANTINE.name ? `source = ${literal(source.name)}` : 'true';
  if (scope.from === undefined) return ours;
  const arrival = `regexp_extract(raw_file, '^(?:_rejected/)?[^/]+/context_date=([^/]+)/', 1)`;
  return `${ours} AND ${arrival} BETWEEN ${literal(scope.from)} AND ${literal(scope.to ?? scope.from)}`;
}

async function forgetManifests(enriched: Store, source: SourceModel, scope: Rebuilding): Promise<void> {
  for (const name of await enriched.children(manifestFolder(source.name))) {
    const date = dateOf(name.replace(/\.json$/, ''));
    if (date !== undefined && covers(scope, date)) await forgetManifest(enriched, source.name, date);
  }
}

/**
 * The days to rebuild when `scope` is asked for. Rows of other days gave way to rows of these; where a raw file is gone, they
 * must come back, and only reading every day tells which.
 */
async function widened(session: Session, { raw, enriched }: EtlOptions, scope: Rebuilding): Promise<Rebuilding> {
  if (scope.from === undefined) return scope;
  for (const source of SOURCES.filter(({ name }) => scope.sources.includes(name))) {
    const there = new Set<string>();
    for (const date of await arrivalDays(raw, source.name)) {
      for (const folder of [rawFolder(source.name, date), rejectedFolder(source.name, date)])
        for await (const { key } of raw.list(folder)) there.add(key);
    }
    for (const table of [QUARANTINE, ...source.tables]) {
      for (const file of await localFiles(session, enriched, table, await partitionsOf(enriched, table))) {
        const named = await session.rows<{ raw_file: string }>(
          `SELECT DISTINCT raw_file FROM ${fileRows(table, file, undefined)} WHERE ${forgetting(source, table, scope)}`,
        );
        if (named.some(({ raw_file }) => !there.has(raw_file))) return { sources: scope.sources, runs: scope.runs ?? [] };
      }
    }
  }
  return scope;
}

const partitionsOf = (enriched: Store, table: Table): Promise<string[]> => datesIn(enriched, tableFolder(table.name));

/**
 * Takes the rows of rebuilt days out of the files that nothing was written to: raw no longer has them there. Beside other runs that is not
 * sure, since they may have brought them from what has just arrived: returns the days to read again.
 */
async function sweep(context: DayContext, source: SourceModel): Promise<string[]> {
  const again = new Set<string>();
  for (const table of [QUARANTINE, ...source.tables]) {
    for (const date of await partitionsOf(context.enriched, table)) {
      while (context.forget(table, date) !== undefined && !(await swept(context, source, table, date, again)));
    }
  }
  return [...again].sort();
}

/** Takes stale rows out of one file. False when another run changed it meanwhile: then it is another file to look at. */
async function swept(
  { session, raw, enriched, forget, shared }: DayContext,
  source: SourceModel,
  table: Table,
  date: string,
  again: Set<string>,
): Promise<boolean> {
  const [file] = await localFiles(session, enriched, table, [date]);
  if (!file) return true;
  const kept = fileRows(table, file, forget(table, date));
  const [count] = await session.rows<{ kept: bigint; all: bigint }>(
    `SELECT (SELECT count(*) FROM ${kept}) AS kept, (SELECT count(*) FROM ${fileRows(table, file, undefined)}) AS "all"`,
  );
  if (count?.kept === count?.all) return true;
  const key = dataFile(table.name, date);
  // Nothing can be removed on a condition: beside other runs a file without rows takes its place.
  if (count?.kept === 0n && !shared) {
    await enriched.remove(key);
    return true;
  }
  if (shared) {
    const there = new Set(await arrivalDays(raw, source.name));
    for (const day of await daysOfRows(session, table, file, forget(table, date) ?? 'false')) {
      if (there.has(day)) await forgetManifest(enriched, source.name, day);
      if (there.has(day)) again.add(day);
    }
  }
  const path = await enriched.temporary('.parquet');
  await writeParquet(session, table, narrow(table, kept, 'file'), path, Number(count?.kept ?? 0));
  try {
    await enriched.put(key, path, { ifMatch: file.etag });
    return true;
  } catch (error) {
    await rm(path, { force: true });
    if (isConflict(error)) return false;
    throw error;
  }
}
