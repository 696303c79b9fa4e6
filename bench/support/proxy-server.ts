/** Child process: `platform` (answers sendMessage), `bare` (pipes to it) or `chatlake` (the capturing proxy); says its port. Arguments: kind, port of the platform, folder. */
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSettings } from '../../src/config.js';
import { openRawLog, openStore } from '../../src/lake/open.js';
import { createApp } from '../../src/server/app.js';
import { openAccess } from '../../src/server/auth.js';
import { createMetrics } from '../../src/server/metrics.js';
import { startServer } from '../../src/server/node.js';
import { proxyOf } from '../../src/server/proxy/open.js';
import { PROXY_TOKEN } from './proxy-token.js';

const [kind = 'bare', platform = '0', folder = ''] = process.argv.slice(2);
const ANSWER = JSON.stringify({
  ok: true,
  result: {
    message_id: 5,
    from: { id: 123456789, is_bot: true, first_name: 'Bot', username: 'a_bot' },
    chat: { id: -1001234567890, type: 'supergroup', title: 'The group' },
    date: 1_720_000_000,
    text: 'x'.repeat(200),
  },
});

process.send?.(kind === 'chatlake' ? await chatlake() : await listening(kind === 'platform' ? answering() : bare()));

function answering() {
  return createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length }).end(ANSWER));
  });
}

function bare() {
  const agent = new Agent({ keepAlive: true, noDelay: true });
  return createServer({ noDelay: true }, (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const out = httpRequest({ agent, host: '127.0.0.1', port: Number(platform), method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    out.on('error', () => response.destroy());
    request.pipe(out);
  });
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function chatlake(): Promise<number> {
  const clock = { now: Date.now };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const metrics = createMetrics();
  const settings = loadSettings({
    CHATLAKE_RAW: folder,
    TELEGRAM_BOT_TOKEN: PROXY_TOKEN,
    TELEGRAM_API_URL: `http://127.0.0.1:${platform}`,
  });
  const { zone } = settings;
  const rawLog = openRawLog(folder, { zone, clock, observer: metrics.observer });
  const rawStore = openStore(folder);
  const access = await openAccess({ password: undefined, tokens: [], store: rawStore, clock });
  const app = createApp({ rawLog, metrics, logger, access, zone, clock });
  const proxy = proxyOf(settings, { rawStore, rawLog, metrics, logger, clock });
  return (await startServer({ host: '127.0.0.1', port: 0, receivers: [], proxy, rawLog, app, metrics, logger, clock })).port;
}
