import { expect, it } from 'vitest';
import { cutOf, partOf } from '../../src/analysis/cut.js';

const RANGE = { from: '2024-02-14', to: '2024-04-30' };

it('tells how much of a week or month a range has, where it has not all', () => {
  expect(cutOf('week', '2024-02-12', RANGE)).toEqual({ shown: 5, days: 7 });
  expect(cutOf('week', '2024-02-19', RANGE)).toBeNull();
  expect(cutOf('week', '2024-04-29', RANGE)).toEqual({ shown: 2, days: 7 });
  expect(cutOf('month', '2024-02-01', RANGE)).toEqual({ shown: 16, days: 29 });
  expect(cutOf('month', '2024-03', RANGE)).toBeNull();
  expect(cutOf('month', '2024-04-01', RANGE)).toBeNull();
  expect(cutOf('month', '2024-02-01', { from: '2024-02-03', to: '2024-02-05' })).toEqual({ shown: 3, days: 29 });
  expect(cutOf('date', '2024-02-14', RANGE)).toBeNull();
});

it('says so in three languages', () => {
  expect((['pt-BR', 'en', 'es'] as const).map((language) => partOf(language, { shown: 3, days: 7 }))).toEqual([
    '3 de 7 dias',
    '3 of 7 days',
    '3 de 7 días',
  ]);
});
