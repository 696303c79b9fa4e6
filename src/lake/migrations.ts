import { ChatlakeError } from '../errors.js';
import type { Store } from '../types.js';

const FOLDER = '_state/telegram/migrations/';
const NAME = /^(-?\d+)-(-?\d+)\.json$/;

/**
 * Remembers in the raw lake which chat id became which other, one small object a pair, so that every process that
 * shares the lake learns it, now or after a restart. Writing a pair twice changes nothing.
 */
export function storedMigrations(store: Store) {
  return {
    /** Every pair [from, to] learned so far, in no particular order. */
    known: async (): Promise<readonly (readonly [number, number])[]> =>
      (await store.children(FOLDER)).flatMap((name) => {
        const found = NAME.exec(name);
        return found ? [[Number(found[1]), Number(found[2])] as const] : [];
      }),
    /** Durable when it resolves. */
    learn: (from: number, to: number): Promise<void> =>
      store.write(`${FOLDER}${from}-${to}.json`, `${JSON.stringify({ from, to })}\n`, { ifAbsent: true }).catch((error: unknown) => {
        // Another process, or this one before, has learned the same.
        if (!(error instanceof ChatlakeError && error.code === 'CONFLICT')) throw error;
      }),
  };
}
