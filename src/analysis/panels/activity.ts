import { AGES } from '../cache/presence.js';
import { dateOfDay, dayOf, mondayOf } from '../calendar.js';
import { bucketSql, where } from '../statement.js';
import { stretchesOf } from '../tally/people.js';
import type { Visitor } from '../tally/tally.js';
import { column, type PanelSpec, plain } from './panel.js';
import { daysColumn, daysSql } from './time.js';

const active = (unit: string, start: string) =>
  `SELECT '${unit}' AS unit, ${start} AS "date", count(DISTINCT person) AS people FROM said GROUP BY 2`;

/** People active in each day, week and month of the range; a week or month is counted as far as the range reaches. */
export const ACTIVE: PanelSpec = {
  id: 'active',
  columns: () => [column('unit', 'key'), column('date', 'date', 'period'), column('people', 'count')],
  count: () =>
    plain(({ tally: { active } }) =>
      (['day', 'month', 'week'] as const).flatMap((unit) =>
        active[unit].filter(({ people }) => people > 0).map(({ start, people }) => [unit, dateOfDay(start), people]),
      ),
    ),
  sql: ({ filters, range, zone }) => `WITH said AS (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot', 'person IS NOT NULL')})
${active('day', 'context_date')}
UNION ALL ${active('week', bucketSql('week'))}
UNION ALL ${active('month', bucketSql('month'))}
ORDER BY 1, 2`,
};

/** Active people who wrote for the first time, and those who had written before. */
export const NEWCOMERS: PanelSpec = {
  id: 'newcomers',
  columns: (request) => [daysColumn(request), column('new', 'count'), column('returning', 'count')],
  count: ({ bucket }) =>
    plain(({ tally: { active } }) =>
      stretchesOf(active, bucket)
        .filter(({ people }) => people > 0)
        .map(({ start, people, newcomers }) => [dateOfDay(start), newcomers, people - newcomers]),
    ),
  sql: (request) => {
    const { filters, range, zone } = request;
    const start = daysSql(request, 'a.context_date');
    return `SELECT ${start} AS "${daysColumn(request).name}",
  count(DISTINCT CASE WHEN p.first_date >= ${start} THEN a.person END) AS "new",
  count(DISTINCT CASE WHEN p.first_date < ${start} THEN a.person END) AS "returning"
FROM (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot', 'person IS NOT NULL')}) a
JOIN people p ON p.person = a.person
GROUP BY 1 ORDER BY 1`;
  },
};

/** Of the people who first wrote in a week: how many wrote in each week after it. */
export const RETENTION: PanelSpec = {
  id: 'retention',
  columns: () => [column('cohort', 'week', 'period'), column('week', 'number'), column('people', 'count')],
  count: ({ snapshot, range, selection }) => {
    const first = firstCohort(range.to);
    const from = Math.max(first, selection.from);
    /** By cohort, then by the weeks after it. */
    const grid = new Uint32Array(AGES * AGES);
    const { firstDay } = snapshot;
    const add = (week: number, age: number, people: number) => {
      const cohort = week - 7 * age;
      if (cohort >= mondayOf(from)) grid[((cohort - first) / 7) * AGES + age]! += people;
    };
    const visitor: Visitor = {
      // Of the week within which the range begins, who wrote before it is no newcomer: days tell, weeks do not.
      byBlockFrom: mondayOf(from) === from ? undefined : from,
      week: (start, ages) => ages.forEach((people, age) => add(start, age, people)),
      block({ day }, _passing, arrived) {
        const week = mondayOf(day);
        if (week < first) return;
        for (const who of arrived) {
          const since = firstDay[who] as number;
          if (since >= from) add(week, (week - mondayOf(since)) / 7, 1);
        }
      },
    };
    return {
      visitor,
      counts: () => [grid],
      rows: () =>
        Array.from(grid.keys())
          .filter((at) => grid[at] !== 0)
          .map((at) => [dateOfDay(first + 7 * Math.floor(at / AGES)), at % AGES, grid[at] as number]),
    };
  },
  sql: ({ filters, range, zone }) => {
    const first = dateOfDay(firstCohort(range.to));
    const from = first > range.from ? first : range.from;
    return `SELECT ${bucketSql('week', 'p.first_date')} AS cohort,
  date_diff('day', ${bucketSql('week', 'p.first_date')}, ${bucketSql('week', 'a.context_date')}) / 7 AS week, count(DISTINCT a.person) AS people
FROM (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot', 'person IS NOT NULL')}) a
JOIN people p ON p.person = a.person
WHERE p.first_date >= DATE '${from}'
GROUP BY 1, 2 ORDER BY 1, 2`;
  },
};

/** The Monday of the first of the weeks that the grid of a range shows. */
const firstCohort = (to: string): number => mondayOf(dayOf(to)) - 7 * (AGES - 1);
