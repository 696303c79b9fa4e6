import { expect, it } from 'vitest';
import { ticksTo } from '../../src/analysis/ticks.js';

it('has round steps that hold the largest value', () => {
  for (const kind of ['count', 'number', 'seconds'] as const)
    for (const most of [0.04, 1, 3, 7, 9, 10, 99, 101, 1234, 98_765, 400_000]) {
      const ticks = ticksTo(kind, most);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(ticks.length, `${kind} to ${most}`).toBeLessThan(8);
    }
});

it('counts in whole numbers, few of them', () => {
  expect(ticksTo('count', 0)).toEqual([0, 1]);
  expect(ticksTo('count', 2)).toEqual([0, 1, 2]);
  expect(ticksTo('count', 10)).toEqual([0, 5, 10]);
  expect(ticksTo('number', 10)).toEqual([0, 2.5, 5, 7.5, 10]);
});

it('measures time in units that people say', () => {
  expect(ticksTo('seconds', 90)).toEqual([0, 25, 50, 75, 100]);
  expect(ticksTo('seconds', 600)).toEqual([0, 300, 600]);
  expect(ticksTo('seconds', 10_000)).toEqual([0, 3600, 7200, 10_800]);
  expect(ticksTo('seconds', 400_000)).toEqual([0, 172_800, 345_600, 518_400]);
});
