import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import { ask } from '../query/lake.js';
import { etl, lay, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { CHAT, contact, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';

const START = seconds('2024-07-02T15:00:00Z');
const DAY = 86_400;
const SUPERGROUP = -1009;

let lake: TestLake;
let engine: QueryEngine;
let analysis: Analysis;

/** Ana under two names, in a group that becomes a supergroup; and a contact who gets a new number, then writes under it. */
beforeAll(async () => {
  lake = await openLake();
  lake.clock.at = (START + 5 * DAY) * 1000;
  const says = (id: number, at: number, name: string, more: object = {}) =>
    telegramMessage({ id, date: START + at, text: `text ${id}`, more: { from: { id: 7, is_bot: false, first_name: name }, ...more } });
  const moved = (id: number, chat: number, more: object) => telegramMessage({ id, chat, date: START + DAY, more });
  await lay(lake, 'telegram', START * 1000, [
    says(1, 0, 'Ana'),
    says(2, 600, 'Ana'),
    says(3, 600 + 3600, 'Ana'),
    moved(4, CHAT, { migrate_to_chat_id: SUPERGROUP }),
    moved(1, SUPERGROUP, { migrate_from_chat_id: CHAT }),
    says(2, 2 * DAY, 'Ana Maria', { chat: { id: SUPERGROUP, type: 'supergroup', title: 'The group, grown' } }),
    says(3, 2 * DAY + 3601, 'Ana Maria', { chat: { id: SUPERGROUP, type: 'supergroup', title: 'The group, grown' } }),
  ]);
  const writes = (id: string, from: string, at: number, more: object = {}) =>
    whatsappBody({ contacts: [contact(from, 'Zé')], messages: [whatsappMessage({ id, from, date: START + at, text: 'oi', ...more })] });
  const body = 'User Zé changed from 5511900000001 to 5511900000002';
  await lay(lake, 'whatsapp', START * 1000, [
    writes('wamid.1', '5511900000001', 0),
    writes('wamid.2', '5511900000001', DAY, {
      more: { type: 'system', text: undefined, system: { body, wa_id: '5511900000002', type: 'user_changed_number' } },
    }),
    writes('wamid.3', '5511900000002', 2 * DAY),
  ]);
  await etl(lake);
  engine = await duckdbEngine({ root: lake.enrichedPath, threads: 2 });
  analysis = await openAnalysis({ enriched: lake.enriched, zone: lake.zone, clock: lake.clock });
}, 60_000);
afterAll(async () => {
  await analysis?.close();
  await engine?.close();
  await removeLake(lake);
});

const rowsOf = async (panel: string, filters = {}) => {
  const view = await analysis.view({ period: 'all', ...filters }, { language: 'en', targetMinutes: 10, panels: [panel] });
  const found = view.panels.find(({ id }) => id === panel);
  expect(await ask(engine, found?.sql ?? '')).toEqual(found?.rows);
  return found?.rows;
};

describe('what the platforms say is one', () => {
  it('is one person across names and numbers, called by the newest name', async () => {
    expect(await ask(engine, 'SELECT person, name, first_date, last_date FROM people ORDER BY person')).toEqual([
      ['telegram:7', 'Ana Maria', '2024-07-02', '2024-07-04'],
      ['whatsapp:5511900000002', 'Zé', '2024-07-02', '2024-07-04'],
    ]);
    expect((await rowsOf('people'))?.map(([person, name]) => [person, name])).toEqual([
      ['telegram:7', 'Ana Maria'],
      ['whatsapp:5511900000002', 'Zé'],
    ]);
  });

  it('is one conversation, before and after a group becomes a supergroup, and across numbers', async () => {
    expect((await rowsOf('conversations'))?.map(([conversation, name]) => [conversation, name])).toEqual([
      [`telegram:${SUPERGROUP}`, 'The group, grown'],
      ['whatsapp:5511900000002', 'Zé'],
    ]);
    const filters = { conversation: [`telegram:${SUPERGROUP}`] };
    expect(await rowsOf('series', filters)).toEqual([
      ['2024-07-02', 'telegram', 3],
      ['2024-07-03', 'telegram', 2],
      ['2024-07-04', 'telegram', 2],
    ]);
  });

  it('makes nobody new who wrote under another number', async () => {
    const view = await analysis.view({ period: '2024-07-04..2024-07-04' }, { language: 'en', targetMinutes: 10, panels: [] });
    const figure = (name: string) => view.figures.find(({ id }) => id === name)?.value;
    expect([figure('people'), figure('newPeople')]).toEqual([2, 0]);
  });
});

it('a session ends where an hour passes without a message', async () => {
  const sql = `SELECT session, started_at - ${START}, ended_at - ${START}, messages, people FROM sessions WHERE channel = 'telegram' ORDER BY session`;
  expect((await ask(engine, sql)).map((row) => row.map(Number))).toEqual([
    [1, 0, 4200, 3, 1],
    [2, DAY, DAY, 2, 1],
    [3, 2 * DAY, 2 * DAY, 1, 1],
    [4, 2 * DAY + 3601, 2 * DAY + 3601, 1, 1],
  ]);
});
