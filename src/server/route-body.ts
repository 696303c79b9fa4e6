import type { IncomingMessage, ServerResponse } from 'node:http';

/** Limits of one body and of all bodies being read at once, in bytes. */
export interface BodyBudget {
  readonly maxBody: number;
  readonly maxTotal: number;
  /** Bytes held by bodies that are being read or waiting to be durable. */
  used: number;
}

/** What became of reading a body. */
export type BodyFailure = 'too_large' | 'busy' | 'aborted';

/**
 * Reads a whole body within `budget` and calls `done` once. The bytes stay counted in `budget.used` after success: the
 * caller gives them back when it lets go of them.
 */
export function readBody(request: IncomingMessage, budget: BodyBudget, done: (failure: BodyFailure | null, body: Buffer) => void): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let size = 0;
  let finished = false;

  function onData(chunk: Buffer): void {
    size += chunk.length;
    budget.used += chunk.length;
    if (size > budget.maxBody) return fail('too_large');
    if (budget.used > budget.maxTotal) return fail('busy');
    if (first === undefined) first = chunk;
    else (more ??= [first]).push(chunk);
  }

  function onEnd(): void {
    if (finished) return;
    finished = true;
    done(null, more ? Buffer.concat(more, size) : (first ?? EMPTY));
  }

  function onClose(): void {
    fail('aborted');
  }

  function fail(failure: BodyFailure): void {
    if (finished) return;
    finished = true;
    budget.used -= size;
    request.off('data', onData);
    done(failure, EMPTY);
  }

  request.on('data', onData);
  request.on('end', onEnd);
  request.on('close', onClose);
}

const EMPTY = Buffer.alloc(0);
/** A refused body up to this many bytes is read to its end, so that the connection can be used again. */
const WORTH_READING = 64 * 1024;
/** What a sender may still send after a refusal before the connection is cut: bytes and milliseconds. */
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 3000;

/**
 * Answers without having read the whole body. Where much of it may still come, the connection ends, but only after the
 * sender had the time to see the answer: cutting it at once would reset it while it is still sending.
 */
export function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body = '',
): void {
  if (request.complete || Number(request.headers['content-length'] ?? (chunked(request) ? Infinity : 0)) <= WORTH_READING) {
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
    response.end(body);
    request.resume();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' });
  if (body === '') response.flushHeaders();
  else response.write(body);
  let left = LINGER_BYTES;
  const end = () => {
    clearTimeout(timer);
    response.end();
    request.destroy();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  request.on('end', end);
  request.on('close', end);
  request.resume();
}

const chunked = (request: IncomingMessage): boolean => request.headers['transfer-encoding'] !== undefined;
