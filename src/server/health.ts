import { addsUp, readManifests, type Tally, tallyOf } from '../etl/manifest.js';
import type { Clock, SourceModel, Store } from '../types.js';

/** One source and arrival day, as the ETL left it: what `chatlake status` prints too. */
export interface DayStatus extends Tally {
  readonly source: string;
  readonly date: string;
  /** Whether units = rows + duplicates + quarantined. */
  readonly addsUp: boolean;
  /** Epoch milliseconds; null when nothing arrived. */
  readonly lastReceivedAt: number | null;
  readonly processedAt: number;
}

/** Whether the lake is well, in one look. Times are epoch milliseconds. */
export interface Health {
  readonly ok: boolean;
  /** End of the last ETL run that succeeded in this process. */
  readonly lastRun: number | null;
  /** Whether the last run failed; the reason is in the log, since it may name paths. */
  readonly lastRunFailed: boolean;
  /** Days that the run under way has still to bring into the tables. */
  readonly daysLeft: number;
  readonly sums: Pick<DayStatus, 'lines' | 'units' | 'rows' | 'duplicates' | 'quarantined' | 'late'>;
  readonly daysThatDoNotAddUp: readonly { readonly source: string; readonly date: string }[];
}

/** One run of the ETL. `startedAt` in epoch milliseconds; sums over what it read. */
export interface RunRecord {
  readonly startedAt: number;
  readonly seconds: number;
  readonly ok: boolean;
  /** Source and arrival days it looked at. */
  readonly days: number;
  readonly lines: number;
  readonly rows: number;
  readonly quarantined: number;
}

/** How the ETL in this process is doing; updated by who runs it. */
export interface Runs {
  finishedAt: number | null;
  failed: boolean;
  daysLeft: number;
  /** Changes whenever the tables may have. */
  revision: number;
  /** The last runs, newest first. */
  history: readonly RunRecord[];
  /** Called after a run, whatever became of it. */
  readonly ended: Set<(record: RunRecord) => void>;
}

export const newRuns = (): Runs => ({ finishedAt: null, failed: false, daysLeft: 0, revision: 0, history: [], ended: new Set() });

const REMEMBERED = 200;

/** Adds a run to the history and tells who listens. A run that found nothing to do replaces another one like it. */
export function addRun(runs: Runs, record: RunRecord): void {
  const [newest, ...older] = runs.history;
  const idle = newest !== undefined && newest.ok && record.ok && newest.lines + record.lines === 0;
  runs.history = [record, ...(idle ? older : runs.history)].slice(0, REMEMBERED);
  for (const tell of runs.ended) tell(record);
}

/** Every source and arrival day, newest first. */
export async function dayStatuses(enriched: Store, sources: readonly SourceModel[]): Promise<DayStatus[]> {
  const days: DayStatus[] = [];
  for (const { name } of sources) {
    for (const manifest of await readManifests(enriched, name)) {
      const { source, context_date: date, last_received_at: lastReceivedAt, processed_at: processedAt } = manifest;
      days.push({ source, date, ...tallyOf(manifest), addsUp: addsUp(manifest), lastReceivedAt, processedAt });
    }
  }
  return days.sort((a, b) => (a.date === b.date ? a.source.localeCompare(b.source) : b.date.localeCompare(a.date)));
}

export function healthOf(days: readonly DayStatus[], runs: Runs): Health {
  const sum = (key: keyof Health['sums']) => days.reduce((total, day) => total + day[key], 0);
  const wrong = days.filter((day) => !day.addsUp).map(({ source, date }) => ({ source, date }));
  return {
    ok: wrong.length === 0 && !runs.failed,
    lastRun: runs.finishedAt,
    lastRunFailed: runs.failed,
    daysLeft: runs.daysLeft,
    sums: {
      lines: sum('lines'),
      units: sum('units'),
      rows: sum('rows'),
      duplicates: sum('duplicates'),
      quarantined: sum('quarantined'),
      late: sum('late'),
    },
    daysThatDoNotAddUp: wrong,
  };
}

const MINUTE = 60_000;

/** A value that is computed again when the tables changed here, and at least every minute, since others may write too. */
export function remembered<T>(runs: Runs, clock: Clock, compute: () => Promise<T>): () => Promise<T> {
  let key = '';
  let value: Promise<T> | undefined;
  return () => {
    const now = `${runs.revision} ${Math.floor(clock.now() / MINUTE)}`;
    if (value === undefined || key !== now) {
      key = now;
      const computing = compute();
      value = computing;
      // A failure is told to who asked, and not remembered.
      computing.catch(() => {
        if (value === computing) value = undefined;
      });
    }
    return value;
  };
}
