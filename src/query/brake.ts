import { ChatlakeError } from '../errors.js';
import type { QueryOptions } from '../types.js';

/** Stops one statement: by the caller's signal or by time. */
export interface Brake {
  /** Aborted once the statement should stop, with the ChatlakeError to throw (CANCELLED, LIMIT) as its reason. */
  readonly signal: AbortSignal;
  cancel(): void;
  /** To be called when the statement is over. */
  release(): void;
}

export function brakeOf({ signal, timeoutMs }: QueryOptions): Brake {
  const stop = new AbortController();
  const cancel = () => stop.abort(new ChatlakeError('CANCELLED', 'The query was cancelled.'));
  const tooLong = () =>
    stop.abort(
      new ChatlakeError('LIMIT', `The query was stopped after ${(timeoutMs ?? 0) / 1000} s. Read fewer days, or raise the time limit.`),
    );
  const timer = timeoutMs === undefined ? undefined : setTimeout(tooLong, timeoutMs);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    signal: stop.signal,
    cancel,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    },
  };
}
