import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import { FIGURES } from '../../src/analysis/figures.js';
import { PANELS } from '../../src/analysis/panels/all.js';
import type { Answer, Cell, Filters, Panel, Period } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import { ask } from '../query/lake.js';
import { LAST_DAY, newRoot, randomRows, writeLake, ZONE } from './lake.js';

let root: string;
let engine: QueryEngine;
let analysis: Analysis;
const now = ZONE.startOf(LAST_DAY) * 1000 + 20 * 3_600_000;

beforeAll(async () => {
  root = await newRoot();
  await writeLake(root, randomRows('panels'));
  engine = await duckdbEngine({ root, threads: 2 });
  // So few heads that lists must often look beyond them.
  analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => now }, heads: 5, large: 40, alone: 60 });
  await analysis.refresh();
});
afterAll(async () => {
  await analysis.close();
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

const OPTIONS = { language: 'en', targetMinutes: 10 } as const;

/** Values as both sides write them, shares and averages to nine digits. */
const alike = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) =>
    row.map((value) => (typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
  );

const ALL = [...PANELS, ...FIGURES].map(({ id }) => id as string);

async function differences(filters: Filters, only = ALL): Promise<string[]> {
  const view = await analysis.view(filters, { ...OPTIONS, panels: only });
  const wrong: string[] = [];
  const compare = async (what: string, sql: string, rows: readonly (readonly Cell[])[]) => {
    const found = alike(await ask(engine, sql));
    if (JSON.stringify(found) !== JSON.stringify(alike(rows)))
      wrong.push(
        `${what} ${JSON.stringify(filters)}\n view: ${JSON.stringify(alike(rows)).slice(0, 600)}\n sql:  ${JSON.stringify(found).slice(0, 600)}\n${sql}`,
      );
  };
  const figures = view.figures.filter(({ id }) => only.includes(id));
  await Promise.all([
    ...view.panels.map(({ id, sql, rows }) => compare(id, sql, rows)),
    ...figures.map(({ id, sql, value }) => compare(id, sql, [[value]])),
  ]);
  return wrong;
}

/** How many times the property is looked at; more with CHATLAKE_ROUNDS. */
const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 1);

describe('each panel and figure', () => {
  it.each<[string, Filters]>([
    ['all there is', { period: 'all' }],
    ['today', { period: 'today' }],
    ['the group that moved', { period: '12m', conversation: ['telegram:-1001000'] }],
    ['texts at work', { period: 'all', kind: ['text'], hour: [9, 10, 11, 14], weekday: [1, 2, 3, 4, 5], direction: ['in'] }],
  ])('has the rows of its statement: %s', async (_, filters) => {
    expect((await differences(filters)).join('\n\n')).toBe('');
  });

  it('has something to show in this lake', async () => {
    const view = await analysis.view({ period: 'all' }, { ...OPTIONS, panels: ALL });
    const unfit = (panel: Panel) => panel.rows.length === 0 || panel.rows.some((row) => row.length !== panel.columns.length);
    expect(view.panels.filter((panel) => unfit(panel) && panel.id !== 'before').map(({ id }) => id)).toEqual([]);
    expect(view.panels.map(({ id }) => id)).toEqual(PANELS.map(({ id }) => id));
  });

  it('takes an emoji with and without the mark that asks for colour for one', async () => {
    const { panels } = await analysis.view({ period: 'all' }, { ...OPTIONS, panels: ['reactions'] });
    const emojis = panels[0]?.rows.map(([emoji]) => String(emoji)) ?? [];
    expect(emojis).toContain('❤');
    expect(emojis.filter((emoji) => emoji.includes('\ufe0f'))).toEqual([]);
  });

  it('is in the view, unless it is another cut of one and not asked for by name', async () => {
    const view = await analysis.view({ period: 'all' }, OPTIONS);
    expect(view.panels.map(({ id }) => id)).toEqual(PANELS.filter(({ aside }) => aside !== true).map(({ id }) => id));
  });
});

it.each([
  ['before the lake began', '2024-02-05..2024-02-20', 'There is no period before to compare with.', true, true],
  ['of which the lake has a part', '2024-02-20..2024-03-10', null, true, false],
  ['of which the lake has all', '2024-03-10..2024-03-20', null, false, false],
] as const)(
  'says nothing of silence and newness that the lake cannot know: a period before %s',
  async (_, period, only, silent, active) => {
    const { answers } = await analysis.view({ period }, OPTIONS);
    const answer = (id: string) => answers.find((one) => one.id === id) as Answer;
    const begins = /The lake begins on Feb \d, 2024\./;
    if (only === null) expect(answer('silent').sentence).not.toEqual(['There is no period before to compare with.']);
    else expect(answer('silent').sentence).toEqual([only]);
    expect([begins.test(answer('silent').evidence), begins.test(answer('active').evidence)]).toEqual([silent, active]);
  },
);

it('who went silent is listed by the statement that the sentence leads to', async () => {
  let told = 0;
  for (const hour of [0, 7, 9, 12, 18, 23]) {
    const { answers } = await analysis.view({ period: '2024-02-20..2024-03-01', hour: [hour] }, OPTIONS);
    const { sentence, link } = answers.find(({ id }) => id === 'silent') as Answer;
    if (link.sql === undefined) continue;
    told += 1;
    expect(sentence[0], link.sql).toEqual({ strong: String((await ask(engine, link.sql)).length) });
  }
  expect(told).toBeGreaterThan(1);
});

it('answers that did not help are listed by the statement that the sentence leads to', async () => {
  const { answers } = await analysis.view({ period: 'all' }, OPTIONS);
  const { evidence, link } = answers.find(({ id }) => id === 'helped') as Answer;
  const listed = (await ask(engine, link.sql ?? '')).length;
  expect(listed).toBeGreaterThan(1);
  expect(evidence).toMatch(new RegExp(`\\b${listed}\\b`));
});

describe('under any filters', () => {
  const some = <T>(...values: readonly T[]) =>
    fc.option(fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) }), { nil: undefined });
  const periods: Period[] = ['today', '7d', '30d', '90d', '12m', 'all', '2024-02-20..2024-03-11', '2024-03-10..2024-03-10'];
  const filters = fc
    .record({
      period: fc.constantFrom(...periods),
      channel: some('telegram', 'whatsapp'),
      conversation: some('telegram:-1001000', 'telegram:-1002000', 'whatsapp:g1', 'telegram:501', 'whatsapp:5511900000002'),
      person: some('telegram:1', 'telegram:3', 'telegram:99', 'whatsapp:5511999000001', 'whatsapp:BR.3', 'whatsapp:nobody'),
      kind: some('text', 'photo', 'image', 'voice'),
      direction: some<'in' | 'out'>('in', 'out'),
      hour: some(0, 7, 9, 12, 18, 23),
      weekday: some(1, 2, 5, 7),
    })
    .map((found) => Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as unknown as Filters);

  it(
    'the numbers of rollups are those of raw rows',
    async () => {
      await fc.assert(
        fc.asyncProperty(filters, fc.subarray(ALL, { minLength: 4, maxLength: 4 }), async (given, chosen) => {
          expect((await differences(given, chosen)).join('\n\n')).toBe('');
        }),
        { numRuns: 6 * ROUNDS },
      );
    },
    240_000 * ROUNDS,
  );
});
