import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { OutboundTally } from '../outbound/keeper.js';
import type { CommitObserver, RefusalReason } from '../types.js';
import type { ProxyTally } from './proxy/proxy.js';

/** What one source's webhook counts. Plain numbers, so that counting costs nothing; read when the metrics are asked for. */
export interface Tally {
  /** Payloads acknowledged as durable, and their bytes. */
  received: number;
  bytes: number;
  /** Payloads left out on purpose. */
  filtered: number;
  /** Milliseconds since the epoch when the last payload became durable; 0 = none yet. */
  lastReceived: number;
  readonly refused: Map<RefusalReason, number>;
  /** Authentic bodies that went to the quarantine, by reason. */
  readonly rejected: Map<string, number>;
}

/** One registry of its own: two of them in one process do not mix. */
export interface Metrics {
  /** The tally of `source`, the same object at each call. */
  tally(source: string): Tally;
  /** What is sent through here, by source; the same object at each call. */
  sent(source: string): OutboundTally & ProxyTally;
  /** For the raw log. */
  readonly observer: CommitObserver;
  /** A run of the ETL ended well: how long it took and the arrival time (epoch ms) up to which raw lines are in the tables. */
  processed(source: string, seconds: number, upToMs: number, finishedAtMs: number): void;
  /** A run of the ETL failed. */
  processingFailed(source: string): void;
  /** Rows that a table gained, lines set aside. */
  addRows(table: string, rows: number): void;
  addQuarantined(source: string, lines: number): void;
  /** Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsOptions {
  /** Also report memory, CPU and event loop of the process. */
  readonly process?: boolean;
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const tallies = new Map<string, Tally>();
  const processedUpTo = new Map<string, number>();
  const sent = new Map<string, OutboundTally & ProxyTally>();
  const registers = [registry];
  registerTallies(registry, tallies, processedUpTo);
  registerSent(registry, sent);

