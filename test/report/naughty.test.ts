import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlReport } from '../../src/report/page.js';
import type { Report } from '../../src/report/report.js';
import { openBrowser, visit } from '../support/browser.js';
import { corpus } from '../support/lake-corpora.js';
import { HOSTILE, OFFSET, QUESTIONS, VIEW } from './fixtures/report.js';

const folder = corpus('robustness/blns');
const strings: readonly string[] = [
  ...HOSTILE,
  ...(folder === undefined ? [] : (JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8')) as string[])),
];
/** Ten at a time, as many as a list of bars shows. */
const batches = Array.from({ length: Math.ceil(strings.length / 10) }, (_, at) => strings.slice(at * 10, at * 10 + 10));

/** A report in which every text that people or the platforms decide is one of `texts`. */
function reportOf(texts: readonly string[]): Report {
  const text = (at: number) => texts[at % texts.length] ?? '';
  const [first, second] = [VIEW.answers[0], VIEW.answers[1]];
  if (!first || !second) throw new Error('no answers');
  return {
    language: 'en',
    view: {
      ...VIEW,
      answers: [
        { ...first, question: text(0), sentence: [text(1), { strong: text(2) }], evidence: text(3) },
        { ...second, evidence: text(4) },
      ],
      figures: VIEW.figures.map((figure, at) => ({ ...figure, label: text(at) })),
      panels: VIEW.panels.map((panel, at) => {
        const named = panel.columns.findIndex(({ kind }) => kind === 'text');
        const rows =
          named < 0
            ? panel.rows
            : texts.map((name, row) =>
                panel.columns.map(({ kind }, column) => (column === named ? name : kind === 'key' ? text(row) : 10 - row)),
              );
        return {
          ...panel,
          title: text(at),
          note: text(at + 1),
          columns: panel.columns.map((column, index) => ({ ...column, label: text(index) })),
          rows,
        };
      }),
    },
    questions: {
      ...QUESTIONS,
      note: text(5),
      groups: QUESTIONS.groups.flatMap((group) => texts.map((example) => ({ ...group, example }))),
    },
  };
}

describe('naughty strings in the HTML report', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('are text and nothing else, in every place', async () => {
    const { page, context, problems } = await visit(browser, { viewport: { width: 800, height: 900 } });
    let requests = 0;
    page.on('request', (request) => {
      if (!/^(?:about|data):/.test(request.url())) requests += 1;
    });
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    const seen = new Set<string>();
    for (const texts of batches) {
      await page.setContent(htmlReport(reportOf(texts), OFFSET));
      const found = (await page.evaluate(`({
        tags: [...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName))],
        attributes: [...new Set([...document.querySelectorAll('*')].flatMap((element) => element.getAttributeNames()))],
        names: [...document.querySelectorAll('bdi')].map(({ textContent }) => textContent),
        width: document.documentElement.scrollWidth,
      })`)) as { tags: string[]; attributes: string[]; names: string[]; width: number };
      found.tags.concat(found.attributes).forEach((name) => seen.add(name));
      expect(found.width).toBe(800);
      // Line ends and characters that HTML cannot hold apart, what is shown is what was written.
      const plain = (text: string | null) => text?.replace(/[^\p{L}\p{N}\p{P}\p{S} ]|\ufffd/gu, '');
      for (const text of texts) expect(found.names.map(plain)).toContain(plain(text));
    }
    const ours =
      'html head meta title style body main header svg path div h1 h2 p b section article strong small dl dt dd ol li figure figcaption span ul table colgroup col thead tbody tr th td bdi rect text line g em';
    const attributes =
      'lang charset name content http-equiv class viewBox role aria-label aria-hidden d x y x1 x2 y1 y2 width height rx scope preserveAspectRatio';
    expect([...seen].filter((name) => !`${ours} ${attributes}`.split(' ').includes(name))).toEqual([]);
    expect([requests, dialogs]).toEqual([0, 0]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('leave a page that fits A4, and axe nothing to find', async () => {
    const { page, context } = await visit(browser, { viewport: { width: 1000, height: 900 } });
    await page.setContent(htmlReport(reportOf(HOSTILE), OFFSET));
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    await context.close();
  });
});
