import { describe, expect, it } from 'vitest';
import { etl, lay, newLake, seconds } from '../support/lake.js';
import { CHAT, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import { everything, manifests, type Row } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const BOT = { id: 42, is_bot: true, first_name: 'Bot', username: 'a_bot' };
const chat = { id: CHAT, type: 'supergroup', title: 'The group' };

const told = (row: Row | undefined, ...names: string[]) => Object.fromEntries(names.map((name) => [name, row?.[name]]));

describe('what a bot sent', () => {
  const sent = (id: number, more: object, method = 'sendMessage') => ({
    outbound: { method, message: { message_id: id, from: BOT, chat, date: SENT, ...more } },
  });

  it('is a row of direction out, once, however often it was captured', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', SENT * 1000, [
      telegramMessage({ id: 1, date: SENT, text: 'when?' }),
      sent(2, { text: 'now', reply_to_message: { message_id: 1, from: { id: 7 } } }),
      sent(2, { text: 'now', reply_to_message: { message_id: 1, from: { id: 7 } } }),
      sent(3, { photo: [{ file_id: 's' }, { file_id: 'l', file_unique_id: 'u' }], caption: 'look' }, 'sendPhoto'),
    ]);
    await etl(lake);
    const { telegram = [], quarantine } = await everything(lake);
    expect(quarantine).toEqual([]);
    expect(
      telegram.map((row) => told(row, 'message_id', 'direction', 'update_kind', 'data_type', 'reply_to_message_id', 'file_id')),
    ).toEqual([
      { message_id: 1, direction: 'in', update_kind: 'message', data_type: 'text', reply_to_message_id: null, file_id: null },
      { message_id: 2, direction: 'out', update_kind: 'sendMessage', data_type: 'text', reply_to_message_id: 1, file_id: null },
      { message_id: 3, direction: 'out', update_kind: 'sendPhoto', data_type: 'photo', reply_to_message_id: null, file_id: 'l' },
    ]);
    expect((await manifests(lake)).map(({ rows, duplicates, unknown }) => ({ rows, duplicates, unknown }))).toEqual([
      { rows: 3, duplicates: 1, unknown: {} },
    ]);
  });

  it('is edited like any other, and the version before is kept', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', SENT * 1000, [sent(2, { text: 'now' }), sent(2, { text: 'soon', edit_date: SENT + 9 }, 'editMessageText')]);
    await etl(lake);
    const { telegram = [], telegram_events: events = [] } = await everything(lake);
    expect(telegram.map((row) => told(row, 'text', 'edit_date', 'direction'))).toEqual([
      { text: 'soon', edit_date: SENT + 9, direction: 'out' },
    ]);
    expect(events.map((row) => told(row, 'update_kind', 'message_id'))).toEqual([{ update_kind: 'sendMessage', message_id: 2 }]);
  });

  it('without a message is an event that no table calls unknown', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', SENT * 1000, [
      { outbound: { method: 'editMessageText', bot_id: 42, date: SENT, inline_message_id: 'i', text: 'soon' } },
      { outbound: { method: 'deleteMessage', bot_id: 42, date: SENT, chat: { id: CHAT }, message_id: 9 } },
    ]);
    await etl(lake);
    const { telegram_events: events = [], quarantine } = await everything(lake);
    expect(quarantine).toEqual([]);
    expect(events.map((row) => told(row, 'event_id', 'update_kind', 'chat_id', 'message_id', 'date'))).toEqual([
      { event_id: `outbound:deleteMessage:${CHAT}:9`, update_kind: 'deleteMessage', chat_id: CHAT, message_id: 9, date: SENT },
      { event_id: 'outbound:editMessageText', update_kind: 'editMessageText', chat_id: null, message_id: null, date: SENT },
    ]);
    expect((await manifests(lake)).map(({ unknown }) => unknown)).toEqual([{}]);
  });
});

