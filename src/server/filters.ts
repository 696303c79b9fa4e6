import { rangeOf } from '../analysis/filters.js';
import { isBetween, isPeriod } from '../analysis/period.js';
import type { Filters, Period } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import type { Zone } from '../zone.js';

const LISTS = ['channel', 'conversation', 'person', 'kind'] as const;
/** Values of one name that a request may give. */
const MOST = 200;

/** The filters in an address; the period is `fallback` where it names none. Throws USAGE. */
export function filtersIn(query: URLSearchParams, fallback: Period = '30d'): Filters {
  const lists = Object.fromEntries(LISTS.flatMap((name) => listed(name, values(query, name))));
  const directions = values(query, 'direction');
  for (const value of directions) if (value !== 'in' && value !== 'out') throw wrong('direction', 'in or out');
  return {
    period: periodOf(query.get('period') ?? fallback),
    ...lists,
    ...Object.fromEntries(listed('direction', directions)),
    ...Object.fromEntries(listed('hour', numbers(query, 'hour', 0, 23))),
    ...Object.fromEntries(listed('weekday', numbers(query, 'weekday', 1, 7))),
  };
}

const listed = <T>(name: string, given: readonly T[]): [string, readonly T[]][] => (given.length === 0 ? [] : [[name, given]]);

function values(query: URLSearchParams, name: string): string[] {
  const given = query.getAll(name).filter((value) => value !== '');
  if (given.length > MOST) throw wrong(name, `given at most ${MOST} times`);
  return given;
}

function numbers(query: URLSearchParams, name: string, least: number, most: number): number[] {
  return values(query, name).map((value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) throw wrong(name, `a whole number from ${least} to ${most}`);
    return number;
  });
}

function periodOf(given: string): Period {
  if (isPeriod(given)) return given;
  throw wrong('period', 'today, 7d, 30d, 90d, 12m, all, or two dates of 1970 to 2099 such as 2026-01-01..2026-01-31');
}

const wrong = (name: string, what: string): ChatlakeError => new ChatlakeError('USAGE', `${name} must be ${what}.`);

/** First and last day of a period that ends today; an open end is absent. */
export function daysOf(period: Period, zone: Zone, nowMs: number): { readonly from?: string; readonly to?: string } {
  if (period === 'all') return {};
  const range = rangeOf(period, zone.dateAt(nowMs / 1000), null);
  return isBetween(period) ? range : { from: range.from };
}
