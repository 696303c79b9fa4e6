import type { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';

/** Where calls go: one host, over connections that stay open. */
export interface Upstream {
  /** Sends a request once; headers as in `rawHeaders`, without `Host`. */
  send(
    call: Pick<Dispatcher.DispatchOptions, 'method' | 'path'> & { readonly headers: string[]; readonly body: Buffer | Readable | null },
    handler: Dispatcher.DispatchHandler,
  ): void;
  close(): void;
}

/** Milliseconds that an unused connection is kept: less than platforms keep theirs, so that none is used that is about to close. */
const IDLE = 20_000;

/** `base` is an http(s) address, whose path goes in front of each path. `patience`: milliseconds to wait for a connection. */
export function upstreamAt(base: string, patience: number): Upstream {
  const { origin, host, pathname } = new URL(base);
  const prefix = pathname.replace(/\/+$/, '');
  const pool = new Pool(origin, {
    // One call at a time on a connection: none is ever sent again because of another.
    pipelining: 1,
    keepAliveTimeout: IDLE,
    keepAliveMaxTimeout: IDLE,
    connectTimeout: patience,
    // How long an answer may take is the caller's to say.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    // Field by field: objects put together by spreading outlive two collections, and all that hangs on them with them.
    send: ({ method, path, headers, body }, handler) =>
      void pool.dispatch({ method, path: prefix + path, headers: ['Host', host, ...headers], body }, handler),
    close: () => void pool.destroy(),
  };
}
