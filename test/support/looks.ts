import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { picture, PICTURES } from './browser.js';

/**
 * Sees an open page wide and narrow, light and dark: axe finds nothing, and nothing scrolls sideways. Keeps a picture of each look
 * under `name`, to be looked at. A page follows both while it is open, so that it is loaded once. `part`: what axe looks at and the picture shows, a
 * selector, where the rest of the page is that of another look.
 */
export async function everyLook(page: Page, name: string, part?: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const look = `${name} ${width} ${colorScheme}`;
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), { message: look }).toBe(width);
      const path = picture(look.replaceAll(' ', '-'));
      await (part === undefined
        ? page.screenshot({ path, fullPage: true, animations: 'disabled' })
        : page.locator(part).screenshot({ path }));
      const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
      const { violations } = await (part === undefined ? axe : axe.include(part)).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`),
        look,
      ).toEqual([]);
    }
  }
}
