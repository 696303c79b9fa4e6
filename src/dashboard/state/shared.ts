import { NAMED_PERIODS } from '../../analysis/period.js';
import type { Period } from '../../analysis/types.js';
import { LISTS, type Place } from './address.js';

/** What a shared link shows: a place, and the first and last day of its period as the server has them; null where that is open. */
export interface Shared {
  readonly place: Place;
  readonly from: string | null;
  readonly to: string | null;
}

const NAMED: readonly Period[] = NAMED_PERIODS;

/** Whether the link opens a period: its own, or one within it. */
export function opensPeriod({ place, from, to }: Shared, period: Period): boolean {
  if (period === place.period) return true;
  const [first = '', last] = period.split('..');
  if (last === undefined) return NAMED.indexOf(period) < NAMED.indexOf(place.period);
  return (from === null || first >= from) && (to === null || last <= to);
}

/** What the link has of some days; undefined when that is none of them. */
export function clipped({ from, to }: Shared, period: `${string}..${string}`): Period | undefined {
  const [first = '', last = ''] = period.split('..');
  const [start, end] = [from !== null && first < from ? from : first, to !== null && last > to ? to : last];
  return start <= end ? `${start}..${end}` : undefined;
}

/** Whether the link limits anything but the time: then the server lists no values either. */
export const isLimited = ({ place }: Shared): boolean => Object.keys(place.limits).length > 0;

/** Whether the link opens a place: filters may be narrowed, never widened. */
export const opens = (shared: Shared, { page, period, limits, extras }: Place): boolean =>
  page === shared.place.page &&
  (page !== 'messages' || extras.open === undefined) &&
  opensPeriod(shared, period) &&
  LISTS.every((name) => {
    const shown = shared.place.limits[name];
    return shown === undefined || (limits[name] !== undefined && limits[name].every((value) => shown.includes(value)));
  });
