import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addsUp } from '../../src/etl/manifest.js';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, layBytes, openLake, rawLines, removeLake, seconds, type TestLake } from '../support/lake.js';
import { corpus, corpusFiles, NEEDS_CORPORA } from '../support/lake-corpora.js';
import { telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import { ask, manifests, relation, type Row, rowsOf } from '../support/rows.js';

const DAY = '2024-07-02';
const SENT = seconds('2024-07-02T15:00:00Z');
const parsing = corpus('robustness/JSONTestSuite/test_parsing');
const strings = corpus('robustness/blns');

/** What DuckDB takes for JSON although it is not: a comma too many, numbers without a value. Nothing is lost by it. */
const LENIENT = new Set(
  [
    'array_extra_comma',
    'array_number_and_comma',
    'number_-NaN',
    'number_Inf',
    'number_NaN',
    'number_infinity',
    'number_minus_infinity',
    'object_trailing_comma',
  ].map((name) => `n_${name}.json`),
);

/** What an independent reader makes of one line of a foreign file: the reason for its quarantine, or undefined for an event. */
function reading(line: Buffer): string | undefined {
  if (!isUtf8(line)) return 'not_utf8';
  try {
    const value: unknown = JSON.parse(line.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'not_an_object';
  } catch {
    return 'invalid_json';
  }
}

function linesOf(bytes: Buffer): { number: number; line: Buffer }[] {
  const lines = bytes.toString('latin1').split('\n');
  return lines
    .map((line, index) => ({ number: index + 1, line: Buffer.from(line, 'latin1') }))
    .filter(({ line }) => /[^ \t\r]/.test(line.toString('latin1')));
}

describe.skipIf(parsing === undefined || strings === undefined)(`hostile input of public suites${parsing ? '' : NEEDS_CORPORA}`, () => {
  const files = parsing === undefined ? [] : corpusFiles(parsing);
  const naughty = strings === undefined ? [] : (JSON.parse(readFileSync(join(strings, 'blns.json'), 'utf8')) as string[]);
  const texts = [...naughty, ...files.filter(({ bytes }) => isUtf8(bytes)).map(({ bytes }) => bytes.toString())].filter(
    (text) => text !== '',
  );
  let lake: TestLake;
  let rows: Row[];
  let events: Row[];
  let quarantine: Row[];
  const key = (name: string) => `${rawFolder('telegram', DAY)}${name}.ndjson`;

  beforeAll(async () => {
    lake = await openLake();
    // A line break at the end, so that no last line counts as torn.
    for (const { name, bytes } of files) await layBytes(lake, key(name), Buffer.concat([bytes, Buffer.from('\n')]));
    await layBytes(
      lake,
      key(`${SENT * 1000}-texts-0`),
      rawLines(
        texts.map((text, id) => telegramMessage({ id, date: SENT, text })),
        SENT * 1000,
      ),
    );
    await layBytes(
      lake,
      key('texts-of-others'),
      texts.map((text, id) => `${JSON.stringify(telegramMessage({ id: 100_000 + id, date: SENT, text }))}\n`).join(''),
    );
    const bodies = texts.map((text, id) =>
      whatsappBody({ messages: [whatsappMessage({ id: `w${String(id).padStart(6, '0')}`, date: SENT, text })] }),
    );
    await layBytes(lake, `${rawFolder('whatsapp', DAY)}${SENT * 1000}-texts-0.ndjson`, rawLines(bodies, SENT * 1000));
    await etl(lake);
    rows = await rowsOf(lake, 'telegram', 'message_id');
    events = await rowsOf(lake, 'telegram_events', 'raw_file, raw_line');
    quarantine = await rowsOf(lake, 'quarantine', 'raw_file, raw_line');
  });
  afterAll(() => removeLake(lake));

  it.each(files)('finds a place for every line of $name', ({ name, bytes }) => {
    for (const { number, line } of linesOf(bytes)) {
      const here = (list: readonly Row[]) => list.filter((row) => row['raw_file'] === key(name) && row['raw_line'] === number);
      expect(here(rows)).toEqual([]);
      const reason = reading(line);
      // An event that says the same as one of another file is there once.
      const kind = reason === undefined ? (Object.keys(JSON.parse(line.toString()) as object)[0] ?? 'none') : undefined;
      const told =
        here(events).length > 0 || kind === undefined ? here(events) : events.filter((row) => row['update_kind'] === kind).slice(0, 1);
      expect(told.length + here(quarantine).length).toBe(1);
      if (name.startsWith('y_') && reason === undefined) expect(here(quarantine)).toEqual([]);
      if (name.startsWith('n_') && reason !== undefined && !LENIENT.has(name)) expect(here(quarantine)).toMatchObject([{ reason }]);
    }
  });

  /** Bytes of the texts of a table, as plain DuckDB sees them. */
  const bytesIn = async (table: string, column: string, which = 'true') =>
    (await ask(`SELECT hex(encode(${column})) AS bytes FROM ${await relation(lake, table)} WHERE ${which} ORDER BY message_id`)).map(
      (row) => row['bytes'],
    );
  const bytes = texts.map((text) => Buffer.from(text).toString('hex').toUpperCase());

  it('keeps every naughty string, and every text of the suite, byte for byte as the text of a message', async () => {
    expect(await bytesIn('telegram', 'text', 'message_id < 100000')).toEqual(bytes);
    expect(await bytesIn('telegram', 'text', 'message_id >= 100000')).toEqual(bytes);
  });

  it('keeps them as the text of WhatsApp messages too', async () => {
    expect(await bytesIn('whatsapp', 'message')).toEqual(bytes);
  });

  it('counts every line', async () => {
    const found = await manifests(lake);
    const lines = files.reduce((sum, { bytes }) => sum + linesOf(bytes).length, 0);
    expect(found).toMatchObject([
      { lines: lines + 2 * texts.length, torn: 0 },
      { lines: texts.length, quarantined: 0 },
    ]);
    expect(found.every(addsUp)).toBe(true);
  });
});
