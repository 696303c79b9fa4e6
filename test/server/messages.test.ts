import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagesView, RawLine } from '../../src/analysis/types.js';
import { etl, lay, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { contact, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import { send } from './receiving.js';
import { openService, type Service } from './service.js';

const GROUP = -100200;
const OTHER = -100300;
const DAY = 86_400;
const TODAY = seconds('2026-03-20T15:00:00Z');
const PHONE = '5511988887777';
const REPLY = { reply_to_message: { message_id: 1, from: { id: 1 } } };
/** Of each of these days: three messages in the group, the words of one of them known. */
const DAYS_AGO = [0, 1, 5, 40, 400];
const WORDS = ['São João é amanhã', 'promoção de café: 100% grátis', 'naïve résumé', 'Straße', 'nada'];

let lake: TestLake;
let service: Service;
beforeAll(async () => {
  lake = await openLake();
  lake.clock.at = TODAY * 1000 + 60_000;
  for (const [index, ago] of DAYS_AGO.entries()) {
    const at = TODAY - ago * DAY;
    await lay(lake, 'telegram', at * 1000, [
      telegramMessage({ id: 10 * index + 1, chat: GROUP, user: 1, date: at - 20, text: WORDS[index] as string }),
      telegramMessage({
        id: 10 * index + 2,
        chat: GROUP,
        user: 2,
        date: at - 20,
        text: `resposta ${index}`,
        more: { reply_to_message: { message_id: 10 * index + 1, from: { id: 1 } } },
      }),
      telegramMessage({ id: 10 * index + 3, chat: OTHER, user: 1, date: at - 5, text: `fora ${index}` }),
    ]);
  }
  await lay(lake, 'telegram', TODAY * 1000 + 2000, [
    telegramMessage({
      id: 2,
      chat: GROUP,
      user: 2,
      date: TODAY - 20,
      edited: TODAY + 1,
      text: 'resposta mudada',
      update: 9001,
      more: REPLY,
    }),
  ]);
  const said = whatsappMessage({ id: 'wamid.A=', from: PHONE, date: TODAY - 3, text: 'Bom dia, qual o PREÇO?' });
  await lay(lake, 'whatsapp', TODAY * 1000, [whatsappBody({ contacts: [contact(PHONE, 'Zé')], messages: [said] })]);
  await etl(lake);
  service = await openService(lake);
});
afterAll(async () => {
  await service.close();
  await removeLake(lake);
});

const get = async <T>(path: string): Promise<T> => {
  const answer = await send(service.port, 'GET', path);
  expect({ path, status: answer.status, body: answer.status === 200 ? '' : answer.body }).toEqual({ path, status: 200, body: '' });
  return JSON.parse(answer.body) as T;
};
const search = (query: string) => get<MessagesView>(`/api/messages?${query}`);
const texts = ({ messages }: MessagesView) => messages.map(({ text }) => text);
/** Every page of a search: one may end early when the machine is busy. */
async function whole(query: string): Promise<MessagesView> {
  const messages: MessagesView['messages'][number][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const view: MessagesView = await search(`${query}&cursor=${cursor}`);
    messages.push(...view.messages);
    cursor = view.next;
  }
  return { messages, next: null };
}
const found = async (q: string) => texts(await whole(`period=all&q=${encodeURIComponent(q)}`));

describe('GET /api/messages', () => {
  it('lists messages newest first, of the last thirty days unless told otherwise', async () => {
    const { messages, next } = await whole('limit=500');
    expect(messages.map(({ id }) => id)).toEqual([
      `whatsapp:${PHONE}:wamid.A=`,
      `telegram:${OTHER}:3`,
      `telegram:${GROUP}:2`,
      `telegram:${GROUP}:1`,
      `telegram:${OTHER}:13`,
      `telegram:${GROUP}:12`,
      `telegram:${GROUP}:11`,
      `telegram:${OTHER}:23`,
      `telegram:${GROUP}:22`,
      `telegram:${GROUP}:21`,
    ]);
    expect(next).toBeNull();
  });

  it('tells of each who, where, when, what it answers and when it was edited', async () => {
    const [zero, , edited] = (await search('')).messages;
    expect(zero).toEqual({
      id: `whatsapp:${PHONE}:wamid.A=`,
      channel: 'whatsapp',
      conversation: `whatsapp:${PHONE}`,
      conversationName: 'Zé',
      person: `whatsapp:${PHONE}`,
      personName: 'Zé',
      isBot: false,
      direction: 'in',
      kind: 'text',
      text: 'Bom dia, qual o PREÇO?',
      sentAt: (TODAY - 3) * 1000,
      editedAt: null,
      replyTo: null,
    });
    expect(edited).toMatchObject({
      text: 'resposta mudada',
      conversationName: 'The group',
      person: 'telegram:2',
      personName: 'User 2',
      editedAt: (TODAY + 1) * 1000,
      replyTo: `telegram:${GROUP}:1`,
    });
  });

  it.each([
    ['sao joao', [WORDS[0]]],
    ['AMANHÃ são', [WORDS[0]]],
    ['"joao e"', [WORDS[0]]],
    ['"e joao"', []],
    ['promocao 100%', [WORDS[1]]],
    ['naive "RESUME"', [WORDS[2]]],
    ['preco', ['Bom dia, qual o PREÇO?']],
    ["'; DROP", []],
    ['resposta mudada', ['resposta mudada']],
    ['resposta 0', []],
    ['100%_', []],
  ])('finds %s whatever the case and accents', async (q, expected) => {
    expect(await found(q)).toEqual(expected);
  });

  it('filters by channel, conversation, person, kind, direction, hour, weekday and period', async () => {
    const count = async (query: string) => (await whole(`limit=500&${query}`)).messages.length;
    expect(await count('period=all')).toBe(16);
    expect(await count('period=all&channel=whatsapp')).toBe(1);
    expect(await count(`period=all&conversation=telegram:${GROUP}`)).toBe(10);
    expect(await count(`period=all&conversation=telegram:${GROUP}&conversation=telegram:${OTHER}`)).toBe(15);
    expect(await count('period=all&person=telegram:2')).toBe(5);
    expect(await count(`period=all&person=telegram:1&conversation=telegram:${OTHER}`)).toBe(5);
    expect(await count('period=all&kind=photo')).toBe(0);
    expect(await count('period=all&direction=out')).toBe(0);
    expect(await count('period=all&hour=11')).toBe(16);
    expect(await count('period=all&hour=12')).toBe(0);
    expect(await count('period=today&weekday=5')).toBe(4);
    expect(await count('period=today&weekday=4')).toBe(0);
    expect(await count('period=today')).toBe(4);
    expect(await count('period=7d')).toBe(10);
    expect(await count('period=90d')).toBe(13);
    expect(await count('period=2026-03-19..2026-03-19')).toBe(3);
  });

  it('goes on from a cursor without losing or repeating a message, whatever the page size', async () => {
    const all = (await whole('period=all&limit=500')).messages.map(({ id }) => id);
    for (const limit of [1, 2, 3, 7]) {
      const seen: string[] = [];
      let cursor: string | null = '';
      for (let page = 0; cursor !== null && page < 100; page += 1) {
        const view: MessagesView = await search(`period=all&limit=${limit}&cursor=${cursor}`);
        seen.push(...view.messages.map(({ id }) => id));
        cursor = view.next;
      }
      expect(seen).toEqual(all);
    }
  });

  it.each(['a\0b', '\0', '"\0 \0"', "'\0'"])('finds nothing for %j, as no text here has a NUL', async (text) => {
    for (const name of ['q', 'kind', 'person', 'conversation'])
      expect(await whole(`period=all&${name}=${encodeURIComponent(text)}`)).toMatchObject({ messages: [] });
  });

  it.each([
    ['limit=0'],
    ['limit=1000'],
    ['cursor=nonsense'],
    ['period=soon'],
    ['period=0001-01-01..9999-12-31'],
    ['hour=24'],
    ['hour=%20'],
    ['weekday=1e0'],
    ['direction=up'],
  ])('says what is wrong with %s', async (query) => {
    const answer = await send(service.port, 'GET', `/api/messages?${query}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'USAGE' } });
  });
});

describe('GET /api/conversation', () => {
  const path = `/api/conversation?conversation=telegram:${GROUP}`;
  const ids = ({ messages }: MessagesView) => messages.map(({ id }) => Number(id.split(':')[2]));

  it('shows what was said before and after a message, oldest first', async () => {
    const view = await get<MessagesView>(`${path}&around=telegram:${GROUP}:21&limit=5`);
    expect(ids(view)).toEqual([31, 32, 21, 22, 11]);
    expect(ids(await get(`${path}&around=telegram:${GROUP}:21&at=${(TODAY - 5 * DAY) * 1000}&limit=3`))).toEqual([32, 21, 22]);
  });

  it('begins with the newest ones, and goes on both ways', async () => {
    const newest = await get<MessagesView>(`${path}&limit=4`);
    expect(ids(newest)).toEqual([11, 12, 1, 2]);
    const older = await get<MessagesView>(`${path}&limit=4&cursor=${newest.next}`);
    expect(ids(older)).toEqual([31, 32, 21, 22]);
    const oldest = await get<MessagesView>(`${path}&limit=4&cursor=${older.next}`);
    expect(ids(oldest)).toEqual([41, 42]);
    expect(oldest.next).toBeNull();
    const again = await get<MessagesView>(`${path}&limit=4&after=${oldest.newer}`);
    expect(ids(again)).toEqual([31, 32, 21, 22]);
    expect(ids(await get<MessagesView>(`${path}&limit=4&after=${again.newer}`))).toEqual([11, 12, 1, 2]);
  });

  it('says when there is no such message', async () => {
    expect((await send(service.port, 'GET', `${path}&around=telegram:${GROUP}:999`)).status).toBe(404);
    expect((await send(service.port, 'GET', `${path}&around=nonsense`)).status).toBe(400);
    expect((await send(service.port, 'GET', '/api/conversation')).status).toBe(400);
  });
});

describe('GET /api/raw', () => {
  it('shows the line a message came from, and what an edit superseded', async () => {
    const raw = await get<RawLine>(`/api/raw?message=telegram:${GROUP}:2`);
    expect(raw.file).toMatch(/^telegram\/context_date=2026-03-20\/.*\.ndjson$/);
    expect(JSON.parse(raw.text)).toMatchObject({ _line: raw.line, edited_message: { text: 'resposta mudada' } });
    expect(raw.versions).toHaveLength(1);
    expect(raw.versions[0]?.at).toBe((TODAY - 20) * 1000);
    expect(JSON.parse(raw.versions[0]?.payload ?? '')).toMatchObject({ text: 'resposta 0' });
    const second = await get<RawLine>(`/api/raw?message=telegram:${GROUP}:12`);
    expect(JSON.parse(second.text)).toMatchObject({ _line: 2, message: { message_id: 12 } });
    expect(second.versions).toEqual([]);
  });

  it('shows that of WhatsApp', async () => {
    const raw = await get<RawLine>(`/api/raw?message=${encodeURIComponent(`whatsapp:${PHONE}:wamid.A=`)}`);
    expect(raw.text).toContain('wamid.A=');
  });
});
