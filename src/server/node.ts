import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ChatlakeError, messageOf, systemCode } from '../errors.js';
import type { Clock, Logger, RawLog, Receiver } from '../types.js';
import { connectionWatch } from './connections.js';
import { openDoor } from './door.js';
import { MAX_BODY } from './intake.js';
import type { Metrics } from './metrics.js';
import type { Proxy } from './proxy/proxy.js';
import { webhooks } from './route.js';

/** Bytes and milliseconds; each has a default. */
export interface ServerLimits {
  /** Largest body of a webhook; 4 MiB. */
  readonly maxBody?: number;
  /** All bodies being read or waiting to be durable; 128 MiB. Beyond it senders are told to try again. */
  readonly maxBodies?: number;
  /** For a request's headers, 10 s, and for the whole request, 30 s; what is passed on takes as long as it takes. */
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
  /** For an idle connection; 75 s, longer than load balancers keep theirs. */
  readonly keepAliveTimeout?: number;
  /** How long a stop waits for requests under way; 8 s. */
  readonly stopTimeout?: number;
}

export interface ServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly receivers: readonly Receiver[];
  readonly rawLog: RawLog;
  /** Answers what is under `/proxy/`, if anything does. */
  readonly proxy?: Proxy | undefined;
  /** Answers everything else. */
  readonly app: { fetch(request: Request): Response | Promise<Response> };
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly limits?: ServerLimits;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no more connections, finishes the requests under way, then cuts what is left. Leaves the raw log open. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const WEBHOOKS = '/webhook/';
const PROXIED = '/proxy/';
/** Milliseconds between looks at connections that became idle while stopping. */
const STOP_STEP = 25;

/**
 * Listens for webhooks, answered here because this path must be fast, and for everything else, answered by `app`.
 * Rejects with SETTINGS when the address cannot be listened on.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = options.limits ?? {};
  const budget = { maxBody: limits.maxBody ?? MAX_BODY, maxTotal: limits.maxBodies ?? 128 * MIB, used: 0 };
  let stopping = false;
  const hooks = webhooks({ ...options, budget, stopping: () => stopping });
  const others = getRequestListener(options.app.fetch.bind(options.app), { overrideGlobalObjects: false });

  const { proxy } = options;
  const headersTimeout = limits.headersTimeout ?? 10_000;
  const keepAliveTimeout = limits.keepAliveTimeout ?? 75_000;
  const watch = connectionWatch(limits.requestTimeout ?? 30_000, keepAliveTimeout);
  const answer = (request: IncomingMessage, response: ServerResponse, expects: boolean) => {
    const url = request.url ?? '';
    if (proxy && url.startsWith(PROXIED)) {
      if (stopping) response.setHeader('connection', 'close');
      watch.request(request, response, proxy.handle(request, response, expects));
      return;
    }
    watch.request(request, response);
    if (url.startsWith(WEBHOOKS)) {
      const mark = url.indexOf('?');
      return hooks.handle(request, response, mark < 0 ? url : url.slice(0, mark), expects);
    }
    if (expects) response.writeContinue();
    if (stopping) response.setHeader('connection', 'close');
    others(request, response).catch((error: unknown) => {
      options.logger.error({ error: messageOf(error) }, 'a request could not be answered');
      response.destroy();
    });
  };

  const server = createServer({
    headersTimeout,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    connectionsCheckingInterval: Math.min(headersTimeout, 5000),
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  });
  // Their bytes are limited, not their number: Node would drop those beyond it without a word, a length or a secret among them.
  server.maxHeadersCount = 0;
  const readers = server.listeners('connection');
  const door = openDoor({
    take: hooks.take,
    handOver: (socket) => {
      watch.connection(socket);
      for (const reader of readers) reader.call(server, socket);
    },
    stopping: () => stopping,
    firstMs: headersTimeout,
    idleMs: keepAliveTimeout,
  });
  server.removeAllListeners('connection').on('connection', door.connection);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => answer(request, response, false));
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => answer(request, response, true));
  await listen(server, options);

  async function close(): Promise<void> {
    stopping = true;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const idle = setInterval(() => {
      server.closeIdleConnections();
      door.closeIdle();
    }, STOP_STEP);
    const cut = setTimeout(() => {
      server.closeAllConnections();
      door.close();
    }, limits.stopTimeout ?? 8000);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
    watch.stop();
    door.close();
    await proxy?.close();
  }

  return { port: (server.address() as AddressInfo).port, close };
}

function listen(server: ReturnType<typeof createServer>, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const why =
        systemCode(error) === 'EADDRINUSE'
          ? 'something else listens there; choose another CHATLAKE_PORT'
          : `${messageOf(error)}; check CHATLAKE_HOST and CHATLAKE_PORT`;
      reject(new ChatlakeError('SETTINGS', `Cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}
