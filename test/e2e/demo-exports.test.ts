import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PANELS } from '../../src/analysis/panels/all.js';
import type { Cell, Panel } from '../../src/analysis/types.js';
import { cellText } from '../../src/dashboard/format/cell.js';
import { en } from '../../src/dashboard/words/en.js';
import { addDays } from '../../src/zone.js';
import { demo, viewOf, visited } from '../support/demo-visits.js';

vi.setConfig({ testTimeout: 300_000 });

/** What is late for a closed day may come between two looks at it. */
const AGAIN = { retry: 2 };

let folder: string;
/** The closed days of the demonstration: those of new messages move while they are looked at. */
let period: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatlake-exports-'));
  const { range } = await viewOf('period=today&panels=kinds');
  period = `${addDays(range.to, -3)}..${addDays(range.to, -1)}`;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Records of RFC 4180; apostrophes that guard a spreadsheet are taken off. */
function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n)/g)) {
    record.push((quoted?.replaceAll('""', '"') ?? bare).replace(/^'(?=[=+\-@\t\r])/, ''));
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

const written = (cell: unknown): string => (cell === null || cell === undefined ? '' : String(cell));

/** Rows in one form: numbers to twelve digits, dates as texts. */
const alike = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) =>
    row.map((cell) => {
      const text = written(cell);
      return text !== '' && !/^[+\s]|^-?0\d/.test(text) && Number.isFinite(Number(text)) ? Number(Number(text).toPrecision(12)) : text;
    }),
  );

async function parquetRows(bytes: Uint8Array, name: string): Promise<unknown[][]> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(`SELECT * FROM read_parquet('${file}')`)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function exported({ sql }: Panel, format: string): Promise<Response> {
  const body = JSON.stringify({ sql, format });
  const answer = await fetch(`${demo}/api/sql/export`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(answer.status, sql).toBe(200);
  return answer;
}

describe('the statement of every panel', () => {
  it.each(PANELS.map(({ id }) => id))('gives the rows of the panel as CSV, JSON and Parquet: %s', AGAIN, async (id) => {
    const panel = (await viewOf(`period=${period}&panels=${id}`)).panels[0] as Panel;
    const rows = alike(panel.rows);
    const [csv, json, parquet] = await Promise.all(['csv', 'json', 'parquet'].map((format) => exported(panel, format)));
    const [names, ...records] = recordsOf(await (csv as Response).text());
    expect(names).toEqual(panel.columns.map(({ name }) => name));
    expect(alike(records)).toEqual(rows);
    const objects = (await (json as Response).json()) as Readonly<Record<string, Cell>>[];
    expect(alike(objects.map((object) => Object.values(object)))).toEqual(rows);
    for (const object of objects) expect(Object.keys(object)).toEqual(names);
    expect(alike(await parquetRows(new Uint8Array(await (parquet as Response).arrayBuffer()), `${id}.parquet`))).toEqual(rows);
  });
});

async function savedCsv(page: Page, card: Locator): Promise<string[][]> {
  await card.locator('.icon-button').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as CSV' }).click()]);
  return recordsOf(await readFile(await download.path(), 'utf8'));
}

const textsOf = (cells: Locator) => cells.evaluateAll((found) => found.map((cell) => cell.textContent ?? ''));

describe('every chart of the page', () => {
  it('saves as CSV the rows that its table shows, cell by cell', AGAIN, () =>
    visited(`/?period=${period}`, async (page) => {
      const view = await viewOf(`period=${period}`);
      await page.locator('#panel-series h3').waitFor();
      const speech = { language: 'en', words: en, zone: view.timezone } as const;
      const drawn = view.panels.filter(({ id, rows }) => rows.length > 0 && id !== 'before');
      expect(drawn.length).toBeGreaterThan(20);
      for (const { id, columns, rows } of drawn) {
        const card = page.locator(`#panel-${id}`);
        await card.scrollIntoViewIfNeeded();
        const [names, ...records] = await savedCsv(page, card);
        expect({ id, rows: alike(records) }).toEqual({ id, rows: alike(rows) });
        await card.locator('.icon-button').click();
        await page.getByRole('menuitem', { name: 'Show as table' }).click();
        expect(await textsOf(card.locator('th'))).toEqual(names);
        const shown = await textsOf(card.locator('td'));
        const named = columns.some(({ name }) => name === 'name');
        const told = rows.flatMap((row) => columns.map((column, at) => cellText(column, row[at] ?? null, speech)));
        // A conversation without its name beside it is told by that.
        const compared = columns.map(({ filter }) => named || filter !== 'conversation');
        const those = (texts: readonly string[]) => texts.filter((_, at) => compared[at % columns.length]);
        expect({ id, shown: those(shown) }).toEqual({ id, shown: those(told) });
        expect(shown).toHaveLength(told.length);
      }
    }),
  );
});
