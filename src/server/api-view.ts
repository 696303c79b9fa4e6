import type { Hono } from 'hono';
import type { Analysis } from '../analysis/analysis.js';
import { parseLanguage } from '../analysis/filters.js';
import type { OptionField } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import { FRESH } from './failures.js';
import { filtersIn } from './filters.js';

const FIELDS: readonly OptionField[] = ['channel', 'conversation', 'person', 'kind'];
/** Minutes within which a first response is in time, unless the address says otherwise. */
const TARGET = 10;
const LONGEST_TARGET = 24 * 60;

/** Adds `/api/view` and `/api/options`. Filters that are wrong answer 400 and say what they take. */
export function mountView(app: Hono, analysis: Pick<Analysis, 'view' | 'options'>): void {
  app.get('/api/view', async (c) => {
    const query = new URL(c.req.url).searchParams;
    const panels = query
      .get('panels')
      ?.split(',')
      .filter((id) => id !== '');
    const options = {
      language: parseLanguage(query.get('lang')),
      targetMinutes: targetOf(query.get('target')),
      ...(panels !== undefined && { panels }),
    };
    return c.json(await analysis.view(filtersIn(query), options), 200, FRESH);
  });

  app.get('/api/options', async (c) => {
    const field = FIELDS.find((name) => name === c.req.query('field'));
    if (field === undefined) throw new ChatlakeError('USAGE', `field must be ${FIELDS.join(', ')}.`);
    return c.json({ options: await analysis.options(field, (c.req.query('q') ?? '').slice(0, 200)) }, 200, FRESH);
  });
}

function targetOf(given: string | null): number {
  const minutes = given === null || given === '' ? TARGET : Number(given);
  if (Number.isFinite(minutes) && minutes > 0 && minutes <= LONGEST_TARGET) return minutes;
  throw new ChatlakeError('USAGE', `target must be minutes, more than 0 and at most ${LONGEST_TARGET}.`);
}
