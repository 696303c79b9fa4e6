import { ChatlakeError } from '../errors.js';
import { addDays } from '../zone.js';
import { dateOfDay, dayOf, lengthOf } from './calendar.js';
import { isBetween } from './period.js';
import type { Language, Period, Range } from './types.js';

export const LANGUAGES: readonly Language[] = ['pt-BR', 'en', 'es'];

/** The language asked for, or one near it (`pt` is `pt-BR`); `pt-BR` for none. Throws USAGE. */
export function parseLanguage(value: string | null): Language {
  if (value === null) return 'pt-BR';
  const found = LANGUAGES.find((language) => language.toLowerCase() === value.toLowerCase());
  const near = found ?? LANGUAGES.find((language) => language.slice(0, 2) === value.slice(0, 2).toLowerCase());
  if (near === undefined) throw new ChatlakeError('USAGE', `lang must be one of ${LANGUAGES.join(', ')}.`);
  return near;
}

/** Dates of a period. `extent`: first and last day of which the lake holds anything, null for an empty one. */
export function rangeOf(period: Period, today: string, extent: Range | null): Range {
  if (isBetween(period)) {
    const [from = '', to = ''] = period.split('..');
    return { from, to };
  }
  if (period === 'all') return extent ?? { from: today, to: today };
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
