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
  /** The last exchange, until it is over: kept longer, it would outlive the garbage that it is collected with. */
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  patient: boolean;
  /** Requests so far, and how many the last look found. */
  requests: number;
  seen: number;
  /** Whether the last request was there whole at the last look, and `performance.now()` when a look first found it so far. */
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
      if (watched && watched.requests > 0) lookAt(socket, watched, now);
    }
  }

  function lookAt(socket: Socket, watched: Watched, now: number): void {
    const { request, response, patient, requests } = watched;
    const complete = request?.complete ?? true;
    const finished = response?.writableFinished ?? true;
    if (requests !== watched.seen || complete !== watched.complete) {
      watched.seen = requests;
      watched.complete = complete;
      watched.since = now;
    } else if (!complete && !patient && now - watched.since > requestMs) {
      if (response?.headersSent) socket.destroy();
      else socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => socket.destroy());
    } else if (complete && finished && now - watched.since > idleMs) socket.destroySoon();
  }

  const timer = setInterval(look, Math.min(requestMs, idleMs, STEP));
  timer.unref();
  return {
    connection: (socket: WatchedSocket) => {
      socket[WATCHED] = { request: undefined, response: undefined, patient: false, requests: 0, seen: 0, complete: false, since: 0 };
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    request: (request, response, patient = false) => {
      const watched = (request.socket as WatchedSocket)[WATCHED];
      if (!watched) return;
      watched.request = request;
      watched.response = response;
      watched.patient = patient;
      watched.requests += 1;
      const letGo = () => {
        if (watched.response !== response || !request.complete || !response.writableFinished) return;
        watched.request = undefined;
        watched.response = undefined;
      };
      // Either may be over first.
      request.once('close', letGo);
      response.once('close', letGo);
    },
    stop: () => clearInterval(timer),
  };
}
