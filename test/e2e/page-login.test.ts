import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser, picture, visit } from '../support/browser.js';
import { type Running, running, WAITING } from '../support/browser-lake.js';

vi.setConfig({ testTimeout: 300_000 });

let browser: Browser;
let lake: Running;

beforeAll(async () => {
  [browser, lake] = await Promise.all([openBrowser(), running({ ...WAITING, CHATLAKE_PASSWORD: 'open sesame' })]);
  await lake.tell({ chat: { id: -1, type: 'group', title: 'G' }, from: { id: 1, is_bot: false, first_name: 'A' }, text: 'oi' });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await lake?.close();
});

describe('a lake with a password', () => {
  it('shows nothing before it is given, says that a wrong one is wrong, and opens for the right one until it is signed out', async () => {
    const { context, page, problems } = await visit(browser);
    await page.goto(`${lake.url}/messages`);
    const field = page.locator('input[type=password]');
    await field.waitFor();
    await page.screenshot({ path: picture('login-1440-light'), fullPage: true });
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
    await field.fill('guess');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the password.').waitFor();
    await field.fill('open sesame');
    await page.keyboard.press('Enter');
    await page.locator('a.list-row').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/messages');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});
