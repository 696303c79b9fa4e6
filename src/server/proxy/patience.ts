import type { ClientRequest } from 'node:http';

/** A call on its way. */
export interface Waiting {
  readonly out: ClientRequest;
  /** Bytes that had gone over its connection at the last look, and `performance.now()` when a look first found so many. */
  moved: number;
  since: number;
  /** Given up. */
  late: boolean;
}

/** Gives calls up on which nothing moves. One timer looks at all of them: one for each would be set and cleared with every call. */
export interface Patience {
  begin(out: ClientRequest): Waiting;
  end(waiting: Waiting): void;
  stop(): void;
}

/** Milliseconds between looks at most; a call may wait so much longer. */
const STEP = 5000;

/** `limit`: milliseconds without a byte in either direction. */
export function patienceOf(limit: number): Patience {
  const calls = new Set<Waiting>();
  const look = () => {
    const now = performance.now();
    for (const call of calls) {
      const { socket } = call.out;
      const moved = socket ? socket.bytesRead + socket.bytesWritten : 0;
      if (moved !== call.moved) {
        call.moved = moved;
        call.since = now;
      } else if (now - call.since > limit) {
        call.late = true;
        call.out.destroy();
      }
    }
  };
  const timer = setInterval(look, Math.min(STEP, limit / 4)).unref();
  return {
    begin: (out) => {
      const call = { out, moved: -1, since: 0, late: false };
      calls.add(call);
      return call;
    },
    end: (call) => void calls.delete(call),
    stop: () => clearInterval(timer),
  };
}
