import { FACT_SOURCES } from '../facts/sources.js';
import { type Bucket, dateOfDay, mondayOf, startOfBucket } from '../calendar.js';
import { bucketSql, hourSql, where } from '../statement.js';
import { CHANNELS, type Tally } from '../tally/tally.js';
import type { Cell } from '../types.js';
import { byText, type ColumnSpec, column, type PanelSpec, plain, type Request } from './panel.js';

const BUCKET_COLUMN: Readonly<Record<Bucket, ColumnSpec>> = {
  hour: column('hour', 'hour', 'hour'),
  day: column('date', 'date', 'period'),
  week: column('week', 'week', 'period'),
  month: column('month', 'month', 'period'),
};

/** The column that names a request's buckets, and how SQL computes it. */
export const bucketColumn = ({ bucket }: Request): ColumnSpec => BUCKET_COLUMN[bucket];
export const bucketOfRow = ({ bucket, zone }: Request): string => (bucket === 'hour' ? hourSql(zone) : bucketSql(bucket));

/** The same for what has a day and no hour: a day's hours are the day. */
export const daysColumn = (request: Request): ColumnSpec => (request.bucket === 'hour' ? BUCKET_COLUMN.day : bucketColumn(request));
export const daysSql = ({ bucket }: Request, date?: string): string => bucketSql(bucket === 'hour' ? 'day' : bucket, date);

/** Counts by day and channel, gathered by bucket: rows of bucket, channel, count. */
function byBucket(bucket: Bucket, { byDay, byHour, selection }: Tally): Cell[][] {
  const cells = new Map<string, number>();
  const order: [bucket: string | number, channel: number][] = [];
  const note = (start: string | number, channel: number, count: number) => {
    if (count === 0) return;
    const id = `${start} ${channel}`;
    if (!cells.has(id)) order.push([start, channel]);
    cells.set(id, (cells.get(id) ?? 0) + count);
  };
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    if (bucket === 'hour') for (let hour = 0; hour < 24; hour += 1) note(hour, channel, byHour[hour * CHANNELS + channel] as number);
    else {
      for (let day = selection.from; day <= selection.to; day += 1) {
        const count = byDay[(day - selection.from) * CHANNELS + channel] as number;
        if (count > 0) note(dateOfDay(startOfBucket(bucket, day)), channel, count);
      }
    }
  }
  const nameOf = (channel: number) => FACT_SOURCES[channel]?.channel ?? '';
  return order
    .map(([start, channel]): Cell[] => [start, nameOf(channel), cells.get(`${start} ${channel}`) ?? 0])
    .sort(([a, x], [b, y]) =>
      a === b ? byText(String(x), String(y)) : typeof a === 'number' ? a - Number(b) : byText(String(a), String(b)),
    );
}

export const SERIES: PanelSpec = {
  id: 'series',
  columns: (request) => [bucketColumn(request), column('channel', 'key', 'channel'), column('messages', 'count')],
  count: ({ bucket }) => plain(({ tally }) => byBucket(bucket, tally)),
  sql: (request) => `SELECT ${bucketOfRow(request)} AS "${bucketColumn(request).name}", channel, count(*) AS messages
FROM activity
${where(request.filters, request.range, request.zone)}
GROUP BY 1, 2 ORDER BY 1, 2`,
};

/** The same series in the period before. */
export const SERIES_BEFORE: PanelSpec = {
  id: 'before',
  columns: SERIES.columns,
  count: ({ bucket }) => plain(({ before }) => (before === null ? [] : byBucket(bucket, before))),
  sql: (request) =>
    request.before === null
      ? `SELECT CAST(NULL AS DATE) AS "${bucketColumn(request).name}", CAST(NULL AS VARCHAR) AS channel, 0 AS messages WHERE false`
      : SERIES.sql({ ...request, range: request.before }),
};

export const HOURS: PanelSpec = {
  id: 'hours',
  columns: () => [column('hour', 'hour', 'hour'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byTime } }) =>
      Array.from({ length: 24 }, (_, hour) => [hour, sum(7, (day) => byTime[(day + 1) * 24 + hour] as number)]).filter(
        ([, messages]) => messages !== 0,
      ),
    ),
  sql: ({ filters, range, zone }) => `SELECT ${hourSql(zone)} AS "hour", count(*) AS messages
FROM activity
${where(filters, range, zone)}
GROUP BY 1 ORDER BY 1`,
};

const sum = (count: number, of: (at: number) => number): number =>
  Array.from({ length: count }, (_, at) => of(at)).reduce((a, b) => a + b, 0);

export const WEEKDAYS: PanelSpec = {
  id: 'weekdays',
  columns: () => [column('weekday', 'weekday', 'weekday'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byTime } }) =>
      Array.from({ length: 7 }, (_, day) => [day + 1, sum(24, (hour) => byTime[(day + 1) * 24 + hour] as number)]).filter(
        ([, messages]) => messages !== 0,
      ),
    ),
  sql: ({ filters, range, zone }) => `SELECT day_of_week(context_date) AS weekday, count(*) AS messages
FROM activity
${where(filters, range, zone)}
GROUP BY 1 ORDER BY 1`,
};

export const HEATMAP: PanelSpec = {
  id: 'heatmap',
  columns: () => [column('weekday', 'weekday', 'weekday'), column('hour', 'hour', 'hour'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byTime } }) =>
      Array.from({ length: 7 * 24 }, (_, at) => [Math.floor(at / 24) + 1, at % 24, byTime[24 + at] as number]).filter(
        ([, , messages]) => messages !== 0,
      ),
    ),
  sql: ({ filters, range, zone }) => `SELECT day_of_week(context_date) AS weekday, ${hourSql(zone)} AS "hour", count(*) AS messages
FROM activity
${where(filters, range, zone)}
GROUP BY 1, 2 ORDER BY 1, 2`,
};

export const WEEKS: PanelSpec = {
  id: 'weeks',
  columns: () => [column('week', 'week', 'period'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byDay, selection } }) => {
      const weeks = new Map<number, number>();
      for (let day = selection.from; day <= selection.to; day += 1) {
        const count = sum(CHANNELS, (channel) => byDay[(day - selection.from) * CHANNELS + channel] as number);
        if (count > 0) weeks.set(mondayOf(day), (weeks.get(mondayOf(day)) ?? 0) + count);
      }
      return [...weeks].map(([monday, count]) => [dateOfDay(monday), count]);
    }),
  sql: ({ filters, range, zone }) => `SELECT ${bucketSql('week')} AS week, count(*) AS messages
FROM activity
${where(filters, range, zone)}
GROUP BY 1 ORDER BY 1`,
};
