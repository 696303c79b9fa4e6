import type { AnalysisView, Range } from './types.js';

/** Days since 1970-01-01. Dates are calendar dates of the lake's zone, so no clock or zone is involved here. */
export type Day = number;

export type Bucket = AnalysisView['bucket'];

const DAY_MS = 86_400_000;

export const dayOf = (date: string): Day => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);

const dates = new Map<Day, string>();
/** A century and a half. */
const MOST_DATES = 50_000;

export function dateOfDay(day: Day): string {
  // The same few thousand days are asked for over and over, and dates are costly.
  let date = dates.get(day);
  if (dates.size > MOST_DATES) dates.clear();
  if (date === undefined) dates.set(day, (date = new Date(day * DAY_MS).toISOString().slice(0, 10)));
  return date;
}

/** Monday 1 to Sunday 7; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** The Monday of the day's week. */
export const mondayOf = (day: Day): Day => day - weekdayOf(day) + 1;

let month: { readonly start: Day; readonly end: Day } = { start: 0, end: 31 };

/** The first day of the day's month. */
export function monthStartOf(day: Day): Day {
  // Days are asked for one after the other, and dates are costly.
  if (day >= month.start && day < month.end) return month.start;
  const date = new Date(day * DAY_MS);
  const startOf = (offset: number) => Math.round(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1) / DAY_MS);
  month = { start: startOf(0), end: startOf(1) };
  return month.start;
}

export const lengthOf = (range: Range): number => dayOf(range.to) - dayOf(range.from) + 1;

/** Days that a quarter has at most. */
const QUARTER = 92;

/** Whether days of a range need their year to be told apart: over New Year, and longer than a quarter. */
export const needsYear = ({ from, to }: Range): boolean => from.slice(0, 4) !== to.slice(0, 4) && dayOf(to) - dayOf(from) >= QUARTER;

/** How finely a range is drawn: hours of one day, days up to a quarter, weeks up to 13 months, months beyond. */
export function bucketOf(range: Range): Bucket {
  const days = lengthOf(range);
  if (days <= 1) return 'hour';
  if (days <= 92) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** First day of the bucket that a day falls in. */
export function startOfBucket(bucket: Bucket, day: Day): Day {
  if (bucket === 'week') return mondayOf(day);
  return bucket === 'month' ? monthStartOf(day) : day;
}

/** First days of the buckets that a range touches, in order. A range of hours is one bucket of its day. */
export function bucketStarts(bucket: Bucket, range: Range): Day[] {
  const starts: Day[] = [];
  const last = dayOf(range.to);
  for (let day = dayOf(range.from); day <= last; day += 1) {
    const start = startOfBucket(bucket, day);
    if (starts.at(-1) !== start) starts.push(start);
  }
  return starts;
}
