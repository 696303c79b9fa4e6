import type { Settings } from '../config.js';
import { mirrorOf } from '../lake/mirror.js';
import { derivedFolder, openRawLog, openStore } from '../lake/open.js';
import type { MediaQueue } from '../media/queue.js';
import { duckdbEngine } from '../query/duckdb.js';
import { openReader } from '../query/reader.js';
import { liveMessages } from '../query/live-messages.js';
import { refreshed } from '../query/refreshed.js';
import { isolatedEngine } from '../query/worker/engine.js';
import { SOURCES } from '../sources/registry.js';
import type { Clock, CommitObserver, Logger, RawLog, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { aliasesIn } from './aliases.js';
import { analysisInThread } from './analysis-client.js';
import { followRuns } from './analysis-follow.js';
import { type Answers, answersFrom, mountApi } from './api.js';
import { mountHealth } from './api-health.js';
import { mountImports } from './api-imports.js';
import { mountMessages } from './api-messages.js';
import { mountQuestions } from './api-questions.js';
import { mountSession } from './api-session.js';
import { mountSetup } from './api-setup.js';
import { mountSql } from './api-sql.js';
import { mountView } from './api-view.js';
import { mountWebhooks } from './api-webhook.js';
import { createApp } from './app.js';
import { openAccess } from './auth.js';
import { dayIndex } from './day-index.js';
import { etlJob } from './etl-job.js';
import { newRuns } from './health.js';
import { importsOf } from './imports.js';
import { keptGrams } from './kept-grams.js';
import { openLive } from './live.js';
import { mediaOf } from './media.js';
import { messagesIn } from './messages.js';
import { createMetrics, type Metrics } from './metrics.js';
import { type RunningServer, startServer } from './node.js';
import { isPagePath, mountPage } from './page.js';
import { proxyOf } from './proxy/open.js';
import { receiversOf } from './receivers.js';
import { registering } from './registering.js';
import { lookAtRaw, type Scheduler, scheduler } from './scheduler.js';
import { spaceAt } from './space.js';
import { exporter } from './sql-files.js';

export interface StackOptions {
  readonly settings: Settings;
  readonly zone: Zone;
  readonly clock: Clock;
  /** Shows the page as a demonstration. */
  readonly demo: boolean;
  /** What receiving goes by, when it is not `clock`, and what stands between the receivers and the raw log. */
  readonly receiving?: { readonly clock: Clock; readonly watch: (log: RawLog) => RawLog };
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Receivers, lake, ETL, SQL engine, API and page in one process. */
export interface Stack {
  readonly raw: Store;
  readonly rawLog: RawLog;
  readonly metrics: Metrics;
  readonly answers: Answers;
  readonly etl: Scheduler;
  /** Undefined when files are not kept. */
  readonly media: MediaQueue | undefined;
  /** Whether a webhook is open. */
  readonly receives: boolean;
  /** Rejects with SETTINGS when the port cannot be had. */
  listen(port: number): Promise<RunningServer>;
  /** To be called when nothing runs any more. */
  close(): Promise<void>;
}

const QUERY_MEMORY = '512MB';
/** Milliseconds for which a look at a lake elsewhere stands; the end of a run here is seen at once. */
const LOOK_AGE = 1000;

/** Throws LAKE_UNAVAILABLE when the raw lake cannot be written. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { settings, zone, clock, logger, signal, receiving } = options;
  const raw = openStore(settings.raw, settings.s3);
  const enriched = openStore(settings.enriched, settings.s3);
  // What is read is read here: the enriched lake itself, or a folder that follows it.
  const mirror = mirrorOf(enriched, { megabytes: settings.s3.cache.megabytes, age: LOOK_AGE });
  const metrics = createMetrics({ process: true });
  const receivingClock = receiving?.clock ?? clock;
  const runs = newRuns();
  runs.ended.add(mirror.expire);
  const engine = refreshed(await duckdbEngine({ root: mirror.folder, memoryLimit: QUERY_MEMORY }), mirror.refresh);
  const { workers, memoryMb, timeout } = settings.sql;
  const isolated = isolatedEngine({ root: mirror.folder, workers, memoryMb, timeoutMs: timeout * 1000 });
  const people = refreshed(isolated, mirror.refresh);
  const reader = await openReader({ root: mirror.folder });
  const derived = derivedFolder(settings.enriched, settings.s3);
  const index = dayIndex({ reader, enriched: mirror.store, logger, signal, kept: keptGrams(derived) });
  void index.fill();
  runs.ended.add(() => void index.fill());
  const analysis = analysisInThread({ enriched: settings.enriched, s3: settings.s3, timezone: zone.name, folder: derived }, clock);
  const messages = messagesIn({ aliases: aliasesIn(analysis), reader, index, enriched: mirror.store, zone, clock });
  // Before anybody is told of the change, so that who then asks waits for it.
  followRuns({ analysis, runs, logger, signal, followed: () => live.analysed() });
  const live = openLive({ messages, runs, clock, logger });
  const letGo = () => {
    live.close();
    void isolated.close();
  };
  // What people wait for must not hold up the end.
  signal.addEventListener('abort', letGo, { once: true });
  const observer = live.watch(nudging(metrics.observer, () => etl.nudge()));
  const log = openRawLog(settings.raw, { zone, clock: receivingClock, logger, observer }, settings.s3);
  const rawLog = receiving?.watch(log) ?? log;
  await rawLog.probe();
  const access = await openAccess({ password: settings.password, tokens: settings.apiTokens, store: raw, clock });

  const answers = answersFrom({ engine, enriched: mirror.store, sources: SOURCES, zone, clock, runs });
  const catalog = registering(settings, enriched, logger);
  const job = etlJob({
    raw,
    enriched,
    zone,
    clock,
    sources: SOURCES,
    metrics,
    runs,
    onMore: (rebuild) => logger.warn(rebuild, 'days are rebuilt that nobody asked for'),
  });
  const etl = scheduler({
    run: async (days, stop) => {
      await job(days, stop);
      catalog.soon();
    },
    look: lookAtRaw(
      raw,
      SOURCES.map(({ name }) => name),
      zone,
      clock,
    ),
    schedule: settings.schedule,
    refresh: settings.refresh,
    zone,
    clock,
    logger,
    signal,
  });
  // A demonstration holds nothing but what it invents.
  const imports = options.demo
    ? undefined
    : importsOf({ settings, raw, zone, clock, logger, live: liveMessages(engine), written: () => etl.nudge() });
  const app = createApp({
    rawLog,
    metrics,
    logger,
    access,
    zone,
    clock,
    open: isPagePath,
    mount: (mounted) => {
      mountSession(mounted, { access, zone, clock });
      mountApi(mounted, answers);
      mountView(mounted, analysis);
      mountQuestions(mounted, analysis);
      mountMessages(mounted, { messages, engine, raw });
      mountSql(mounted, { engine: people, exported: exporter(people), limits: settings.sql });
      mountHealth(mounted, { engine, raw, enriched: mirror.store, zone, clock, runs });
      mountSetup(mounted, {
        settings,
        demo: options.demo,
        raw,
        messages,
        clock,
        fetch,
        openStore: (place) => openStore(place, settings.s3),
        spaceAt,
      });
      mountWebhooks(mounted, { settings, demo: options.demo, fetch });
      if (imports) mountImports(mounted, imports);
      live.mount(mounted);
      mountPage(mounted, { demo: options.demo });
    },
  });
  const receivers = receiversOf(settings, raw);
  const proxy = options.demo ? undefined : proxyOf(settings, { rawStore: raw, rawLog, metrics, logger, clock: receivingClock });
  return {
    raw,
    rawLog,
    metrics,
    answers,
    etl,
    media: options.demo ? undefined : mediaOf(settings, fetch, { engine, raw, rawLog, zone, clock, logger }),
    receives: receivers.length > 0,
    listen: (port) => startServer({ host: settings.host, port, receivers, proxy, rawLog, app, metrics, logger, clock: receivingClock }),
    close: async () => {
      await imports?.close();
      await rawLog.close();
      await catalog.close();
      await isolated.close();
      await reader.close();
      await analysis.close();
      await engine.close();
      await mirror.close();
    },
  };
}

/** Passes commits on, and says that there is something to process. */
function nudging(observer: CommitObserver, nudge: () => void): CommitObserver {
  return {
    ...observer,
    committed: (source, lines, bytes, seconds) => {
      observer.committed(source, lines, bytes, seconds);
      nudge();
    },
  };
}
