import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';
import { ChatlakeError, messageOf } from '../errors.js';
import type { Days } from '../etl/pending.js';
import { rawFolder, rejectedFolder } from '../lake/layout.js';
import type { Clock, Logger, Store } from '../types.js';
import { addDays, type Zone } from '../zone.js';

export interface SchedulerOptions {
  /** Processes days. Rejects when it could not; trying again is safe. */
  readonly run: (days: Days, signal: AbortSignal) => Promise<void>;
  /** Names a state of the raw lake: changes whenever something arrived that `run` has not seen. */
  readonly look: () => Promise<string>;
  /** Cron pattern on the wall clock of `zone`, for the closed days. */
  readonly schedule: string;
  /** Seconds between looks at the open day; 0 = never. */
  readonly refresh: number;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly pace?: Partial<Pace>;
}

export interface Pace {
  /** A run is followed by at least so many times its duration before the next of its kind: with nine, a tenth of the time. */
  readonly rest: number;
  /**
   * What is told of (`nudge`) is looked at at once, but not until so many milliseconds after the look before, and so many
   * times as long as that took: while messages come in, three leaves a quarter of the time to the runs.
   */
  readonly nudgeMs: number;
  readonly nudgeRest: number;
  /** Clocks jump and computers sleep: the time is looked at again after this many milliseconds at most. */
  readonly napMs: number;
  /** Milliseconds to wait after a first failure; each further one doubles it, up to `retryCapMs`. */
  readonly retryMs: number;
  readonly retryCapMs: number;
}

export interface Scheduler {
  /** Processes `days` now. Rejects when that fails. Not to be called beside `loop`. */
  once(days: Days): Promise<void>;
  /**
   * Runs on time, one run at a time, until the signal; then resolves when none is under way. Failures are logged and
   * tried again. Begins with the closed days, unless `once` did them.
   */
  loop(): Promise<void>;
  /** Says that something arrived: the open day is looked at sooner than its turn, unless it is never looked at. */
  nudge(): void;
}

const PACE: Pace = { rest: 9, nudgeMs: 500, nudgeRest: 3, napMs: 30_000, retryMs: 5_000, retryCapMs: 600_000 };

/** Throws SETTINGS when the pattern is wrong. */
export function scheduler(options: SchedulerOptions): Scheduler {
  const { clock, zone, logger, signal } = options;
  const pace = { ...PACE, ...options.pace };
  const pattern = patternOf(options.schedule, zone);
  const nextNight = () => pattern.nextRun(new Date(clock.now()))?.getTime() ?? Infinity;
  let seen: string | undefined;
  let failures = 0;
  let caughtUp = false;
  let hurry = () => undefined as void;
  let waking = new AbortController();

  async function once(days: Days): Promise<void> {
    const state = await options.look();
    await options.run(days, signal);
    // What arrived meanwhile belongs to the next state.
    if (days !== 'closed') seen = state;
    if (typeof days === 'string') caughtUp = true;
  }

  /** Runs if there is a reason to; resolves with the milliseconds to rest, and whether all is done. */
  async function attempt(days: Days): Promise<{ readonly rest: number; readonly done: boolean }> {
    const started = performance.now();
    try {
      if (days === 'closed' || (await options.look()) !== seen) await once(days);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return { rest: 0, done: false };
      const retry = Math.min(pace.retryMs * 2 ** failures, pace.retryCapMs);
      failures += 1;
      logger.error({ error: messageOf(error), retryInSeconds: retry / 1000 }, 'the ETL could not finish; it will be tried again');
      return { rest: retry, done: false };
    }
    return { rest: pace.rest * (performance.now() - started), done: true };
  }

  async function loop(): Promise<void> {
    const refreshMs = options.refresh * 1000;
    // Nights are by the wall clock, which may jump; looks and rests are by the steady one.
    let nightAt = caughtUp ? nextNight() : clock.now();
    let lookAt = refreshMs > 0 ? performance.now() : Infinity;
    let soonest = lookAt;
    let rested = 0;
    let nudged = false;
    hurry = () => {
      nudged = true;
      lookAt = Math.min(lookAt, soonest);
      waking.abort();
    };
    signal.addEventListener('abort', () => waking.abort(), { once: true });
    while (!signal.aborted) {
      const now = performance.now();
      if (clock.now() < nightAt) nightAt = Math.min(nightAt, nextNight());
      const nightIn = Math.max(nightAt - clock.now(), rested - now);
      if (Math.min(nightIn, lookAt - now) > 0) {
        waking = new AbortController();
        await nap(Math.min(nightIn, lookAt - now, pace.napMs), waking.signal);
      } else if (nightIn <= 0) {
        const { rest, done } = await attempt('closed');
        rested = performance.now() + rest;
        if (done) nightAt = nextNight();
      } else {
        const today = zone.dateAt(clock.now() / 1000);
        nudged = false;
        // A group that was on its way at midnight lands in the day before.
        const { rest, done } = await attempt({ from: addDays(today, -1), to: today });
        const ended = performance.now();
        lookAt = ended + Math.max(rest, refreshMs);
        soonest = done ? Math.min(lookAt, ended + Math.max(pace.nudgeMs, pace.nudgeRest * (ended - now))) : lookAt;
        if (nudged && soonest < lookAt) lookAt = soonest;
      }
    }
  }

  return { once, loop, nudge: () => hurry() };
}

/** `look` for a raw lake that any number of processes write to: the objects of the last two days, and their sizes. */
export function lookAtRaw(raw: Store, sources: readonly string[], zone: Zone, clock: Clock): () => Promise<string> {
  return async () => {
    const today = zone.dateAt(clock.now() / 1000);
    const parts: string[] = [];
    for (const source of sources) {
      for (const date of [addDays(today, -1), today]) {
        for (const folder of [rawFolder(source, date), rejectedFolder(source, date)]) {
          for await (const { key, size } of raw.list(folder)) parts.push(`${key} ${size}`);
        }
      }
    }
    return parts.join('\n');
  };
}

function patternOf(schedule: string, zone: Zone): Cron {
  const offset = /^[+-]/.test(zone.name) ? { utcOffset: zone.offsetAt(0) / 60 } : { timezone: zone.name };
  try {
    return new Cron(schedule, { ...offset, paused: true });
  } catch (error) {
    throw new ChatlakeError('SETTINGS', `CHATLAKE_SCHEDULE is not a cron pattern (${messageOf(error)}); an example is 0 0 * * *`);
  }
}

/** Resolves after `ms`, or at the signal. */
async function nap(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
