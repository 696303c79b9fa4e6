import { describe, expect, it } from 'vitest';
import type { Panel } from '../../src/analysis/types.js';
import { labelEvery } from '../../src/dashboard/charts/scale.js';
import { filled } from '../../src/dashboard/panels/layout.js';
import { drawingFor, latestWeek, pivot, rowsOf, weekAfter } from '../../src/dashboard/panels/read.js';
import { panelOf, summing } from '../../src/dashboard/sql/chart.js';
import { VIEW } from './fixtures/view.js';

const panel = (id: string): Panel => VIEW.panels.find((one) => one.id === id) as Panel;

describe('a panel', () => {
  it('is drawn by the kinds of its columns', () => {
    expect(['series', 'kinds', 'heatmap', 'people'].map((id) => drawingFor(panel(id)))).toEqual(['columns', 'bars', 'heat', 'bars']);
  });

  it('has a bucket for every day of the range, those without rows too', () => {
    const series = panel('series');
    const sparse = { ...series, rows: series.rows.filter(([day]) => day !== '2024-07-01') };
    const { along, parts } = pivot(sparse, VIEW.range);
    expect(along).toHaveLength(30);
    expect(parts.map(({ name }) => name)).toEqual(['telegram', 'whatsapp']);
    expect(parts.map(({ values }) => values[along.indexOf('2024-07-01')])).toEqual([0, 0]);
    expect(parts[0]?.values[0]).toBe(series.rows[0]?.[2]);
  });

  it.each([
    ['people', ['name', 'person', 'messages', undefined]],
    ['lengths', ['name', 'person', 'length', 'messages']],
  ])('is named by its text, filtered by its key, and measured by its average, else its count: %s', (id, names) => {
    const { label, key, value, aside } = rowsOf(panel(id));
    expect([label.name, key?.name, value.name, aside?.name]).toEqual(names);
  });
});

describe('the grid of those who come back', () => {
  it('ends with the last week that is told of, also where weeks without new people lie between', () => {
    const rows = [
      ['2026-10-26', 0, 6],
      ['2026-10-26', 4, 2],
      ['2026-11-23', 0, 45],
    ];
    const last = latestWeek(rows);
    expect(last).toBe('2026-11-23');
    expect(['2026-10-26', '2026-11-23'].map((row) => [0, 1, 4, 5].filter((after) => weekAfter(row, after) <= last))).toEqual([
      [0, 1, 4],
      [0],
    ]);
  });
});

describe('an axis', () => {
  it('writes as many labels as fit', () => {
    expect(labelEvery(30, 900, 60)).toBe(2);
    expect(labelEvery(24, 240, 60)).toBe(6);
    expect(labelEvery(3, 900, 60)).toBe(1);
  });
});

describe('the chart of a result', () => {
  const result = (columns: readonly [string, string][], rows: readonly unknown[][]) =>
    panelOf({ columns: columns.map(([name, type]) => ({ name, type })), rows, sql: 'SELECT' }, (measures, by) => `${measures} by ${by}`);

  it('is chosen from the types and names of its columns', () => {
    const days = result(
      [
        ['context_date', 'DATE'],
        ['messages', 'BIGINT'],
      ],
      [
        ['2024-07-02', 3],
        ['2024-07-01', 2],
      ],
    );
    expect(days?.rows).toEqual([
      ['2024-07-01', 2],
      ['2024-07-02', 3],
    ]);
    expect(drawingFor(days as Panel)).toBe('columns');
    expect(
      drawingFor(
        result(
          [
            ['kind', 'VARCHAR'],
            ['n', 'BIGINT'],
          ],
          [['text', 3]],
        ) as Panel,
      ),
    ).toBe('bars');
    const field = result(
      [
        ['hour_of_day', 'BIGINT'],
        ['weekday', 'BIGINT'],
        ['n', 'BIGINT'],
      ],
      [
        [19, 7, 3],
        [19, 7, 4],
      ],
    );
    expect(drawingFor(field as Panel)).toBe('heat');
    expect(field?.title).toBe('n by weekday, hour_of_day');
    expect(field?.columns.map(({ name }) => name)).toEqual(['weekday', 'hour_of_day', 'n']);
  });

  it('has sums made by SQL where it shows fewer columns than there are', () => {
    const columns = ['weekday', 'hour', 'month', 'n "x"'].map((name) => ({ name, type: 'BIGINT' }));
    const answer = { columns, truncated: false, notices: [], seconds: 0, sql: 'SELECT 1; ' };
    const rows = [
      [1, 9, 6, 2],
      [1, 9, 7, 5],
    ];
    expect(summing({ ...answer, rows: rows.slice(1) })).toBeNull();
    expect(summing({ ...answer, rows })).toBe(
      'SELECT "weekday", "hour", CAST(sum("n ""x""") AS BIGINT) AS "n ""x""" FROM (\nSELECT 1\n) AS result GROUP BY 1, 2 ORDER BY 1, 2',
    );
  });

  it('is none where there is nothing to measure or to name', () => {
    expect(result([['a', 'VARCHAR']], [['x']])).toBeNull();
    expect(result([['a', 'BIGINT']], [[1]])).toBeNull();
    expect(
      result(
        [
          ['a', 'VARCHAR'],
          ['b', 'BIGINT'],
        ],
        [],
      ),
    ).toBeNull();
  });
});

describe('the cards of a section', () => {
  it('keep their widths where each row adds up to twelve', () => {
    expect(filled([8, 4, 4, 4, 4])).toEqual([8, 4, 4, 4, 4]);
  });

  it('share the room of a row that does not', () => {
    expect(filled([8, 4, 4, 4])).toEqual([8, 4, 6, 6]);
    expect(filled([4, 8, 6])).toEqual([4, 8, 12]);
    expect(filled([])).toEqual([]);
  });
});
