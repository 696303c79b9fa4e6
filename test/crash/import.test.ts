import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telegramChat, telegramExport } from '../import/importing.js';
import { chatlake } from '../support/cli.js';
import { etl, lakeIn, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { expectSums, expectWhole } from '../support/lake-disturbed.js';
import { everything, type Row } from '../support/rows.js';

/** Kills at random moments; more with CHATLAKE_ROUNDS. */
const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 6);
/** Kills that the import of one lake has to bear. */
const IN_A_ROW = 3;
/** Of Telegram so many that how far it came is noted on the way. */
const COUNTS = { telegram: 60_000, whatsapp: 20_000 };
const SENT = seconds('2024-07-02T15:00:00Z');

/** Messages with reactions, and among them what is no message: the same three times, of which none may go. */
const telegram = telegramChat(
  Array.from({ length: COUNTS.telegram }, (_, at) => {
    if (at % 7000 === 7) return ['no', 'message'];
    const more = at % 1000 === 0 ? { reactions: [{ type: 'emoji', count: 2, emoji: '👍' }] } : {};
    return telegramExport(at + 1, SENT + at * 7, `text ${at}`, more);
  }),
);

/** Lines of which some say the same in one minute, and some have no date that exists. */
const whatsapp = Array.from({ length: COUNTS.whatsapp }, (_, at) => {
  const date = new Date((SENT + Math.floor(at / 3) * 60) * 1000).toISOString();
  const day = at % 5000 === 4321 ? '31/02/2024' : date.slice(0, 10).split('-').toReversed().join('/');
  return `${day} ${date.slice(11, 16)} - ${at % 2 ? 'Ana' : 'Bia'}: text ${at % 4}\n`;
}).join('');

let root: TestLake;
const EXPORTS = [
  ['Telegram Desktop', 'result.json', telegram],
  ['WhatsApp', 'WhatsApp Chat with Clube.txt', whatsapp],
] as const;

beforeAll(async () => {
  root = await openLake();
  for (const [, name, content] of EXPORTS) await writeFile(join(root.folder, name), content);
});
afterAll(() => removeLake(root));

/** Rows without where and when their raw line came. */
async function told(lake: TestLake): Promise<Record<string, string[]>> {
  const plain = ({ raw_file: _file, raw_line: _line, received_at: _at, context_date: day, ...row }: Row, table: string) =>
    JSON.stringify({ ...row, ...(table !== 'quarantine' && { day }) }, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
  return Object.fromEntries(
    Object.entries(await everything(lake)).map(([table, rows]) => [table, rows.map((row) => plain(row, table)).toSorted()]),
  );
}

describe.each(EXPORTS)('an import from %s killed at random moments', (_, name) => {
  const start = (lake: TestLake) =>
    chatlake(root.folder, ['import', name, '--date-order', 'dmy'], {
      CHATLAKE_RAW: lake.rawPath,
      CHATLAKE_ENRICHED: lake.enrichedPath,
      CHATLAKE_TIMEZONE: lake.zone.name,
    });

  it('loses nothing and doubles nothing when the same command is run again', { timeout: 600_000 }, async () => {
    const whole = lakeIn(join(root.folder, `${name}-whole`));
    const began = performance.now();
    const undisturbed = start(whole);
    expect([await undisturbed.ended, undisturbed.err()]).toEqual([0, '']);
    const took = performance.now() - began;
    const wanted = await told(whole);
    expect(wanted['quarantine']?.length).toBeGreaterThan(2);

    let kills = 0;
    for (let at = 0; at < ROUNDS / EXPORTS.length; at += IN_A_ROW) {
      const lake = lakeIn(join(root.folder, `${name}-${at}`));
      for (let round = 0; round < IN_A_ROW; round += 1) {
        const run = start(lake);
        // One in each part of the time that it takes: of a run that was quicker than the first, too, one is hit.
        await delay((took * (round + Math.random())) / IN_A_ROW);
        run.child.kill('SIGKILL');
        if ((await run.ended) === 'SIGKILL') kills += 1;
        await expectWhole(lake);
      }
      const last = start(lake);
      expect([await last.ended, last.err()]).toEqual([0, '']);
      expect(await told(lake)).toEqual(wanted);
      await expectSums(lake);
      lake.clock.at = Date.now();
      expect(await etl(lake)).toMatchObject({ days: [] });
      await removeLake(lake);
    }
    expect(kills).toBeGreaterThan(0);
  });
});
