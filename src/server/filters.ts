import { isBetween } from '../analysis/filters.js';
import type { Filters, Period } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import { addDays, type Zone } from '../zone.js';

const LISTS = ['channel', 'conversation', 'person', 'kind'] as const;
const DAYS: Readonly<Record<string, number>> = { today: 1, '7d': 7, '30d': 30, '90d': 90 };
const BETWEEN = /^(.+)\.\.(.+)$/;
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
  if (isBetween(given)) return given;
  if (given === 'all' || given === '12m' || Object.hasOwn(DAYS, given)) return given as Period;
  throw wrong('period', 'today, 7d, 30d, 90d, 12m, all, or two dates of 1970 to 2099 such as 2026-01-01..2026-01-31');
}

const wrong = (name: string, what: string): ChatlakeError => new ChatlakeError('USAGE', `${name} must be ${what}.`);

/** First and last day of a period that ends today; an open end is absent. */
export function daysOf(period: Period, zone: Zone, nowMs: number): { readonly from?: string; readonly to?: string } {
  const [, from, to] = BETWEEN.exec(period) ?? [];
  if (from !== undefined && to !== undefined) return { from, to };
  const today = zone.dateAt(nowMs / 1000);
  if (period === '12m') return { from: addDays(`${Number(today.slice(0, 4)) - 1}${today.slice(4)}`.replace(/-02-29$/, '-02-28'), 1) };
  const days = DAYS[period];
  return days === undefined ? {} : { from: addDays(today, 1 - days) };
}
