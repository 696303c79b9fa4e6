import { Hono } from 'hono';
import { messageOf } from '../errors.js';
import { secretMatcher } from '../sources/secret.js';
import type { Logger, RawLog } from '../types.js';
import type { Metrics } from './metrics.js';

export interface AppOptions {
  /** What `/readyz` asks. */
  readonly rawLog: Pick<RawLog, 'probe'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** HTTP Basic password for everything but `/healthz` and `/readyz`, with any user name. */
  readonly password?: string | undefined;
  /** Adds the caller's routes, behind the password. */
  readonly mount?: (app: Hono) => void;
}

/** Everything but the webhooks, as a handler of fetch requests. */
export function createApp(options: AppOptions): Hono {
  const { rawLog, metrics, logger, password } = options;
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

  if (password !== undefined) {
    const matches = secretMatcher(password);
    app.use(async (c, next) => {
      if (matches(passwordOf(c.req.header('authorization')))) return next();
      return c.text('A password is required.\n', 401, { 'www-authenticate': 'Basic realm="chatlake", charset="UTF-8"' });
    });
  }

  // After what the caller mounts, so that its guards hold for the metrics too.
  options.mount?.(app);
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }));

  app.notFound((c) => c.text('Not found\n', 404));
  app.onError((error, c) => {
    logger.error({ path: c.req.path, error: messageOf(error), stack: error.stack }, 'a request failed');
    return c.text('Internal error: see the log\n', 500);
  });
  return app;
}

/** The password of a Basic `Authorization` header; empty when there is none. */
function passwordOf(header: string | undefined): string {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return '';
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  return colon < 0 ? '' : pair.slice(colon + 1);
}
