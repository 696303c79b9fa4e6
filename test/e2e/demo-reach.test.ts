import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { viewOf, visited } from '../support/demo-visits.js';

vi.setConfig({ testTimeout: 300_000 });

const path = (page: Page) => new URL(page.url()).pathname;

describe('keys', () => {
  it('lead to every page, to the search, to the filters, and pause what is live', () =>
    visited('/', async (page) => {
      await page.locator('nav.sections').waitFor();
      for (const [key, to] of [
        ['2', '/questions'],
        ['4', '/sql'],
        ['5', '/health'],
        ['3', '/messages'],
        ['1', '/'],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(() => path(page)).toBe(to);
      }
      await page.keyboard.press('f');
      await page.locator('.filter-menu').waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('.filter-menu').count()).toBe(0);
      await page.keyboard.press('p');
      await page.locator('.live.paused').waitFor();
      await page.keyboard.press('p');
      await page.locator('.live.live').waitFor();
      await page.keyboard.press('/');
      await page.locator('input[type=search]:focus').waitFor();
      await page.keyboard.type('p2 ');
      expect(await page.locator('input[type=search]').inputValue()).toBe('p2 ');
      expect(path(page)).toBe('/messages');
      await page.locator('.top nav').getByText('SQL').click();
      const editor = page.locator('.cm-content');
      await editor.click();
      await page.keyboard.type('1 / 2 -- p?');
      await expect.poll(() => editor.textContent()).toBe('1 / 2 -- p?');
      expect(path(page)).toBe('/sql');
      expect(await page.locator('dialog.help').count()).toBe(0);
    }));

  it('are all told by “?”, and rest when they are turned off', () =>
    visited('/', async (page) => {
      await page.locator('nav.sections').waitFor();
      await page.keyboard.press('?');
      await page.locator('dialog.help').waitFor();
      expect(await page.locator('dialog.help dl > div').count()).toBeGreaterThan(10);
      const { violations } = await new AxeBuilder({ page }).include('dialog.help').analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
      await page.locator('dialog.help input[type=checkbox]').uncheck();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('dialog.help').count()).toBe(0);
      await page.keyboard.press('2');
      await page.keyboard.press('?');
      // What the keys would have opened would be there before what the button opens.
      await page.locator('.help-button').click();
      await page.locator('dialog.help').waitFor();
      expect(path(page)).toBe('/');
    }));
});

describe('the sections of the overview', () => {
  it('are a step away on a phone, and the one that is read is marked', () =>
    visited(
      '/',
      async (page) => {
        const links = page.locator('nav.sections a');
        await links.first().waitFor();
        const headings = page.locator('.section > h2');
        expect(await links.allTextContents()).toEqual(await headings.allTextContents());
        const last = (await links.count()) - 2;
        await links.nth(last).click();
        await expect.poll(() => links.nth(last).getAttribute('aria-current')).toBe('true');
        const title = await headings.nth(last).boundingBox();
        const bar = await page.locator('.filters').boundingBox();
        expect(title?.y).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? 0));
        expect(title?.y).toBeLessThan(400);
        // Nor does it cover what has the focus.
        const top = (await page.locator('nav.sections').boundingBox())?.y ?? 0;
        for (const menu of await page.locator('.card .card-end .icon-button').all()) {
          await menu.focus();
          expect((await menu.boundingBox())?.y).toBeLessThan(top);
        }
        // The bar of sections never hides the end of the page.
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        const end = await page.locator('.card').last().boundingBox();
        const foot = await page.locator('nav.sections').boundingBox();
        expect((end?.y ?? 0) + (end?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0);
      },
      { viewport: { width: 390, height: 800 } },
    ));
});

describe('on a phone', () => {
  it.each(['pt-BR', 'en', 'es'])('every page is in sight of the bar, in %s', (locale) =>
    visited(
      '/health',
      async (page) => {
        const nav = page.locator('.top nav');
        await nav.locator('a[aria-current]').waitFor();
        expect(await nav.evaluate((bar) => bar.scrollWidth - bar.clientWidth)).toBe(0);
      },
      { viewport: { width: 390, height: 800 }, locale },
    ),
  );

  it.each(['pt-BR', 'en', 'es'])('the range is a line or two of text, in %s', (locale) =>
    visited(
      '/',
      async (page) => {
        await page.locator('.range b').waitFor();
        expect((await page.locator('.range').boundingBox())?.height).toBeLessThanOrEqual(48);
      },
      { viewport: { width: 390, height: 800 }, locale },
    ),
  );

  it('what the filter bar opens is whole, however many filters there are', () =>
    visited(
      '/?kind=text&kind=photo&channel=telegram&direction=in',
      async (page) => {
        await page.locator('.chip').nth(3).waitFor();
        // A bar of one row each for the periods, the days and the filters.
        expect((await page.locator('.chips').boundingBox())?.height).toBeLessThanOrEqual(48);
        for (const [button, last] of [
          ['.add', '.filter-values ul'],
          ['.seg-button', '.range-form [type=submit]'],
        ] as const) {
          await page.locator(button).click();
          await page.locator(last).waitFor();
          const inSight = await page.locator(last).evaluate((element) => {
            const { left, right, bottom } = element.getBoundingClientRect();
            return element.contains(element.ownerDocument.elementFromPoint((left + right) / 2, bottom - 8));
          });
          expect(inSight, last).toBe(true);
          await page.keyboard.press('Escape');
        }
      },
      { viewport: { width: 390, height: 800 } },
    ));

  it('a chart with all its keys and controls fits', async () => {
    const { bounds } = await viewOf('period=all&panels=series');
    const second = new Date(Date.parse(bounds?.from ?? '') + 86_400_000).toISOString().slice(0, 10);
    await visited(
      `/?period=${second}..${second}`,
      async (page) => {
        await page.locator('#panel-series .swatch.dashed').waitFor();
        await page.locator('#panel-series .hit').first().waitFor();
        await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      },
      { viewport: { width: 390, height: 800 } },
    );
  });
});
