import { ChatlakeError } from '../../errors.js';

export interface TurnstileOptions {
  /** How many may wait, and for how many milliseconds. */
  readonly waiting: number;
  readonly patienceMs: number;
}

/** Hands out a fixed number of things, first come first served. */
export interface Turnstile<T> {
  /** Throws LIMIT when too many wait or it takes too long, CANCELLED at the signal. */
  enter(signal?: AbortSignal): Promise<T>;
  leave(thing: T): void;
  /** Sends away who waits, with `reason`, and whoever comes; every thing is handed back. */
  close(reason: ChatlakeError): readonly T[];
}

interface Waiting<T> {
  readonly take: (thing: T) => void;
  readonly lose: (reason: ChatlakeError) => void;
}

export function turnstile<T>(things: readonly T[], { waiting, patienceMs }: TurnstileOptions): Turnstile<T> {
  const idle = [...things];
  const queue: Waiting<T>[] = [];
  let closed: ChatlakeError | undefined;

  function enter(signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      if (signal?.aborted) return reject(cancelled());
      const free = idle.pop();
      if (free !== undefined) return resolve(free);
      if (queue.length >= waiting) return reject(busy());
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leaveQueue);
        const at = queue.indexOf(mine);
        if (at >= 0) queue.splice(at, 1);
      };
      const mine: Waiting<T> = {
        take: (thing) => {
          settle();
          resolve(thing);
        },
        lose: (reason) => {
          settle();
          reject(reason);
        },
      };
      const leaveQueue = () => mine.lose(cancelled());
      const timer = setTimeout(() => mine.lose(busy()), patienceMs);
      signal?.addEventListener('abort', leaveQueue, { once: true });
      queue.push(mine);
    });
  }

  return {
    enter,
    leave: (thing) => {
      const next = queue[0];
      if (next) next.take(thing);
      else idle.push(thing);
    },
    close: (reason) => {
      closed = reason;
      for (let one = queue[0]; one !== undefined; one = queue[0]) one.lose(reason);
      return things;
    },
  };
}

const cancelled = (): ChatlakeError => new ChatlakeError('CANCELLED', 'The query was cancelled.');
const busy = (): ChatlakeError => new ChatlakeError('LIMIT', 'Too many queries are running or waiting. Try again in a moment.');
