const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let found = cache.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(language, options);
    cache.set(key, found);
  }
  return found;
}

/** A date is a day on the wall calendar of the lake: noon in UTC keeps it the same everywhere. */
const noon = (date: string): Date => new Date(`${date.slice(0, 10)}T12:00:00Z`);

/** The options that add the year where it is wanted. */
const yearly = (withYear: boolean): Intl.DateTimeFormatOptions => (withYear ? { year: 'numeric' } : {});

export const day = (language: string, date: string, withYear = false): string =>
  formatter(language, { day: 'numeric', month: 'short', ...yearly(withYear), timeZone: 'UTC' }).format(noon(date));

export const dayLong = (language: string, date: string): string =>
  formatter(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(noon(date));

export const dayOfWeekAndMonth = (language: string, date: string, withYear = false): string =>
  formatter(language, { weekday: 'short', day: 'numeric', month: 'short', ...yearly(withYear), timeZone: 'UTC' }).format(noon(date));

export const month = (language: string, date: string): string =>
  formatter(language, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(noon(date));

export const monthLong = (language: string, date: string): string =>
  formatter(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(noon(date));

/** First to last day, the year and month said once. */
export const range = (language: string, from: string, to: string): string =>
  formatter(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).formatRange(noon(from), noon(to));

/** The week of the year that a Monday begins, as ISO 8601 counts: that with the year's first Thursday is 1. */
export function weekOfYear(monday: string): number {
  const thursday = addDays(monday, 3);
  return Math.ceil(daysIn(`${thursday.slice(0, 4)}-01-01`, thursday) / 7);
}

/** 1 (Monday) to 7. */
export const weekday = (language: string, index: number, width: 'short' | 'long' = 'short'): string =>
  formatter(language, { weekday: width, timeZone: 'UTC' })
    .format(new Date(Date.UTC(2024, 0, index, 12)))
    .replace(/\.$/, '');

export const hour = (value: number): string => `${value}h`;

/** Browsers before 2023 know IANA names only: fixed offsets are shifted by hand. */
function zoned(language: string, at: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const fixed = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (fixed === null) return formatter(language, { ...options, timeZone: zone }).format(at);
  const minutes = (Number(fixed[2]) * 60 + Number(fixed[3])) * (fixed[1] === '-' ? -1 : 1);
  return formatter(language, { ...options, timeZone: 'UTC' }).format(at + minutes * 60_000);
}

export const clock = (language: string, at: number, zone: string): string =>
  zoned(language, at, zone, { hour: '2-digit', minute: '2-digit' });

export const moment = (language: string, at: number, zone: string): string =>
  zoned(language, at, zone, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The day in the zone as `YYYY-MM-DD`. */
export const dateIn = (at: number, zone: string): string => zoned('en-CA', at, zone, { year: 'numeric', month: '2-digit', day: '2-digit' });

/** How many days a range has, both ends included. */
export const daysIn = (from: string, to: string): number => Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000) + 1;

export const addDays = (date: string, days: number): string =>
  new Date(noon(date).getTime() + days * 86_400_000).toISOString().slice(0, 10);

/** The Monday of a date's week. */
export const mondayOf = (date: string): string => addDays(date, -((noon(date).getUTCDay() + 6) % 7));
