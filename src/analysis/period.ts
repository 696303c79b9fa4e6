import { isDate } from '../zone.js';
import type { Period } from './types.js';

/** Periods that have a name, each within the next. */
export const NAMED_PERIODS = ['today', '7d', '30d', '90d', '12m', 'all'] as const satisfies readonly Period[];

/** Whether a text is a day that may be asked for. They lie in 1970 to 2099: an answer grows with its buckets, those without messages too. */
export const isDay = (text: string): boolean => /^(?:19[7-9]|20\d)\d-/.test(text) && isDate(text);

/** Whether a text is a period of two days in their order. */
export function isBetween(text: string): text is Period {
  const [from = '', to = '', ...more] = text.split('..');
  return more.length === 0 && isDay(from) && isDay(to) && from <= to;
}

/** Whether a text is a period: one with a name, or two days. */
export const isPeriod = (text: string): text is Period => NAMED_PERIODS.some((name) => name === text) || isBetween(text);
