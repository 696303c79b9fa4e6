import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MessagesView } from '../../src/analysis/types.js';
import { telegramChat, telegramExport } from '../import/importing.js';
import { openBrowser, visit } from '../support/browser.js';
import { running, type Running, WAITING } from '../support/browser-lake.js';
import { everyLook } from '../support/looks.js';

vi.setConfig({ testTimeout: 300_000 });

const SENT = Date.parse('2024-07-02T15:00:00Z') / 1000;
const HOSTILE = '<img src=x onerror="document.title=1"> \u202etxt';
const EXPORT = telegramChat(
  Array.from({ length: 40 }, (_, at) => telegramExport(at + 1, SENT + at * 60, at === 0 ? HOSTILE : `text ${at}`)),
);
const CHAT = `03/07/2024 09:01 - Ana: bom dia
25/07/2024 09:02 - Loja: sai hoje
`;

let browser: Browser;
let lake: Running;

beforeAll(async () => {
  browser = await openBrowser();
  lake = await running(WAITING);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await lake?.close();
});

async function visited(run: (page: Page) => Promise<void>): Promise<void> {
  const { context, page, problems } = await visit(browser);
  try {
    await page.goto(`${lake.url}/health`);
    await page.locator('.drop').waitFor();
    await run(page);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Drops files as a hand does: what the page is given is a list that only the browser makes. */
async function drop(page: Page, files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  const carried = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const { name, text } of ${JSON.stringify(files)}) transfer.items.add(new File([text], name));
    return transfer;
  })()`);
  await page.dispatchEvent('main', 'dragover', { dataTransfer: carried });
  await page.locator('.drop.over').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: carried });
}

/** Drops what lies on a disk, folders as well. */
async function dropFromDisk(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
}

const messages = async (): Promise<MessagesView> =>
  (await (await fetch(`${lake.url}/api/messages?period=2024-07-01..2024-07-31&limit=200`)).json()) as MessagesView;

it('takes dropped exports, shows what they hold, and imports one when told to', () =>
  visited(async (page) => {
    await drop(page, [
      { name: 'result.json', text: EXPORT },
      { name: 'WhatsApp Chat with Ana.txt', text: CHAT },
    ]);
    const [telegram, whatsapp] = [page.locator('.import').nth(0), page.locator('.import').nth(1)];
    await telegram.locator('.import-preview').waitFor();
    expect(await telegram.locator('tbody tr').first().locator('td').nth(1).textContent()).toBe('40');
    expect(await telegram.locator('.import-sample').textContent()).toContain(HOSTILE);
    expect(await page.locator('.import img').count()).toBe(0);
    await whatsapp.locator('.import-preview').waitFor();
    expect(await whatsapp.locator('tbody td').last().textContent()).toMatch(/^Jul 3.+25, 2024$/);
    expect((await messages()).messages).toEqual([]);

    await everyLook(page, 'import');
    await telegram.getByRole('button', { name: 'Import 40 messages' }).click();
    await page.locator('.import.done').waitFor();
    await expect.poll(async () => (await messages()).messages.length, { timeout: 60_000 }).toBe(40);
    await whatsapp.locator('.icon-button').click();
    await expect.poll(() => page.locator('.import').count()).toBe(1);
    expect((await messages()).messages.filter(({ channel }) => channel === 'whatsapp')).toEqual([]);
  }));

it('reads a file again with what its owner knows better', () =>
  visited(async (page) => {
    await page
      .locator('.drop input')
      .setInputFiles({ name: 'WhatsApp Chat with Ana.txt', mimeType: 'text/plain', buffer: Buffer.from(CHAT) });
    const item = page.locator('.import');
    await item.locator('.import-choices summary').click();
    await item.getByLabel('Name of the chat').fill('Loja da Ana');
    await item.getByRole('button', { name: 'Read again' }).click();
    await expect.poll(() => item.locator('tbody td').first().textContent()).toBe('Loja da Ana');
    await item.locator('.icon-button').click();
  }));

it('takes a folder as Telegram Desktop makes it, many files at once, and gives back their room when it is left', () =>
  visited(async (page) => {
    const folder = await mkdtemp(join(tmpdir(), 'chatlake-test-'));
    const kept = new Set<string>();
    page.on('request', (request) => {
      const [, id] = /\/api\/imports\/([^/]+)\/preview$/.exec(request.url()) ?? [];
      if (id !== undefined) kept.add(id);
    });
    try {
      const named = (name: string) => join(folder, name);
      await Promise.all([mkdir(named('ChatExport')), mkdir(named('photos'))]);
      await writeFile(named('ChatExport/result.json'), EXPORT);
      await writeFile(named('ChatExport/photo.jpg'), 'x');
      await dropFromDisk(page, [named('ChatExport'), named('photos')]);
      const preview = page.locator('.import.preview');
      await preview.waitFor();
      expect(await preview.locator('.import-head b').textContent()).toBe('result.json');
      expect(await page.locator('.import.failed .problem').textContent()).toContain('no export right in this folder');

      const many = Array.from({ length: 8 }, (_, at) => ({
        name: `${at}.txt`,
        mimeType: 'text/plain',
        buffer: Buffer.from(at === 0 ? '' : CHAT),
      }));
      await page.locator('.drop input').setInputFiles(many);
      await expect.poll(() => preview.count(), { timeout: 60_000 }).toBe(8);
      expect(await page.locator('.import.failed .problem').allTextContents()).toContain('The file is empty.');

      await page.reload();
      const stateOf = async (id: string) => (await fetch(`${lake.url}/api/imports/${id}`)).status;
      await expect.poll(() => Promise.all([...kept].map(stateOf)), { timeout: 60_000 }).toEqual(Array.from(kept, () => 404));
      expect(kept.size).toBe(8);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));

it('says what is no export, and leaves the page as it was', () =>
  visited(async (page) => {
    const file = await readFile(new URL('../../package.json', import.meta.url));
    await page.locator('.drop input').setInputFiles({ name: 'package.json', mimeType: 'application/json', buffer: file });
    await page.locator('.import.failed .problem').waitFor();
    expect(await page.locator('.import.failed .primary').count()).toBe(0);
    await page.locator('.import .icon-button').click();
    await expect.poll(() => page.locator('.import').count()).toBe(0);
  }));
