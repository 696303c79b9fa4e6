import type { Clock, SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { readManifest } from './manifest.js';
import { arrivalDays, planDay } from './plan.js';

/** Which arrival days to look at: those before today, today, every one, or a range (both ends included). */
export type Days = 'closed' | 'open' | 'all' | { readonly from: string; readonly to: string };

export interface PendingOptions {
  readonly raw: Store;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly sources: readonly SourceModel[];
  readonly days: Days;
}

/** Each source and arrival day that has something unread, oldest first within a source. Lists and reads manifests; needs no engine. */
export async function* pendingDays(options: PendingOptions): AsyncGenerator<{ readonly source: string; readonly date: string }> {
  const { raw, enriched, zone, clock, sources, days } = options;
  for (const source of sources) {
    for (const date of await selected(raw, source, days, zone, clock)) {
      const manifest = await readManifest(enriched, source.name, date);
      // A day that was never read need not be listed to know: there may be a hundred thousand objects.
      const plan = manifest && (await planDay(raw, source.name, date, manifest));
      if (plan?.base === undefined || plan.inputs.length > 0) yield { source: source.name, date };
    }
  }
}

/** Days of `source` that have raw files and are among `days`, in order. */
export async function selected(raw: Store, source: SourceModel, days: Days, zone: Zone, clock: Clock): Promise<string[]> {
  const today = zone.dateAt(clock.now() / 1000);
  return (await arrivalDays(raw, source.name)).filter((date) => isAmong(date, days, today));
}

function isAmong(date: string, days: Days, today: string): boolean {
  if (typeof days !== 'string') return days.from <= date && date <= days.to;
  return days === 'all' || (days === 'open' ? date === today : date < today);
}
