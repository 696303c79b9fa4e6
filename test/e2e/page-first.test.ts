import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser, visit } from '../support/browser.js';
import { type Running, running, WAITING } from '../support/browser-lake.js';
import { corpus } from '../support/lake-corpora.js';

const CHAT = { id: -100, type: 'supergroup', title: 'Clube' };
const from = (id: number, first_name = `Person ${id}`) => ({ id, is_bot: false, first_name });

/** What is meant to run, to break out, or to push everything else aside; the well-known list as well where it is. */
const NAUGHTY: readonly string[] = [
  '<script>window.hacked=1</script>',
  '"><img src=x onerror=window.hacked=1>',
  "'><svg/onload=window.hacked=1>",
  'javascript:window.hacked=1',
  '</title></style></textarea><script>window.hacked=1</script>',
  '{{constructor.constructor("window.hacked=1")()}}',
  '${window.hacked=1}',
  'W'.repeat(300),
  'مرحبا بالعالم ‮evil‬',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ ̖t̝͕̳̣̻̪͞h̼͓̲̦̳̘̲e͇̣̰̦̬͎ ̢̼̻̱̘h͚͎͙̜̣̲ͅi̦̲̣̰̤v̻͍e̺̭̳̪̰-m̢iͅn̖̺̞̲̯̰d̵̼̟͙̩̼̘̳',
  '👩‍👩‍👧‍👦🏳️‍🌈🇧🇷',
  '\u0000\u0007\u001b[31mred',
  '=cmd|calc!A1',
  '__proto__',
  'line one\nline two\r\nline three',
];
const list = corpus('robustness/blns');
const strings =
  list === undefined
    ? NAUGHTY
    : [...NAUGHTY, ...(JSON.parse(readFileSync(join(list, 'blns.json'), 'utf8')) as string[]).filter((text) => text !== '')];

vi.setConfig({ testTimeout: 300_000 });

let browser: Browser;
let lake: Running;

beforeAll(async () => {
  [browser, lake] = await Promise.all([openBrowser(), running(WAITING)]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await lake?.close();
});

describe('a new lake', () => {
  it('leads to the first message, opens when it arrives, and then shows each one as it comes', async () => {
    const { context, page, problems } = await visit(browser);
    await page.goto(lake.url);
    await page.getByRole('heading', { name: 'From nothing to the first message' }).waitFor();
    await page.locator('.step.next').first().waitFor();
    await lake.tell({ chat: CHAT, from: from(1), text: 'a primeira mensagem' });
    const figure = page.locator('.figure > b').first();
    await figure.waitFor({ timeout: 60_000 });
    await expect.poll(() => figure.textContent(), { timeout: 60_000 }).toBe('1');
    await lake.tell({ chat: CHAT, from: from(2), text: 'a segunda mensagem' });
    await page.locator('.feed').getByText('a segunda mensagem').waitFor({ timeout: 60_000 });
    await expect.poll(() => figure.textContent(), { timeout: 60_000 }).toBe('2');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('holds still while it is paused, and says how much is waiting', async () => {
    const { context, page } = await visit(browser);
    await page.goto(lake.url);
    const figure = page.locator('.figure > b').first();
    await figure.waitFor();
    const before = await figure.textContent();
    await page.locator('.live').click();
    await lake.tell({ chat: CHAT, from: from(3), text: 'a terceira mensagem' });
    await page.locator('.live b').waitFor({ timeout: 60_000 });
    expect(await figure.textContent()).toBe(before);
    await page.locator('.live').click();
    await expect.poll(() => figure.textContent(), { timeout: 60_000 }).not.toBe(before);
    await context.close();
  });
});

describe('a forum topic', () => {
  it('is shown under its newest name, and filters by its conversation, which keeps its own', async () => {
    const topic = {
      chat: { ...CHAT, id: -300, title: 'Clube', is_forum: true },
      from: from(4),
      message_thread_id: 7,
      is_topic_message: true,
    };
    await lake.tell({ ...topic, forum_topic_created: { name: 'Dúvidas', icon_color: 7322096 } });
    await lake.tell({ ...topic, forum_topic_edited: { name: 'Perguntas' } });
    const { context, page, problems } = await visit(browser);
    await page.goto(lake.url);
    const row = page.locator('#panel-topics button.bar', { hasText: 'Perguntas · Clube' });
    await row.click({ timeout: 60_000 });
    await expect.poll(() => page.locator('.chip').allTextContents()).toEqual([expect.stringContaining('Clube')]);
    expect(await page.locator('.chip').textContent()).not.toContain('Perguntas');
    await row.waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('hostile texts', () => {
  it('are text in every panel and on every page: nothing runs, and nothing is pushed out of its place', { timeout: 240_000 }, async () => {
    for (const [at, text] of strings.entries()) {
      const name = text.slice(0, 200);
      await lake.tell({
        chat: { ...CHAT, id: -200 - (at % 40), title: name, is_forum: true },
        from: { ...from(1000 + at, name), language_code: name.slice(0, 10) },
        text: `${text}?`,
        entities: [{ type: at % 2 === 0 ? 'hashtag' : 'bot_command', offset: 0, length: Math.min(text.length, 60) }],
        message_thread_id: at,
        is_topic_message: true,
      });
    }
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      const { context, page, problems } = await visit(browser, { viewport: { width, height } });
      page.on('dialog', (dialog) => {
        problems_.push(dialog.message());
        void dialog.dismiss();
      });
      const problems_: string[] = [];
      await page.goto(lake.url);
      await expect.poll(() => page.locator('.figure > b').first().textContent(), { timeout: 60_000 }).toMatch(/\d{2,}/);
      const wide = () => page.evaluate('document.documentElement.scrollWidth');
      for (const button of await page.locator('.bars + .more').all()) await button.click();
      expect(await wide()).toBe(width);
      for (const card of await page.locator('.grid > figure').all()) {
        await card.locator('.icon-button').click();
        await page.getByRole('menuitem', { name: 'Show as table' }).click();
      }
      expect(await wide()).toBe(width);
      for (const path of [
        '/questions',
        '/messages',
        `/messages?open=${encodeURIComponent('telegram:-200:6')}`,
        '/health',
        '/sql?sql=SELECT+*+FROM+messages',
      ]) {
        await page.goto(`${lake.url}${path}`);
        await page.locator('button.question-row, a.list-row, .bubble, .verdict, [role=cell]').locator('visible=true').first().waitFor();
        expect(await wide()).toBe(width);
      }
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect([...problems, ...problems_]).toEqual([]);
      await context.close();
    }
  });
});
