import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import { PANELS } from '../../src/analysis/panels/all.js';
import { openTwin, type Twin } from '../../src/analysis/twin/twin.js';
import type { AnalysisView, Filters, Period } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { addRow, newRoot, randomRows, type Row, type Rows, writeLake, ZONE } from './lake.js';

const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 1);
const DAY = 86_400;
const now = ZONE.startOf('2025-07-20') * 1000;

/** A year later, so that a quarter begins within a week; and somebody long before and long after, so that all of it is drawn by month. */
function longRows(): Rows {
  const rows: Rows = new Map();
  const add = (name: string, row: Row, date: number) => addRow(rows, ZONE, name, { ...row, date });
  for (const [name, days] of randomRows('twin', 700))
    for (const row of [...days.values()].flat()) add(name, row, Number(row['date']) + 366 * DAY);
  const [one] = [...(rows.get('telegram')?.values() ?? [])].flat();
  for (const [at, day] of ['2024-01-10', '2025-07-15'].entries()) add('telegram', { ...one, message_id: at + 1 }, ZONE.startOf(day));
  return rows;
}

let root: string;
let alone: Analysis;
let helped: Analysis;
let answers = 0;

/** Counts how often it was of help. */
function counted(twin: Twin): Twin {
  return {
    ...twin,
    ask(snapshot, job) {
      // It knows of this one only; and an answer that nobody waited for is not the next one's.
      expect(twin.ask({ ...snapshot }, job)).toBeUndefined();
      if ('request' in job) twin.ask(snapshot, { ...job, panels: [] });
      const asked = twin.ask(snapshot, job);
      return (
        asked &&
        (() => {
          const sums = asked();
          if (sums !== undefined) answers += 1;
          return sums;
        })
      );
    },
  };
}

beforeAll(async () => {
  root = await newRoot();
  const options = { enriched: fileStore(root), zone: ZONE, clock: { now: () => now }, heads: 5, large: 40, alone: 60 };
  [alone, helped] = await Promise.all([openAnalysis(options), openAnalysis({ ...options, twin: counted(openTwin(1)) })]);
});
afterAll(async () => {
  await Promise.all([alone.close(), helped.close()]);
  await rm(root, { recursive: true, force: true });
});

const some = <T>(...values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: [] });
const filters: fc.Arbitrary<Filters> = fc.record({
  period: fc.constantFrom<Period>('all', 'all', 'all', '12m', '2025-03-20..2025-06-10'),
  channel: some('telegram', 'whatsapp'),
  kind: some('text', 'photo', 'image'),
  direction: some<'in' | 'out'>('in', 'out'),
  hour: fc.constantFrom<number[]>([], [], [9, 10, 11, 12, 13]),
  weekday: fc.constantFrom<number[]>([], [], [1, 2]),
  person: fc.constantFrom<string[]>([], [], ['telegram:1', 'telegram:2']),
  conversation: fc.constantFrom<string[]>([], [], ['telegram:-1001000'], ['telegram:-1002000', 'telegram:-1001000']),
});
const EVERY = { language: 'en', targetMinutes: 10, panels: PANELS.map(({ id }) => id) } as const;
const both = (given: Filters) => Promise.all([alone.view(given, EVERY), helped.view(given, EVERY)]);

/** What is not the same in two views. */
function differing(one: AnalysisView, other: AnalysisView): string[] {
  const parts = (view: AnalysisView) => [...view.answers, ...view.figures, ...view.panels];
  return parts(one).flatMap((part, at) => (JSON.stringify(part) === JSON.stringify(parts(other)[at]) ? [] : [part.id]));
}

it('two threads count what one does, while the lake grows and changes', async () => {
  const rows = longRows();
  // Without the newest day the only quarter to cut at begins among the cohorts.
  const days = [...new Set([...rows.values()].flatMap((table) => [...table.keys()]))].sort();
  for (const [at, part] of [
    [...days.slice(0, 1), ...days.slice(10, -1)],
    [...days.slice(1, 10), ...days.slice(-1)],
    days.slice(12, 15),
  ].entries()) {
    if (at === 2) for (const table of rows.values()) for (const day of part) table.get(day)?.splice(1, 1);
    await writeLake(root, rows, new Set(part));
    await Promise.all([alone.refresh(), helped.refresh()]);
    const before = answers;
    // It answers once it has started and taken the days in.
    await expect.poll(() => both({ period: '12m' }).then(() => answers), { timeout: 20_000 }).toBeGreaterThan(before);
    await fc.assert(
      fc.asyncProperty(filters, async (given) => {
        const [one, other] = await both(given);
        expect(differing(one, other)).toEqual([]);
      }),
      { numRuns: 40 * ROUNDS },
    );
    expect(answers - before).toBeGreaterThan(5 * ROUNDS);
  }
});
