import type { Clock, SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { readManifest } from './manifest.js';
import { arrivalDays, arrivalFolders, planDay } from './plan.js';

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

/** Days looked at together: each takes a few answers of the disk or the network, and next to no work. */
const AT_ONCE = 16;

/** Each source and arrival day that has something unread, oldest first within a source. Lists and reads manifests; needs no engine. */
export async function* pendingDays(options: PendingOptions): AsyncGenerator<{ readonly source: string; readonly date: string }> {
  const { raw, zone, clock, sources, days } = options;
  for (const source of sources) {
    const there = await arrivalFolders(raw, source.name);
    const dates = among([...there.keys()].sort(), days, zone, clock);
    const looks: Promise<boolean>[] = [];
    for (const [index, date] of dates.entries()) {
      for (const ahead of dates.slice(looks.length, index + AT_ONCE)) {
        const look = isPending(options, source, ahead, there.get(ahead) ?? []);
        // Whoever comes to ask hears of a failure; nobody may.
        look.catch(() => undefined);
        looks.push(look);
      }
      if (await looks[index]) yield { source: source.name, date };
    }
  }
}

async function isPending(
  { raw, enriched }: PendingOptions,
  source: SourceModel,
  date: string,
  folders: readonly string[],
): Promise<boolean> {
  const manifest = await readManifest(enriched, source.name, date);
  // A day that was never read need not be listed to know: there may be a hundred thousand objects.
  if (!manifest) return true;
  const { base, inputs } = await planDay(raw, source.name, date, manifest, folders);
  return base === undefined || inputs.length > 0;
}

/** Days of `source` that have raw files and are among `days`, in order. */
export const selected = async (raw: Store, source: SourceModel, days: Days, zone: Zone, clock: Clock): Promise<string[]> =>
  among(await arrivalDays(raw, source.name), days, zone, clock);

function among(dates: readonly string[], days: Days, zone: Zone, clock: Clock): string[] {
  const today = zone.dateAt(clock.now() / 1000);
  return dates.filter((date) => {
    if (typeof days !== 'string') return days.from <= date && date <= days.to;
    return days === 'all' || (days === 'open' ? date === today : date < today);
  });
}
