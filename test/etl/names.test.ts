import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, lakeIn, layBytes, newLake, seconds, textOf } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { manifests, rowsOf } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const folder = rawFolder('telegram', '2024-07-02');
/** The first of each pair, taken for a pattern, would match the second too, or instead. */
const NAMES = ['*.json', '1.json', 'a[1].json', 'a1.json', 'b?.json', 'b2.json', "o'clock.json", 'with space.json', 'ção.json'];

it('reads each raw file under its own name, whatever its characters', async () => {
  const { folder: place } = await newLake();
  // The same in a lake whose own path has them, beside the one that it would match.
  const [lake, beside] = [lakeIn(join(place, 'lake[1]')), lakeIn(join(place, 'lake1'))];
  await layBytes(beside, `${folder}1.json`, textOf(telegramMessage({ id: 99, date: SENT, text: 'beside' })));
  for (const [id, name] of NAMES.entries()) await layBytes(lake, folder + name, textOf(telegramMessage({ id, date: SENT, text: name })));
  await etl(beside);
  await etl(lake);
  await layBytes(lake, `${folder}late.json`, textOf(telegramMessage({ id: 50, date: SENT, text: 'late.json' })));
  await etl(lake);
  const moved = join(place, 'moved');
  await rename(lake.folder, moved);
  const rows = await rowsOf(lakeIn(moved), 'telegram');
  expect(rows.map((row) => [row['text'], row['raw_file']]).toSorted()).toEqual(
    [...NAMES, 'late.json'].map((name) => [name, folder + name]).toSorted(),
  );
  expect(await manifests(lakeIn(moved))).toMatchObject([
    { lines: NAMES.length + 1, rows: NAMES.length + 1, duplicates: 0, quarantined: 0 },
  ]);
});