describe('what a business sent', () => {
  const metadata = { display_phone_number: '+55 11 4000-0000', phone_number_id: '106' };
  const body = (field: string, value: object) => ({
    object: 'whatsapp_business_account',
    entry: [{ id: 'w', changes: [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }] }],
  });
  const rows = async (...payloads: object[]) => {
    const lake = await newLake();
    await lay(lake, 'whatsapp', SENT * 1000, payloads);
    await etl(lake);
    const found = await everything(lake);
    expect(found['quarantine']).toEqual([]);
    expect((await manifests(lake)).map(({ unknown }) => unknown)).toEqual([{}]);
    return found;
  };
  const NAMES = ['message_id', 'direction', 'number', 'name', 'message', 'type', 'phone_number_id', 'group_id', 'template', 'date'];

  it('through the Cloud API is a row with the returned wamid, which statuses name', async () => {
    const outbound = (id: string, request: object, response: object = {}) => ({
      outbound: {
        phone_number_id: '106',
        date: SENT,
        request: { messaging_product: 'whatsapp', to: '+55 (11) 99999-0000', ...request },
        response: { contacts: [{ input: '+55 (11) 99999-0000', wa_id: '5511999990000' }], messages: [{ id }], ...response },
      },
    });
    const found = await rows(
      outbound('wamid.1', { text: { body: 'hello' } }),
      outbound('wamid.2', { type: 'template', template: { name: 'order_update', language: { code: 'pt_BR' } } }),
      outbound('wamid.3', {
        type: 'interactive',
        context: { message_id: 'wamid.0' },
        interactive: { type: 'button', body: { text: 'which?' } },
      }),
      outbound('wamid.4', { recipient_type: 'group', to: 'G1', text: { body: 'all' } }, { contacts: [{ input: 'G1', wa_id: 'G1' }] }),
      body('messages', { statuses: [{ id: 'wamid.1', status: 'sent', timestamp: String(SENT), recipient_id: '5511999990000' }] }),
    );
    const base = {
      direction: 'out',
      number: 5511999990000,
      name: null,
      phone_number_id: '106',
      group_id: null,
      template: null,
      date: SENT,
    };
    const messages = (found['whatsapp'] ?? []).toSorted((a, b) => String(a['message_id']).localeCompare(String(b['message_id'])));
    expect(messages.map((row) => told(row, ...NAMES))).toEqual([
      { ...base, message_id: 'wamid.1', message: 'hello', type: 'text' },
      { ...base, message_id: 'wamid.2', message: null, type: 'template', template: 'order_update' },
      { ...base, message_id: 'wamid.3', message: 'which?', type: 'interactive' },
      { ...base, message_id: 'wamid.4', message: 'all', type: 'text', number: null, group_id: 'G1' },
    ]);
    expect(messages[2]?.['reply_to_message_id']).toBe('wamid.0');
    expect(found['whatsapp_statuses']?.map((row) => row['message_id'])).toEqual(['wamid.1']);
    expect(found['whatsapp_events']).toEqual([]);
  });

  it('from the phone is a row of direction out', async () => {
    const echo = {
      from: '551140000000',
      to: '5511999990000',
      id: 'wamid.e',
      timestamp: String(SENT),
      type: 'text',
      text: { body: 'by hand' },
    };
    const found = await rows(body('smb_message_echoes', { message_echoes: [echo] }));
    expect(found['whatsapp']?.map((row) => told(row, 'message_id', 'direction', 'number', 'message'))).toEqual([
      { message_id: 'wamid.e', direction: 'out', number: 5511999990000, message: 'by hand' },
    ]);
    expect(found['whatsapp_events']).toEqual([]);
  });

  it('before it was connected is a row each, in and out; a placeholder and a nameless copy give way to what knows more', async () => {
    const one = (from: string, id: string, more: object) => ({ from, id, timestamp: String(SENT), ...more });
    const thread = {
      id: '5511999990000',
      messages: [
        one('5511999990000', 'wamid.a', { type: 'text', text: { body: 'hi' } }),
        one('551140000000', 'wamid.b', { to: '5511999990000', type: 'text', text: { body: 'hello' } }),
        one('5511999990000', 'wamid.c', { type: 'media_placeholder' }),
      ],
    };
    const found = await rows(
      body('history', { history: [{ metadata: { phase: 0, chunk_order: 1, progress: 55 }, threads: [thread] }] }),
      body('history', { messages: [one('5511999990000', 'wamid.c', { type: 'image', image: { id: 'm1', mime_type: 'image/jpeg' } })] }),
      body('history', { history: [{ errors: [{ code: 2593109, title: 'History sync is turned off by the business' }] }] }),
      body('messages', {
        contacts: [{ profile: { name: 'Ana' }, wa_id: '5511999990000' }],
        messages: [one('5511999990000', 'wamid.a', { type: 'text', text: { body: 'hi' } })],
      }),
    );
    expect(found['whatsapp']?.map((row) => told(row, 'message_id', 'direction', 'number', 'type', 'name', 'media_id'))).toEqual([
      { message_id: 'wamid.a', direction: 'in', number: 5511999990000, type: 'text', name: 'Ana', media_id: null },
      { message_id: 'wamid.b', direction: 'out', number: 5511999990000, type: 'text', name: null, media_id: null },
      { message_id: 'wamid.c', direction: 'in', number: 5511999990000, type: 'image', name: null, media_id: 'm1' },
    ]);
    expect(found['whatsapp_events']?.filter((row) => !String(row['event_id']).startsWith('version:')).length).toBe(1);
  });
});

