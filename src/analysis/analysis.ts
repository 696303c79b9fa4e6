import type { Clock, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { openCache, type Refreshed } from './cache/cache.js';
import type { Bounds } from './cache/rollups.js';
import { optionsOf } from './options.js';
import { questionsView } from './questions/questions.js';
import { questionGroups } from './questions/groups.js';
import { rehearse } from './rehearsal.js';
import type { AnalysisView, Filters, Language, Option, OptionField, QuestionsView } from './types.js';
import type { Twin } from './twin/twin.js';
import { analyse, type ViewOptions } from './view.js';

/** Answers from an in-memory copy of the lake. */
export interface Analysis {
  view(filters: Filters, options: ViewOptions): Promise<AnalysisView>;
  /** The recurring questions, most asked first. */
  questions(filters: Filters, options: { readonly language: Language }): Promise<QuestionsView>;
  /** Values a filter can take whose label holds `query`, most messages first. */
  options(field: OptionField, query: string): Promise<Option[]>;
  /** For ids that are another's former ones, the id it is now; both `<channel>:<id>`. */
  aliases(): Promise<ReadonlyMap<string, string>>;
  /** Takes in what changed in the lake. One at a time; throws LAKE_UNAVAILABLE when files keep changing. */
  refresh(): Promise<Refreshed>;
  close(): Promise<void>;
}

export interface AnalysisOptions extends Bounds {
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  /** Folder for what is derived from the lake's files, so that it need not be made again; it may be deleted at any time. None: in memory only. */
  readonly folder?: string | undefined;
  /** Who counts beside this thread, and is closed with it; none where not given. */
  readonly twin?: Twin;
}

/** Milliseconds that a question waits for a refresh under way; then it is answered from what was there before. */
const PATIENCE = 400;

/** Opens the analysis in this thread. The first question waits until the lake has been read. */
export async function openAnalysis({ clock, twin, ...options }: AnalysisOptions): Promise<Analysis> {
  const { zone } = options;
  const cache = await openCache(options);
  const groups = questionGroups(clock);
  let loaded = false;
  let closed = false;
  let running = 0;
  let refreshing: Promise<Refreshed> | undefined;

  function refresh(): Promise<Refreshed> {
    const begun = tracked();
    refreshing = begun;
    return begun;
  }
  async function tracked(): Promise<Refreshed> {
    running += 1;
    try {
      const refreshed = await cache.refresh();
      const isLarge = refreshed.changed && twin?.give(cache.snapshot()) === true;
      if (isLarge && !loaded) rehearsed(twin).catch(() => undefined);
      loaded = true;
      // Made ready beside what is asked meanwhile; who needs the groups is told if it fails.
      groups.of(cache.snapshot()).catch(() => undefined);
      return refreshed;
    } finally {
      running -= 1;
      if (running === 0) refreshing = undefined;
    }
  }
  async function rehearsed(helper: Twin): Promise<void> {
    const snapshot = cache.snapshot();
    // After the groups are made, which takes memory for a while.
    const given = { zone, now: clock.now(), grouping: await groups.of(snapshot), twin: helper };
    await rehearse(
      snapshot,
      helper,
      (filters) => analyse(snapshot, filters, REHEARSAL, given),
      () => closed,
    );
  }
  async function ready(): Promise<void> {
    if (!loaded) await (refreshing ?? refresh());
    else if (refreshing !== undefined) await Promise.race([refreshing.catch(() => undefined), patience()]);
  }
  return {
    async view(filters, options) {
      await ready();
      const snapshot = cache.snapshot();
      return analyse(snapshot, filters, options, { zone, now: clock.now(), grouping: await groups.soon(snapshot), twin });
    },
    async questions(filters, options) {
      await ready();
      const snapshot = cache.snapshot();
      return questionsView(snapshot, await groups.of(snapshot), filters, options, { zone, now: clock.now() });
    },
    async options(field, query) {
      await ready();
      return optionsOf(cache.snapshot(), field, query);
    },
    async aliases() {
      await ready();
      return cache.snapshot().aliases;
    },
    refresh,
    async close() {
      closed = true;
      await cache.close();
      await twin?.close();
    },
  };
}

const REHEARSAL = { language: 'en', targetMinutes: 15 } as const;

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PATIENCE).unref());
