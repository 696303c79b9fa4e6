import { describe, expect, it, onTestFinished } from 'vitest';
import type { DoctorView, SetupView, WebhooksView } from '../../src/server/api-types.js';
import { botApi } from '../../src/sources/telegram/client.js';
import { newLake } from '../support/lake.js';
import { fakeBotApi } from '../support/bot-api.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { send, toTelegram } from './receiving.js';
import { newService } from './service.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const GROUP = -100200;

describe('GET /api/setup', () => {
  it('follows each step from the token to the first message as it succeeds', async () => {
    const api = await fakeBotApi({
      token: TOKEN,
      me: { id: 9, first_name: 'Lake', username: 'lake_bot', can_read_all_group_messages: false },
    });
    onTestFinished(() => api.close());
    const lake = await newLake();
    lake.clock.now = () => Date.now();
    const service = await newService(lake, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: api.url, WHATSAPP_APP_SECRET: '' });
    const setup = async () => JSON.parse((await send(service.port, 'GET', '/api/setup')).body) as SetupView;
    const states = async () => (await setup()).steps.map(({ id, state }) => `${id} ${state}`);
    expect(await states()).toEqual(['token done', 'group waiting', 'privacy todo', 'message waiting']);
    expect((await setup()).bot).toEqual({ name: 'Lake', username: 'lake_bot' });

    await toTelegram(
      service.port,
      JSON.stringify(telegramMessage({ id: 1, chat: GROUP, date: Math.floor(Date.now() / 1000), text: '/start' })),
    );
    await expect.poll(states, { timeout: 5000, interval: 200 }).toEqual(['token done', 'group done', 'privacy todo', 'message done']);
    expect((await setup()).chats).toEqual([{ id: String(GROUP), type: 'supergroup', title: 'The group', messages: 1 }]);

    api.setMember(GROUP, 9, { status: 'administrator' });
    await expect.poll(states, { timeout: 10_000, interval: 500 }).toEqual(['token done', 'group done', 'privacy done', 'message done']);
    expect((await setup()).done).toBe(true);
    expect(api.requests.length).toBeLessThan(12);
    expect(JSON.stringify(await setup())).not.toContain(TOKEN);
  });

  it('says when the token is wrong', async () => {
    const api = await fakeBotApi({ token: TOKEN });
    onTestFinished(() => api.close());
    const service = await newService(await newLake(), { TELEGRAM_BOT_TOKEN: `${TOKEN}x`, TELEGRAM_API_URL: api.url });
    const answer = await send(service.port, 'GET', '/api/setup');
    const { steps } = JSON.parse(answer.body) as SetupView;
    expect(steps.find(({ id }) => id === 'token')).toMatchObject({ state: 'failed' });
    expect(answer.body).not.toContain(TOKEN);
  });
});

describe('GET /api/webhooks', () => {
  it('tells what waits at Telegram and what went wrong there, and no secret', async () => {
    const api = await fakeBotApi({ token: TOKEN, anyWebhook: true });
    onTestFinished(() => api.close());
    const client = botApi({ token: TOKEN, apiUrl: api.url, fetch });
    await client.setWebhook({
      url: 'http://127.0.0.1:9/hooks/of-my-own?key=hush',
      secret_token: 's',
      max_connections: 7,
      allowed_updates: [],
    });
    api.send({ message: { message_id: 1, date: 1, chat: { id: 1 }, text: 'x' } });
    const service = await newService(await newLake(), { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: api.url });
    const { body } = await send(service.port, 'GET', '/api/webhooks');
    const { telegram, whatsapp } = JSON.parse(body) as WebhooksView;
    expect(telegram).toMatchObject({ state: 'set', url: 'http://127.0.0.1:9/…', pending: 1, maxConnections: 7 });
    expect(whatsapp).toEqual({ state: 'set' });
    expect(body).not.toMatch(/hush|of-my-own|AAfake/);
  });
});

describe('GET /api/doctor', () => {
  it('says the same in the language asked for', async () => {
    const service = await newService(await newLake(), { TELEGRAM_BOT_TOKEN: '', TELEGRAM_WEBHOOK_SECRET: 's' });
    const asked = async (query: string) => JSON.parse((await send(service.port, 'GET', `/api/doctor${query}`)).body) as DoctorView;
    const subjects = async (query: string) => (await asked(query)).findings.map(({ subject }) => subject);
    expect(await subjects('')).toContain('time zone');
    expect(await subjects('?lang=pt-BR')).toContain('fuso horário');
    expect(await subjects('?lang=es')).toContain('zona horaria');
    expect((await send(service.port, 'GET', '/api/doctor?lang=xx')).status).toBe(400);
  });
});
