import { createHash } from 'node:crypto';

/** A JSON object nobody vouches for. */
export type Loose = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);
export const objects = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.filter(isObject) : []);
/** A text that is not empty. */
export const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A whole number, as a number or as text. */
export function whole(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An object without the members that are undefined. */
export function defined<T extends Readonly<Record<string, unknown>>>(members: T): Loose {
  const result: Record<string, unknown> = {};
  for (const key in members) if (members[key] !== undefined) result[key] = members[key];
  return result;
}

const hashed = (parts: readonly unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest();

/** A name for these parts, the same everywhere: 32 hexadecimal digits. */
export const stableName = (...parts: readonly unknown[]): string => hashed(parts).toString('hex', 0, 16);

/** A number for these parts, from 2^51 up to 2^52: the platforms' ids are below, and every JSON reader takes it exactly. */
export const stableNumber = (...parts: readonly unknown[]): number =>
  2 ** 51 + (hashed(parts).readUIntBE(0, 6) * 8 + ((hashed(parts)[6] as number) & 7));

/**
 * Tells things apart that are equal in all they say: the first is 0, the next 1. Counts are kept for the last days of
 * what was seen, since exports are in the order of time.
 */
export function ordinals(): (key: string, date: number) => number {
  const KEPT = 2 * 86_400;
  let counts = new Map<string, { readonly date: number; count: number }>();
  let newest = -Infinity;
  let swept = -Infinity;
  return (key, date) => {
    newest = Math.max(newest, date);
    if (newest - swept > KEPT && counts.size > 10_000) {
      swept = newest;
      counts = new Map([...counts].filter(([, seen]) => seen.date >= newest - KEPT));
    }
    const seen = counts.get(key);
    if (seen === undefined) counts.set(key, { date, count: 1 });
    else return seen.count++;
    return 0;
  };
}
