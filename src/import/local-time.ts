import type { Zone } from '../zone.js';

/**
 * Epoch seconds of a wall clock time (as if it were UTC) in a zone. A time that a clock change skips counts by the offset before it, one
 * that it repeats is the first of the two.
 */
export function epochOfLocal(zone: Zone, local: number): number {
  const before = zone.offsetAt(local - 86_400);
  const after = zone.offsetAt(local + 86_400);
  if (before === after) return local - before;
  const [early, late] = before > after ? [before, after] : [after, before];
  for (const offset of [early, late]) if (zone.offsetAt(local - offset) === offset) return local - offset;
  return local - before;
}

/** Seconds of a calendar date and time as if it were UTC; undefined where there is no such date. */
export function wallClock(year: number, month: number, day: number, hour: number, minute: number, second: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(at).getUTCDate() === day || second === 60 ? at / 1000 : undefined;
}

/** The same for `2018-12-05T10:39:10`. */
export function wallClockOf(iso: string): number | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(iso);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
  return wallClock(year, month, day, hour, minute, second);
}
