import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { openRawLog, openStore } from '../../src/lake/open.js';
import { createApp } from '../../src/server/app.js';
import { openAccess } from '../../src/server/auth.js';
import { createMetrics, type Metrics } from '../../src/server/metrics.js';
import { startServer } from '../../src/server/node.js';
import { proxyOf } from '../../src/server/proxy/open.js';
import type { RawLog } from '../../src/types.js';
import { temporaryFolder } from '../lake/disks.js';
import { rawLines } from '../lake/raw.js';

export const BOT_TOKEN = '123456789:AAtest_token-of-a-bot-0123456789';
export const CLOUD_TOKEN = 'EAAtest0123456789token';

export interface Proxying {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  readonly metrics: Metrics;
  readonly logged: string[];
  /** The `outbound` of each raw line, once there are `count`. */
  readonly outbound: (count: number) => Promise<Record<string, unknown>[]>;
}

export interface ProxyingOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly rawLog?: (log: RawLog) => RawLog;
}

/** A server that passes calls on, over a lake in a temporary folder; both are gone when the test ends. */
export async function proxying({ env = {}, rawLog: wrap = (log) => log }: ProxyingOptions): Promise<Proxying> {
  const folder = await temporaryFolder();
  const settings = loadSettings({ CHATLAKE_RAW: folder, TELEGRAM_BOT_TOKEN: BOT_TOKEN, WHATSAPP_TOKEN: CLOUD_TOKEN, ...env });
  const clock = { now: Date.now };
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const logger = { info: log, warn: log, error: log };
  const metrics = createMetrics();
  const { zone } = settings;
  const rawLog = wrap(openRawLog(folder, { zone, clock, logger, observer: metrics.observer }));
  const rawStore = openStore(folder);
  const access = await openAccess({ password: undefined, tokens: [], store: rawStore, clock });
  const app = createApp({ rawLog, metrics, logger, access, zone, clock });
  const proxy = proxyOf(settings, { rawStore, rawLog, metrics, logger, clock });
  const limits = { stopTimeout: 300, requestTimeout: 400 };
  const server = await startServer({ host: '127.0.0.1', port: 0, receivers: [], proxy, rawLog, app, metrics, logger, clock, limits });
  onTestFinished(async () => {
    await server.close();
    await rawLog.close();
  });
  const outbound = async (count: number) => {
    for (let round = 0; ; round += 1) {
      const lines = await rawLines(folder);
      if (lines.length >= count || round >= 200) return lines.map(({ fields }) => fields['outbound'] as Record<string, unknown>);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { port: server.port, url: `http://127.0.0.1:${server.port}`, folder, metrics, logged, outbound };
}

/** An HTTP server that answers as the test says, gone when it ends; its address. */
export async function platform(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
