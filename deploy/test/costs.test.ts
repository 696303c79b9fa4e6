import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costsOf, costTable, MONTHS, totalOf } from '../lib/costs.js';

describe('costs', () => {
  it.each(MONTHS)('of $label messages are at most a third of those of a REST API with one PUT a message', (month) => {
    const lines = costsOf(month);
    expect(totalOf(lines, 'ours') / totalOf(lines, 'other')).toBeLessThanOrEqual(1 / 3);
  });

  it('stand in the documentation as they come out here', () => {
    expect(readFileSync(new URL('../../docs/aws.md', import.meta.url), 'utf8')).toContain(costTable());
  });
});
