import { ChatlakeError } from '../errors.js';
import { dataFile, partition, tableFolder } from '../lake/layout.js';
import type { Store } from '../types.js';
import { addDays } from '../zone.js';
import type { MergeContext } from './context.js';
import type { TablePlan } from './merge.js';
import { daysOfRows } from './parquet.js';

/**
 * Throws CONFLICT when a file that plans were based on, and that they did not replace, is another one now. A file that was replaced was
 * compared when it was. Two runs may each add a row that the other would have kept out: both write before they look, so one of them sees it.
 */
export async function expectBasis(enriched: Store, plans: Iterable<TablePlan>): Promise<void> {
  const checks: Promise<void>[] = [];
  for (const plan of plans) {
    const written = new Set(plan.partitions.map(({ date }) => date));
    for (const date of read(plan)) if (!written.has(date)) checks.push(expectSame(enriched, plan, date));
  }
  await Promise.all(checks);
}

/** Partitions that were looked at, or would have been if they had been there. */
function read({ table, partitions, basis, undated }: TablePlan): Set<string> {
  const dates = new Set(basis.keys());
  if (!undated) return dates;
  const reach = table.datedByArrivalFor ?? 0;
  for (const date of [...dates, ...partitions.map((one) => one.date)])
    for (let days = -reach; days <= reach; days += 1) dates.add(addDays(date, days));
  return dates;
}

async function expectSame(enriched: Store, { table, basis }: TablePlan, date: string): Promise<void> {
  const key = dataFile(table.name, date);
  let etag: string | undefined;
  for await (const object of enriched.list(`${tableFolder(table.name)}${partition(date)}/`)) if (object.key === key) etag = object.etag;
  if (etag !== basis.get(date)?.etag) throw new ChatlakeError('CONFLICT', `${key} was changed by another run meanwhile`);
}

/** Arrival days, among those that `read` holds for, of rows that a rebuild takes out of the files it replaces. Another run has brought them. */
export async function takenOut(
  { session, forget }: Pick<MergeContext, 'session' | 'forget'>,
  plans: Iterable<TablePlan>,
  read: (date: string) => boolean,
): Promise<string[]> {
  const days = new Set<string>();
  for (const { table, partitions, basis } of plans) {
    for (const { date } of partitions) {
      const [file, forgotten] = [basis.get(date), forget(table, date)];
      if (!file || forgotten === undefined) continue;
      for (const day of await daysOfRows(session, table, file, forgotten)) if (read(day)) days.add(day);
    }
  }
  return [...days];
}
