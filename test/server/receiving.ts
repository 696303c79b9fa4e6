import { createHmac } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { storedMigrations } from '../../src/lake/migrations.js';
import { openRawLog, openStore } from '../../src/lake/open.js';
import { createApp, type AppOptions } from '../../src/server/app.js';
import { openAccess } from '../../src/server/auth.js';
import { createMetrics, type Metrics } from '../../src/server/metrics.js';
import { startServer, type RunningServer, type ServerLimits } from '../../src/server/node.js';
import { telegramReceiver } from '../../src/sources/telegram/receive.js';
import { whatsappReceiver } from '../../src/sources/whatsapp/receive.js';
import type { Logger, RawLog } from '../../src/types.js';
import { zoneOf, type Zone } from '../../src/zone.js';
import { temporaryFolder } from '../lake/disks.js';

export const SECRET = 'test_secret-1';
export const APP_SECRET = 'app secret';
export const VERIFY_TOKEN = 'verify token';

export interface Receiving {
  readonly server: RunningServer;
  readonly folder: string;
  readonly metrics: Metrics;
  readonly rawLog: RawLog;
  /** Everything that was logged, as text. */
  readonly logged: string[];
}

export interface ReceivingOptions {
  readonly folder?: string;
  readonly chatIds?: readonly number[];
  readonly phoneNumberIds?: readonly string[];
  readonly limits?: ServerLimits;
  readonly sources?: readonly ('telegram' | 'whatsapp')[];
  readonly app?: Pick<AppOptions, 'mount' | 'open'> & { readonly password?: string; readonly tokens?: readonly string[] };
}

/** A server on a free port over a lake in a temporary folder; both are gone when the test ends. */
export async function receiving(options: ReceivingOptions = {}): Promise<Receiving> {
  const folder = options.folder ?? (await temporaryFolder());
  const clock = { now: Date.now };
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const logger: Logger = { info: log, warn: log, error: log };
  const metrics = createMetrics();
  const rawLog = openRawLog(folder, { zone: zoneOf('America/Sao_Paulo') as Zone, clock, logger, observer: metrics.observer });
  const all = [
    telegramReceiver({ secret: SECRET, chatIds: options.chatIds ?? [], migrations: storedMigrations(openStore(folder)) }),
    whatsappReceiver({ appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN, phoneNumberIds: options.phoneNumberIds ?? [] }),
  ];
  const receivers = all.filter(({ source }) => (options.sources ?? ['telegram', 'whatsapp']).some((name) => name === source));
  const { password, tokens = [], ...mounted } = options.app ?? {};
  const zone = zoneOf('America/Sao_Paulo') as Zone;
  const access = await openAccess({ password, tokens, store: openStore(folder), clock });
  const app = createApp({ rawLog, metrics, logger, access, zone, clock, ...mounted });
  const limits = { stopTimeout: 500, ...options.limits };
  const server = await startServer({ host: '127.0.0.1', port: 0, receivers, rawLog, app, metrics, logger, clock, limits });
  onTestFinished(async () => {
    await server.close();
    await rawLog.close();
  });
  return { server, folder, metrics, rawLog, logged };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request. Nothing is added to `headers` but the length of the body. */
export function send(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('error', reject);
    request.end(method === 'GET' ? undefined : body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

export const toTelegram = (port: number, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  send(port, 'POST', '/webhook/telegram', { ...JSON_TYPE, 'x-telegram-bot-api-secret-token': SECRET, ...headers }, body);

export const signature = (body: string | Uint8Array, secret = APP_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export const toWhatsapp = (port: number, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  send(port, 'POST', '/webhook/whatsapp', { ...JSON_TYPE, 'x-hub-signature-256': signature(body), ...headers }, body);

export interface RawExchange {
  /** Everything the server sent until it closed the connection. */
  readonly received: string;
  readonly ms: number;
}

/** Speaks over a bare socket: sends each part after its delay and waits for the server to end the connection. */
export function speak(port: number, parts: readonly { readonly text: string | Buffer; readonly afterMs?: number }[]): Promise<RawExchange> {
  return new Promise((resolve) => {
    const began = performance.now();
    let received = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false }, () => {
      void (async () => {
        for (const { text, afterMs } of parts) {
          if (afterMs !== undefined) await new Promise((later) => setTimeout(later, afterMs));
          if (socket.writable) socket.write(text);
        }
      })();
    });
    socket.on('data', (chunk: Buffer) => void (received += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ received, ms: performance.now() - began }));
  });
}
