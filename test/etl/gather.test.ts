import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gatheredLines } from '../../src/etl/compile.js';
import { gather } from '../../src/etl/gather.js';
import type { QuickFile } from '../../src/etl/quick.js';
import { type Input, planDay } from '../../src/etl/plan.js';
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

/** Files of lines that the raw log did not write as they are, beside some that it did. */
const FOREIGN: Readonly<Record<string, string | Uint8Array>> = {
  'crlf.ndjson': lines([1, 2]).replaceAll('\n', '\r\n'),
  'no-break.ndjson': lines([3, 4]).trimEnd(),
  'bare.ndjson': `${lines([5])}${text(6)}\n${lines([7], 2)}`,
  'blank.ndjson': `${lines([8])}\n \n${lines([9], 2)}`,
  'mark.ndjson': `\ufeff${lines([10])}`,
  'mark.json': `\ufeff${text(11)}`,
  'bytes.ndjson': Buffer.concat([Buffer.from(lines([12])), Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), Buffer.from(lines([13], 2))]),
  'nul.ndjson': `${lines([14])}\0\n${lines([15], 2)}`,
  'two-in-one.ndjson': lines([16, 17]).replace('\n', ''),
  'short.ndjson': '{"_received_at":1,"_line":1}\n',
  'file-key.ndjson': rawLines([behind('{"_file":1,"_line":7,', text(18))], SENT * 1000),
  'spread.json': `\r\n\t ${text(19).replaceAll(',"', `,${'\n\t'.repeat(20_000)}"`)}\n\n`,
  'empty.ndjson': '',
  'event.ndjson': rawLines([callback(20), callback(21)], SENT * 1000),
};

