import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../query/lake.js';
import { analysed, type Analysed } from './analysed.js';
import { addRow, type Row, type Rows, ZONE } from './lake.js';

const START = ZONE.startOf('2024-06-03') + 9 * 3600;
const DAY = 86_400;

let engine: Analysed['engine'];
let analysis: Analysed['analysis'];
let close: Analysed['close'];

beforeAll(async () => {
  const rows: Rows = new Map();
  const says = (at: number, id: number, user: number, text: string, more: Row = {}) =>
    addRow(rows, ZONE, 'telegram', {
      message_id: id,
      user_id: user,
      user_is_bot: user === 99,
      user_first_name: `P${user}`,
      chat_id: -7,
      chat_type: 'supergroup',
      chat_title: 'Sala',
      data_type: 'text',
      text,
      date: START + at,
      direction: 'in',
      ...more,
    });
  // The asker goes on; who writes next answers, and not to something else.
  says(0, 1, 1, 'alguém sabe como instalar?');
  says(5, 2, 1, 'no linux');
  says(9, 3, 2, 'bom dia', { reply_to_message_id: 77 });
  says(30, 4, 99, 'veja /ajuda', { reply_to_message_id: 1 });
  // The next turn.
  says(1000, 5, 3, 'where is the file?');
  says(1042, 6, 1, 'in the folder');
  // Across midnight, and too late.
  says(14 * 3600, 7, 2, 'qual o prazo?');
  says(16 * 3600, 8, 3, 'amanhã');
  says(17 * 3600, 9, 1, 'quanto custa?');
  says(17 * 3600 + DAY + 1, 10, 2, 'dez');
  const asks = (at: number, id: number, number: number | null, user: string, text: string) =>
    addRow(rows, ZONE, 'whatsapp', {
      name: 'Zé',
      number,
      user_id: user,
      message: text,
      date: START + at,
      type: 'text',
      message_id: `wamid.${id}`,
      phone_number_id: '777',
      direction: 'in',
    });
  // One person under a number, a user id and a new number; the answer is known by its status alone.
  asks(0, 1, 5_511_900_000_001, 'BR.1', 'qual o horário?');
  addRow(rows, ZONE, 'whatsapp_statuses', {
    message_id: 'wamid.out',
    status: 'sent',
    recipient_id: '5511900000001',
    phone_number_id: '777',
    date: START + 75,
  });
  asks(DAY, 2, null, 'BR.1', 'oi');
  asks(3 * DAY, 3, 5_511_900_000_002, 'BR.1', 'oi de novo');
  ({ engine, analysis, close } = await analysed(rows, (START + 4 * DAY) * 1000));
});
afterAll(() => close());

it('a first response is a reply, or the next turn unless that replies to something else, within 24 hours', async () => {
  const sql = 'SELECT channel, message_id, response_seconds, responder, responder_is_bot FROM questions ORDER BY channel, sent_at';
  expect(await ask(engine, sql)).toEqual([
    ['telegram', '1', 30, 'telegram:99', true],
    ['telegram', '5', 42, 'telegram:1', false],
    ['telegram', '7', 7200, 'telegram:3', false],
    ['telegram', '9', null, null, null],
    ['whatsapp', 'wamid.1', 75, 'whatsapp:777', true],
  ]);
});

it('a contact is one across number and user id', async () => {
  expect(await ask(engine, "SELECT person, name, first_date, last_date, messages FROM people WHERE channel = 'whatsapp'")).toEqual([
    ['whatsapp:5511900000002', 'Zé', '2024-06-03', '2024-06-06', 3],
  ]);
  expect(await analysis.options('conversation', 'zé')).toEqual([{ value: 'whatsapp:5511900000002', label: 'Zé', messages: 3 }]);
});

it('the view counts what the tables hold', async () => {
  const view = await analysis.view({ period: 'all' }, { language: 'en', targetMinutes: 1 });
  const rowsOf = (id: string) => view.panels.find((panel) => panel.id === id)?.rows;
  const byDay = `SELECT context_date, 'telegram', count(*) FROM telegram GROUP BY 1 UNION ALL SELECT context_date, 'whatsapp', count(*) FROM whatsapp GROUP BY 1 ORDER BY 1, 2`;
  expect(rowsOf('series')).toEqual(await ask(engine, byDay));
  expect(rowsOf('target')?.map(([, asked, met]) => [asked, met])).toEqual([
    [4, 2],
    [1, 0],
  ]);
  expect(rowsOf('response')).toEqual([
    ['1m', 'bot', 1],
    ['1m', 'person', 1],
    ['10m', 'bot', 1],
    ['24h', 'person', 1],
    ['never', null, 1],
  ]);
  const value = (id: string) => view.figures.find((figure) => figure.id === id)?.value;
  expect([value('people'), value('conversations'), value('questions'), value('medianResponse'), value('unanswered')]).toEqual([
    4, 2, 5, 58.5, 1,
  ]);
});
