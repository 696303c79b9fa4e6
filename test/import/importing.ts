import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openExport } from '../../src/import/open.js';
import { importFile, type ImportOptions, type ImportOutcome } from '../../src/import/run.js';
import type { ImportChoices } from '../../src/import/types.js';
import { openRawLog } from '../../src/lake/open.js';
import type { TestLake } from '../support/lake.js';

export const CHOICES: ImportChoices = {
  timezone: '+00:00',
  dateOrder: undefined,
  chat: undefined,
  me: undefined,
  number: undefined,
  bots: [],
};

/** A file in a folder that goes away with the test. */
export async function exported(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Imports the exports in a file into the lake, or with no lake looks at them. */
export async function importInto(
  lake: TestLake | undefined,
  path: string,
  choices: Partial<ImportChoices> = {},
  more: Partial<ImportOptions> = {},
): Promise<ImportOutcome[]> {
  const rawLog = lake && openRawLog(lake.rawPath, { zone: lake.zone, clock: lake.clock });
  const opened = await openExport(path);
  try {
    const outcomes: ImportOutcome[] = [];
    for (const file of opened.exports)
      outcomes.push(
        await importFile({
          file,
          choices: { ...CHOICES, ...choices },
          into: lake && rawLog && { raw: lake.raw, rawLog, clock: lake.clock },
          ...more,
        }),
      );
    return outcomes;
  } finally {
    opened.close();
    await rawLog?.close();
  }
}

/** The same for what is written to a file first. */
export async function importText(
  lake: TestLake | undefined,
  name: string,
  content: string | Uint8Array,
  choices: Partial<ImportChoices> = {},
): Promise<ImportOutcome> {
  const [outcome] = await importInto(lake, await exported(name, content), choices);
  if (!outcome) throw new Error('nothing was imported');
  return outcome;
}

/** `result.json` of one chat. */
export const telegramChat = (messages: readonly object[], header: object = {}): string =>
  JSON.stringify({ name: 'The group', type: 'private_supergroup', id: 1234567890, ...header, messages }, undefined, 1);

export const telegramExport = (id: number, date: number, text: unknown, more: object = {}): object => ({
  id,
  type: 'message',
  date: new Date(date * 1000).toISOString().slice(0, 19),
  date_unixtime: String(date),
  from: 'User 7',
  from_id: 'user7',
  text,
  ...more,
});
