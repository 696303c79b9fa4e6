import { Command } from 'commander';
import { pino } from 'pino';
import { loadSettings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { openRawLog, openStore } from '../lake/open.js';
import { createApp } from '../server/app.js';
import { openAccess } from '../server/auth.js';
import { createMetrics } from '../server/metrics.js';
import { startServer } from '../server/node.js';
import { hasProxy, proxyOf } from '../server/proxy/open.js';
import { receiversOf } from '../server/receivers.js';
import type { Io } from './io.js';

/** `chatlake serve`: webhooks, and what bots send through it, into the raw lake until it is told to stop. Any number of processes may share one lake. */
export function serveCommand(io: Io): Command {
  return new Command('serve').description('receive webhooks, and what bots send through it, into the raw lake').action(() => serve(io));
}

async function serve(io: Io): Promise<void> {
  const settings = loadSettings(io.env);
  const { zone } = settings;
  const store = openStore(settings.raw, settings.s3);
  const receivers = receiversOf(settings, store);
  if (receivers.length === 0 && !hasProxy(settings)) {
    throw new ChatlakeError('SETTINGS', 'No channel is on: set TELEGRAM_WEBHOOK_SECRET, or WHATSAPP_APP_SECRET with WHATSAPP_VERIFY_TOKEN');
  }

  const logger = pino({ base: null }, io.stderr);
  const metrics = createMetrics({ process: true });
  const { clock } = io;
  const rawLog = openRawLog(settings.raw, { zone, clock, logger, observer: metrics.observer }, settings.s3);
  await rawLog.probe();
  const access = await openAccess({ password: settings.password, tokens: settings.apiTokens, store, clock });
  const app = createApp({ rawLog, metrics, logger, access, zone, clock });
  const proxy = proxyOf(settings, { rawStore: store, rawLog, metrics, logger, clock });
  const server = await startServer({ host: settings.host, port: settings.port, receivers, proxy, rawLog, app, metrics, logger, clock });
  const sources = receivers.map((receiver) => receiver.source);
  logger.info({ host: settings.host, port: server.port, sources, raw: settings.raw, timezone: zone.name }, 'receiving');

  if (settings.media.on)
    logger.warn({}, 'CHATLAKE_MEDIA is set, and files of messages are fetched by chatlake up only: run one over the same lake');

  await aborted(io.stop);
  logger.info({}, 'stopping: finishing what is under way');
  await server.close();
  await rawLog.close();
  logger.info({}, 'stopped');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
