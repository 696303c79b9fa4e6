import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { addDays } from '../../src/zone.js';
import { viewOf, visited } from '../support/demo-visits.js';

vi.setConfig({ testTimeout: 300_000 });

const chart = (page: Page, id: string) => page.locator(`#panel-${id}`);
const query = (page: Page) => new URL(page.url()).searchParams;
const bar = (page: Page, id: string, index: number) => chart(page, id).locator('button.bar').nth(index);

describe('the overview', () => {
  it('shows figures and charts of the API, and the zone they are in', () =>
    visited('/', async (page) => {
      await chart(page, 'series').locator('.hit').first().waitFor();
      const view = await viewOf('');
      const labels = await page.locator('.figure h2').allTextContents();
      expect(labels).toEqual(view.figures.map(({ label }) => label));
      expect(await page.locator('.range').textContent()).toContain(view.timezone);
      for (const { id, title } of view.panels.filter(({ id: one }) => one !== 'before'))
        expect(await chart(page, id).locator('h3').textContent()).toBe(title);
    }));

  it('filters by a click on a bar, shows it as a chip, and goes back with the back button', () =>
    visited('/', async (page) => {
      const name = await bar(page, 'people', 0).locator('.bar-name').textContent();
      await bar(page, 'people', 0).click();
      const chip = page.locator('.chip');
      await chip.waitFor();
      expect(await chip.textContent()).toContain(name);
      const person = query(page).get('person');
      expect(person).toMatch(/^(telegram|whatsapp):/);
      await bar(page, 'kinds', 0).click();
      await expect.poll(() => chip.count()).toBe(2);
      await page.goBack();
      await expect.poll(() => chip.count()).toBe(1);
      await page.goForward();
      await expect.poll(() => chip.count()).toBe(2);
      await page.reload();
      await expect.poll(() => chip.count()).toBe(2);
      await chip.first().click();
      await expect.poll(() => query(page).get('person')).toBeNull();
      await page.goBack();
      expect(query(page).get('person')).toBe(person);
    }));

  it('filters by a cell, by a column and by what the menu finds', () =>
    visited('/', async (page) => {
      await chart(page, 'heatmap').locator('.cell').nth(30).click();
      await expect.poll(() => [query(page).get('weekday'), query(page).get('hour')]).toEqual(['2', '6']);
      await page.locator('.chips .text-button').click();
      await expect.poll(() => query(page).get('hour')).toBeNull();
      await chart(page, 'series').locator('.hit').last().click();
      await expect.poll(() => query(page).get('period')).toMatch(/^(\d{4}-\d\d-\d\d)\.\.\1$/);
      await page.locator('.seg button').nth(1).click();
      await page.locator('.add').click();
      await page.locator('.filter-fields button', { hasText: 'Kind' }).click();
      await page.locator('.filter-values input[type=search]').fill('stick');
      await page.locator('.filter-values label', { hasText: 'sticker' }).click();
      await expect.poll(() => query(page).get('kind')).toBe('sticker');
      await page.keyboard.press('Escape');
      expect(await page.locator('.filter-menu').count()).toBe(0);
    }));

  it('shows the hours of one month or week, and its statement of it', () =>
    visited('/?period=all', async (page) => {
      const stretch = chart(page, 'heatmap').locator('select');
      const sum = async () => {
        await chart(page, 'heatmap').locator('tbody tr').first().waitFor();
        const cells = await chart(page, 'heatmap').locator('tbody tr td:last-child').allTextContents();
        return cells.reduce((total, cell) => total + Number(cell.replaceAll(',', '')), 0);
      };
      await chart(page, 'heatmap').locator('.icon-button').click();
      await page.getByRole('menuitem', { name: 'Show as table' }).click();
      for (const [label, name] of [
        ['Months', 'month'],
        ['Weeks', 'week'],
      ] as const) {
        const value = (await stretch.locator(`optgroup[label=${label}] option`).last().getAttribute('value')) ?? '';
        await stretch.selectOption(value);
        await expect.poll(() => [...query(page)].toSorted()).toEqual([[name, value] as const, ['period', 'all'] as const].toSorted());
        const [year = 0, month = 0, day = 1] = value.split('-').map(Number);
        const days = [
          new Date(Date.UTC(year, month - 1, day)),
          new Date(Date.UTC(year, name === 'month' ? month : month - 1, name === 'month' ? 0 : day + 6)),
        ];
        const [from, to] = days.map((date) => date.toISOString().slice(0, 10));
        // New messages go on arriving in both.
        const difference = async () => {
          const { panels } = await viewOf(`period=${from}..${to}&panels=weekdays`);
          return (panels[0]?.rows ?? []).reduce((total, [, messages]) => total + Number(messages), 0) - (await sum());
        };
        await expect.poll(difference).toBe(0);
      }
      await stretch.selectOption('');
      await expect.poll(() => [...query(page).keys()]).toEqual(['period']);
    }));

  it.each([
    ['en', 'days'],
    ['pt-BR', 'dias'],
    ['es', 'días'],
  ])('draws a week that the period cuts off paler, and says how much of it is shown, in %s', async (locale, days) => {
    const { range } = await viewOf('period=today&panels=series');
    // Whole weeks, but for the last: on a Sunday it would be whole too.
    const last = new Date(range.to).getUTCDay() === 0 ? addDays(range.to, -1) : range.to;
    const shown = new Date(last).getUTCDay();
    await visited(
      `/?period=${addDays(last, 1 - shown - 7 * 30)}..${last}`,
      async (page) => {
        const weeks = chart(page, 'series').locator('.hit');
        await weeks.first().waitFor();
        expect(await weeks.count()).toBe(31);
        const label = new RegExp(`\\(\\d (of|de) 7 ${days}\\)`);
        const labels = await weeks.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
        expect(labels.findIndex((one) => label.test(one))).toBe(30);
        expect(labels[30]).toContain(`(${shown} `);
        expect(await chart(page, 'series').locator('.series .partial').count()).toBe(1);
        expect(await page.evaluate(`getComputedStyle(document.querySelector('#panel-series .partial')).opacity`)).toBe('0.6');
        // A live message may draw the chart anew, or scrolling to it take the tip away.
        await expect
          .poll(async () => {
            await weeks.first().hover();
            await weeks.last().hover();
            return page.locator('.tip').allTextContents();
          })
          .toEqual([expect.stringMatching(label)]);
      },
      { locale },
    );
  });

  it('is worked by keyboard alone', () =>
    visited('/', async (page) => {
      await chart(page, 'series').locator('.hit').first().waitFor();
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
      const marks = chart(page, 'series').locator('.hit');
      // A live message may draw the chart anew meanwhile.
      await expect
        .poll(async () => {
          await marks.first().focus();
          await page.keyboard.press('End');
          await page.keyboard.press('ArrowLeft');
          return page.locator('.tip').count();
        })
        .toBe(1);
      await page.keyboard.press('Escape');
      expect(await page.locator('.tip').count()).toBe(0);
      await page.keyboard.press('Enter');
      await expect.poll(() => query(page).get('period')).toMatch(/\.\./);
      await expect.poll(() => page.locator('.overview').getAttribute('aria-busy')).toBe('false');
      const menu = chart(page, 'kinds').locator('.icon-button');
      await menu.focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
      expect(await page.locator(':focus').textContent()).toBe('Open in SQL');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await chart(page, 'kinds').locator('table').waitFor();
      expect(await page.locator(':focus').getAttribute('aria-label')).toBe(await menu.getAttribute('aria-label'));
    }));

  it('speaks the language of the browser, and another one at a choice', () =>
    visited(
      '/',
      async (page) => {
        expect(await page.locator('nav a').first().textContent()).toBe('Visão geral');
        await chart(page, 'series').locator('.hit').first().waitFor();
        const portuguese = await chart(page, 'series').locator('h3').textContent();
        await page.locator('.ghost').first().click();
        await page.getByRole('menuitemradio', { name: 'Español' }).click();
        await expect.poll(() => page.locator('nav a').first().textContent()).toBe('Resumen');
        await expect.poll(() => chart(page, 'series').locator('h3').textContent()).not.toBe(portuguese);
        expect(await page.locator('html').getAttribute('lang')).toBe('es');
        await page.reload();
        expect(await page.locator('nav a').first().textContent()).toBe('Resumen');
      },
      { locale: 'pt-BR' },
    ));

  it('is dark where the system is, or at a choice that is kept', () =>
    visited(
      '/',
      async (page) => {
        const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(await ground()).toBe('rgb(14, 17, 21)');
        await page.locator('.ghost.icon-only').first().click();
        await page.getByRole('menuitemradio', { name: 'Light theme' }).click();
        expect(await ground()).toBe('rgb(246, 246, 243)');
        await page.reload();
        expect(await ground()).toBe('rgb(246, 246, 243)');
      },
      { colorScheme: 'dark' },
    ));

  it('gives a chart as CSV, SVG and PNG, with the numbers that it shows', () =>
    visited('/', async (page) => {
      const saved = async (format: string): Promise<Download> => {
        await chart(page, 'kinds').locator('.icon-button').click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('menuitem', { name: `Save as ${format}` }).click(),
        ]);
        return download;
      };
      await bar(page, 'kinds', 0).waitFor();
      const shown = await bar(page, 'kinds', 0).locator('b').textContent();
      const lines = (await readFile(await (await saved('CSV')).path(), 'utf8')).split('\r\n');
      expect(lines[1]).toMatch(/^text,\d+$/);
      const svg = await readFile(await (await saved('SVG')).path(), 'utf8');
      expect(svg).toMatch(/^<svg /);
      expect(svg).toContain(`>${shown}</text>`);
      expect(svg).not.toMatch(/<(script|foreignObject|image)/);
      // A picture reaches nothing beside itself: the page's font is put into it.
      const font = page.waitForResponse((response) => response.request().resourceType() === 'fetch' && response.url().endsWith('.woff2'));
      const png = await saved('PNG');
      expect((await font).ok()).toBe(true);
      expect(png.suggestedFilename()).toMatch(/^chatlake-.+\.png$/);
      expect([...(await readFile(await png.path())).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    }));

  it('gives texts before the bars they stand on, as wide as they are on the page', () =>
    visited('/', async (page) => {
      const row = bar(page, 'contents', 0);
      await row.waitFor();
      const [label, number] = await Promise.all([row.locator('.bar-name').textContent(), row.locator('b').textContent()]);
      await chart(page, 'contents').locator('.icon-button').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as SVG' }).click()]);
      const svg = await readFile(await download.path(), 'utf8');
      expect(svg).toMatch(new RegExp(`>${label}</text><text[^>]*>${number}</text>`));
      expect(svg.match(/<text /g)?.length).toBe(svg.match(/ textLength="[1-9]/g)?.length);
      // The pointer is where the menu was, over a bar.
      expect(new Set([...svg.matchAll(/rx="6" fill="([^"]+)"/g)].map(([, color]) => color)).size).toBe(1);
    }));

  it.each([
    ['en', 'Channel: ', 'Hour: '],
    ['pt-BR', 'Canal: ', 'Hora: '],
    ['es', 'Canal: ', 'Hora: '],
  ])('says in a picture, and only there, of which days and filters its numbers are, in %s', async (locale, channel, hour) => {
    const { range, timezone } = await viewOf('period=7d&panels=kinds');
    await visited(
      '/?period=7d&channel=telegram&hour=9&hour=10',
      async (page) => {
        await bar(page, 'kinds', 0).waitFor();
        const height = () => chart(page, 'kinds').evaluate((card) => card.getBoundingClientRect().height);
        const before = await height();
        await chart(page, 'kinds').locator('.icon-button').click();
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /SVG/ }).click()]);
        const svg = await readFile(await download.path(), 'utf8');
        const said = [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text).join('');
        const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
        const period = days.formatRange(new Date(range.from), new Date(range.to)).replaceAll(/\s/g, ' ');
        expect(said.replaceAll(/[\u2068\u2069]/g, '').replaceAll(/\s/g, ' ')).toContain(
          `${period} · ${timezone} · ${channel}Telegram · ${hour}9h, 10h`,
        );
        expect(await height()).toBe(before);
        expect(await chart(page, 'kinds').textContent()).not.toContain(timezone);
      },
      { locale },
    );
  });

  it('says of a part of the period that a chart is cut down to, in its picture', () =>
    visited('/?period=12m&week=2024-02-26', async (page) => {
      // Nothing is in that week: that is seen once the chart is cut down to it.
      await chart(page, 'heatmap').locator('.empty').waitFor();
      await chart(page, 'heatmap').locator('.icon-button').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as SVG' }).click()]);
      expect(await readFile(await download.path(), 'utf8')).toMatch(/Feb 26\s–\sMar 3, 2024 · /);
    }));

  it.each(['en', 'pt-BR', 'es'])('says the year of weeks over New Year, on the axis and in the table, in %s', async (locale) => {
    const visitOf = (period: string, look: (axis: readonly string[], cell: string, tip: string) => void) =>
      visited(
        `/?period=${period}`,
        async (page) => {
          const weeks = chart(page, 'weeks');
          await weeks.locator('.hit').first().waitFor();
          const axis = await weeks.locator('.axis-text[text-anchor=middle]').allTextContents();
          const tip = (await weeks.locator('.hit').first().getAttribute('aria-label')) ?? '';
          await weeks.locator('.icon-button').click();
          await page.getByRole('menuitem').first().click();
          look(axis, (await weeks.locator('tbody td').first().textContent()) ?? '', tip);
        },
        { locale },
      );
    const { to } = (await viewOf('period=today&panels=kinds')).range;
    await visitOf(`${addDays(to, -380)}..${to}`, (axis, cell, tip) => {
      expect(axis.length).toBeGreaterThan(1);
      for (const text of [...axis, cell, tip]) expect(text).toMatch(/\b20\d\d\b/);
    });
    await visitOf(`${to.slice(0, 4)}-01-01..${to}`, (axis, cell) => {
      for (const text of [...axis, cell]) expect(text).not.toMatch(/\b20\d\d\b/);
    });
  });

  it('draws a value that stands alone as a dot, where no line goes through it', () =>
    visited('/?period=today', async (page) => {
      const dots = chart(page, 'target').locator('.series circle');
      await chart(page, 'target').locator('.hit').first().waitFor();
      expect(await dots.count()).toBe(1);
      expect((await dots.boundingBox())?.width).toBe(6);
    }));

  it('counts people active in the unit of the period, and in another at a choice that is in the address', () =>
    visited('/?period=12m', async (page) => {
      const active = chart(page, 'active');
      const unit = (name: string) => active.getByRole('button', { name, exact: true });
      await active.locator('.hit').first().waitFor();
      expect(await unit('Week').getAttribute('aria-pressed')).toBe('true');
      expect(await active.locator('.hit').count()).toBeLessThan(55);
      await unit('Month').click();
      await expect.poll(() => query(page).get('unit')).toBe('month');
      await page.reload();
      await active.locator('.hit').first().waitFor();
      // Twelve months up to the last day of one are twelve of the calendar, others thirteen.
      const { range } = await viewOf('period=12m&panels=active');
      expect(await active.locator('.hit').count()).toBe(range.to.slice(8) > range.from.slice(8) ? 12 : 13);
    }));

  it('draws the course of a figure, of one day by the hour, and compares no day that goes on with a whole one', async () => {
    for (const period of ['today', '7d']) {
      await visited(`/?period=${period}`, async (page) => {
        const messages = page.locator('.figure').first();
        await messages.locator('svg.spark').waitFor({ state: 'attached' });
        expect(await messages.locator('.spark polyline').count()).toBeGreaterThan(0);
        if (period === 'today') expect(await messages.locator('.change').textContent()).toMatch(/^[\d,]+ before$/);
      });
    }
  });
});
