import { describe, expect, it } from 'vitest';
import { shade } from '../../src/analysis/shade.js';

describe('the shade of a value', () => {
  it('is lightest for nothing and darkest for the most', () => {
    expect([shade(null, 10), shade(0, 10), shade(0, 0), shade(10, 10)]).toEqual([0, 0, 0, 4]);
  });

  it('tells something from nothing, however little it is beside the most', () => {
    expect(shade(1, 1_000_000)).toBe(1);
  });

  it('keeps the others apart beside one peak', () => {
    expect([5, 20, 40, 90, 100].map((value) => shade(value, 100))).toEqual([1, 2, 3, 4, 4]);
  });

  it('is even in shares', () => {
    expect([0.1, 0.3, 0.6, 0.9, 1].map((value) => shade(value, 1, 'shares'))).toEqual([1, 2, 3, 4, 4]);
  });
});
