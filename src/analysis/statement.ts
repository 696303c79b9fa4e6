import { literal } from '../sources/shape.js';
import type { Zone } from '../zone.js';
import type { Bucket } from './calendar.js';
import type { Filters, Range } from './types.js';

/** The hour of the day of `sent_at` in the lake's zone, in Trino's spelling. */
export const hourSql = (zone: Zone, sentAt = 'sent_at'): string =>
  /^[+-]/.test(zone.name)
    ? `mod((${sentAt} + (${zone.offsetAt(0)})) / 3600, 24)`
    : `hour(from_unixtime(${sentAt}) AT TIME ZONE ${literal(zone.name)})`;

/** First day of the bucket that a date falls in. */
export const bucketSql = (bucket: Bucket, date = 'context_date'): string =>
  bucket === 'week' || bucket === 'month' ? `CAST(date_trunc('${bucket}', ${date}) AS DATE)` : date;

export const among = (column: string, values: readonly (string | number)[]): string =>
  `${column} IN (${values.map((value) => (typeof value === 'number' ? value : literal(value))).join(', ')})`;

export const within = ({ from, to }: Range, date = 'context_date'): string => `${date} BETWEEN DATE '${from}' AND DATE '${to}'`;

/** Conditions of filters over `activity` or `questions`. */
export function conditions(filters: Filters, range: Range, zone: Zone): string[] {
  const { channel = [], conversation = [], person = [], kind = [], direction = [], hour = [], weekday = [] } = filters;
  return [
    within(range),
    ...(channel.length > 0 ? [among('channel', channel)] : []),
    ...(conversation.length > 0 ? [among('conversation', conversation)] : []),
    ...(person.length > 0 ? [among('person', person)] : []),
    ...(kind.length > 0 ? [among('kind', kind)] : []),
    ...(direction.length > 0 ? [among('direction', direction)] : []),
    ...(hour.length > 0 ? [among(hourSql(zone), hour)] : []),
    ...(weekday.length > 0 ? [among('day_of_week(context_date)', weekday)] : []),
  ];
}

/** `WHERE` with every condition of filters, and more. */
export const where = (filters: Filters, range: Range, zone: Zone, ...more: string[]): string =>
  `WHERE ${[...conditions(filters, range, zone), ...more].join('\n  AND ')}`;

/** Exact median of a column of a relation, alike on every engine. NULL for none. */
export const medianSql = (column: string, relation: string): string =>
  `SELECT avg(CAST(${column} AS DOUBLE)) FROM (
    SELECT ${column}, row_number() OVER (ORDER BY ${column}) AS place, count(*) OVER () AS total FROM ${relation} WHERE ${column} IS NOT NULL
  ) ranked WHERE place IN ((total + 1) / 2, (total + 2) / 2)`;
