import type { Hono } from 'hono';
import type { Analysis } from '../analysis/analysis.js';
import { parseLanguage } from '../analysis/filters.js';
import type { QuestionsView } from '../analysis/types.js';
import { FRESH } from './failures.js';
import { filtersIn } from './filters.js';

/** Adds `/api/questions`. Filters that are wrong answer 400 and say what they take. */
export function mountQuestions(app: Hono, analysis: Pick<Analysis, 'questions'>): void {
  app.get('/api/questions', async (c) => {
    const query = new URL(c.req.url).searchParams;
    const view = await analysis.questions(filtersIn(query, '30d'), { language: parseLanguage(query.get('lang')) });
    return c.json(c.get('viewer')?.as === 'link' ? withoutMessages(view) : view, 200, FRESH);
  });
}

/** For who sees but a part of the lake: a message's id names its conversation, on WhatsApp by a phone number. */
const withoutMessages = (view: QuestionsView): QuestionsView => ({
  ...view,
  groups: view.groups.map((group) => ({ ...group, examples: group.examples.map((example) => ({ ...example, message: null })) })),
});
