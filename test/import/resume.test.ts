import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ChatlakeError } from '../../src/errors.js';
import type { Store } from '../../src/types.js';
import { etl, newLake, type TestLake } from '../support/lake.js';
import { rowsOf } from '../support/rows.js';
import { exported, importInto, telegramChat, telegramExport } from './importing.js';

const COUNT = 20_000;

/** Message ids of every raw line, in the order of the files. */
async function idsIn(lake: TestLake): Promise<number[]> {
  const names = (await readdir(lake.rawPath, { recursive: true })).filter((name) => name.endsWith('.ndjson')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(lake.rawPath, name), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/"message_id":(\d+)/g)].map(([, id]) => Number(id)));
}

/** Whole lines of the quarantine. */
async function quarantined(lake: TestLake): Promise<string[]> {
  const folder = join(lake.rawPath, '_rejected');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ndjson'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.endsWith('}'));
}

/** Imports a file, and fails where it would note how far it came. */
async function cutShort(lake: TestLake, path: string): Promise<void> {
  let writes = 0;
  const raw: Store = {
    ...lake.raw,
    write: async (...change) => {
      if (writes++ > 0) throw new ChatlakeError('LAKE_UNAVAILABLE', 'The disk is gone');
      await lake.raw.write(...change);
    },
  };
  await expect(importInto({ ...lake, raw }, path)).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
}

it('goes on where an import was stopped: every message is written once', async () => {
  const lake = await newLake();
  const path = await exported(
    'result.json',
    telegramChat(Array.from({ length: COUNT }, (_, id) => telegramExport(id + 1, 1_700_000_000 + id, `text ${id}`))),
  );
  const stop = new AbortController();
  const stopped = importInto(lake, path, {}, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  const before = await idsIn(lake);
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(COUNT);
  const [rest] = await importInto(lake, path);
  expect([rest?.before, rest?.written, rest?.summary.messages]).toEqual([before.length, COUNT - before.length, COUNT]);
  const all = await idsIn(lake);
  expect(all).toHaveLength(COUNT);
  expect(new Set(all).size).toBe(COUNT);
});

it('keeps what cannot be read once for each time the file has it, though it could not note how far it came', async () => {
  const lake = await newLake();
  const odd = ['no', 'message'];
  const path = await exported('result.json', telegramChat([odd, telegramExport(1, 1_700_000_000, 'hi'), odd]));
  await cutShort(lake, path);
  await importInto(lake, path);
  await etl(lake);
  expect((await rowsOf(lake, 'quarantine')).map(({ reason }) => reason)).toEqual(['import: not a message', 'import: not a message']);
  expect((await rowsOf(lake, 'telegram')).map((row) => row['message_id'])).toEqual([1]);
});

it('goes on though a line in the quarantine is damaged, and writes again what that line held', async () => {
  const lake = await newLake();
  const name = 'WhatsApp Chat with Ana.txt';
  const good = Buffer.from('13/02/2024 10:00 - Ana: hi\n');
  const odd = Buffer.from([...Buffer.from('14/02/2024 10:00 - Ana: '), 0xff, 0x0a]);
  const path = await exported(name, Buffer.concat([good, odd, good, odd]));
  await cutShort(lake, path);
  const [segment] = (await readdir(join(lake.rawPath, '_rejected'), { recursive: true })).filter((found) => found.endsWith('.ndjson'));
  const file = join(lake.rawPath, '_rejected', String(segment));
  const [first, ...rest] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [first?.slice(0, 60), 'null', ...rest].join('\n'));
  await importInto(lake, path);
  const lines = (await quarantined(lake)).filter((line) => line.includes('not_utf8'));
  expect(lines.map((line) => /line \d/.exec(line)?.[0]).toSorted()).toEqual(['line 2', 'line 4']);
});

it('has what cannot be read in the quarantine once, though the file comes again, under another name, or read otherwise', async () => {
  const lake = await newLake();
  const content = Buffer.from([...Buffer.from('13/02/2024 10:00 - Ana: hi\n14/02/2024 10:00 - Ana: '), 0xff, 0x0a]);
  const path = await exported('WhatsApp Chat with Ana.txt', content);
  await importInto(lake, path);
  await importInto(lake, path, {}, { again: true });
  await importInto(lake, path, { number: '5511999990000' });
  await importInto(lake, await exported('WhatsApp Chat with Ana(1).txt', content));
  expect(await quarantined(lake)).toHaveLength(1);
});

it('writes nothing when it only looks', async () => {
  const lake = await newLake();
  const [preview] = await importInto(undefined, await exported('result.json', telegramChat([telegramExport(1, 1_700_000_000, 'hi')])));
  expect(preview).toMatchObject({ written: 0, summary: { messages: 1, sample: [{ author: 'User 7', text: 'hi' }] } });
  expect(await readdir(lake.folder)).toEqual([]);
});

it.each([
  ['result.json', `${telegramChat([telegramExport(1, 1_700_000_000, 'hi')])}\n`],
  ['WhatsApp Chat with Ana.txt', '01/02/2024 10:00 - Ana: hi\n01/02/2024 10:01 - Bia: hello\n'],
])('has read all of %s when it is done', async (name, content) => {
  const progress: number[] = [];
  await importInto(undefined, await exported(name, content), {}, { onProgress: ({ read }) => void progress.push(read) });
  expect(progress.at(-1)).toBe(Buffer.byteLength(content));
});
