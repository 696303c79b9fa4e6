import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import type { MessagesView, QuestionsView } from '../../src/analysis/types.js';
import { demo, visited } from '../support/demo-visits.js';

vi.setConfig({ testTimeout: 300_000 });

const answer = async <T>(path: string): Promise<T> => (await fetch(`${demo}${path}`)).json() as Promise<T>;
const query = (page: Page) => new URL(page.url()).searchParams;

async function write(page: Page, sql: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(sql);
}

/** Runs a statement in the editor and waits for what it gives. */
async function execute(page: Page, sql: string): Promise<void> {
  const editor = page.locator('.cm-content');
  await editor.click();
  await write(page, sql);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => query(page).get('sql')).toBe(sql);
  await page.locator('.sql-actions .primary').waitFor();
}

describe('the page of questions', () => {
  it('shows groups with their count, and the wordings with a way to the message', () =>
    visited('/questions', async (page) => {
      const { groups } = await answer<QuestionsView>('/api/questions?period=30d');
      const first = page.locator('button.question-row').first();
      await first.waitFor();
      expect(await page.locator('button.question-row').count()).toBeGreaterThanOrEqual(Math.min(groups.length, 5));
      await first.click();
      expect(await first.getAttribute('aria-expanded')).toBe('true');
      await page.locator('.question-examples:visible a').first().click();
      await page.locator('.bubble.chosen').waitFor();
      expect(new URL(page.url()).pathname).toBe('/messages');
      await page.goBack();
      await first.waitFor();
      await page.locator('select').selectOption({ label: 'slowest answer' });
      await expect.poll(() => query(page).get('sort')).toBe('slow');
    }));
});

describe('the page of messages', () => {
  it('finds without case or accents, and says when nothing matches', () =>
    visited('/messages', async (page) => {
      await page.locator('a.list-row').first().waitFor();
      await page.locator('input[type=search]').fill('ÓLA');
      await expect.poll(() => query(page).get('q')).toBe('ÓLA');
      const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
      await expect
        .poll(async () => {
          const found = await page.locator('a.list-row .list-body').allTextContents();
          return found.length > 0 && found.every((text) => plain(text).includes('ola'));
        })
        .toBe(true);
      await page.locator('input[type=search]').fill('no such words anywhere');
      await page.getByText('No message matches.').waitFor();
    }));

  it('goes on without an end in sight, with no more rows drawn than fit', () =>
    visited('/messages?period=all', async (page) => {
      await page.locator('a.list-row').first().waitFor();
      const list = page.locator('.virtual');
      // A page of a busy machine may have fewer than a hundred.
      const rowsAtTheEnd = () =>
        list.evaluate((box) => {
          box.scrollTo(0, box.scrollHeight);
          return Math.round(box.scrollHeight / 60);
        });
      await expect.poll(rowsAtTheEnd).toBeGreaterThan(300);
      expect(await page.locator('a.list-row').count()).toBeLessThan(60);
    }));

  it('shows the conversation of a message, its raw JSON, and the file and line it came from', () =>
    visited('/messages?channel=telegram', async (page) => {
      const { messages } = await answer<MessagesView>('/api/messages?period=30d&channel=telegram&q=obrigad&limit=1');
      const [message] = messages;
      await page.locator('input[type=search]').fill('obrigad');
      await expect.poll(() => query(page).get('q')).toBe('obrigad');
      await page.locator('a.list-row').first().click();
      await page.locator('.bubble.chosen pre').first().waitFor();
      const raw = JSON.parse((await page.locator('.bubble.chosen pre').first().textContent()) ?? '') as {
        update_id: number;
        _line: number;
      };
      expect(raw.update_id).toBeGreaterThan(0);
      expect(await page.locator('.details code').first().textContent()).toMatch(
        /^telegram\/context_date=\d{4}-\d\d-\d\d\/.+\.ndjson, line [\d,]+$/,
      );
      expect(await page.locator('.bubble').count()).toBeGreaterThan(3);
      expect(message?.text).toMatch(/obrigad/i);
      await page.getByRole('button', { name: 'Only this person' }).click();
      await expect.poll(() => query(page).get('person')).toMatch(/^telegram:/);
    }));
});

