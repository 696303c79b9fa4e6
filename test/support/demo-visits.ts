import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import type { AnalysisView } from '../../src/analysis/types.js';
import { openBrowser, visit } from './browser.js';

/** Address of the demonstration that the tests of `demo-*` share. */
export const demo = inject('demo');

/** The view of a query, told in English. */
export const viewOf = async (query: string): Promise<AnalysisView> =>
  (await (await fetch(`${demo}/api/view?lang=en&${query}`)).json()) as AnalysisView;

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
}, 240_000);
afterAll(() => browser?.close());

/** A visitor on a page of the demonstration, who expects no script errors and no refusals of the Content-Security-Policy. */
export async function visited(path: string, run: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
  const { context, page, problems } = await visit(browser, options);
  try {
    await page.goto(`${demo}${path}`);
    await page.locator('main').waitFor();
    await run(page);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}
