import { expect, it } from 'vitest';
import { gatheredLines } from '../../src/etl/compile.js';
import { gather } from '../../src/etl/gather.js';
import type { QuickFile } from '../../src/etl/quick.js';
import { planDay } from '../../src/etl/plan.js';
import { openSession } from '../../src/etl/session.js';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, layBytes, newLake, rawLines, seconds } from '../support/lake.js';
import { callback, telegramMessage } from '../support/lake-payloads.js';
import { manifests, rowsOf } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const folder = rawFolder('telegram', '2024-07-02');
const text = (id: number, said = `text ${id}`) => JSON.stringify(telegramMessage({ id, date: SENT, text: said }));
const behind = (head: string, object: string) => `${head}${object.slice(1)}`;
const lines = (ids: readonly number[], first = 1) =>
  rawLines(
    ids.map((id) => text(id)),
    SENT * 1000,
    first,
  );

/** Small files of every kind, fewer than are gathered. */
const ODD: Readonly<Record<string, string | Uint8Array>> = {
  'own-keys.json': behind('{"_file":3,"_line":9,"_received_at":1719932400123,', text(1)),
  'separators.json': text(2, 'a\u2028b\u2029c'),
  'surrogate.json': text(3).replace('text 3', '\\ud800'),
  'no-shape.json': '{"update_id":4,"message":"none"}',
  'nothing.json': '{}',
  'spaces.json': '  { }\n',
  'list.json': '[1]',
  'broken.json': '{"update_id":5',
  'bytes.json': Uint8Array.from([0x7b, 0xff, 0x7d]),
  'two.json': `${text(6)}\n${text(7)}\n`,
  'log.ndjson': lines([8, 9, 10]),
  'gap.ndjson': lines([11]) + lines([12], 3),
  'broken-line.ndjson': `${lines([13])}{"_received_at":1719932400123,"_line":2,"update_id"\n${lines([14], 3)}`,
  'torn.ndjson': lines([15, 16]).slice(0, -20),
  'event.ndjson': rawLines([callback(17)], SENT * 1000),
};

it('gives what it gives of each file alone when there are many small ones, in whatever company', async () => {
  const [few, many] = [await newLake(), await newLake()];
  for (const [name, bytes] of Object.entries(ODD)) for (const lake of [few, many]) await layBytes(lake, folder + name, bytes);
  for (let id = 100; id < 140; id += 1) await layBytes(many, `${folder}plain-${id}.json`, text(id));
  await Promise.all([etl(few), etl(many)]);
  const found = async (lake: typeof few) => {
    const tables = await Promise.all(['telegram', 'telegram_events', 'quarantine'].map((table) => rowsOf(lake, table)));
    return tables.map((rows) => rows.filter((row) => !String(row['raw_file']).includes('/plain-')));
  };
  const [wanted, got] = [await found(few), await found(many)];
  expect(got).toEqual(wanted);
  expect(wanted.map((rows) => rows.length > 1)).toEqual([true, true, true]);
  const [[before], [after]] = [await manifests(few), await manifests(many)];
  const odd = after?.files.filter(({ name }) => !name.includes('/plain-'));
  expect(odd?.map((record) => ({ ...record, etag: '' }))).toEqual(before?.files.map((record) => ({ ...record, etag: '' })));
  expect([after?.lines, after?.rows]).toEqual([(before?.lines ?? 0) + 40, (before?.rows ?? 0) + 40]);
});

it('finds the text of gathered lines again, as they were', async () => {
  const lake = await newLake();
  const objects = ['{"_line":1,"a":1}', '{ }', '{"_line":12}', ...Array.from({ length: 20 }, (_, id) => text(id))];
  for (const [id, object] of objects.entries()) await layBytes(lake, `${folder}${id + 10}.json`, object);
  await layBytes(lake, `${folder}99.ndjson`, lines([1, 2]));
  const { inputs } = await planDay(lake.raw, 'telegram', '2024-07-02', undefined);
  const wrote: QuickFile[] = [];
  const { files } = await gather({
    raw: lake.raw,
    inputs,
    temporary: (suffix) => lake.enriched.temporary(suffix),
    wrote: (file) => wrote.push(file),
  });
  expect(wrote).toEqual(files);
  const session = await openSession({ memoryLimit: '256MB' });
  try {
    const found = await session.rows<{ line: string }>(
      `SELECT line FROM ${gatheredLines({ paths: files.map(({ path }) => path), base: 0, kind: 'gathered' })} ORDER BY _file, line`,
    );
    expect(found.map(({ line }) => line)).toEqual([...objects, ...lines([1, 2]).trim().split('\n')]);
  } finally {
    session.close();
  }
});
