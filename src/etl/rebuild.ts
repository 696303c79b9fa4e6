import { rm } from 'node:fs/promises';
import { dataFile, dateOf, datesIn, manifestFolder, rawFolder, rejectedFolder, tableFolder } from '../lake/layout.js';
import { SOURCES } from '../sources/registry.js';
import { literal } from '../sources/shape.js';
import type { Clock, SourceModel, Store, Table } from '../types.js';
import type { DayContext } from './day.js';
import type { Rebuilding } from './lakefile.js';
import { isFolder } from './lock.js';
import { forgetManifest, isConflict } from './manifest.js';
import { daysOfRows, fileRows, localFiles, narrow, writeParquet } from './parquet.js';
import type { Days } from './pending.js';
import { arrivalDays } from './plan.js';
import { QUARANTINE } from './quarantine.js';
import type { Session } from './session.js';

/** Milliseconds after which a run that began a rebuild and did not end it is taken for dead: AWS Lambda gives it fifteen minutes. */
const DEAD = 1_800_000;

/** Those of the runs that began a rebuild before this one which cannot be at work any more. */
export const overOf = (runs: readonly string[], { enriched, clock }: { readonly enriched: Store; readonly clock: Clock }): string[] =>
  runs.filter((run) => isFolder(enriched) || clock.now() - Number.parseInt(run, 10) > DEAD);

export const covers = ({ from, to }: Rebuilding, date: string): boolean => from === undefined || (from <= date && date <= (to ?? from));

/** Whether every row of the lake is read again. */
export const isWhole = ({ sources, from }: Rebuilding): boolean =>
  from === undefined && SOURCES.every(({ name }) => sources.includes(name));

/** Tables of which no row outlives the rebuild: what a file of them holds need not be known. */
export const forgottenTables = (scope: Rebuilding): Table[] =>
  scope.from === undefined
    ? [
        ...(isWhole(scope) ? [QUARANTINE] : []),
        ...SOURCES.filter(({ name }) => scope.sources.includes(name)).flatMap(({ tables }) => tables),
      ]
    : [];

export const daysOf = (scope: Rebuilding): Days => (scope.from === undefined ? 'all' : { from: scope.from, to: scope.to ?? scope.from });

export function scopeOf({ sources, days }: { readonly sources: readonly SourceModel[]; readonly days: Days }): Rebuilding {
  const names = sources.map(({ name }) => name);
  return typeof days === 'string' ? { sources: names } : { sources: names, from: days.from, to: days.to };
}

/** Whether a rebuild of `whole` does what one of `part` has to. */
export const isWithin = (part: Rebuilding, whole: Rebuilding): boolean =>
  part.sources.every((name) => whole.sources.includes(name)) &&
  (whole.from === undefined || (part.from !== undefined && covers(whole, part.from) && covers(whole, part.to ?? part.from)));

/** A rebuild that covers two: one that was interrupted is finished with the next. */
export function both(a: Rebuilding, b: Rebuilding | undefined): Rebuilding {
  if (!b) return a;
  const sources = [...new Set([...a.sources, ...b.sources])];
  if (a.from === undefined || b.from === undefined) return { sources };
  const ends = [a.to ?? a.from, b.to ?? b.from].sort();
  return { sources, from: a.from < b.from ? a.from : b.from, to: ends[1] ?? a.from };
}

/** Condition on the rows of a file that came from the days being rebuilt. */
export function forgetting(source: SourceModel, table: Table, scope: Rebuilding): string {
  const ours = table.name === QUARANTINE.name ? `source = ${literal(source.name)}` : 'true';
  if (scope.from === undefined) return ours;
  const arrival = `regexp_extract(raw_file, '^(?:_rejected/)?[^/]+/context_date=([^/]+)/', 1)`;
  return `${ours} AND ${arrival} BETWEEN ${literal(scope.from)} AND ${literal(scope.to ?? scope.from)}`;
}

export async function forgetManifests(enriched: Store, source: SourceModel, scope: Rebuilding): Promise<void> {
  for (const name of await enriched.children(manifestFolder(source.name))) {
    const date = dateOf(name.replace(/\.json$/, ''));
    if (date !== undefined && covers(scope, date)) await forgetManifest(enriched, source.name, date);
  }
}

/**
 * The days to rebuild when `scope` is asked for. Rows of other days gave way to rows of these; where a raw file is gone, they
 * must come back, and only reading every day tells which.
 */
export async function widened(
  session: Session,
  { raw, enriched }: { readonly raw: Store; readonly enriched: Store },
  scope: Rebuilding,
): Promise<Rebuilding> {
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

export const partitionsOf = (enriched: Store, table: Table): Promise<string[]> => datesIn(enriched, tableFolder(table.name));

/**
 * Takes the rows of rebuilt days out of the files that nothing was written to: raw no longer has them there. Beside other runs that is not
 * sure, since they may have brought them from what has just arrived: returns the days to read again.
 */
export async function sweep(context: DayContext, source: SourceModel): Promise<string[]> {
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
