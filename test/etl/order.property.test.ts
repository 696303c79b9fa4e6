import fc from 'fast-check';
import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { addsUp } from '../../src/etl/manifest.js';
import type { Days } from '../../src/etl/pending.js';
import { manifestFile, rawFolder } from '../../src/lake/layout.js';
import { etl, layBytes, lakeIn, openLake, rawLine, removeLake, type TestLake, zoneNamed } from '../support/lake.js';
import { manifests, rowsByArrival, rowsOf, TABLES } from '../support/rows.js';
import { deliveries, type Delivery } from './history.js';
import { expectedRows, inOrder, type Unit } from './model.js';

/** Rounds of the property; more with CHATLAKE_ROUNDS. */
const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 2);
const STEPS = 3;
const FILES = 2;

interface Step {
  readonly days: Days | 'first half' | 'last half' | 'none';
  /** Days (by position) whose manifests are lost before the step. */
  readonly lost: readonly number[];
  /** Whether files end in the middle of a line, at this share of it. */
  readonly torn: number | undefined;
}

const ZONES = ['America/Sao_Paulo', 'UTC', 'Asia/Kolkata', 'America/New_York', '-03:00'];
const step: fc.Arbitrary<Step> = fc.record({
  days: fc.constantFrom<Step['days'][]>('all', 'all', 'first half', 'last half', 'none'),
  lost: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
  torn: fc.option(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { nil: undefined }),
});

const history = fc.constantFrom(...ZONES).chain((zone) => {
  const middle = zoneNamed(zone).startOf('2024-07-10');
  return fc.record({
    zone: fc.constant(zone),
    lines: deliveries(middle, FILES, STEPS),
    steps: fc.array(step, { minLength: STEPS, maxLength: STEPS }),
  });
});

interface RawFile {
  readonly key: string;
  readonly lines: { readonly text: string; readonly step: number }[];
}

/** The finished files of a history, and the units in them. */
function written(lines: readonly Delivery[], lake: TestLake): { files: RawFile[]; units: Unit[]; quarantined: number } {
  const files = new Map<string, RawFile>();
  const units: Unit[] = [];
  let quarantined = 0;
  for (const line of lines.toSorted((a, b) => a.step - b.step)) {
    const date = lake.zone.dateAt(Math.floor(line.received / 1000));
    const begun = (lake.zone.startOf(date) + line.file) * 1000;
    const key = `${rawFolder(line.what.source, date)}${begun}-file-${line.file}.ndjson`;
    const file = files.get(key) ?? { key, lines: [] };
    files.set(key, file);
    const number = file.lines.length + 1;
    file.lines.push({ text: line.bare ? `${line.what.payload}\n` : rawLine(line.what.payload, line.received, number), step: line.step });
    const found = line.what.units({ received_at: line.bare ? begun : line.received, raw_file: key, raw_line: number });
    units.push(...found);
    if (found.length === 0) quarantined += 1;
  }
  return { files: [...files.values()], units, quarantined };
}

async function layStep(lake: TestLake, files: readonly RawFile[], index: number, torn: number | undefined): Promise<void> {
  for (const { key, lines } of files) {
    const whole = lines.filter((line) => line.step <= index).map(({ text }) => text);
    const next = lines[whole.length]?.text;
    if (torn !== undefined && next) whole.push(next.slice(0, Math.floor(next.length * torn)));
    if (whole.length > 0) await layBytes(lake, key, whole.join(''));
  }
}

async function runStep(lake: TestLake, { days, lost }: Step, dates: readonly string[]): Promise<void> {
  for (const position of lost) {
    const date = dates[position % dates.length] as string;
    for (const source of ['telegram', 'whatsapp']) await rm(`${lake.enrichedPath}/${manifestFile(source, date)}`, { force: true });
  }
  if (days === 'none') return;
  const middle = dates[Math.floor(dates.length / 2)] as string;
  const range =
    days === 'first half' ? { from: '0000-00-00', to: middle } : days === 'last half' ? { from: middle, to: '9999-99-99' } : days;
  await etl(lake, { days: range });
}

async function expectSums(lake: TestLake): Promise<void> {
  const inTables = await rowsByArrival(lake);
  for (const manifest of await manifests(lake)) {
    const day = `${manifest.source} ${manifest.context_date}`;
    expect(addsUp(manifest), `${day} adds up`).toBe(true);
    expect([day, manifest.rows, manifest.quarantined]).toEqual([day, inTables.rows[day] ?? 0, inTables.quarantined[day] ?? 0]);
  }
}

const sums = async (lake: TestLake) =>
  (await manifests(lake)).map(({ source, context_date, lines, units, rows, duplicates, quarantined, late, torn, tables, files }) => ({
    source,
    context_date,
    lines,
    units,
    rows,
    duplicates,
    quarantined,
    late,
    torn,
    tables,
    files: files.map(({ name, lines: read, next, size }) => ({ name, read, next, size })),
  }));

it(
  'gives the same rows however deliveries are split into files, arrival days and runs, and those that a plain reading gives',
  { timeout: 60_000 * ROUNDS },
  async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ zone, lines, steps }) => {
        const lake = await openLake(zone);
        try {
          const { files, units, quarantined } = written(lines, lake);
          const dates = [...new Set(files.map(({ key }) => key.split('=')[1]?.slice(0, 10) as string))].toSorted();
          for (const [index, one] of steps.entries()) {
            await layStep(lake, files, index, one.torn);
            await runStep(lake, one, dates);
          }
          await layStep(lake, files, STEPS, undefined);
          await etl(lake);

          const other = { ...lakeIn(`${lake.folder}/again`, zone), raw: lake.raw, rawPath: lake.rawPath };
          await etl(other);
          const expected = expectedRows(units, lake.zone);
          for (const table of TABLES.filter((name) => name !== 'quarantine')) {
            expect(inOrder(await rowsOf(lake, table)), table).toEqual(expected.tables[table]);
            expect(inOrder(await rowsOf(other, table)), `${table} in one run`).toEqual(expected.tables[table]);
          }
          expect(await rowsOf(lake, 'quarantine')).toHaveLength(quarantined);
          await expectSums(lake);
          expect(await sums(lake)).toEqual(await sums(other));
          const counted = Object.fromEntries(
            (await sums(lake)).filter(({ rows }) => rows > 0).map(({ source, context_date, rows }) => [`${source} ${context_date}`, rows]),
          );
          expect(counted).toEqual(Object.fromEntries(Object.entries(expected.rowsByDay).toSorted()));
          expect(await etl(lake)).toMatchObject({ days: [] });
        } finally {
          await removeLake(lake);
        }
      }),
      { numRuns: ROUNDS, endOnFailure: process.env['CHATLAKE_ROUNDS'] === undefined },
    );
  },
);
