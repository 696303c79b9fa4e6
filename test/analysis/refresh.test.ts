import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import { fileStore } from '../../src/lake/file.js';
import { addDays } from '../../src/zone.js';
import { LAST_DAY, newRoot, randomRows, type Rows, writeLake, ZONE } from './lake.js';

const OPTIONS = { language: 'en', targetMinutes: 10 } as const;
const clock = { now: () => ZONE.startOf(LAST_DAY) * 1000 + 20 * 3_600_000 };
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

async function opened(root: string, folder?: string): Promise<Analysis> {
  const analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock, folder });
  undo.push(() => analysis.close());
  return analysis;
}

async function lake(): Promise<{ root: string; rows: Rows; days: string[] }> {
  const root = await newRoot();
  undo.push(() => rm(root, { recursive: true, force: true }));
  const rows = randomRows('refresh', 400);
  return { root, rows, days: [...new Set([...rows.values()].flatMap((table) => [...table.keys()]))].sort() };
}

it('is empty over an empty lake, and says so', async () => {
  const root = await newRoot();
  undo.push(() => rm(root, { recursive: true, force: true }));
  const view = await (await opened(root)).view({ period: 'all' }, OPTIONS);
  expect(view.bounds).toBeNull();
  expect(view.figures.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, null, 0, null, null]);
  expect(view.panels.filter(({ rows, empty }) => rows.length > 0 || !empty)).toEqual([]);
  expect(view.answers).toHaveLength(6);
});

it('takes in what changed as if it had read everything anew, and reads no more than that', async () => {
  const { root, rows, days } = await lake();
  const late = new Set([days[3] as string, ...days.slice(-3)]);
  await writeLake(root, rows, new Set(days.filter((day) => !late.has(day))));
  const analysis = await opened(root);
  const first = await analysis.view({ period: 'all' }, OPTIONS);
  expect(await analysis.refresh()).toEqual({ read: 0, changed: false });

  await writeLake(root, rows, late);
  const { read, changed } = await analysis.refresh();
  expect(changed).toBe(true);
  // Both channels of the new days, and of the days before them.
  expect(read).toBeLessThanOrEqual(4 * late.size);
  const grown = await analysis.view({ period: 'all' }, OPTIONS);
  expect(grown.version).not.toBe(first.version);
  expect(grown).toEqual(await (await opened(root)).view({ period: 'all' }, OPTIONS));
});

it('starts from what it kept as from the files, whatever became of it', async () => {
  const { root, rows, days } = await lake();
  await writeLake(root, rows);
  const folder = join(root, '_derived');
  const first = await opened(root, folder);
  const view = await first.view({ period: 'all' }, OPTIONS);
  await first.close();
  const [version = ''] = await readdir(folder);
  const kept = (await readdir(join(folder, version))).sort();
  // The newest days change all the time.
  expect(kept.filter((name) => name.endsWith(days.at(-1) as string))).toEqual([]);
  expect(kept.filter((name) => name.endsWith(days[0] as string))).not.toEqual([]);
  const changed = await stat(join(folder, version, kept[3] as string));
  expect(await (await opened(root, folder)).view({ period: 'all' }, OPTIONS)).toEqual(view);
  expect((await stat(join(folder, version, kept[3] as string))).mtimeMs).toBe(changed.mtimeMs);

  const [torn, foreign, gone] = kept.map((name) => join(folder, version, name)) as [string, string, string];
  await truncate(torn, 1000);
  await writeFile(foreign, randomBytes(5000));
  await rm(gone);
  expect(await (await opened(root, folder)).view({ period: 'all' }, OPTIONS)).toEqual(view);

  await writeLake(root, randomRows('others', 400));
  expect(await (await opened(root, folder)).view({ period: 'all' }, OPTIONS)).toEqual(
    await (await opened(root)).view({ period: 'all' }, OPTIONS),
  );
});

it('forgets a day that is gone', async () => {
  const { root, rows, days } = await lake();
  await writeLake(root, rows);
  const analysis = await opened(root);
  await analysis.refresh();
  for (const table of rows.keys()) await rm(join(root, table, `context_date=${days.at(-1)}`), { recursive: true, force: true });
  await analysis.refresh();
  const view = await analysis.view({ period: 'all' }, OPTIONS);
  expect(view.bounds?.to).toBe(days.at(-2));
  const anew = await (await opened(root)).view({ period: 'all' }, OPTIONS);
  // A name last seen on that day stays known.
  const named = new Set(['people', 'conversations', 'responders']);
  const numbers = ({ figures, panels }: typeof view) => [figures, panels.filter(({ id }) => !named.has(id))];
  expect(numbers(view)).toEqual(numbers(anew));
});

it('never shows a part of a change', async () => {
  const { root, rows, days } = await lake();
  const spoken = days.filter((day) => rows.get('telegram')?.has(day) || rows.get('whatsapp')?.has(day));
  const last = spoken.at(-1) as string;
  await writeLake(root, rows, new Set(days.filter((day) => day !== last)));
  const analysis = await opened(root);
  const seen = new Set<string>();
  const look = async () => {
    const { version, figures, bounds } = await analysis.view({ period: 'all' }, OPTIONS);
    seen.add(`${version} ${bounds?.to} ${figures[0]?.value}`);
  };
  await look();
  await writeLake(root, rows, new Set([last]));
  const refreshing = analysis.refresh();
  await Promise.all([look(), look(), refreshing, look()]);
  await look();
  expect(seen.size).toBe(2);
  expect([...seen].map((line) => line.split(' ')[1])).toEqual([spoken.at(-2), last]);
});

it('counts the period before as long, ending the day before', async () => {
  const { root, rows } = await lake();
  await writeLake(root, rows);
  const analysis = await opened(root);
  const view = await analysis.view({ period: '7d' }, OPTIONS);
  expect(view.range).toEqual({ from: addDays(LAST_DAY, -6), to: LAST_DAY });
  const before = await analysis.view({ period: `${view.before?.from}..${view.before?.to}` as const }, OPTIONS);
  expect(before.range).toEqual({ from: addDays(LAST_DAY, -13), to: addDays(LAST_DAY, -7) });
  expect(view.figures.map((figure) => figure.before)).toEqual(before.figures.map(({ value }) => value));
});
