import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { bodyOf } from './body.js';
import type { Copy } from './copy.js';
import { answerHeaders, requestHeaders } from './headers.js';
import type { Patience } from './patience.js';
import type { Upstream } from './upstream.js';

/** What the platform gave, without the body. */
export interface Answer {
  readonly status: number;
  readonly encoding: string | undefined;
}

export interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  readonly path: string;
  /** What is to be seen of the call. Then its answer is waited for even when the caller has gone. */
  readonly watch?:
    | { readonly request: Copy | undefined; readonly response: Copy; readonly done: (answer: Answer | undefined, whole: boolean) => void }
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
  const waiting = patience.begin(breakOff);
  let sent = false;
  let broken = false;
  let controller: Dispatcher.DispatchController | undefined;
  let answer: Answer | undefined;
  let whole = false;
  let gone = false;

  /** Whatever is under way at the platform ends without an answer. */
  function breakOff(): void {
    if (broken) return;
    broken = true;
    if (!sent) ended();
    else controller?.abort(new Error('broken off'));
  }

  /** The platform has given all that it will. */
  function ended(error?: Error): void {
    patience.end(waiting);
    if (whole) {
      if (!response.destroyed) response.end();
      if (gone) watch?.done(answer, true);
      return;
    }
    watch?.done(answer, false);
    if (answer !== undefined) response.destroy();
    else if (!response.destroyed && !response.headersSent) failed(waiting.late || isTimeout(error) ? 504 : 502);
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (started) => {
      controller = started;
      if (broken) started.abort(new Error('broken off'));
    },
    onResponseStart: ({ rawHeaders }, status, headers, message) => {
      if (status >= 100 && status < 200) return;
      const { connection, 'content-encoding': encoding } = headers;
      if (!relay(response, status, message, answerHeaders(rawHeaders as Buffer[], connection?.toString()))) return breakOff();
      answer = { status, encoding: encoding?.toString() };
    },
    onResponseData: (from, chunk) => {
      waiting.moved += 1;
      watch?.response.add(chunk);
      if (!response.destroyed && !response.write(chunk)) from.pause();
    },
    onResponseEnd: () => {
      whole = true;
      ended();
    },
    onResponseError: (_controller, error) => {
      // Whatever length such an answer tells, nothing follows its head (RFC 9110, 15.3.5 and 15.4.5).
      whole = answer?.status === 204 || answer?.status === 304;
      ended(error);
    },
  };

  request.on('error', () => undefined);
  bodyOf(
    request,
    (chunk) => {
      waiting.moved += 1;
      watch?.request?.add(chunk);
    },
    (body) => {
      if (broken) return;
      sent = true;
      upstream.send({ method: request.method as Dispatcher.HttpMethod, path, headers: requestHeaders(request), body }, handler);
    },
  );

  response.on('error', () => undefined);
  response.on('drain', () => controller?.resume());

  const { socket } = request;
  /** Nothing more goes to the caller. */
  function closed(): void {
    if (gone) return;
    gone = true;
    socket.off('close', closed);
    if (whole) watch?.done(answer, true);
    if (response.writableFinished) return;
    response.destroy();
    // A watched call that the platform has whole goes on without its caller, whose request may not come to its end any more.
    if (watch === undefined || !request.complete || request.readableLength > 0) breakOff();
    else controller?.resume();
  }

  response.on('close', closed);
  // Node tells no answer that waits for its turn, behind those to earlier calls, that its connection closed.
  if (response.socket === null) socket.setMaxListeners(0).on('close', closed);
}

/** False for an answer that can be read but must not be written: a status such as 099, or control characters beside it. */
function relay(response: ServerResponse, status: number, message: string | undefined, headers: string[]): boolean {
  if (response.destroyed) return true;
  response.sendDate = false;
  try {
    response.writeHead(status, message, headers as never);
    return true;
  } catch {
    response.statusMessage = '';
    return false;
  }
}

const isTimeout = (error: Error | undefined): boolean => error !== undefined && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT';
