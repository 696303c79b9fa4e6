import { setTimeout as later } from 'node:timers/promises';
import type { Analysis } from '../analysis/analysis.js';
import { messageOf } from '../errors.js';
import type { Logger } from '../types.js';
import type { Runs } from './health.js';

export interface FollowOptions {
  readonly analysis: Pick<Analysis, 'refresh'>;
  readonly runs: Pick<Runs, 'ended'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called each time the analysis has taken in what a run left. */
  readonly followed: () => void;
}

const AGAIN_MS = 2_000;

/** Keeps the analysis up with the lake: after each run, and again until it has succeeded. */
export function followRuns({ analysis, runs, logger, signal, followed }: FollowOptions): void {
  let newest = 0;

  async function follow(mine: number): Promise<void> {
    try {
      await analysis.refresh();
      followed();
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ error: messageOf(error) }, 'the analysis is behind the lake');
      await later(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (mine === newest && !signal.aborted) await follow(mine);
    }
  }

  runs.ended.add(() => {
    newest += 1;
    void follow(newest);
  });
}
