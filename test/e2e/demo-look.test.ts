import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openBrowser, picture, PICTURES, visit } from '../support/browser.js';

vi.setConfig({ testTimeout: 300_000 });

const demo = inject('demo');
let browser: Browser;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
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

/** Each place is opened once, and then seen in every width and theme: a page follows both while it is open. */
describe('each page, wide and narrow, light and dark,', () => {
  it.each(PLACES)('$name, has nothing that axe finds, and nothing that scrolls sideways', async ({ name, path, ready }) => {
    const { context, page, problems } = await visit(browser, { colorScheme: 'light' });
    try {
      await page.goto(`${demo}${path}`);
      await ready(page);
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} ${colorScheme}`).toBe(width);
          await page.screenshot({ path: picture(`${name}-${width}-${colorScheme}`), fullPage: true, animations: 'disabled' });
          const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
          expect(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`),
            `${width} ${colorScheme}`,
          ).toEqual([]);
        }
      }
      expect(problems).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
