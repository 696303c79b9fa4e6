import type { Zone } from '../zone.js';
import type { Random } from './random.js';

/** How busy a place is: relative activity for each hour of the day, and for each weekday from Sunday. Means are about 1. */
export interface Rhythm {
  readonly hours: readonly number[];
  readonly weekdays: readonly number[];
}

/** A group of people who chat around work: coffee, lunch, and most of all the evening. */
export const GROUP: Rhythm = {
  hours: [0.25, 0.12, 0.05, 0.03, 0.03, 0.08, 0.3, 0.8, 1.3, 1.6, 1.5, 1.3, 1.8, 1.6, 1.2, 1.1, 1.1, 1.2, 1.5, 2, 2.2, 1.9, 1.3, 0.7],
  weekdays: [0.6, 1.05, 1.2, 1.25, 1.15, 1.05, 0.7],
};

/** A support number: office hours, a late wave after dinner, little on Sundays. */
export const SUPPORT: Rhythm = {
  hours: [0.1, 0.03, 0.02, 0.02, 0.02, 0.05, 0.2, 0.7, 1.6, 2.3, 2.4, 2, 1.5, 1.7, 2, 2, 1.9, 1.6, 1.1, 0.9, 0.8, 0.6, 0.4, 0.2],
  weekdays: [0.25, 1.35, 1.25, 1.15, 1.15, 1.2, 0.65],
};

/** Neither day nor night: live traffic must be seen at any hour. */
export const ALWAYS: Rhythm = { hours: Array.from({ length: 24 }, () => 1), weekdays: Array.from({ length: 7 }, () => 1) };

const HOUR = 3600;

/**
 * When things begin in [from, to), epoch seconds, in order: a Poisson process of `perHour` on average that follows the
 * rhythm by the clock on the wall of `zone`.
 */
export function moments(random: Random, zone: Zone, rhythm: Rhythm, perHour: number, from: number, to: number): number[] {
  const peak = Math.max(...rhythm.hours) * Math.max(...rhythm.weekdays);
  const found: number[] = [];
  for (let at = from + random.wait(HOUR / (perHour * peak)); at < to; at += random.wait(HOUR / (perHour * peak))) {
    const local = new Date((at + zone.offsetAt(at)) * 1000);
    const busy = rhythm.hours[local.getUTCHours()]! * rhythm.weekdays[local.getUTCDay()]!;
    if (random.chance(busy / peak)) found.push(Math.floor(at));
  }
  return found;
}