  const commitSeconds = new Histogram({
    name: 'chatlake_commit_seconds',
    help: 'Time from the first line of a group to the end of its sync.',
    labelNames: ['source'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const commitLines = new Histogram({
    name: 'chatlake_commit_lines',
    help: 'Lines that shared one write and sync.',
    labelNames: ['source'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  });
  const commitFailures = new Counter({
    name: 'chatlake_commit_failures_total',
    help: 'Groups that could not be made durable.',
    labelNames: ['source'],
    registers,
  });
  const etlSeconds = new Gauge({
    name: 'chatlake_etl_duration_seconds',
    help: 'Duration of the last ETL run.',
    labelNames: ['source'],
    registers,
  });
  const etlSuccess = new Gauge({
    name: 'chatlake_etl_last_success_timestamp_seconds',
    help: 'End of the last ETL run that succeeded.',
    labelNames: ['source'],
    registers,
  });
  const etlFailures = new Counter({
    name: 'chatlake_etl_failures_total',
    help: 'ETL runs that failed.',
    labelNames: ['source'],
    registers,
  });
  const rows = new Counter({ name: 'chatlake_rows_total', help: 'Rows added to a table.', labelNames: ['table'], registers });
  const quarantined = new Counter({
    name: 'chatlake_quarantined_total',
    help: 'Raw lines the ETL set aside.',
    labelNames: ['source'],
    registers,
  });

  return {
    tally: (source) => {
      const found = tallies.get(source) ?? { received: 0, bytes: 0, filtered: 0, lastReceived: 0, refused: new Map(), rejected: new Map() };
      tallies.set(source, found);
      return found;
    },
    sent: (source) => {
      const found = sent.get(source) ?? { captured: 0, filtered: 0, lost: new Map(), passed: 0, failed: 0, refused: new Map() };
      sent.set(source, found);
      return found;
    },
    observer: {
      committed: (source, lines, _bytes, seconds) => {
        commitSeconds.observe({ source }, seconds);
        commitLines.observe({ source }, lines);
      },
      failed: (source) => commitFailures.inc({ source }),
    },
    processed: (source, seconds, upToMs, finishedAtMs) => {
      if (upToMs > 0) processedUpTo.set(source, Math.max(upToMs, processedUpTo.get(source) ?? 0));
      etlSeconds.set({ source }, seconds);
      etlSuccess.set({ source }, finishedAtMs / 1000);
    },
    processingFailed: (source) => etlFailures.inc({ source }),
    addRows: (table, count) => rows.inc({ table }, count),
    addQuarantined: (source, lines) => quarantined.inc({ source }, lines),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function registerTallies(registry: Registry, tallies: ReadonlyMap<string, Tally>, processedUpTo: ReadonlyMap<string, number>): void {
  const registers = [registry];
  const counted = (name: string, help: string, of: (tally: Tally) => number) =>
    new Counter({
      name,
      help,
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, tally] of tallies) this.inc({ source }, of(tally));
      },
    });
  const countedByReason = (name: string, help: string, of: (tally: Tally) => ReadonlyMap<string, number>) =>
    new Counter({
      name,
      help,
      labelNames: ['source', 'reason'],
      registers,
      collect() {
        this.reset();
        for (const [source, tally] of tallies) for (const [reason, count] of of(tally)) this.inc({ source, reason }, count);
      },
    });
  const measured = (name: string, help: string, of: (source: string, tally: Tally) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, tally] of tallies) {
          const value = of(source, tally);
          if (value !== undefined) this.set({ source }, value);
        }
      },
    });

  counted('chatlake_received_total', 'Payloads acknowledged as durable.', (tally) => tally.received);
  counted('chatlake_received_bytes_total', 'Bytes of those payloads.', (tally) => tally.bytes);
  counted('chatlake_filtered_total', 'Payloads left out by a filter.', (tally) => tally.filtered);
  countedByReason('chatlake_refused_total', 'Requests not taken.', (tally) => tally.refused);
  countedByReason('chatlake_rejected_total', 'Authentic bodies kept in quarantine.', (tally) => tally.rejected);
  measured('chatlake_last_received_timestamp_seconds', 'When the last payload became durable.', (_source, tally) =>
    tally.lastReceived === 0 ? undefined : tally.lastReceived / 1000,
  );
  measured(
    'chatlake_raw_lag_seconds',
    'How far the tables are behind the last payload received; absent until this process has run the ETL over the open day.',
    (source, tally) => {
      const upTo = processedUpTo.get(source);
      return tally.lastReceived === 0 || upTo === undefined ? undefined : Math.max(0, tally.lastReceived - upTo) / 1000;
    },
  );
}

function registerSent(registry: Registry, tallies: ReadonlyMap<string, OutboundTally & ProxyTally>): void {
  const registers = [registry];
  const counted = (name: string, help: string, of: (tally: OutboundTally & ProxyTally) => number) =>
    new Counter({
      name,
      help,
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, tally] of tallies) this.inc({ source }, of(tally));
      },
    });
  const byReason = (name: string, help: string, of: (tally: OutboundTally & ProxyTally) => ReadonlyMap<string, number>) =>
    new Counter({
      name,
      help,
      labelNames: ['source', 'reason'],
      registers,
      collect() {
        this.reset();
        for (const [source, tally] of tallies) for (const [reason, count] of of(tally)) this.inc({ source, reason }, count);
      },
    });
  counted('chatlake_proxy_passed_total', 'Calls of bots passed on to their platform.', (tally) => tally.passed);
  counted('chatlake_proxy_failed_total', 'Calls that the platform gave no answer to.', (tally) => tally.failed);
  byReason('chatlake_proxy_refused_total', 'Calls not passed on.', (tally) => tally.refused);
  counted('chatlake_outbound_total', 'Messages, edits and deletions of bots made durable.', (tally) => tally.captured);
  counted('chatlake_outbound_filtered_total', 'The same, left out by a filter.', (tally) => tally.filtered);
  byReason('chatlake_outbound_lost_total', 'Messages that were sent and are not in the lake.', (tally) => tally.lost);
}
