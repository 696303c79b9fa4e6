import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Copy } from './copy.js';
import { flow } from './flow.js';
import type { Patience } from './patience.js';

/** Where calls go: one host, over connections that stay open. */
export interface Upstream {
  /** Begins a request; headers as in `rawHeaders`, without `Host`. */
  request(method: string, path: string, headers: readonly string[]): ClientRequest;
  close(): void;
}

/** Milliseconds that an unused connection is kept: less than platforms keep theirs, so that none is used that is about to close. */
const IDLE = 20_000;

/** `base` is an http(s) address, whose path goes in front of each path. */
export function upstreamAt(base: string): Upstream {
  const url = new URL(base);
  const secure = url.protocol === 'https:';
  const options = { keepAlive: true, noDelay: true, timeout: IDLE, maxFreeSockets: 256 };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const send = secure ? httpsRequest : httpRequest;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const prefix = url.pathname.replace(/\/+$/, '');
  return {
    request: (method, path, headers) =>
      send({ agent, host, port, method, path: prefix + path, headers: ['Host', url.host, ...headers] as never, setHost: false }),
    close: () => agent.destroy(),
  };
}

export interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  readonly path: string;
  /** What is to be seen of the call. Then its answer is waited for even when the caller has gone. */
  readonly watch?:
    | { readonly request: Copy | undefined; readonly response: Copy; readonly done: (answer: IncomingMessage | undefined) => void }
    | undefined;
  /** Answers for a platform that gave none. */
  readonly failed: (status: 502 | 504) => void;
  readonly patience: Patience;
}

/**
 * Passes a request on and its answer back, both as they come: nothing is held up, altered, or sent twice. An end that breaks off on one
 * side breaks off on the other, but for a watched call that the platform has whole: what it answers must be known.
 */
export function pass({ request, response, upstream, path, watch, failed, patience }: Passing): void {
  const out = upstream.request(request.method ?? 'GET', path, requestHeaders(request));
  const waiting = patience.begin(out);
  let answer: IncomingMessage | undefined;
  let whole = false;

  out.on('response', (incoming) => {
    incoming.on('error', () => undefined);
    if (!relay(incoming, response, watch?.response)) return void out.destroy();
    answer = incoming;
    incoming.on('close', () => {
      whole = incoming.complete && incoming.readableEnded;
      if (!whole) response.destroy();
      if (!whole || response.closed) watch?.done(whole ? incoming : undefined);
    });
  });
  out.on('error', () => undefined);
  out.on('close', () => {
    patience.end(waiting);
    if (answer !== undefined) return;
    watch?.done(undefined);
    if (!response.destroyed && !response.headersSent) failed(waiting.late ? 504 : 502);
  });

  const asked = watch?.request;
  request.on('error', () => undefined);
  flow(request, out, asked && ((chunk) => asked.add(chunk)));

  response.on('error', () => undefined);
  response.on('close', () => {
    if (whole) watch?.done(answer);
    if (response.writableFinished) return;
    // A watched call that the platform has whole goes on without its caller, whose request may not come to its end any more.
    if (watch === undefined || !request.complete || request.readableLength > 0) out.destroy();
    else if (!out.writableEnded) out.end();
  });
}

/** False for an answer that can be read but must not be written: a status such as 099, or control characters beside it. */
function relay(answer: IncomingMessage, response: ServerResponse, copy: Copy | undefined): boolean {
  if (!response.destroyed) {
    const headers = withoutHops(answer.rawHeaders, answer.headers.connection);
    response.sendDate = false;
    try {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
    } catch {
      response.statusMessage = '';
      return false;
    }
  }
  flow(answer, response, copy && ((chunk) => copy.add(chunk)));
  return true;
}

/** Headers that are about one connection only (RFC 9110, 7.6.1), and those that the proxy writes itself. */
const HOPS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Of a request, those that are written anew. */
const OWN = new Set(['host', 'expect', 'content-length']);
const NONE: ReadonlySet<string> = new Set();

function requestHeaders(request: IncomingMessage): string[] {
  const headers = withoutHops(request.rawHeaders, request.headers.connection, OWN);
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  // Whatever the method and whatever `Connection` names: a body without a frame would reach the platform as requests of its own.
  if (coding !== undefined) headers.push('Transfer-Encoding', 'chunked');
  else if (length !== undefined) headers.push('Content-Length', length);
  // Else an absent body would be sent as a chunked one.
  else if (request.method === 'POST') headers.push('Content-Length', '0');
  return headers;
}

function withoutHops(raw: readonly string[], connection: string | undefined, more = NONE): string[] {
  const named = connection === undefined || connection === 'keep-alive' || connection === 'close' ? NONE : listed(connection);
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] as string;
    const lower = name.toLowerCase();
    if (!HOPS.has(lower) && !more.has(lower) && !named.has(lower)) kept.push(name, raw[at + 1] as string);
  }
  return kept;
}

const listed = (connection: string): ReadonlySet<string> => new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
