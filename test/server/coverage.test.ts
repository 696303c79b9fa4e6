import { expect, it } from 'vitest';
import { knownDays } from '../../src/dashboard/health/covered.js';
import type { CoverageView } from '../../src/server/api-types.js';
import { importText, telegramChat, telegramExport } from '../import/importing.js';
import { etl, lay, newLake, seconds } from '../support/lake.js';
import { CHAT, telegramMessage } from '../support/lake-payloads.js';
import { send } from './receiving.js';
import { newService } from './service.js';

const noon = (date: string) => seconds(`${date}T15:00:00Z`);

async function coverageIn(lake: Parameters<typeof newService>[0]): Promise<CoverageView> {
  const service = await newService(lake);
  return JSON.parse((await send(service.port, 'GET', '/api/coverage')).body) as CoverageView;
}

it('covers nothing in an empty lake, and calls no day uncovered there', async () => {
  const coverage = await coverageIn(await newLake());
  expect(coverage).toEqual({
    sources: [
      { source: 'telegram', live: null, imported: [] },
      { source: 'whatsapp', live: null, imported: [] },
    ],
    days: [],
    missing: 0,
    incomplete: 0,
    chats: [],
  });
  expect(knownDays(coverage).on('2024-01-01')).toMatchObject({ covered: true, uncoveredBy: [] });
});

it('tells days without messages from days that nothing covers, and counts the ids missing in supergroups by day', async () => {
  const lake = await newLake();
  // Live from July 10 to 12, nothing said on the 11th; ids 21 and 22 never came, 24 to 29 neither.
  await lay(lake, 'telegram', noon('2024-07-10') * 1000, [telegramMessage({ id: 20, date: noon('2024-07-10'), text: 'a' })]);
  await lay(lake, 'telegram', noon('2024-07-12') * 1000, [
    telegramMessage({ id: 23, date: noon('2024-07-12'), text: 'b' }),
    telegramMessage({ id: 30, date: noon('2024-07-12') + 9, text: 'c' }),
    // Ids of private chats, and those that no server of Telegram gives, say nothing.
    telegramMessage({ id: 5, chat: 7, date: noon('2024-07-12'), text: 'd', more: { chat: { id: 7, type: 'private', first_name: 'P' } } }),
    telegramMessage({ id: 900, chat: 7, date: noon('2024-07-12'), text: 'e', more: { chat: { id: 7, type: 'private', first_name: 'P' } } }),
    telegramMessage({ id: 2 ** 51 + 1, date: noon('2024-07-12'), text: 'f' }),
  ]);
  await etl(lake);
  // Imported from July 1 to 3: ids 4 and 6, and one that was received live as well.
  lake.clock.at = noon('2024-07-12') * 1000 + 60_000;
  const history = [telegramExport(4, noon('2024-07-01'), 'old'), telegramExport(6, noon('2024-07-03'), 'old too')];
  await importText(lake, 'result.json', telegramChat([...history, telegramExport(20, noon('2024-07-10'), 'a')]));
  await etl(lake);

  const coverage = await coverageIn(lake);
  expect(coverage).toEqual({
    sources: [
      {
        source: 'telegram',
        live: { from: '2024-07-10', to: '2024-07-12' },
        imported: [{ from: '2024-07-01', to: '2024-07-03' }],
      },
      { source: 'whatsapp', live: null, imported: [] },
    ],
    days: [
      { date: '2024-07-01', messages: 1, missing: 0 },
      { date: '2024-07-03', messages: 1, missing: 1 },
      { date: '2024-07-10', messages: 1, missing: 13 },
      { date: '2024-07-12', messages: 5, missing: 2 + 6 },
    ],
    missing: 1 + 13 + 2 + 6,
    incomplete: 1,
    chats: [{ chat: String(CHAT), title: 'The group', before: 3, missing: 22 }],
  });

  const known = knownDays(coverage);
  expect(known.first).toBe('2024-07-01');
  const covered = ['2024-06-30', '2024-07-01', '2024-07-02', '2024-07-05', '2024-07-11', '2024-07-13'].map(
    (date) => known.on(date).covered,
  );
  expect(covered).toEqual([false, true, true, false, true, true]);
});
