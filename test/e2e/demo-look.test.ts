import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openBrowser, visit } from '../support/browser.js';
import { everyLook } from '../support/looks.js';

vi.setConfig({ testTimeout: 300_000 });

const demo = inject('demo');
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
}, 240_000);
afterAll(() => browser?.close());

interface Place {
  readonly name: string;
  readonly path: string;
  /** Brings the page to where there is something to see. */
  readonly ready: (page: Page) => Promise<void>;
}

const shown = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();

const PLACES: readonly Place[] = [
  { name: 'overview', path: '/', ready: shown('#panel-series .hit') },
  { name: 'kinds', path: '/?stack=kind', ready: shown('#panel-series .legend.row') },
  { name: 'questions', path: '/questions', ready: shown('button.question-row') },
  {
    name: 'messages',
    path: '/messages',
    ready: async (page) => {
      await page.locator('a.list-row').nth(1).click();
      await page.locator('.bubble.chosen pre').first().waitFor();
    },
  },
  { name: 'sql', path: '/sql?sql=SELECT+kind%2C+count%28*%29+AS+messages+FROM+messages+GROUP+BY+1', ready: shown('[role=cell]') },
  {
    name: 'health',
    path: '/health',
    ready: async (page) => {
      await shown('.findings li')(page);
      await shown('.plain .sum')(page);
      await shown('.webhooks dl')(page);
    },
  },
  { name: 'start', path: '/start', ready: shown('.step') },
];

describe('each page, wide and narrow, light and dark,', () => {
  it.each(PLACES)('$name, has nothing that axe finds, and nothing that scrolls sideways', async ({ name, path, ready }) => {
    const { context, page, problems } = await visit(browser, { colorScheme: 'light' });
    try {
      await page.goto(`${demo}${path}`);
      await ready(page);
      await everyLook(page, name);
      expect(problems).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
