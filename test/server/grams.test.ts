import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader, type Reader } from '../../src/query/reader.js';
import { dayIndex } from '../../src/server/day-index.js';
import { addText, mayHold, newGrams } from '../../src/server/grams.js';
import { keptGrams } from '../../src/server/kept-grams.js';
import { searchOf, termsOf } from '../../src/server/message-sql.js';
import { literal } from '../../src/sources/shape.js';
import { etl, lay, newLake, seconds } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';

let reader: Reader;
beforeAll(async () => {
  reader = await openReader({ root: '/nonexistent' });
});
afterAll(() => reader.close());

/** Whether the SQL of a search finds `query` in `text`. */
async function finds(text: string, query: string): Promise<boolean> {
  const conditions = searchOf(query).map((condition) => `(${condition})`);
  const [row] = await reader.rows(() => `SELECT ${conditions.join(' AND ') || 'true'} FROM (SELECT ${literal(text)} AS "text")`);
  return row?.[0] === true;
}

describe('the grams of texts', () => {
  it.each([
    ['São João é amanhã', 'sao joao', true],
    ['SA\u0303O', 'são', true],
    ['Straße', 'straße', true],
    ['ŁÓDŹ', 'lodz', true],
    ['Ελλάς', 'ελλας', true],
    ['ϐιϐλία, ϑϕϖϰϱϵ', '"ΒΙΒΛΊΑ, ΘΦΠΚΡΕ"', true],
    ['ᲀᲁᲂᲃᲄᲅᲆᲇᲈ', 'ВДОСТТЪѢꙊ', true],
    ['#α\u0313\u0345', '#\u1f08\u0399', true],
    ['مرحبا بالعالم', 'العالم', true],
    ['ação', 'acaso', false],
    ['a.c', 'a*c', false],
    ['preço (promoção) [1+1] $5 ^|\\', '(promocao) [1+1] $5', true],
    ['日本語のテキスト', '本語の', true],
    ['👍🏽 certo', '👍🏽', true],
  ])('and the search agree on %s and %s', async (text, term, expected) => {
    const grams = newGrams();
    addText(grams, text);
    expect(await finds(text, term)).toBe(expected);
    if (expected) expect(termsOf(term).every((one) => mayHold(grams, one))).toBe(true);
  });

  it('never say that a text is not there which the search finds', async () => {
    const letters = fc.constantFrom(...'abcdeéèçãõÃÉøØłſKςσΣßıİñÑ \u0303\u0301ơЖж本👍.*[(\\'.split(''));
    const text = fc.oneof(fc.string({ unit: letters, maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(text, fc.nat(20), fc.nat(20), fc.boolean(), async (said, from, length, upper) => {
        const part = Array.from(said)
          .slice(from, from + length)
          .join('')
          .replaceAll('"', '')
          .replaceAll('\0', '');
        const term = upper ? part.toUpperCase() : part.normalize('NFD').replace(/\p{M}/gu, '');
        const whole = said.replaceAll('\0', '');
        const grams = newGrams();
        addText(grams, whole);
        const quoted = `"${term}"`;
        if (await finds(whole, quoted)) expect(termsOf(quoted).every((one) => mayHold(grams, one))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe('the index of days', () => {
  it('leaves out days where nothing can match, takes in what changes, and trusts no day that changed since', async () => {
    const lake = await newLake();
    const day = (date: string, id: number, text: string) =>
      lay(lake, 'telegram', seconds(`${date}T15:00:00Z`) * 1000, [telegramMessage({ id, date: seconds(`${date}T15:00:00Z`), text })]);
    await day('2026-03-01', 1, 'um pão de queijo');
    await day('2026-03-02', 2, 'nada');
    await etl(lake);
    const own = await openReader({ root: lake.enrichedPath });
    const stop = new AbortController();
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const index = dayIndex({ reader: own, enriched: lake.enriched, logger, signal: stop.signal, share: 1 });
    const dates = ['2026-03-01', '2026-03-02'];
    const left = async (term: string) => dates.filter(await index.candidates('telegram', [term]));
    expect(await left('pao')).toEqual(dates);
    await index.fill();
    expect(await left('pao')).toEqual(['2026-03-01']);
    expect(await left('queijos')).toEqual([]);
    expect(await left('a')).toEqual(dates);

    await day('2026-03-02', 3, 'outro pão');
    await etl(lake);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await left('queijos')).toEqual(['2026-03-02']);
    await index.fill();
    expect(await left('pao')).toEqual(dates);
    expect(await left('queijos')).toEqual([]);
    stop.abort();
    await own.close();
  });

  it('keeps what it made for a state of a day, and trusts no file that is not whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatlake-grams-'));
    const grams = newGrams();
    addText(grams, 'um pão de queijo');
    const kept = keptGrams(folder);
    expect(await kept.read('telegram', '2026-03-01', 'one')).toBeUndefined();
    await kept.write('telegram', '2026-03-01', 'one', grams);
    expect(await keptGrams(folder).read('telegram', '2026-03-01', 'one')).toEqual(grams);
    expect(await kept.read('telegram', '2026-03-01', 'two')).toBeUndefined();
    expect(await kept.read('whatsapp', '2026-03-01', 'one')).toBeUndefined();
    const [version = ''] = await readdir(folder);
    const file = join(folder, version, 'telegram-2026-03-01');
    const bytes = await readFile(file);
    bytes[100] = (bytes[100] as number) ^ 1;
    await writeFile(file, bytes);
    expect(await kept.read('telegram', '2026-03-01', 'one')).toBeUndefined();
    await truncate(file, 3);
    expect(await kept.read('telegram', '2026-03-01', 'one')).toBeUndefined();
    await rm(folder, { recursive: true });
  });
});
