import type { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Clock, QueryEngine, SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { FRESH } from './failures.js';
import { type DayStatus, dayStatuses, type Health, healthOf, remembered, type Runs } from './health.js';
import { summarize, type Summary } from './summary.js';

/** What the API answers from, and the page too. Each promise rejects with what the engine or the lake throws. */
export interface Answers {
  summary(): Promise<Summary>;
  status(): Promise<readonly DayStatus[]>;
  health(): Promise<Health>;
}

export interface AnswersOptions {
  readonly engine: QueryEngine;
  readonly enriched: Store;
  readonly sources: readonly SourceModel[];
  readonly zone: Zone;
  readonly clock: Clock;
  /** Answers are remembered between runs. */
  readonly runs: Runs;
}

export function answersFrom(options: AnswersOptions): Answers {
  const { engine, enriched, sources, zone, clock, runs } = options;
  const status = remembered(runs, clock, () => dayStatuses(enriched, sources));
  return {
    summary: remembered(runs, clock, () => summarize(engine, zone, clock)),
    status,
    health: async () => healthOf(await status(), runs),
  };
}

/** Adds `/api/...` to an app. Every answer is JSON and none may be kept by a cache. */
export function mountApi(app: Hono, answers: Answers): void {
  app.get('/api/summary', async (c) => c.json(await answers.summary(), 200, FRESH));
  app.get('/api/status', async (c) => c.json({ days: await answers.status() }, 200, FRESH));
  app.get('/api/health', async (c) => {
    const health = await answers.health();
    return c.json(health, health.ok ? 200 : 503, FRESH);
  });
}

/** Headers for everything people see: no inline script or style, nothing from elsewhere, no frame around it. */
export function guardHeaders(app: Hono): void {
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // A chart is saved as PNG by drawing its own SVG.
        imgSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      // This server speaks plain HTTP; a proxy that adds TLS adds this as well.
      strictTransportSecurity: false,
      referrerPolicy: 'no-referrer',
    }),
  );
}
