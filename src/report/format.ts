import { type Cut, partOf } from '../analysis/cut.js';
import { needsYear } from '../analysis/calendar.js';
import type { Cell, ColumnKind, Language, Range } from '../analysis/types.js';
import { KINDS } from '../analysis/words/kinds.js';

/** Writes values as a reader of one language expects them. */
export interface Format {
  /** A value of a column by its kind. */
  cell(kind: ColumnKind, value: Cell): string;
  /** The same where there is little room. */
  short(kind: ColumnKind, value: Cell): string;
  /** A bucket, and how much of it is shown where that is not all. */
  bucket(kind: ColumnKind, value: Cell, cut: Cut | null | undefined): string;
  /** `+12,4 %` from the value before; '' when there is nothing to compare. */
  change(now: number | null, before: number | null): string;
  /** First to last day. */
  range(from: string, to: string): string;
  /** Day and time in the lake's zone, given as offset seconds. */
  moment(at: number, offset: number): string;
}
import { reportWords } from './words.js';

export const DASH = '–';
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Noon in UTC is the same day on every wall calendar. */
const noon = (date: string): Date => new Date(`${date.slice(0, 10)}T12:00:00Z`);

/** How a report of a range is written. */
export function formatOf(language: Language, shown: Range): Format {
  const keys: Readonly<Record<string, string>> = { ...KINDS[language], ...reportWords(language).keys };
  const number = (options: Intl.NumberFormatOptions) => {
    const made = new Intl.NumberFormat(language, options);
    return (value: number) => made.format(value);
  };
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
  const whole = number({ maximumFractionDigits: 0 });
  const decimal = number({ maximumFractionDigits: 1 });
  const fine = number({ maximumFractionDigits: 2 });
  const compact = number({ notation: 'compact', maximumFractionDigits: 1 });
  const percent = number({ style: 'percent', maximumFractionDigits: 0 });
  const finePercent = number({ style: 'percent', maximumFractionDigits: 1 });
  const signed = number({ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const day = date({ day: 'numeric', month: 'short', ...(needsYear(shown) && { year: 'numeric' }) });
  const month = date({ month: 'short', year: 'numeric' });
  const weekday = date({ weekday: 'short' });
  const range = date({ day: 'numeric', month: 'long', year: 'numeric' });
  const moment = date({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

  function cell(kind: ColumnKind, value: Cell): string {
    if (value === null) return DASH;
    if (typeof value === 'number') {
      if (kind === 'count') return whole(value);
      if (kind === 'share') return (value > 0 && value < 0.01 ? finePercent : percent)(value);
      if (kind === 'seconds') return duration(value, whole);
      if (kind === 'number' || kind === 'rate') return (Math.abs(value) < 1 ? fine : Math.abs(value) < 100 ? decimal : whole)(value);
      if (kind === 'hour') return `${value}h`;
      // 1 January 2024 was a Monday.
      if (kind === 'weekday') return weekday.format(new Date(Date.UTC(2024, 0, value, 12))).replace(/\.$/, '');
    }
    const text = String(value);
    if ((kind === 'date' || kind === 'week') && /^\d{4}-\d\d-\d\d/.test(text)) return day.format(noon(text));
    if (kind === 'month' && /^\d{4}-\d\d/.test(text)) return month.format(noon(`${text.slice(0, 7)}-15`));
    return kind === 'key' ? (keys[text] ?? text) : text;
  }

  return {
    cell,
    short: (kind, value) =>
      kind === 'count' && typeof value === 'number' && Math.abs(value) >= 10_000 ? compact(value) : cell(kind, value),
    bucket: (kind, value, cut) => `${cell(kind, value)}${cut ? ` (${partOf(language, cut)})` : ''}`,
    change(now, before) {
      if (now === null || before === null || before === 0) return '';
      const ratio = (now - before) / Math.abs(before);
      return Math.abs(ratio) < 0.0005 ? '±0' : signed(ratio).replace('-', '−');
    },
    range: (from, to) => (from === to ? range.format(noon(from)) : range.formatRange(noon(from), noon(to))).replaceAll('\u2009', ' '),
    moment: (at, offset) => moment.format(at + offset * 1000),
  };
}

/** The two largest units that say something: `9 s`, `2 min 5 s`, `3 h`. */
function duration(seconds: number, whole: (value: number) => string): string {
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${whole(amount)} ${name}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