describe('the page of SQL', () => {
  it('runs a preset, draws a chart of it, and gives the rows as files', () =>
    visited('/sql', async (page) => {
      await page.locator('.statement').first().click();
      await page.locator('.sql-actions .primary').click();
      await page.locator('.result-table [role=row]').nth(1).waitFor();
      await page.getByRole('button', { name: 'Chart' }).click();
      await page.locator('.sql-result .series .hit').first().waitFor();
      await page.getByRole('button', { name: 'Export' }).click();
      const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()]);
      expect(await readFile(await csv.path(), 'utf8')).toMatch(/^"?context_date"?,"?messages"?\r?\n"?\d{4}-\d\d-\d\d/);
      await page.getByRole('button', { name: 'Export' }).click();
      const [parquet] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Parquet' }).click()]);
      expect((await readFile(await parquet.path())).subarray(0, 4).toString()).toBe('PAR1');
    }));

  it('draws a result as it is, whatever the page is limited to', () =>
    visited('/sql?period=7d&hour=9', async (page) => {
      const drawn = page.locator('.sql-result #panel-sql');
      await execute(page, "SELECT DATE '2023-12-25' AS week, 7 AS messages UNION ALL SELECT DATE '2024-01-01', 5");
      await page.getByRole('button', { name: 'Chart' }).click();
      await drawn.locator('.hit').first().waitFor();
      expect(await drawn.locator('h3').textContent()).toBe('messages by week');
      expect(await drawn.locator('.axis-text[text-anchor=middle]').allTextContents()).toEqual(['Dec 25, 2023', 'Jan 1, 2024']);
      expect(await drawn.locator('.hit').first().getAttribute('aria-label')).toMatch(/^Week 52: Dec 25\s–\s31, 2023: messages 7$/);
      expect(await drawn.locator('.partial').count()).toBe(0);
      await drawn.locator('.icon-button').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as SVG' }).click()]);
      expect(download.suggestedFilename()).toBe('chatlake-messages-by-week.svg');
      expect(await readFile(await download.path(), 'utf8')).not.toContain('Hour');
      await execute(page, 'SELECT 1 AS weekday, 9 AS hour, 3 AS messages');
      await drawn.locator('.cell').first().waitFor();
      expect(await drawn.locator('select').count()).toBe(0);
      expect(await drawn.locator('.cell[role=button]').count()).toBe(0);
    }));

  it('highlights and completes names of the lake, keeps what was run, and shows a statement of the address', () =>
    visited('/sql', async (page) => {
      await page.locator('.statement').first().waitFor();
      await page.locator('.cm-content').click();
      await page.keyboard.type('SELECT conversation_i');
      await page.locator('.cm-tooltip-autocomplete').getByText('conversation_id').first().waitFor();
      await page.keyboard.press('Escape');
      await execute(page, 'SELECT 40 + 2 AS answer');
      await page.locator('[role=cell]').first().waitFor();
      expect(await page.locator('[role=cell]').first().textContent()).toBe('42');
      await page.getByRole('button', { name: 'History' }).click();
      expect(await page.locator('.statement.code').first().textContent()).toBe('SELECT 40 + 2 AS answer');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.locator('.save-form input').fill('the answer');
      await page.locator('.save-form button').click();
      await page.reload();
      expect(await page.locator('[role=cell]').first().textContent()).toBe('42');
      await page.locator('.tabs').getByRole('button', { name: 'Saved' }).click();
      await page.getByRole('button', { name: 'the answer', exact: true }).waitFor();
    }));

  it('says what is wrong and where, refuses to write, and stops at a click', () =>
    visited('/sql', async (page) => {
      await execute(page, 'SELECT nothing FROM messages');
      expect(await page.locator('.sql-problem').textContent()).toContain('nothing');
      await execute(page, "COPY (SELECT 1) TO 'x.csv'");
      await expect.poll(() => page.locator('.sql-problem').textContent()).toMatch(/only read|read-only|SELECT/i);
      const heavy = 'SELECT count(*) FROM range(10000000) a, range(100000) b WHERE a.range % 7 = b.range % 11';
      await page.locator('.cm-content').click();
      await write(page, heavy);
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Cancelled.').waitFor();
    }));

  it('tells that rows were left out', () =>
    visited('/sql', async (page) => {
      await execute(page, 'SELECT * FROM range(50000)');
      await page.locator('.notice').first().waitFor();
      expect(await page.locator('.notice').first().textContent()).toMatch(/Only the first [\d,]+ rows are shown/);
      expect(await page.locator('.result-table [role=row]').count()).toBeLessThan(80);
    }));
});

describe('the page of health', () => {
  it('tells the sums of a day in words, and shows sources, runs, storage and findings', () =>
    visited('/health', async (page) => {
      await page.getByText('Everything adds up.').first().waitFor();
      await page.locator('.calendar .day.good').last().click();
      await expect
        .poll(() => page.locator('.day-words').textContent())
        .toMatch(/[\d,]+ units = [\d,]+ rows \+ \d+ duplicates? \+ \d+ quarantined/);
      await expect.poll(() => query(page).get('day')).toMatch(/^\d{4}-\d\d-\d\d$/);
      // Days before the channels were there are known to nobody, and say so by name and by look.
      const uncovered = page.locator('.calendar .day.uncovered').first();
      expect(await uncovered.getAttribute('aria-label')).toMatch(/Not covered by any source/);
      expect(await page.evaluate(`getComputedStyle(document.querySelector('.calendar .day.uncovered')).borderStyle`)).toBe('dashed');
      await uncovered.click();
      await expect.poll(() => page.locator('.day-words').textContent()).toMatch(/Not covered by any source/);
      expect(await page.locator('.sources:not(.webhooks) h3').allTextContents()).toEqual(['Telegram', 'WhatsApp']);
      await page.locator('.runs tbody tr').first().waitFor();
      await page.locator('.plain .sum').first().waitFor();
      await page.locator('.findings li').first().waitFor();
    }));

  it.each(['en', 'pt-BR', 'es'])('shows every number of a run on a phone without scrolling, in %s', (locale) =>
    visited(
      '/health',
      async (page) => {
        const runs = page.locator('.runs');
        await runs.locator('tbody tr').first().waitFor();
        expect(await runs.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      },
      { locale, viewport: { width: 390, height: 844 } },
    ),
  );
});
