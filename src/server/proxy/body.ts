import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';

/** Bodies of up to so many bytes are sent on when they are there; a call is one, an upload is not. */
const SMALL = 64 * 1024;

/**
 * Gives `ready` the body of a request as it is to be sent on: none, a small one as its bytes, any other as a stream, no faster than it is taken.
 * Never calls it when a small one breaks off. What breaks the stream does not break `request`.
 */
export function bodyOf(request: IncomingMessage, see: (chunk: Buffer) => void, ready: (body: Buffer | Readable | null) => void): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  const size = coding === undefined ? Number(length ?? 0) : Infinity;
  if (size === 0) return ready(null);
  request.on('data', see);
  if (size > SMALL) {
    const body = request.pipe(new PassThrough()).on('error', () => undefined);
    // What still comes when nobody takes it any more is let go, so that the request comes to its end.
    body.on('close', () => request.resume());
    return ready(body);
  }
  let body: Buffer | undefined;
  request.on('data', (chunk: Buffer) => void (body = body ? Buffer.concat([body, chunk]) : chunk));
  request.on('end', () => ready(body ?? null));
}
