import { describe, expect, it } from 'vitest';
import { periodOf } from '../../src/report/period.js';

describe('the period of a report', () => {
  it.each([
    [{}, '2024-07-22', '30d'],
    [{ period: 'month' }, '2024-07-22', '2024-06-01..2024-06-30'],
    [{ period: 'month' }, '2024-03-01', '2024-02-01..2024-02-29'],
    [{ period: 'month' }, '2024-01-31', '2023-12-01..2023-12-31'],
    [{ period: '12m' }, '2024-07-22', '12m'],
    [{ period: '2024-07-01..2024-07-02' }, '2024-07-22', '2024-07-01..2024-07-02'],
    [{ from: '2024-07-01' }, '2024-07-22', '2024-07-01..2024-07-22'],
    [{ from: '2024-07-01', to: '2024-07-01' }, '2024-07-22', '2024-07-01..2024-07-01'],
  ])('of %j on %s is %s', (flags, today, period) => {
    expect(periodOf(flags, today)).toEqual({ period });
  });

  it('begins with the lake where only its end is given', () =>
    expect(periodOf({ to: '2024-07-01' }, '2024-07-22')).toEqual({ period: '2024-07-01..2024-07-01', begins: true }));

  it.each([
    [{ period: 'fortnight' }, /--period must be month, today/],
    [{ period: '2024-07-02..2024-07-01' }, /--period must be/],
    [{ period: '2024-07-01..2024-07-02..2024-07-03' }, /--period must be/],
    [{ period: '1024-07-01..2024-07-02' }, /--period must be/],
    [{ from: '0001-01-01' }, /must lie in the years 1970 to 2099/],
    [{ from: '2024-02-30' }, /--from must be a date/],
    [{ to: 'yesterday' }, /--to must be a date/],
    [{ from: '2024-07-02', to: '2024-07-01' }, /--from must not be after --to/],
    [{ from: '2024-07-23' }, /--from must not be after today/],
    [{ from: '2024-07-01', period: '7d' }, /not both/],
  ])('of %j is told to be wrong', (flags, said) => {
    expect(periodOf(flags, '2024-07-22')).toMatchObject({ wrong: expect.stringMatching(said) as string });
  });
});
