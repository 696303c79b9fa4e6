import { describe, expect, it, onTestFinished } from 'vitest';
import type { SetupView } from '../../src/server/api-types.js';
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
