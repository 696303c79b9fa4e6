import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatlakeError } from '../errors.js';
import { dataFile } from '../lake/layout.js';
import type { Clock, SourceModel, Store, Table } from '../types.js';
import { addDays, type Zone } from '../zone.js';
import {
  addTallies,
  EMPTY_TALLY,
  findManifest,
  forgetManifest,
  inPlaceOf,
  isConflict,
  type Manifest,
  readManifest,
  type Tally,
  writeManifest,
} from './manifest.js';
import type { MergeContext } from './context.js';
import { planTable, receivesMoved, type TablePlan } from './merge.js';
import { writeParquet } from './parquet.js';
import { expectBasis, takenOut } from './basis.js';
import { planDay } from './plan.js';
import { QUARANTINE } from './quarantine.js';
import type { Session } from './session.js';
import { type Staged, stageDay } from './stage.js';

export interface DayContext {
  readonly session: Session;
  readonly raw: Store;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly forget: MergeContext['forget'];
  /** Whether other runs may be at work on the lake: no lock keeps them out. */
  readonly shared: boolean;
  /** Whether a day is being rebuilt: `unread` by this run so far, whatever others have recorded of it, or `read`; undefined = it is not. */
  readonly rebuilds: (date: string) => 'unread' | 'read' | undefined;
  /** Called when a partition's file has been written. */
  readonly wrote: (table: Table, partition: string) => void;
}

/** Seconds after midnight for which writers may still finish what arrived before. */
const GRACE = 3600;

/** What a run did for one source and arrival day. */
export interface DayResult {
  readonly source: string;
  readonly date: string;
  /** Of the files this run read. */
  readonly read: Tally;
  /** Units read that are no duplicates, by the table they were meant for. */
  readonly landed: Readonly<Record<string, number>>;
  /** Of the whole day, as its manifest now says. */
  readonly manifest: Manifest;
  /** Other arrival days that must be read again, because rows of theirs gave way to earlier arrivals read now. */
  readonly invalidated: readonly { source: string; date: string }[];
}

/** Times a day is begun anew because other runs changed what it is based on. Each of them has then come further. */
const ATTEMPTS = 20;

/**
 * Brings one arrival day of one source into the enriched lake. Returns undefined when there is nothing new.
 *
 * The order of writes makes a crash harmless at any point: quarantine and events before the rows they were taken from,
 * every file by atomic replacement, the manifest last. Whatever was not recorded is read and merged again.
 *
 * Every file takes the place of the very version it was merged from. When another run was faster, this one is over as by a crash, and
 * begins the day again from what is there now.
 */
export async function processDay(context: DayContext, source: SourceModel, date: string): Promise<DayResult | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptDay(context, source, date);
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === ATTEMPTS)
        throw new ChatlakeError(
          'LAKE_UNAVAILABLE',
          `Other runs keep changing what ${source.name} ${date} is merged with. Try again later.`,
          {
            cause: error,
          },
        );
      await delay(Math.random() * 50 * attempt);
    }
  }
}

async function attemptDay(context: DayContext, source: SourceModel, date: string): Promise<DayResult | undefined> {
  const { session, enriched } = context;
  const found = await findManifest(enriched, source.name, date);
  const plan = await planDay(context.raw, source.name, date, context.rebuilds(date) === 'unread' ? undefined : found.manifest);
  if (plan.inputs.length === 0 && plan.base !== undefined) return undefined;

  // Of the day before; what the last day leaves ends with the session.
  await session.reset();
  const scratch: string[] = [];
  const temporary = async (suffix: string) => {
    const path = await enriched.temporary(suffix);
    scratch.push(path);
    return path;
  };
  try {
    const growing = date >= context.zone.dateAt(context.clock.now() / 1000 - GRACE);
    const staged = await stageDay({ session, raw: context.raw, source, zone: context.zone, date, growing, inputs: plan.inputs, temporary });
    const plans = await planTables(context, source, date, staged);
    const invalidated = await displacedDays(enriched, plans, { source: source.name, date });
    if (context.shared) {
      const days = await takenOut(context, plans.values(), (day) => day !== date && context.rebuilds(day) === 'read');
      invalidated.others.push(...days.map((day) => ({ source: source.name, date: day })));
    }
    for (const day of invalidated.others) await forgetManifest(enriched, day.source, day.date);
    if (plan.base !== undefined && invalidated.own) {
      await forgetManifest(enriched, source.name, date);
      return await attemptDay(context, source, date);
    }
    const tally = await countTally(session, source, staged, plans);
    const last = await lastReceived(session, plan.base);
    for (const table of [QUARANTINE, ...source.tables]) {
      const tablePlan = plans.get(table.name);
      if (tablePlan) await write(context, tablePlan, date, temporary);
    }
    const files = [...plan.unchanged, ...staged.records].sort((a, b) => (a.name < b.name ? -1 : 1));
    const manifest: Manifest = {
      version: 1,
      source: source.name,
      context_date: date,
      ...(plan.base ? addTallies(plan.base, tally) : tally),
      torn: files.reduce((sum, file) => sum + file.torn, 0),
      last_received_at: last,
      processed_at: context.clock.now(),
      files,
    };
    if (context.shared) {
      // A run beside this one may have recorded those days meanwhile, with the rows that have just gone.
      for (const day of invalidated.others) await forgetManifest(enriched, day.source, day.date);
      await expectBasis(enriched, plans.values());
    }
    await writeManifest(enriched, manifest, found);
    const landed = Object.fromEntries([...plans.values()].map(({ table, units, duplicates }) => [table.name, units - duplicates]));
    return { source: source.name, date, read: tally, landed, manifest, invalidated: invalidated.others };
  } finally {
    await Promise.all(scratch.map((path) => rm(path, { force: true })));
  }
}

