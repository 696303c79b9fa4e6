import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { botApi, refusalOf } from '../../../src/sources/telegram/client.js';
import { ALL_KINDS } from '../../../src/sources/telegram/kinds.js';
import { pollTelegram, type PollOptions } from '../../../src/sources/telegram/poll.js';
import { fakeBotApi, type FakeBotApi } from '../../support/bot-api.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const message = (text: string, chat = -100) => ({
  message: { message_id: 1, date: 1_700_000_000, chat: { id: chat, type: 'group' }, text },
});

let api: FakeBotApi;
let stop: AbortController;
let running: Promise<void>[];
beforeEach(async () => {
  api = await fakeBotApi({ token: TOKEN });
  stop = new AbortController();
  running = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.allSettled(running);
  await api.close();
});

/** Starts polling into memory; pauses are noted, not waited for. */
function poll(options: Partial<PollOptions> = {}) {
  const kept: string[] = [];
  const rejected: string[] = [];
  const pauses: number[] = [];
  const errors: Error[] = [];
  const done = pollTelegram({
    api: botApi({ token: TOKEN, apiUrl: api.url, fetch }),
    append: async (payload) => void kept.push(payload),
    reject: async (body) => void rejected.push(body),
    wants: () => true,
    signal: stop.signal,
    clock: { now: () => Date.now() },
    random: () => 0,
    sleep: async (ms) => {
      pauses.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
    waitSeconds: 20,
    onError: (error) => errors.push(error),
    ...options,
  });
  running.push(done);
  const ids = () => kept.map((text) => (JSON.parse(text) as { update_id: number }).update_id);
  return { done, kept, rejected, pauses, errors, ids };
}

const offsets = () => api.requests.filter((request) => request.method === 'getUpdates').map((request) => request.params['offset']);
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

describe('pollTelegram', () => {
  test('keeps every update as it came, in order, and confirms it afterwards', async () => {
    const first = api.send(message('one'));
    api.sendText(`{ "update_id" : ${first + 1},"message":{"text":"\\u00e9 \\"]"} }`);
    const run = poll();
    await eventually(() => expect(api.pending()).toEqual([]));
    expect(run.ids()).toEqual([first, first + 1]);
    expect(run.kept[1]).toBe(`{ "update_id" : ${first + 1},"message":{"text":"\\u00e9 \\"]"} }`);
    const third = api.send(message('three'));
    await eventually(() => expect(run.ids()).toContain(third));
    await eventually(() => expect(api.pending()).toEqual([]));
    expect(run.errors).toEqual([]);
  });

  test('asks for every kind by name, 100 at a time, and never for anything that destroys what is pending', async () => {
    poll();
    await eventually(() => expect(offsets().length).toBeGreaterThan(0));
    api.send({ message_reaction: { chat: { id: -100 }, message_id: 1, date: 1 } });
    for (let index = 0; index < 250; index += 1) api.send(message(String(index)));
    await eventually(() => expect(api.pending()).toEqual([]));
    for (const { method, params } of api.requests) {
      expect(method).toBe('getUpdates');
      expect(params).toMatchObject({ allowed_updates: ALL_KINDS, limit: 100 });
      expect(params).not.toHaveProperty('drop_pending_updates');
    }
    expect(offsets().filter((offset) => typeof offset === 'number' && offset < 0)).toEqual([]);
  });

  test('filters, counts what it filtered, and confirms it too', async () => {
    const counts = { received: 0, filtered: 0 };
    const first = api.send(message('in'));
    api.send(message('out', -7));
    const run = poll({
      wants: async (payload) => (payload['message'] as { chat: { id: number } }).chat.id === -100,
      onReceived: (n) => (counts.received += n),
      onFiltered: (n) => (counts.filtered += n),
    });
    await eventually(() => expect(api.pending()).toEqual([]));
    expect(run.ids()).toEqual([first]);
    expect(counts).toEqual({ received: 1, filtered: 1 });
  });

  test('confirms nothing from a failed append on, and gets it again', async () => {
    const ids = ['a', 'b', 'c', 'd'].map((text) => api.send(message(text)));
    const attempts: string[] = [];
    let broken = true;
    const run = poll({
      append: async (payload) => {
        attempts.push(payload);
        if (broken && payload.includes('"c"')) throw new Error('disk full');
      },
    });
    await eventually(() => expect(run.errors.length).toBeGreaterThan(2));
    expect(api.pending()).toEqual(ids.slice(2));
    expect(offsets()).not.toContain((ids[3] ?? 0) + 1);
    expect(run.pauses.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    broken = false;
    await eventually(() => expect(api.pending()).toEqual([]));
    expect(attempts.at(-1)).toContain('"d"');
  });

  test('a filter that must remember something and cannot holds back what follows', async () => {
    const ids = ['a', 'b', 'c'].map((text) => api.send(message(text)));
    const run = poll({
      wants: (payload) => ((payload['message'] as { text: string }).text === 'b' ? Promise.reject(new Error('lake')) : true),
    });
    await eventually(() => expect(run.errors.length).toBeGreaterThan(1));
    expect(api.pending()).toEqual(ids.slice(1));
    expect(run.ids()).toEqual([ids[0]]);
  });

  test('stopped before anything was durable, it confirms nothing: the next run receives it again', async () => {
    const id = api.send(message('precious'));
    const first = poll({
      append: () => {
        stop.abort();
        return Promise.reject(new Error('killed'));
      },
    });
    await first.done;
    expect(api.pending()).toEqual([id]);
    stop = new AbortController();
    const second = poll();
    await eventually(() => expect(second.ids()).toEqual([id]));
  });

  test('stopped while appending, it waits for the bytes to be durable and confirms them', async () => {
    api.send(message('last'));
    let durable: (() => void) | undefined;
    const run = poll({ append: () => new Promise<void>((resolve) => void (durable = resolve)) });
    await eventually(() => expect(durable).toBeDefined());
    stop.abort();
    durable?.();
    await run.done;
    expect(api.pending()).toEqual([]);
  });

  test('stopped while waiting, it ends at once', async () => {
    const run = poll({ waitSeconds: 50 });
    await eventually(() => expect(offsets().length).toBe(1));
    stop.abort();
    await run.done;
    expect(run.errors).toEqual([]);
  });

  test('what has no update_id is kept once in quarantine, and what stands beside it is not held up', async () => {
    api.sendText('"no object"');
    const id = api.send(message('good'));
    api.sendText('{"message":{"text":"no id"}}');
    const run = poll();
    await eventually(() => expect(api.pending()).toEqual([]));
    expect(run.rejected).toEqual(['"no object"', '{"message":{"text":"no id"}}']);
    expect(run.ids()).toEqual([id]);
  });

  test('answers of nothing but such elements do not make a tight loop, and are got past as soon as an id is known', async () => {
    api.sendText('[1]');
    const run = poll();
    await eventually(() => expect(run.pauses.length).toBeGreaterThan(3));
    expect(run.pauses.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(run.rejected).toEqual(['[1]']);
    const id = api.send(message('good'));
    await eventually(() => expect(api.pending()).toEqual([]));
    expect(run.ids()).toContain(id);
    api.sendText('{"update_id":"text"}');
    await eventually(() => expect(run.rejected.length).toBe(2));
  });

  test('ids that start again lower are received, and confirmed', async () => {
    api.send(message('before'));
    const run = poll({ waitSeconds: 0 });
    await eventually(() => expect(api.pending()).toEqual([]));
    await eventually(() => expect(offsets().at(-1)).toBeUndefined());
    api.idsContinueAt(17);
    api.send(message('after'));
    await eventually(() => expect(run.ids()).toContain(17));
    await eventually(() => expect(api.pending()).toEqual([]));
  });

  test('waits as long as Telegram asks when there were too many requests', async () => {
    api.failNext('getUpdates', { status: 429, retryAfter: 7 });
    const id = api.send(message('later'));
    const run = poll();
    await eventually(() => expect(run.ids()).toEqual([id]));
    expect(run.pauses[0]).toBe(7_000);
    expect(refusalOf(run.errors[0])?.retry_after).toBe(7);
  });

  test('outlives cut connections, server errors and garbage, with growing pauses', async () => {
    api.failNext('getUpdates', { reset: true }, 2);
    api.failNext('getUpdates', { status: 502, body: '<html>Bad Gateway</html>' });
    api.failNext('getUpdates', { body: '{"ok":true,"result":[{"update_id":' });
    api.failNext('getUpdates', { body: '{"ok":true,"result":{}}' });
    api.failNext('getUpdates', { status: 500 }, 4);
    const id = api.send(message('still here'));
    const run = poll();
    await eventually(() => expect(run.ids()).toEqual([id]));
    expect(run.pauses.slice(0, 9)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(run.errors.map((error) => error.message).join('\n')).not.toContain(TOKEN);
  });

  test('pauses start small again once an answer came through', async () => {
    api.failNext('getUpdates', { status: 500 }, 3);
    const run = poll();
    await eventually(() => expect(offsets().length).toBe(4));
    const id = api.send(message('through'));
    await eventually(() => expect(run.ids()).toEqual([id]));
    api.failNext('getUpdates', { status: 500 });
    api.send(message('again'));
    await eventually(() => expect(run.pauses.length).toBe(4));
    expect(run.pauses).toEqual([1_000, 2_000, 4_000, 1_000]);
  });

  test('a wrong token ends it with what to do', async () => {
    const wrong = botApi({ token: '123456789:AAanother-token-of-the-same-bot', apiUrl: api.url, fetch });
    await expect(poll({ api: wrong }).done).rejects.toMatchObject({
      code: 'PLATFORM',
      message: expect.stringContaining('TELEGRAM_BOT_TOKEN') as string,
    });
  });

  test('a webhook ends it with the host only, and how to remove it', async () => {
    const client = botApi({ token: TOKEN, apiUrl: api.url, fetch });
    await client.setWebhook({ url: 'https://lake.example/secret-path', secret_token: 's', allowed_updates: [] });
    const error: unknown = await poll().done.catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('lake.example');
    expect(String(error)).toContain('chatlake webhook delete');
    expect(String(error)).not.toContain('secret-path');
  });

  test('another poller interrupts it, and it goes on when that one is gone', async () => {
    const other = new AbortController();
    const run = poll();
    await eventually(() => expect(offsets().length).toBe(1));
    const elsewhere = botApi({ token: TOKEN, apiUrl: api.url, fetch })
      .getUpdates({ timeout: 20 }, { signal: other.signal })
      .catch(() => []);
    await eventually(() => expect(run.errors[0]?.message).toContain('Another process polls'));
    other.abort();
    await elsewhere;
    const id = api.send(message('mine'));
    await eventually(() => expect(run.ids()).toContain(id));
  });

  test('a server that answers an empty poll at once is not asked in a tight loop', async () => {
    api.failNext('getUpdates', { body: '{"ok":true,"result":[]}' }, 3);
    const run = poll({ clock: { now: () => 1_000 } });
    await eventually(() => expect(run.pauses.length).toBeGreaterThanOrEqual(3));
    expect(run.pauses[0]).toBe(500);
  });
});
