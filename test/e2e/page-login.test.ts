import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser, visit } from '../support/browser.js';
import { type Running, running, SECRET, WAITING } from '../support/browser-lake.js';
import { everyLook } from '../support/looks.js';

vi.setConfig({ testTimeout: 300_000 });

const PASSWORD = 'open sesame';

let browser: Browser;
let lake: Running;

beforeAll(async () => {
  [browser, lake] = await Promise.all([openBrowser(), running({ ...WAITING, CHATLAKE_PASSWORD: PASSWORD })]);
  await lake.tell({ chat: { id: -1, type: 'group', title: 'G' }, from: { id: 1, is_bot: false, first_name: 'A' }, text: 'oi' });
  await lake.tell({ chat: { id: -2, type: 'group', title: 'H' }, from: { id: 2, is_bot: false, first_name: 'B' }, text: 'não para todos' });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await lake?.close();
});

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(`${lake.url}${path}`);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
}

describe('a lake with a password', () => {
  it('shows nothing before it is given, says that a wrong one is wrong, and opens for the right one until it is signed out', async () => {
    const { context, page, problems } = await visit(browser);
    await page.goto(`${lake.url}/messages`);
    const field = page.locator('input[type=password]');
    await field.waitFor();
    await everyLook(page, 'login');
    await field.fill('guess');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the password.').waitFor();
    await field.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('a.list-row').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/messages');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it('is shown in part by a link, which opens one view to read and nothing beside it', async () => {
    const owner = await visit(browser);
    await signIn(owner.page, '/messages?conversation=telegram:-1');
    await owner.page.locator('a.list-row').first().waitFor();
    await owner.page.getByRole('button', { name: 'Share this view' }).click();
    await owner.page.getByRole('button', { name: 'Make link' }).click();
    const link = (await owner.page.locator('.share-link code').textContent()) ?? '';
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/share\//);

    const guest = await visit(browser);
    await guest.page.goto(link);
    await guest.page.locator('span.list-row').first().waitFor();
    expect(await guest.page.locator('.list-row').allTextContents()).toEqual([expect.stringContaining('oi')]);
    await guest.page.getByText('A shared link shows the list; conversations and raw data stay with the owner.').waitFor();
    expect(await guest.page.locator('body').textContent()).not.toContain('não para todos');
    expect(await guest.page.locator('.top nav a').allTextContents()).toEqual(['Messages']);
    const status = (path: string) => guest.page.evaluate(async (asked) => (await fetch(asked)).status, path);
    expect(await status('/api/messages?conversation=telegram:-1')).toBe(200);
    for (const path of ['/api/messages', '/api/messages?conversation=telegram:-2', '/api/sql/catalog', '/api/quarantine', '/api/status'])
      expect(await status(path), path).toBeGreaterThanOrEqual(401);
    await everyLook(guest.page, 'link');
    expect(guest.problems).toEqual([]);

    await owner.page.goto(`${lake.url}/?conversation=telegram:-1`);
    await owner.page.locator('.figure > b').first().waitFor();
    await owner.page.getByRole('button', { name: 'Share this view' }).click();
    await owner.page.getByRole('button', { name: 'Make link' }).click();
    const other = await visit(browser);
    await other.page.goto((await owner.page.locator('.share-link code').textContent()) ?? '');
    await other.page.locator('#panel-series .hit').first().waitFor();
    await expect.poll(() => other.page.locator('.chip').allTextContents()).toEqual([expect.stringMatching(/: G\s*$/)]);
    // Nothing leads to what it does not show, and nothing waits for what does not come.
    const leading = await other.page.locator('a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(leading.filter((href) => !href?.startsWith('/?'))).toEqual([]);
    expect(await other.page.locator('.live, .feed-card').count()).toBe(0);
    await other.page.locator('#panel-series .icon-button').click();
    expect(await other.page.getByRole('menuitem').allTextContents()).not.toContain('Open in SQL');
    await other.page.keyboard.press('Escape');
    // What is offered is answered; what is not is not there, and it is said why.
    await other.page.getByText('Shared view: it can be narrowed, not widened').waitFor();
    expect(await other.page.locator('.seg').first().getByRole('button').allTextContents()).toEqual(['Today', '7 d', '30 d', 'Custom']);
    expect(await other.page.locator('.chip.fixed').count()).toBe(1);
    await other.page.getByRole('button', { name: 'Filter', exact: true }).click();
    expect(await other.page.locator('.filter-fields button').allTextContents()).toEqual(['Direction', 'Weekday', 'Hour']);
    await other.page.keyboard.press('Escape');
    await other.page.getByRole('button', { name: '7 d', exact: true }).click();
    await expect.poll(() => other.page.locator('.overview').getAttribute('aria-busy')).toBe('false');
    await other.page.locator('#panel-kinds .bars button').first().click();
    await expect.poll(() => other.page.locator('.chip:not(.fixed)').count()).toBe(1);
    await other.page.locator('.figure > b').first().waitFor();
    expect(await other.page.getByText('This link shows one view and nothing beyond it.').count()).toBe(0);
    await everyLook(other.page, 'link-overview');
    await other.page.goto(`${lake.url}/?period=12m&conversation=telegram:-1`);
    await other.page.getByText('This link shows one view and nothing beyond it.').waitFor();
    expect(await other.page.locator('.figure').count()).toBe(0);
    await other.page.goBack();
    await other.page.locator('.figure > b').first().waitFor();
    expect(other.problems).toEqual([]);
    await other.context.close();

    const stranger = await visit(browser);
    const changed = await stranger.page.goto(`${link.slice(0, -3)}${link.endsWith('AAA') ? 'BBB' : 'AAA'}`);
    expect(changed?.status()).toBe(410);
    await stranger.page.getByRole('heading', { name: 'This link has ended' }).waitFor();
    expect(stranger.problems).toEqual([]);
    await everyLook(stranger.page, 'link-ended');
    for (const { context } of [owner, guest, stranger]) await context.close();
  });

  it('shows what could not be read with its reason and its bytes', async () => {
    const answer = await fetch(`${lake.url}/webhook/telegram`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET },
      body: new Uint8Array([0x7b, 0xff, 0x3c, 0x62, 0x3e]),
    });
    expect(answer.status).toBe(200);
    const { context, page, problems } = await visit(browser);
    await signIn(page, '/health');
    const item = page.locator('.quarantine details').first();
    await item.waitFor();
    await item.locator('summary').click();
    expect(await item.locator('pre').textContent()).toMatch(/^00000000 {2}7b ff 3c 62 3e +\{\.<b>/);
    await item.getByRole('button', { name: 'As text' }).click();
    expect(await item.locator('pre').textContent()).toBe('{�<b>');
    expect(await item.locator('summary b').textContent()).not.toBe('');
    await page.getByText('1 in quarantine').first().waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});