/** Plans tables whose rows may be superseded before the tables that take those rows. */
async function planTables(
  context: DayContext,
  source: SourceModel,
  date: string,
  { lines, quarantined }: Staged,
): Promise<Map<string, TablePlan>> {
  const merge: MergeContext = {
    session: context.session,
    enriched: context.enriched,
    zone: context.zone,
    date,
    lines,
    forget: context.forget,
    tables: source.tables,
  };
  for (const table of source.tables.filter(receivesMoved)) {
    await context.session.run(
      `CREATE TEMP TABLE moved_${table.name} AS SELECT * EXCLUDE (_file, _id, context_date), true AS counted FROM units_${table.name} LIMIT 0`,
    );
  }
  const plans = new Map<string, TablePlan>();
  const first = source.tables.filter(({ superseded }) => superseded !== undefined);
  const then = source.tables.filter(({ superseded }) => superseded === undefined);
  for (const table of [...first, ...then, ...(quarantined > 0 ? [QUARANTINE] : [])]) plans.set(table.name, await planTable(merge, table));
  return plans;
}

/**
 * Days whose rows are about to give way, so that their manifests no longer hold; and where these may be undated events, the days
 * after, whose own copies were duplicates of them.
 */
async function displacedDays(enriched: Store, plans: ReadonlyMap<string, TablePlan>, own: { source: string; date: string }) {
  const days = new Map<string, { source: string; date: string }>();
  for (const { table, displaced } of plans.values()) {
    for (const file of displaced) {
      const found = /^(?:_rejected\/)?([^/]+)\/context_date=([^/]+)\//.exec(file);
      if (!found?.[1] || !found[2]) continue;
      for (let after = 0; after <= (table.datedByArrivalFor ?? 0); after++) {
        const day = { source: found[1], date: addDays(found[2], after) };
        if (after === 0 || (await readManifest(enriched, day.source, day.date))) days.set(`${day.source}/${day.date}`, day);
      }
    }
  }
  const isOwn = (day: { source: string; date: string }) => day.source === own.source && day.date === own.date;
  return { own: [...days.values()].some(isOwn), others: [...days.values()].filter((day) => !isOwn(day)) };
}

async function write(
  { session, enriched, wrote }: DayContext,
  { table, partitions, basis }: TablePlan,
  arrived: string,
  temporary: (suffix: string) => Promise<string>,
): Promise<void> {
  for (const { date, rows, count } of partitions) {
    const path = await temporary('.parquet');
    const written = await writeParquet(session, table, rows, path, count);
    // The sums of the manifest are about these rows: a file that holds others must not take the place of the one before.
    if (written !== count)
      throw new Error(`${dataFile(table.name, date)} would hold ${written} rows instead of ${count}, with what arrived on ${arrived}`);
    await enriched.put(dataFile(table.name, date), path, inPlaceOf(basis.get(date)?.etag));
    wrote(table, date);
  }
}

async function countTally(session: Session, source: SourceModel, staged: Staged, plans: ReadonlyMap<string, TablePlan>): Promise<Tally> {
  const all = [...plans.values()];
  const sum = (of: (plan: TablePlan) => number) => all.reduce((total, plan) => total + of(plan), 0);
  const units = sum((plan) => plan.units);
  const duplicates = sum((plan) => plan.duplicates);
  const quarantined = plans.get(QUARANTINE.name)?.landed ?? 0;
  const unknown: Record<string, number> = {};
  for (const table of source.tables) {
    if (table.unknownKind === undefined) continue;
    for (const row of await session.rows<{ kind: string; n: bigint }>(
      `SELECT ${table.unknownKind} AS kind, count(*) AS n FROM units_${table.name} WHERE (${table.unknownKind}) IS NOT NULL GROUP BY 1`,
    )) {
      unknown[row.kind] = Number(row.n);
    }
  }
  return {
    ...EMPTY_TALLY,
    lines: staged.lines,
    units,
    rows: sum((plan) => plan.landed) - quarantined,
    duplicates,
    quarantined,
    tables: Object.fromEntries(all.filter((plan) => plan.units > 0).map((plan) => [plan.table.name, plan.units])),
    replaced: sum((plan) => plan.replaced),
    late: sum((plan) => plan.late),
    torn: staged.records.reduce((sum, file) => sum + file.torn, 0),
    unknown,
  };
}

async function lastReceived(session: Session, base: Manifest | undefined): Promise<number | null> {
  const [row] = await session.rows<{ last: bigint | null }>(
    `SELECT max(coalesce(_received_at, arrived)) AS last FROM (
      SELECT _file, max(_received_at) AS _received_at FROM staged GROUP BY _file UNION ALL SELECT _file, max(_received_at) FROM rejects GROUP BY _file) JOIN files USING (_file)`,
  );
  const last = row?.last === null || row?.last === undefined ? null : Number(row.last);
  if (base?.last_received_at === null || base === undefined) return last;
  return last === null ? base.last_received_at : Math.max(last, base.last_received_at);
}
