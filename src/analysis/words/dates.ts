import type { Language, Range } from '../types.js';

const NOON = 'T12:00:00Z';

/** First to last day as a language writes them, year and month once: `Sep 24 – Oct 23, 2026`. */
export function datesOf(language: Language, { from, to }: Range): string {
  const format = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return format.formatRange(new Date(`${from}${NOON}`), new Date(`${to}${NOON}`));
}