describe('a deletion', () => {
  const sent = (id: number, date = SENT, more: object = {}) => telegramMessage({ id, date, text: `message ${id}`, ...more });
  const deletion = (id: number, date: number, more: object = { chat: { id: CHAT } }) => ({
    outbound: { method: 'deleteMessage', bot_id: 42, date, message_id: id, ...more },
  });
  const DAY = 86_400;
  const marks = async (lake: Parameters<typeof etl>[0]) =>
    Object.fromEntries(((await everything(lake))['telegram'] ?? []).map((row) => [row['message_id'], row['deleted_date']]));
  const STEPS: readonly (readonly [arrived: number, payloads: readonly object[]])[] = [
    [SENT, [sent(1), sent(2), sent(3)]],
    [SENT + 9, [sent(4), deletion(1, SENT + 9)]],
    [SENT + 2 * DAY, [deletion(2, SENT + 2 * DAY), deletion(2, SENT + DAY)]],
    [SENT + 40 * DAY, [deletion(3, SENT + 40 * DAY), deletion(99, SENT + 40 * DAY)]],
  ];
  const EXPECTED = { 1: SENT + 9, 2: SENT + DAY, 3: SENT + 40 * DAY, 4: null };

  it.each([
    ['in the order they came', STEPS],
    ['backwards', STEPS.toReversed()],
  ])('marks its row whenever it comes: %s, again, and from raw alone', async (_, steps) => {
    const lake = await newLake();
    for (const [arrived, payloads] of steps) {
      await lay(lake, 'telegram', arrived * 1000, payloads);
      await etl(lake);
    }
    expect(await marks(lake)).toEqual(EXPECTED);
    const before = await everything(lake);
    await etl(lake, { rebuild: true });
    expect(await everything(lake)).toEqual(before);
    const { telegram_events: events = [] } = before;
    expect(events.every((row) => row['update_kind'] === 'deleteMessage')).toBe(true);
    for (const { rows, units, duplicates, quarantined } of await manifests(lake)) expect(rows + duplicates + quarantined).toBe(units);
  });

  it('is one in whatever case its method was called', async () => {
    const lake = await newLake();
    const { outbound } = deletion(1, SENT + 9);
    await lay(lake, 'telegram', SENT * 1000, [sent(1), { outbound: { ...outbound, method: 'DELETEmessage' } }]);
    await etl(lake);
    expect(await marks(lake)).toEqual({ 1: SENT + 9 });
  });

  it('stays through an edit, and through copies of the message', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', SENT * 1000, [sent(1), deletion(1, SENT + 9)]);
    await etl(lake);
    await lay(lake, 'telegram', (SENT + DAY) * 1000, [sent(1), telegramMessage({ id: 1, date: SENT, text: 'edited', edited: SENT + 3 })]);
    await etl(lake);
    const { telegram = [] } = await everything(lake);
    expect(telegram.map((row) => told(row, 'text', 'deleted_date'))).toEqual([{ text: 'edited', deleted_date: SENT + 9 }]);
  });

  it('in a business account is known by the account, and marks the messages of no other', async () => {
    const lake = await newLake();
    const business = (id: number, connection: string) => sent(id, SENT, { kind: 'business_message', connection, user: 8 });
    await lay(lake, 'telegram', SENT * 1000, [
      business(1, 'a'),
      business(1, 'b'),
      business(2, 'b'),
      deletion(1, SENT + 5, { business_connection_id: 'a' }),
      { update_id: 77, deleted_business_messages: { business_connection_id: 'b', chat: { id: CHAT, type: 'private' }, message_ids: [2] } },
    ]);
    await etl(lake);
    const { telegram = [] } = await everything(lake);
    expect(
      telegram
        .map((row) => told(row, 'message_id', 'business_connection_id', 'deleted_date'))
        .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    ).toEqual([
      { message_id: 1, business_connection_id: 'a', deleted_date: SENT + 5 },
      { message_id: 1, business_connection_id: 'b', deleted_date: null },
      { message_id: 2, business_connection_id: 'b', deleted_date: SENT },
    ]);
  });
});

