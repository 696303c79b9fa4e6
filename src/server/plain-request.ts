import type { IncomingHttpHeaders } from 'node:http';

/** A POST that came whole, in one piece and in its plainest form. */
export interface PlainRequest {
  readonly path: string;
  /** By name in lower case; each stood once. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Longest head that is read here, in bytes. */
const MAX_HEAD = 4096;
const LINE = '\r\n';
const HEAD_END = Buffer.from('\r\n\r\n');
const START = 'POST ';
const VERSION = ' HTTP/1.1';
/** A path without anything to decode (RFC 3986), then names that are tokens and values that are printable ASCII (RFC 9110, 5.5 and 5.6.2). */
const PLAIN = /^POST \/[\w/-]* HTTP\/1\.1(?:\r\n[!#$%&'*+.^`|~\w-]+:[\t -~]*)+$/;
/** With these, more is wanted than to read so many bytes and answer (RFC 9112, 6.1; RFC 9110, 7.8 and 10.1.1). */
const SPECIAL = ['transfer-encoding', 'upgrade', 'expect'];

/**
 * Reads `piece`, what a connection gave at once, if it is one whole plain request and nothing more; anything else, well-formed or not, is
 * undefined and to be read by a full reader of HTTP. Whatever this takes means to a full reader the same.
 */
export function plainRequest(piece: Buffer): PlainRequest | undefined {
  const end = piece.indexOf(HEAD_END);
  if (end < 0 || end > MAX_HEAD) return undefined;
  const head = piece.toString('latin1', 0, end);
  if (!PLAIN.test(head)) return undefined;
  const first = head.indexOf(LINE);
  const headers = headersOf(head, first + LINE.length);
  if (headers === undefined || headers.host === undefined) return undefined;
  const body = piece.subarray(end + HEAD_END.length);
  if (headers['content-length'] !== String(body.length)) return undefined;
  return { path: head.slice(START.length, first - VERSION.length), headers, body };
}

/** The headers of `head` from `start` on, unless one stands twice or asks for more. */
function headersOf(head: string, start: number): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = Object.create(null) as IncomingHttpHeaders;
  for (let at = start; at < head.length;) {
    const colon = head.indexOf(':', at);
    const next = head.indexOf(LINE, colon);
    const end = next < 0 ? head.length : next;
    const name = head.slice(at, colon).toLowerCase();
    if (name in headers) return undefined;
    headers[name] = head.slice(colon + 1, end).trim();
    at = end + LINE.length;
  }
  if (SPECIAL.some((name) => name in headers)) return undefined;
  return headers.connection === undefined || headers.connection.toLowerCase() === 'keep-alive' ? headers : undefined;
}
