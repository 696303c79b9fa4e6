import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser, picture, PICTURES, visit } from '../support/browser.js';
import { type Running, running } from '../support/browser-lake.js';

vi.setConfig({ testTimeout: 300_000 });

let browser: Browser;
let lake: Running;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [browser, lake] = await Promise.all([openBrowser(), running({}, ['--demo-days', '3'])]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await lake?.close();
});

interface Place {
  readonly name: string;
  readonly path: string;
  /** Brings the page to where there is something to see. */
  readonly ready: (page: Page) => Promise<void>;
}

const shown = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();

const PLACES: readonly Place[] = [
  { name: 'overview', path: '/', ready: shown('#panel-series .hit') },
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
    },
  },
  { name: 'start', path: '/start', ready: shown('.step') },
];

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  describe.each([1440, 390])('at %i pixels', (width) => {
    it.each(PLACES)('$name has nothing that axe finds, and nothing that scrolls sideways', async ({ name, path, ready }) => {
      const { context, page, problems } = await visit(browser, { viewport: { width, height: 900 }, colorScheme });
      try {
        await page.goto(`${lake.url}${path}`);
        await ready(page);
        await page.screenshot({ path: picture(`${name}-${width}-${colorScheme}`), fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(problems).toEqual([]);
      } finally {
        await context.close();
      }
    });
  });
});
