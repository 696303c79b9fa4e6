import type { Socket } from 'node:net';
import type { Reply } from './intake.js';
import { answerHeads } from './plain-answer.js';
import { plainRequest, type PlainRequest } from './plain-request.js';

export interface DoorOptions {
  /** Takes a request and answers it, or returns false and has done nothing. */
  readonly take: (request: PlainRequest, reply: Reply) => boolean;
  /** Gets a connection from the first thing on that is not taken; that stands in it still to be read. */
  readonly handOver: (socket: Socket) => void;
  /** True once the server stops: answers then end their connection. */
  readonly stopping: () => boolean;
  /** Milliseconds for a connection's first request to come, and for the next. */
  readonly firstMs: number;
  readonly idleMs: number;
}

/**
 * Where connections come in. What a platform sends to a webhook is nearly always one plain request after another: those are read here, for
 * less than the full reader of HTTP costs, which is more than keeping them does. A connection with anything else goes to that reader for good.
 */
export interface Door {
  readonly connection: (socket: Socket) => void;
  /** Ends the connections that wait for no answer. */
  closeIdle(): void;
  /** Ends all that are left. */
  close(): void;
}

interface Caller {
  readonly socket: Socket;
  /** Requests taken, and how many the last look knew of. */
  taken: number;
  seen: number;
  /** `performance.now()` since which no look found another request. */
  since: number;
  /** Whether an answer is due. */
  waiting: boolean;
}

/** Milliseconds between looks at all connections; a limit may be passed by so much. */
const STEP = 5000;

export function openDoor({ take, handOver, stopping, firstMs, idleMs }: DoorOptions): Door {
  const callers = new Set<Caller>();
  const headOf = answerHeads();

  function connection(socket: Socket): void {
    const caller: Caller = { socket, taken: 0, seen: 0, since: performance.now(), waiting: false };
    let held: Buffer | undefined;

    function onData(piece: Buffer): void {
      if (caller.waiting) return hold(piece);
      const request = socket.writableNeedDrain ? undefined : plainRequest(piece);
      caller.waiting = true;
      if (request === undefined || !take(request, reply)) return leave(piece);
      caller.taken += 1;
    }

    /** Whoever does not wait for an answer is left to the full reader, once it is given. */
    function hold(piece: Buffer): void {
      socket.pause();
      held = held ? Buffer.concat([held, piece]) : piece;
    }

    function reply(status: number, headers: Readonly<Record<string, string>>): void {
      caller.waiting = false;
      if (socket.destroyed) return;
      const last = stopping() || socket.readableEnded;
      socket.write(headOf(status, headers, last), 'latin1');
      if (last) socket.destroySoon();
      else if (held) leave(held);
    }

    function leave(piece: Buffer): void {
      forget();
      handOver(socket);
      socket.unshift(piece);
      socket.resume();
    }

    /** The sender sends no more; what it waits for it still gets. */
    function onEnd(): void {
      if (!caller.waiting) socket.end();
    }

    function forget(): void {
      callers.delete(caller);
      socket.off('data', onData).off('end', onEnd).off('error', ignore).off('close', forget);
    }

    callers.add(caller);
    socket.on('data', onData).on('end', onEnd).on('error', ignore).on('close', forget);
  }

  function look(): void {
    const now = performance.now();
    for (const caller of callers) {
      if (caller.waiting || caller.taken !== caller.seen) {
        caller.seen = caller.taken;
        caller.since = now;
      } else if (now - caller.since > (caller.taken > 0 ? idleMs : firstMs)) caller.socket.destroySoon();
    }
  }

  const looking = setInterval(look, Math.min(firstMs, idleMs, STEP));
  looking.unref();
  return {
    connection,
    closeIdle: () => {
      for (const { socket, waiting } of callers) if (!waiting) socket.destroy();
    },
    close: () => {
      clearInterval(looking);
      for (const { socket } of callers) socket.destroy();
    },
  };
}

const ignore = (): void => undefined;
