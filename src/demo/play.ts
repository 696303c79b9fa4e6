import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../types.js';
import { addDays, type Zone } from '../zone.js';
import type { DemoTime } from './clock.js';
import { type Delivery, simulate } from './simulate.js';
import { type DemoState, readState, writeState } from './state.js';

export interface PlayOptions {
  /** Where the state is kept. */
  readonly folder: string;
  /** History to begin with; no more is made up after a pause. */
  readonly days: number;
  readonly zone: Zone;
  /** The real time. */
  readonly clock: Clock;
  /** The time the receivers go by. */
  readonly time: DemoTime;
  readonly deliver: (delivery: Delivery) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface Play {
  /** Sends what happened up to now, in its own time. Resolves with the number of deliveries. */
  history(onProgress?: (sent: number, upTo: string) => void): Promise<number>;
  /** Goes on in real time; call after `history`. Rejects with an AbortError at the signal. */
  live(): Promise<void>;
}

/** Seconds simulated at a time when live. */
const STEP = 20;
/** Seconds missed after which time is made up as history. */
const GAP = 600;

/**
 * Plays the simulation to the webhooks, from where an earlier run stopped. The state is written before a stretch is
 * sent: a crash loses some simulated messages, and never sends two different ones under the same id.
 */
export async function openPlay(options: PlayOptions): Promise<Play> {
  const { folder, days, zone, clock, time, deliver, signal } = options;
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  const oldest = zone.startOf(addDays(zone.dateAt(nowSeconds()), -days));
  const kept = await readState(folder, oldest);
  let state: DemoState = { ...kept, until: Math.max(kept.until, oldest) };
  /** Ordered; what arrives after the stretch it began in. */
  let carried: Delivery[] = [];

  /** The deliveries up to `to`, in order. */
  async function advance(to: number, pace: 'history' | 'live'): Promise<Delivery[]> {
    const { deliveries, counters } = simulate({ seed: state.seed, zone, from: state.until, to, pace }, state.counters);
    const all = [...carried, ...deliveries].sort((a, b) => a.at - b.at);
    carried = all.filter(({ at }) => at >= to * 1000);
    state = { seed: state.seed, until: to, counters };
    await writeState(folder, state);
    return all.filter(({ at }) => at < to * 1000);
  }

  async function history(onProgress?: (sent: number, upTo: string) => void): Promise<number> {
    let sent = 0;
    try {
      for (let end = nowSeconds(); state.until < end && !signal.aborted;) {
        const date = zone.dateAt(state.until);
        const deliveries = await advance(Math.min(zone.startOf(addDays(date, 1)), end), 'history');
        for (const { body, at } of deliveries) time.expect(body, at);
        // A day at once: deliveries on their way together share one sync of the raw log.
        await Promise.all(deliveries.map(deliver));
        sent += deliveries.length;
        onProgress?.(sent, date);
      }
    } finally {
      time.release();
    }
    return sent;
  }

  async function live(): Promise<void> {
    while (!signal.aborted) {
      // The computer slept: what it missed happened at the pace of day and night.
      if (nowSeconds() - state.until > GAP) await history();
      for (const delivery of await advance(Math.max(state.until, nowSeconds() - STEP) + STEP, 'live')) {
        await until(delivery.at);
        await deliver(delivery);
      }
      await until(state.until * 1000);
    }
  }

  const until = (at: number) => sleep(Math.max(0, at - clock.now()), undefined, { signal });
  return { history, live };
}
