import { afterAll, beforeAll, expect, it } from 'vitest';
import { etl, lay, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { CHAT, contact, telegramMessage, whatsappBody, whatsappChange, whatsappMessage } from '../support/lake-payloads.js';
import { manifests, type Row, rowsOf } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const ARRIVED = Date.parse('2024-07-02T15:00:10Z');

const base = { id: 1, date: SENT, text: 'x' };
const TELEGRAM = [
  telegramMessage(base),
  telegramMessage({ ...base, chat: 99 }),
  telegramMessage({ ...base, kind: 'business_message', connection: 'one' }),
  telegramMessage({ ...base, kind: 'business_message', connection: 'two' }),
  telegramMessage({ ...base, kind: 'edited_business_message', connection: 'two', edited: SENT + 3, text: 'y' }),
  telegramMessage({ ...base, date: SENT + 5 * 86_400 }),
  telegramMessage({ id: 2, date: SENT, more: { migrate_to_chat_id: -1009 } }),
  telegramMessage({ id: 3, chat: -1009, date: SENT, more: { migrate_from_chat_id: CHAT } }),
  telegramMessage({ id: 0, date: SENT, text: 'scheduled' }),
  { update_id: 77 },
  { update_id: 77 },
];

const people = [contact('551', 'Ana'), contact('552', 'Bia'), contact('553', 'Caio')];
const five = ['552', '551', '553', '551', '554'].map((from, index) =>
  whatsappMessage({ id: `wamid.${index}`, from, date: SENT + index, text: `m${index}` }),
);
const BODY = whatsappBody({ contacts: people, messages: five });
const STATUS = {
  id: 'wamid.out',
  status: 'delivered',
  timestamp: String(SENT),
  recipient_id: '551',
  pricing: { billable: true, category: 'service', type: 'regular' },
};
const twice = whatsappMessage({ id: 'wamid.twice', date: SENT, text: 'again' });
const WHATSAPP = [
  BODY,
  BODY,
  whatsappBody({ statuses: [STATUS, { ...STATUS, status: 'read', timestamp: String(SENT + 1) }, { ...STATUS, recipient_id: '552' }] }),
  whatsappBody({ contacts: people, messages: [twice, twice] }),
  whatsappBody({ messages: [whatsappMessage({ id: 'wamid.0', from: '552', date: SENT, text: 'to another number' })] }, '999'),
  whatsappBody({
    contacts: people,
    messages: [whatsappMessage({ id: 'wamid.mixed', from: '551', date: SENT, text: 'mixed' })],
    statuses: [{ ...STATUS, id: 'wamid.mixed.out' }],
    errors: [{ code: 130429, title: 'Rate limit hit' }],
  }),
  whatsappBody({
    contacts: [{ profile: { name: 'Duda' }, user_id: 'BR.1' }],
    messages: [{ ...whatsappMessage({ id: 'wamid.user', date: SENT, text: 'no number' }), from: undefined, from_user_id: 'BR.1' }],
  }),
  whatsappChange('account_update', { event: 'VERIFIED_ACCOUNT' }, SENT),
  whatsappChange('brand_new_field', { a: 1 }),
  whatsappBody({}),
  { object: 'whatsapp_business_account', entry: [] },
  { object: 'whatsapp_business_account', entry: [] },
];

let lake: TestLake;
const tables: Record<string, Row[]> = {};
const at = (table: string, index: number): Row => tables[table]?.[index] ?? {};

beforeAll(async () => {
  lake = await openLake();
  await lay(lake, 'telegram', ARRIVED, TELEGRAM);
  await lay(lake, 'whatsapp', ARRIVED, WHATSAPP);
  await etl(lake);
  for (const [table, order] of [
    ['telegram', 'date, message_id, chat_id DESC, business_connection_id NULLS FIRST'],
    ['telegram_events', 'ALL'],
    ['whatsapp', 'phone_number_id, message_id'],
    ['whatsapp_statuses', 'ALL'],
    ['whatsapp_events', 'field, payload'],
  ] as const) {
    tables[table] = await rowsOf(lake, table, order);
  }
});
afterAll(() => removeLake(lake));

it('keeps messages of one id apart when their chats, business connections or days differ', () => {
  const told = (tables['telegram'] ?? [])
    .filter((row) => row['message_id'] === 1)
    .map((row) => [row['chat_id'], row['business_connection_id'], row['text'], row['context_date']]);
  expect(told).toEqual([
    [99, null, 'x', '2024-07-02'],
    [CHAT, null, 'x', '2024-07-02'],
    [CHAT, 'one', 'x', '2024-07-02'],
    [CHAT, 'two', 'y', '2024-07-02'],
    [CHAT, null, 'x', '2024-07-07'],
  ]);
  expect(tables['telegram_events']?.filter((row) => row['update_kind'] !== 'none')).toMatchObject([
    { event_id: `version:${CHAT}:two:1`, update_kind: 'business_message' },
  ]);
});

it('tells on both sides of a migration which chat became which', () => {
  const told = (tables['telegram'] ?? [])
    .filter((row) => row['data_type'] !== 'text')
    .map((row) => [row['chat_id'], row['data_type'], row['migrate_to_chat_id'], row['migrate_from_chat_id']]);
  expect(told).toEqual([
    [CHAT, 'migrate_to_chat_id', -1009, null],
    [-1009, 'migrate_from_chat_id', null, CHAT],
  ]);
});

it('takes message id 0, that of a scheduled message, for an id', () => {
  expect((tables['telegram'] ?? []).filter((row) => row['message_id'] === 0)).toMatchObject([{ text: 'scheduled' }]);
});

it('gives five messages of a body with three contacts five rows, each with the name of its own sender', () => {
  const told = (tables['whatsapp'] ?? [])
    .filter((row) => /^m\d$/.test(String(row['message'])))
    .map((row) => [row['message_id'], row['number'], row['name'], row['message']]);
  expect(told).toEqual([
    ['wamid.0', 552, 'Bia', 'm0'],
    ['wamid.1', 551, 'Ana', 'm1'],
    ['wamid.2', 553, 'Caio', 'm2'],
    ['wamid.3', 551, 'Ana', 'm3'],
    ['wamid.4', 554, null, 'm4'],
  ]);
});

it('never makes a message of a status', () => {
  expect((tables['whatsapp'] ?? []).filter((row) => /out/.test(String(row['message_id'])))).toEqual([]);
  expect(
    (tables['whatsapp_statuses'] ?? []).map((row) => [row['message_id'], row['status'], row['recipient_id'], row['billable']]),
  ).toEqual([
    ['wamid.mixed.out', 'delivered', '551', true],
    ['wamid.out', 'delivered', '551', true],
    ['wamid.out', 'delivered', '552', true],
    ['wamid.out', 'read', '551', true],
  ]);
});

it('counts a message that stands twice in one body once', () => {
  expect((tables['whatsapp'] ?? []).filter((row) => row['message_id'] === 'wamid.twice')).toMatchObject([
    { message: 'again', raw_line: 4 },
  ]);
});

it('keeps messages of one id to two business numbers apart', () => {
  expect((tables['whatsapp'] ?? []).filter((row) => row['message_id'] === 'wamid.0').map((row) => row['phone_number_id'])).toEqual([
    '106540352242922',
    '999',
  ]);
});

it('reads messages, statuses and errors of one change', () => {
  expect((tables['whatsapp'] ?? []).filter((row) => row['message_id'] === 'wamid.mixed')).toMatchObject([{ name: 'Ana' }]);
  expect(
    (tables['whatsapp_events'] ?? [])
      .filter((row) => String(row['payload']).includes('130429'))
      .map((row) => JSON.parse(String(row['payload'])) as unknown),
  ).toEqual([{ errors: { code: 130429, title: 'Rate limit hit' } }]);
});

it('knows a sender without a phone number by the user id', () => {
  expect((tables['whatsapp'] ?? []).filter((row) => row['message_id'] === 'wamid.user')).toMatchObject([
    { name: 'Duda', number: null, user_id: 'BR.1' },
  ]);
});

it('keeps other fields, unknown ones, and bodies without content as events', () => {
  const told = (tables['whatsapp_events'] ?? [])
    .filter((row) => !String(row['payload']).includes('130429'))
    .map((row) => [row['field'], row['date']]);
  expect(told).toEqual([
    ['account_update', SENT],
    ['brand_new_field', null],
    ['messages', null],
    ['none', null],
  ]);
  expect(JSON.parse(String(at('whatsapp_events', 1)['payload']))).toEqual({ a: 1 });
});

it('keeps an update of no kind, delivered twice, once and as it was received', () => {
  expect(tables['telegram_events']?.filter((row) => row['update_kind'] === 'none')).toMatchObject([
    { payload: '{"update_id":77}', raw_line: 10 },
  ]);
});

it('accounts for each of them in the manifest', async () => {
  expect(await manifests(lake)).toMatchObject([
    { source: 'telegram', lines: 11, units: 11, rows: 10, duplicates: 1, quarantined: 0, replaced: 0, late: 1 },
    { source: 'whatsapp', lines: 12, units: 25, rows: 18, duplicates: 7, quarantined: 0, unknown: { brand_new_field: 1, none: 2 } },
  ]);
});
