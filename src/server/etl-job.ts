import type { Days } from '../etl/pending.js';
import { type EtlOptions, type EtlReport, runEtl } from '../etl/run.js';
import type { Clock, SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { addRun, type RunRecord, type Runs } from './health.js';
import type { Metrics } from './metrics.js';

export interface EtlJobOptions extends Pick<EtlOptions, 'onMore'> {
  readonly raw: Store;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly sources: readonly SourceModel[];
  readonly metrics: Metrics;
  readonly runs: Runs;
}

/** A run of the ETL that leaves its traces in the metrics and in `runs`. Rejects with what `runEtl` throws. */
export function etlJob(options: EtlJobOptions): (days: Days, signal: AbortSignal) => Promise<void> {
  const { raw, enriched, zone, clock, sources, metrics, runs, onMore } = options;
  return async (days, signal) => {
    const startedAt = clock.now();
    const began = performance.now();
    const ended = (outcome: Omit<RunRecord, 'startedAt' | 'seconds'>) =>
      addRun(runs, { startedAt, seconds: Math.round(performance.now() - began) / 1000, ...outcome });
    try {
      const report = await runEtl({
        raw,
        enriched,
        zone,
        clock,
        sources,
        days,
        signal,
        onProgress: ({ index, count }) => (runs.daysLeft = count - index + 1),
        onDay: () => (runs.revision += 1),
        ...(onMore && { onMore }),
      }).finally(() => (runs.daysLeft = 0));
      for (const { source, read, landed } of report.days) {
        metrics.addQuarantined(source, read.quarantined);
        for (const [table, rows] of Object.entries(landed)) metrics.addRows(table, Math.max(0, rows));
      }
      // Closed days say nothing of what arrives today.
      const upTo = days === 'closed' ? 0 : startedAt;
      for (const { name } of sources) metrics.processed(name, report.seconds, upTo, clock.now());
      runs.finishedAt = clock.now();
      runs.failed = false;
      if (report.days.length > 0) runs.revision += 1;
      const sum = (of: (day: EtlReport['days'][number]) => number) => report.days.reduce((total, day) => total + of(day), 0);
      ended({
        ok: true,
        days: report.days.length,
        lines: sum(({ read }) => read.lines),
        rows: sum(({ read }) => read.rows),
        quarantined: sum(({ read }) => read.quarantined),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      runs.failed = true;
      ended({ ok: false, days: 0, lines: 0, rows: 0, quarantined: 0 });
      for (const { name } of sources) metrics.processingFailed(name);
      throw error;
    }
  };
}
