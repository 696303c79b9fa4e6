import { ChatlakeError } from '../errors.js';
import { addDays } from '../zone.js';
import { dateOfDay, dayOf, lengthOf } from './calendar.js';
import type { Filters, Language, Period, Range } from './types.js';

export const LANGUAGES: readonly Language[] = ['pt-BR', 'en', 'es'];

const PERIODS = new Set(['today', '7d', '30d', '90d', '12m', 'all']);
const CUSTOM = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;
const LISTS = ['channel', 'conversation', 'person', 'kind'] as const;
/** Values of one name, at most: more is no choice of a person's. */
const MOST_VALUES = 200;

const wrong = (what: string) => new ChatlakeError('USAGE', what);

/**
 * Filters as an address spells them: `period=7d&person=telegram:42&hour=9`. Names that are no filter are left alone.
 * Throws ChatlakeError USAGE that names the parameter and what it takes.
 */
export function parseFilters(query: URLSearchParams): Filters {
  const filters: { -readonly [Name in keyof Filters]: Filters[Name] } = { period: parsePeriod(query.get('period') ?? '30d') };
  for (const name of LISTS) {
    const values = valuesOf(query, name);
    if (values.length > 0) filters[name] = values;
  }
  for (const name of ['conversation', 'person'] as const) {
    const bad = filters[name]?.find((value) => !/^[^:]+:./.test(value));
    if (bad !== undefined) throw wrong(`${name} must be <channel>:<id>, such as telegram:42`);
  }
  const directions = valuesOf(query, 'direction');
  if (directions.some((value) => value !== 'in' && value !== 'out')) throw wrong('direction must be in or out');
  if (directions.length > 0) filters.direction = directions as ('in' | 'out')[];
  const hours = numbersOf(query, 'hour', 0, 23);
  if (hours.length > 0) filters.hour = hours;
  const weekdays = numbersOf(query, 'weekday', 1, 7);
  if (weekdays.length > 0) filters.weekday = weekdays;
  return filters;
}

function valuesOf(query: URLSearchParams, name: string): string[] {
  const values = [...new Set(query.getAll(name).filter((value) => value !== ''))];
  if (values.length > MOST_VALUES) throw wrong(`${name} takes ${MOST_VALUES} values at most`);
  return values;
}

function numbersOf(query: URLSearchParams, name: string, least: number, most: number): number[] {
  return valuesOf(query, name).map((value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) throw wrong(`${name} must be a whole number from ${least} to ${most}`);
    return number;
  });
}

export function parsePeriod(value: string): Period {
  if (PERIODS.has(value)) return value as Period;
  const [, from, to] = CUSTOM.exec(value) ?? [];
  if (from === undefined || to === undefined || !isDate(from) || !isDate(to))
    throw wrong('period must be today, 7d, 30d, 90d, 12m, all, or two dates: 2024-07-01..2024-07-31');
  if (from > to) throw wrong('period must not end before it begins');
  return value as Period;
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

export function parseLanguage(value: string | null): Language {
  if (value === null) return 'pt-BR';
  const found = LANGUAGES.find((language) => language.toLowerCase() === value.toLowerCase());
  const near = found ?? LANGUAGES.find((language) => language.slice(0, 2) === value.slice(0, 2).toLowerCase());
  if (near === undefined) throw wrong(`lang must be one of ${LANGUAGES.join(', ')}`);
  return near;
}

/** Dates of a period. `bounds`: first and last day with messages, null for an empty lake. */
export function rangeOf(period: Period, today: string, bounds: Range | null): Range {
  const [, from, to] = CUSTOM.exec(period) ?? [];
  if (from !== undefined && to !== undefined) return { from, to };
  if (period === 'all') return bounds ?? { from: today, to: today };
  if (period === '12m') return { from: addDays(yearBefore(today), 1), to: today };
  const days = period === 'today' ? 1 : Number.parseInt(period, 10);
  return { from: addDays(today, 1 - days), to: today };
}

/** The same date a year before; 29 February becomes 28. */
function yearBefore(date: string): string {
  const year = String(Number(date.slice(0, 4)) - 1).padStart(4, '0');
  return date.endsWith('-02-29') ? `${year}-02-28` : `${year}${date.slice(4)}`;
}

/** As many days before the range; null for all there is. */
export function rangeBefore(period: Period, range: Range): Range | null {
  if (period === 'all') return null;
  const from = dayOf(range.from);
  return { from: dateOfDay(from - lengthOf(range)), to: dateOfDay(from - 1) };
}