describe('what became of a file', () => {
  it('stands in the row of its message', async () => {
    const lake = await newLake();
    const photo = { photo: [{ file_id: 'l', file_unique_id: 'u' }] };
    await lay(lake, 'telegram', SENT * 1000, [
      telegramMessage({ id: 1, date: SENT, more: photo }),
      telegramMessage({ id: 2, date: SENT, more: photo }),
    ]);
    await lay(lake, 'whatsapp', SENT * 1000, [whatsappBody({ messages: [whatsappMessage({ id: 'wamid.1', date: SENT, text: 'x' })] })]);
    await etl(lake);
    const number = (await everything(lake))['whatsapp']?.[0]?.['phone_number_id'];
    const about = { date: SENT + 90_000, sent: SENT };
    await lay(lake, 'telegram', (SENT + 90_000) * 1000, [
      { media: { ...about, chat: { id: CHAT }, message_id: 1, file: '_media/ab/abc.jpg', size: 3 } },
      { media: { ...about, chat: { id: CHAT }, message_id: 2, error: 'too_large' } },
    ]);
    await lay(lake, 'whatsapp', (SENT + 90_000) * 1000, [
      { media: { ...about, metadata: { phone_number_id: number }, message_id: 'wamid.1', file: '_media/cd/cde.ogg' } },
    ]);
    await etl(lake);
    const found = await everything(lake);
    expect(found['telegram']?.map((row) => told(row, 'message_id', 'media_file', 'media_error', 'deleted_date', 'file_id'))).toEqual([
      { message_id: 1, media_file: '_media/ab/abc.jpg', media_error: null, deleted_date: null, file_id: 'l' },
      { message_id: 2, media_file: null, media_error: 'too_large', deleted_date: null, file_id: 'l' },
    ]);
    expect(found['whatsapp']?.map((row) => row['media_file'])).toEqual(['_media/cd/cde.ogg']);
    expect((await manifests(lake)).every(({ unknown, quarantined }) => Object.keys(unknown).length + quarantined === 0)).toBe(true);
  });
});
