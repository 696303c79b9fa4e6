import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Ends connections that keep the server waiting. Node does so too, but with a timer set and cleared for every request, and it knows no exception. */
export interface ConnectionWatch {
  connection(socket: Socket): void;
  /** `patient`: the request may take as long as it takes to come, as an upload does that is passed on. */
  request(request: IncomingMessage, response: ServerResponse, patient?: boolean): void;
  stop(): void;
}

interface Watched {
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  patient: boolean;
  /** The request that the last look found, and `performance.now()` when a look first found it so far. */
  seen: IncomingMessage | undefined;
  complete: boolean;
  since: number;
}

const WATCHED = Symbol('watched');
type WatchedSocket = Socket & { [WATCHED]?: Watched };

/** Milliseconds between looks at all connections; a limit may be passed by so much. */
const STEP = 5000;

/**
 * Looks now and then at every connection: one whose request has not come whole after `requestMs` is answered 408, one that was answered and sent
 * nothing for `idleMs` is ended. Connections that have yet to send the head of a request are Node's (`headersTimeout`).
 */
export function connectionWatch(requestMs: number, idleMs: number): ConnectionWatch {
  const sockets = new Set<WatchedSocket>();

  function look(): void {
    const now = performance.now();
    for (const socket of sockets) {
      const watched = socket[WATCHED];
      if (watched?.request) lookAt(socket, watched, watched.request, now);
    }
  }

  function lookAt(socket: Socket, watched: Watched, request: IncomingMessage, now: number): void {
    const { response, patient } = watched;
    if (request !== watched.seen || request.complete !== watched.complete) {
      watched.seen = request;
      watched.complete = request.complete;
      watched.since = now;
    } else if (!request.complete && !patient && now - watched.since > requestMs) {
      if (response?.headersSent) socket.destroy();
      else socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => socket.destroy());
    } else if (request.complete && response?.writableFinished && now - watched.since > idleMs) socket.destroySoon();
  }

  const timer = setInterval(look, Math.min(requestMs, idleMs, STEP));
  timer.unref();
  return {
    connection: (socket: WatchedSocket) => {
      socket[WATCHED] = { request: undefined, response: undefined, patient: false, seen: undefined, complete: false, since: 0 };
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    request: (request, response, patient = false) => {
      const watched = (request.socket as WatchedSocket)[WATCHED];
      if (!watched) return;
      watched.request = request;
      watched.response = response;
      watched.patient = patient;
    },
    stop: () => clearInterval(timer),
  };
}
