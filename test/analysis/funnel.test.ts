import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Filters } from '../../src/analysis/types.js';
import { ask } from '../query/lake.js';
import { analysed, type Analysed } from './analysed.js';
import { addRow, type Rows, ZONE } from './lake.js';

const START = ZONE.startOf('2024-06-03') + 9 * 3600;
const MIDNIGHT = 15 * 3600;
const DAY = 86_400;

let engine: Analysed['engine'];
let analysis: Analysed['analysis'];
let close: Analysed['close'];

beforeAll(async () => {
  const rows: Rows = new Map();
  const message = (at: number, id: string, contact: number, direction: 'in' | 'out', type = 'text') =>
    addRow(rows, ZONE, 'whatsapp', {
      number: 5_511_900_000_000 + contact,
      message: type === 'text' ? 'oi' : '👍',
      date: START + at,
      type,
      message_id: id,
      phone_number_id: '777',
      direction,
    });
  const status = (at: number, id: string, contact: number, what: string) =>
    addRow(rows, ZONE, 'whatsapp_statuses', {
      message_id: id,
      status: what,
      recipient_id: String(5_511_900_000_000 + contact),
      phone_number_id: '777',
      date: START + at,
    });
  // Captured and told of: one message. It is read and replied to; the very second of the message is no reply yet.
  message(0, 'a', 1, 'in');
  message(0, 'out.a', 1, 'out');
  status(1, 'out.a', 1, 'sent');
  status(2, 'out.a', 1, 'delivered');
  status(60, 'out.a', 1, 'read');
  message(90, 'b', 1, 'in');
  // Known by its statuses alone, and read without a word of its delivery; a reaction is no reply.
  status(0, 'out.b', 2, 'sent');
  status(9, 'out.b', 2, 'read');
  message(20, 'c', 2, 'in', 'reaction');
  // Captured alone; the customer writes back on the next day, but within 24 hours.
  message(10, 'out.c', 3, 'out');
  message(DAY + 10, 'd', 3, 'in');
  // Read and replied to a second too late.
  status(0, 'out.d', 4, 'sent');
  status(DAY + 1, 'out.d', 4, 'read');
  message(DAY + 1, 'e', 4, 'in');
  // Sent before midnight, told after it: a message of the first day.
  message(MIDNIGHT - 1, 'out.e', 5, 'out');
  status(MIDNIGHT + 1, 'out.e', 5, 'sent');
  status(MIDNIGHT + 2, 'out.e', 5, 'delivered');
  // Refused at once: nothing was sent.
  status(0, 'out.f', 6, 'failed');
  ({ engine, analysis, close } = await analysed(rows, (START + 2 * DAY) * 1000));
  await analysis.refresh();
});
afterAll(() => close());

it.each<[string, Filters, number[]]>([
  ['counts each message once, and what it came to within 24 hours', { period: 'all' }, [5, 3, 2, 2]],
  ['counts a message on the day it was sent', { period: '2024-06-03..2024-06-03' }, [5, 3, 2, 2]],
  ['is limited to a conversation', { period: 'all', conversation: ['whatsapp:5511900000005'] }, [1, 1, 0, 0]],
  ['is not limited to a person', { period: 'all', person: ['whatsapp:5511900000005'] }, [5, 3, 2, 2]],
])('the funnel %s, as its statement does', async (_, filters, counts) => {
  const view = await analysis.view(filters, { language: 'en', targetMinutes: 10, panels: ['funnel'] });
  const [panel] = view.panels;
  expect(panel?.rows.map(([stage, messages]) => [stage, messages])).toEqual(
    ['sent', 'delivered', 'read', 'replied'].map((stage, at) => [stage, counts[at]]),
  );
  expect(await ask(engine, panel?.sql ?? '')).toEqual(panel?.rows);
});

it.each<[string, Filters]>([
  ['a day when nothing was sent', { period: '2024-06-04..2024-06-04' }],
  ['Telegram, which tells of no delivery', { period: 'all', channel: ['telegram'] }],
])('the funnel is empty on %s', async (_, filters) => {
  const view = await analysis.view(filters, { language: 'en', targetMinutes: 10, panels: ['funnel'] });
  expect(view.panels[0]?.rows).toEqual([]);
  expect(await ask(engine, view.panels[0]?.sql ?? '')).toEqual([]);
});
