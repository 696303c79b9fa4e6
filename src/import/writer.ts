import type { RawLog } from '../types.js';
import type { Found } from './types.js';

/** Characters that may be on their way to the disk. */
const MOST_PENDING = 8 * 1024 * 1024;

/** Hands findings to the raw log, as many at once as it takes, and no more than memory should hold. */
export function rawWriter(log: RawLog, source: string) {
  let pending = 0;
  let waiting = 0;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const until = async (enough: () => boolean) => {
    while (!enough()) {
      if (failure) break;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure) throw failure;
  };

  return {
    /** Resolves when there is room for more. Rejects with LAKE_UNAVAILABLE. */
    async write(found: readonly Found[]): Promise<void> {
      for (const one of found) {
        const size = 'body' in one ? one.body.length : one.payload.length;
        pending += size;
        waiting += 1;
        const done = (error: Error | null) => {
          pending -= size;
          waiting -= 1;
          if (error) failure ??= error;
          wake?.();
        };
        if ('body' in one) log.reject(source, one.body, one.reason, done);
        else log.append(source, one.payload, done);
        if (pending > MOST_PENDING) await until(() => pending <= MOST_PENDING / 2);
      }
    },
    /** Resolves when everything written is durable. */
    settled: () => until(() => waiting === 0),
  };
}
