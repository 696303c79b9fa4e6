import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpus, NEEDS_CORPORA } from '../support/lake-corpora.js';
import { etl, newLake } from '../support/lake.js';
import { manifests, rowsOf } from '../support/rows.js';
import { importInto } from './importing.js';

interface Expected {
  readonly timestamp: string;
  readonly author: string;
  readonly message: string;
}

const telegram = corpus('telegram-exports/chat-miner');
const whatsapp = corpus('whatsapp-exports/chat-miner');
const words = (text: unknown) => String(text).replace(/\s+/g, '');

/** What the sibling file expects, oldest first. */
const expectedIn = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, 'target.json'), 'utf8')) as Expected[])
    .map(({ timestamp, author, message }) => ({ date: Date.parse(`${timestamp}Z`) / 1000, author, message: words(message) }))
    .sort((a, b) => a.date - b.date);

const filesIn = (folder: string | undefined) => (folder === undefined ? [] : readdirSync(folder).filter((name) => name !== 'target.json'));

describe.skipIf(!telegram)(`exports of Telegram Desktop that others made${NEEDS_CORPORA}`, () => {
  it.each(filesIn(telegram))('%s holds what its sibling says', async (name) => {
    const lake = await newLake();
    await importInto(lake, join(telegram as string, name));
    await etl(lake);
    const rows = await rowsOf(lake, 'telegram', '"date"');
    expect(rows.map((row) => ({ date: row['date'], author: row['user_first_name'], message: words(row['text']) }))).toEqual(
      expectedIn(telegram as string),
    );
    expect((await manifests(lake)).map(({ units, rows: all, quarantined }) => [units, all, quarantined])).toEqual([[2, 2, 0]]);
  });
});

describe.skipIf(!whatsapp)(`chat exports of WhatsApp that others made${NEEDS_CORPORA}`, () => {
  it.each(filesIn(whatsapp))('%s holds what its sibling says, and three lines of the app', async (name) => {
    const lake = await newLake();
    await importInto(lake, join(whatsapp as string, name));
    await etl(lake);
    const rows = await rowsOf(lake, 'whatsapp', '"date"');
    const said = rows.filter((row) => row['type'] === 'text');
    expect(said.map((row) => ({ date: row['date'], author: row['name'], message: words(row['message']) }))).toEqual(
      expectedIn(whatsapp as string),
    );
    expect(rows.filter((row) => row['type'] === 'system')).toHaveLength(3);
    expect((await manifests(lake)).map(({ units, rows: all, quarantined }) => [units, all, quarantined])).toEqual([[9, 9, 0]]);
  });
});
