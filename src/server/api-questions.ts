import type { Hono } from 'hono';
import type { Analysis } from '../analysis/analysis.js';
import { parseLanguage } from '../analysis/filters.js';
import { FRESH } from './failures.js';
import { filtersIn } from './filters.js';

/** Adds `/api/questions`. Filters that are wrong answer 400 and say what they take. */
export function mountQuestions(app: Hono, analysis: Pick<Analysis, 'questions'>): void {
  app.get('/api/questions', async (c) => {
    const query = new URL(c.req.url).searchParams;
    return c.json(await analysis.questions(filtersIn(query, '30d'), { language: parseLanguage(query.get('lang')) }), 200, FRESH);
  });
}
