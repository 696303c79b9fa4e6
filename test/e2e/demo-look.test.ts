import type { Page } from 'playwright-core';
import { describe, it, vi } from 'vitest';
import { visited } from '../support/demo-visits.js';
import { everyLook } from '../support/looks.js';

vi.setConfig({ testTimeout: 300_000 });

interface Place {
  readonly name: string;
  readonly path: string;
  /** Brings the page to where there is something to see. */
  readonly ready: (page: Page) => Promise<void>;
  /** What of it no other place shows. */
  readonly part?: string;
}

const shown = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();

const PLACES: readonly Place[] = [
  { name: 'overview', path: '/', ready: shown('#panel-series .hit') },
  { name: 'kinds', path: '/?stack=kind', ready: shown('#panel-series .legend.row'), part: '#panel-series' },
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
  it.each(PLACES)('$name, has nothing that axe finds, and nothing that scrolls sideways', ({ name, path, ready, part }) =>
    visited(
      path,
      async (page) => {
        await ready(page);
        await everyLook(page, name, part);
      },
      { colorScheme: 'light' },
    ),
  );
});