it.each([ODD, FOREIGN])('gives what it gives of each file alone when there are many small ones, in whatever company', async (files) => {
  const [few, many] = [await newLake(), await newLake()];
  for (const [name, bytes] of Object.entries(files)) for (const lake of [few, many]) await layBytes(lake, folder + name, bytes);
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

const SMALL = 512 * 1024;

/** A raw lake of these files, and what gathering them makes, with the texts of what was written. */
async function gatherAll(files: readonly (readonly [name: string, bytes: string | Uint8Array])[], before = 0) {
  const lake = await newLake();
  const objects = files.map(([name, bytes]) => ({ key: `${folder}${name}`, bytes: Buffer.from(bytes) }));
  const held = new Map(objects.map(({ key, bytes }) => [key, bytes]));
  const input = (key: string, size: number): Input => ({
    object: { key, size, etag: key },
    kind: key.endsWith('.json') ? 'object' : 'lines',
    from: 0,
    firstLine: 1,
    linesBefore: 0,
  });
  const inputs = [
    ...Array.from({ length: before }, () => input('none.ndjson', 0)),
    ...objects.map(({ key, bytes }) => input(key, bytes.length)),
  ];
  const gathering = { inputs, temporary: (suffix: string) => lake.enriched.temporary(suffix), wrote: () => undefined };
  return { held, inputs, gathering, raw: { ...lake.raw, read: async (key: string) => held.get(key) as Buffer } };
}

/** Lines of gathered files, by the number of their file. */
async function written(files: readonly QuickFile[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const { path, bytes } of files) {
    const all = await readFile(path);
    expect([all.length, all.length <= 16 * 1024 * 1024, all.at(-1)]).toEqual([bytes, true, 0x0a]);
    for (const line of all.toString().slice(0, -1).split('\n')) {
      const file = Number(/^\{"_file":(\d+),/.exec(line)?.[1]);
      if (!found.get(file)?.push(line)) found.set(file, [line]);
    }
  }
  return found;
}

/** Lines of `size` bytes, with their breaks, as the raw log begins them. */
const linesOfSize = (size: number, bytes: number) => `{"_received_at":1${'0'.repeat(size - 19)}}\n`.repeat(bytes / size);

it('puts the number of its file before every line, however short the lines, long the number and many the bytes', async () => {
  const files = Array.from(
    { length: 80 },
    (_, at) => [`${at + 10}.ndjson`, at % 2 === 0 ? linesOfSize(at === 0 ? 32 : 1024, SMALL) : lines([at, at + 100])] as const,
  );
  const { raw, inputs, gathering, held } = await gatherAll(files, 1_234_567);
  const { files: wrote, inputs: gathered } = await gather({ ...gathering, raw });
  expect([wrote.length > 1, gathered.size]).toEqual([true, 80]);
  const found = await written(wrote);
  for (const [file, { object }] of inputs.entries()) {
    if (object.size === 0) continue;
    const wanted = held
      .get(object.key)
      ?.toString()
      .trimEnd()
      .split('\n')
      .map((line) => behind(`{"_file":${file},`, line));
    expect(found.get(file)?.join('\n') === wanted?.join('\n'), object.key).toBe(true);
  }
});

it('leaves to themselves files that are large, empty, of other lines or no text, and those that changed since they were listed', async () => {
  const plain = Array.from({ length: 20 }, (_, at) => [`${at + 10}.ndjson`, lines([at])] as const);
  const odd: Readonly<Record<string, string | Uint8Array>> = {
    'a-large.ndjson': `${linesOfSize(32, SMALL).slice(0, -1)} \n`,
    'b-short.ndjson': linesOfSize(31, 310),
    'c-empty.ndjson': '',
    'd-foreign.ndjson': `${lines([1])}${text(2)}\n`,
    'e-blank.ndjson': `${lines([1])}\n`,
    'f-torn.ndjson': lines([1]).trimEnd(),
    'g-bytes.ndjson': Buffer.concat([Buffer.from(lines([1])), Buffer.from([0x7b, 0xff, 0x7d, 0x0a])]),
    'h-mark.ndjson': `\ufeff${lines([1])}`,
    'i-grown.ndjson': lines([1]),
    'j-grown.json': text(1),
    'k-gone.ndjson': lines([1]),
  };
  const { raw, inputs, gathering, held } = await gatherAll([...plain, ...Object.entries(odd)]);
  held.set(`${folder}i-grown.ndjson`, Buffer.from(linesOfSize(1024, 20 * 1024 * 1024)));
  held.set(`${folder}j-grown.json`, Buffer.from(text(1, 'x'.repeat(20 * 1024 * 1024))));
  held.set(`${folder}k-gone.ndjson`, Buffer.alloc(0));
  const { files, inputs: gathered } = await gather({ ...gathering, raw });
  expect([...gathered.keys()]).toEqual(inputs.slice(0, plain.length));
  expect([...(await written(files)).keys()].toSorted((one, other) => one - other)).toEqual([...plain.keys()]);
});

it('takes lines with a carriage return at the end, and objects that are mostly space', async () => {
  const space = `${' \r\n\t'.repeat(1000)}`;
  const files = Array.from(
    { length: 20 },
    (_, at) => [`${at + 10}.json`, `${space}${text(at).replace(/\}$/, `${space}}`)}${space}`] as const,
  );
  const { raw, gathering } = await gatherAll([...files, ['99.ndjson', lines([1, 2]).replaceAll('\n', '\r\n')]]);
  const { files: wrote, inputs: gathered } = await gather({ ...gathering, raw });
  expect(gathered.size).toBe(21);
  const found = await written(wrote);
  for (const at of files.keys()) expect(JSON.parse(found.get(at)?.join() ?? '')).toEqual({ _file: at, _line: 1, ...JSON.parse(text(at)) });
  expect(found.get(20)).toEqual(
    lines([1, 2])
      .trimEnd()
      .split('\n')
      .map((line) => `${behind('{"_file":20,', line)}\r`),
  );
});

it('ends with the error of a file that cannot be read or written, and writes nothing after that', async () => {
  const { raw, gathering } = await gatherAll(
    Array.from({ length: 100 }, (_, at) => [`${at + 10}.ndjson`, linesOfSize(32, SMALL)] as const),
  );
  const fails = (error: string) => () => Promise.reject(new Error(error));
  const wrote: QuickFile[] = [];
  const told = { ...gathering, raw, wrote: (file: QuickFile) => wrote.push(file) };
  await expect(gather({ ...told, temporary: fails('no room') })).rejects.toThrow('no room');
  await expect(gather({ ...told, temporary: async () => join(raw.folder, 'none', 'none') })).rejects.toThrow('ENOENT');
  await expect(gather({ ...told, raw: { ...raw, read: fails('away') } })).rejects.toThrow('away');
  expect(wrote).toEqual([]);
});
