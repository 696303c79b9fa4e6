import { timingSafeEqual } from 'node:crypto';

/** Bytes compared whatever was given; a longer secret has its own length. Twice what a careful person makes up. */
const ROOM = 128;
/** Bytes of the widest character: text that goes on after the secret always shows in the length. */
const WIDEST = 4;

/**
 * Compares given text with `expected` in a time that depends on neither the secret nor its length. An absent or empty
 * `expected` equals nothing.
 */
export function secretMatcher(expected: string | undefined): (given: string) => boolean {
  const secret = Buffer.from(expected ?? '');
  const wanted = Buffer.alloc(Math.max(ROOM, secret.length + WIDEST));
  secret.copy(wanted);
  const offered = Buffer.alloc(wanted.length);
  return (given) => {
    offered.fill(0);
    const length = offered.write(given);
    const same = timingSafeEqual(offered, wanted);
    return Boolean(Number(same) & Number(length === secret.length) & Number(length > 0));
  };
}
