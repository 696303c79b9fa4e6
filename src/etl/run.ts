import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dataFile } from '../lake/layout.js';
import { SOURCES } from '../sources/registry.js';
import type { Clock, SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { clearDamaged, unreadableTable } from './damage.js';
import { type DayContext, type DayResult, processDay } from './day.js';
import { claimLake, type Rebuilding, readLakeFile, settleLake } from './lakefile.js';
import { alone, isFolder } from './lock.js';
import { type Days, pendingDays, selected } from './pending.js';
import { QUARANTINE } from './quarantine.js';
import {
  both,
  covers,
  daysOf,
  forgetManifests,
  forgetting,
  forgottenTables,
  isWhole,
  isWithin,
  overOf,
  partitionsOf,
  scopeOf,
  sweep,
  widened,
} from './rebuild.js';
import { openSession } from './session.js';

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
