import { Hono } from 'hono';
import { ChatlakeError, messageOf } from '../errors.js';
import type { Logger, RawLog } from '../types.js';
import { guardHeaders } from './api.js';
import { failure } from './failures.js';
import { guard, type GuardOptions, refusal } from './guard.js';
import type { Metrics } from './metrics.js';

export interface AppOptions extends GuardOptions {
  /** What `/readyz` asks. */
  readonly rawLog: Pick<RawLog, 'probe'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Adds the caller's routes, behind the guard. */
  readonly mount?: (app: Hono) => void;
}

/** Everything but the webhooks, as a handler of fetch requests. */
export function createApp(options: AppOptions): Hono {
  const { rawLog, metrics, logger } = options;
  const app = new Hono();

  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => {
    try {
      await rawLog.probe();
      return c.text('ok\n');
    } catch {
      // The reason names paths: it is for the log, not for whoever asks.
      return c.text('the lake cannot be written\n', 503, { 'retry-after': '5' });
    }
  });

  guardHeaders(app);
  guard(app, options);
  // After what the caller mounts, so that its guards hold for the metrics too.
  options.mount?.(app);
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }));

  app.notFound((c) => refusal(c, 404, 'NOT_FOUND', 'Not found'));
  app.onError((error, c) => {
    if (error instanceof ChatlakeError) return failure(c, error);
    logger.error({ path: c.req.path, error: messageOf(error), stack: error.stack }, 'a request failed');
    return refusal(c, 500, 'INTERNAL', 'Internal error: see the log.');
  });
  return app;
}
