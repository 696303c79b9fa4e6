import { dayOf, monthStartOf } from './calendar.js';
import type { ColumnKind, Language, Range } from './types.js';

/** How many of a bucket's days a range has. */
export interface Cut {
  readonly shown: number;
  readonly days: number;
}

/** The cut through a week or month by its first day; null where the range has all of it. A number of part of it is lower for that alone. */
export function cutOf(kind: ColumnKind, start: string, range: Range): Cut | null {
  if (kind !== 'week' && kind !== 'month') return null;
  const first = dayOf(kind === 'month' ? `${start.slice(0, 7)}-01` : start);
  const last = kind === 'month' ? monthStartOf(first + 31) - 1 : first + 6;
  const days = last - first + 1;
  const shown = Math.min(last, dayOf(range.to)) - Math.max(first, dayOf(range.from)) + 1;
  return shown === days ? null : { shown: Math.max(0, shown), days };
}

const UNITS: Readonly<Record<Language, string>> = { 'pt-BR': 'de # dias', en: 'of # days', es: 'de # días' };

/** `3 of 7 days`. */
export const partOf = (language: Language, { shown, days }: Cut): string => `${shown} ${UNITS[language].replace('#', String(days))}`;
