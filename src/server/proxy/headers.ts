import type { IncomingMessage } from 'node:http';

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

/** A request's headers as they go on, in the form of `rawHeaders`; how a body without a length is framed is left to the sender. */
export function requestHeaders(request: IncomingMessage): string[] {
  const headers = withoutHops(request.rawHeaders, request.headers.connection, OWN);
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  // Whatever the method and whatever `Connection` names: a body without a frame would reach the platform as requests of its own.
  if (coding === undefined && length !== undefined) headers.push('Content-Length', length);
  return headers;
}

/** An answer's, likewise. */
export function answerHeaders(raw: readonly (Buffer | string)[], connection: string | undefined): string[] {
  const names = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
  return withoutHops(names, connection);
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
