/** A call on its way. */
export interface Waiting {
  /** Pieces that went over, in either direction. */
  moved: number;
  /** How many the last look found, and `performance.now()` when a look first found so many. */
  seen: number;
  since: number;
  /** Given up. */
  late: boolean;
  /** Where it stands among the calls on their way. */
  place: number;
  readonly giveUp: () => void;
}

/** Gives calls up on which nothing moves. One timer looks at all of them: one for each would be set and cleared with every call. */
export interface Patience {
  /** Milliseconds without a byte in either direction. */
  readonly limit: number;
  begin(giveUp: () => void): Waiting;
  end(waiting: Waiting): void;
  stop(): void;
}

/** Milliseconds between looks at most; a call may wait so much longer. */
const STEP = 5000;

export function patienceOf(limit: number): Patience {
  // No Set: what was in one is held by the tables it outgrew, from which one call after the other would live until a whole collection.
  const calls: Waiting[] = [];
  const look = () => {
    const now = performance.now();
    for (const call of calls.slice()) {
      if (call.moved !== call.seen) {
        call.seen = call.moved;
        call.since = now;
      } else if (now - call.since > limit) {
        call.late = true;
        call.giveUp();
      }
    }
  };
  const timer = setInterval(look, Math.min(STEP, limit / 4)).unref();
  return {
    limit,
    begin: (giveUp) => {
      const call = { moved: 0, seen: -1, since: 0, late: false, place: calls.length, giveUp };
      calls.push(call);
      return call;
    },
    end: (call) => {
      if (calls[call.place] !== call) return;
      const last = calls.pop() as Waiting;
      if (last === call) return;
      calls[call.place] = last;
      last.place = call.place;
    },
    stop: () => clearInterval(timer),
  };
}
