import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** One password, kept as what scrypt makes of it. */
export interface Password {
  /** Whether `given` is it: constant time, and as slow as a guess should be. `busy` when too many ask at once. */
  matches(given: string): Promise<boolean | 'busy'>;
  /** A secret that another password or salt would not give: for signing. */
  readonly key: Uint8Array;
}

/** RFC 7914; about 60 ms and 32 MB a guess. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const HALF = 32;
/** Guesses that may wait for their turn; they are made one at a time. */
const MOST_WAITING = 20;

export async function openPassword(password: string, salt: Uint8Array): Promise<Password> {
  const derived = await derive(password, salt);
  const wanted = derived.subarray(0, HALF);
  // What was right once is known again at once: scripts send the password with every request.
  const seen = randomBytes(HALF);
  const digest = (given: string) => createHmac('sha256', seen).update(given).digest();
  let right: Buffer | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function guess(given: string): Promise<boolean> {
    const offered = await derive(given, salt);
    return timingSafeEqual(offered.subarray(0, HALF), wanted);
  }

  return {
    key: derived.subarray(HALF),
    matches: async (given) => {
      if (right !== undefined && timingSafeEqual(digest(given), right)) return true;
      if (waiting >= MOST_WAITING) return 'busy';
      waiting += 1;
      const mine = turn.then(() => guess(given));
      turn = mine.catch(() => undefined);
      try {
        const same = await mine;
        if (same) right = digest(given);
        return same;
      } finally {
        waiting -= 1;
      }
    },
  };
}

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 2 * HALF, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
