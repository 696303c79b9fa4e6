import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChatlakeError } from '../../../src/errors.js';
import { botApi, refusalOf } from '../../../src/sources/telegram/client.js';
import { closedAddress, fakeBotApi, type FakeBotApi } from '../../support/bot-api.js';

const TOKEN = '123456789:AAfake-token_for-tests-0123456789';
const SECRET_HALF = TOKEN.split(':')[1] ?? '';

let api: FakeBotApi;
beforeEach(async () => void (api = await fakeBotApi({ token: TOKEN })));
afterEach(() => api.close());

const client = (apiUrl = api.url, timeoutMs = 5_000) => botApi({ token: TOKEN, apiUrl, fetch, timeoutMs });

async function failureOf(work: Promise<unknown>): Promise<ChatlakeError> {
  const error: unknown = await work.then(
    () => expect.fail('it should have failed'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChatlakeError);
  return error as ChatlakeError;
}

/** Everything a log could print of an error. */
function everything(error: Error): string {
  return [
    inspect(error, { depth: 10, showHidden: true }),
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    inspect(refusalOf(error)),
  ].join('\n');
}

function expectNoToken(error: Error): void {
  const text = everything(error);
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain(SECRET_HALF);
  expect(text).not.toContain(encodeURIComponent(TOKEN));
}

describe('botApi', () => {
  test('speaks the methods of the Bot API', async () => {
    api.setChat({ id: -100, type: 'supergroup', title: 'Group' });
    api.setMember(-100, 123456789, { status: 'administrator' });
    api.setFile('f1', Buffer.from('hello'));
    expect((await client().getMe()).username).toBe('fake_bot');
    expect((await client().getChat(-100)).title).toBe('Group');
    expect((await client().getChatMember(-100, 123456789)).status).toBe('administrator');
    expect(await client().getFile('f1')).toMatchObject({ file_size: 5, file_path: 'documents/f1' });
    await client().setWebhook({
      url: 'https://lake.example/webhook/telegram',
      secret_token: 's3cret',
      allowed_updates: ['message'],
      max_connections: 7,
    });
    expect(await client().getWebhookInfo()).toMatchObject({
      url: 'https://lake.example/webhook/telegram',
      max_connections: 7,
      allowed_updates: ['message'],
    });
    expect(api.requests.at(-2)?.params).toEqual({
      url: 'https://lake.example/webhook/telegram',
      secret_token: 's3cret',
      allowed_updates: ['message'],
      max_connections: 7,
    });
    await client().deleteWebhook({ drop_pending_updates: true });
    expect((await client().getWebhookInfo()).url).toBe('');
  });

  test('hands updates over as they stand in the answer', async () => {
    const text = '{ "update_id":5,\n "message" : {"text":"a\\u00e9\\ud83d\\ude00 \\"]}\\\\", "n": 1.0, "big": 4503599627370497} }';
    api.sendText(text);
    const [update] = await client().getUpdates({ limit: 1 });
    expect(update?.text).toBe(text);
    expect(update?.value).toEqual(JSON.parse(text));
  });

  test('tells what was refused, with what Telegram says to do next', async () => {
    api.failNext('getUpdates', { status: 429, retryAfter: 9 });
    const tooMany = await failureOf(client().getUpdates({}));
    expect(tooMany.code).toBe('PLATFORM');
    expect(refusalOf(tooMany)).toMatchObject({ method: 'getUpdates', httpStatus: 429, error_code: 429, retry_after: 9 });

    api.failNext('getChat', {
      status: 400,
      body: '{"ok":false,"error_code":400,"description":"moved","parameters":{"migrate_to_chat_id":-1002}}',
    });
    expect(refusalOf(await failureOf(client().getChat(-5)))).toMatchObject({ migrate_to_chat_id: -1002, description: 'moved' });
    expect(refusalOf(new Error('other'))).toBeUndefined();
  });

  test.each([
    ['a 4xx that quotes the address', { status: 404, description: 'Not Found: /bot{token}/getMe' }],
    ['a 5xx page that quotes the address', { status: 502, body: '<html>cannot reach /bot{token}/getMe</html>' }],
    ['an answer that is not JSON', { body: '{"ok":true,"result":{"t":"{token}"' }],
    ['JSON that is no answer', { body: '["{token}"]' }],
    ['a result of the wrong shape', { body: '{"ok":true,"result":"{token}"}' }],
    ['a redirect', { status: 302, body: '/bot{token}/getMe' }],
  ])('a refusal holds no token: %s', async (_, fault) => {
    api.failNext('getMe', fault);
    const error = await failureOf(client().getMe());
    expect(error.code).toBe('PLATFORM');
    expectNoToken(error);
  });

  test('what answers in place of the Bot API has no error_code', async () => {
    api.failNext('getMe', { status: 404, body: '<html>no such site</html>' });
    const refusal = refusalOf(await failureOf(client().getMe()));
    expect(refusal?.httpStatus).toBe(404);
    expect(refusal?.error_code).toBeUndefined();
  });

  test.each([
    ['a name that does not resolve', async () => 'http://chatlake-no-such-host.invalid', /names? /],
    ['a port nothing listens on', closedAddress, /refused/],
    ['an address fetch refuses', async () => 'http://user:password@127.0.0.1:9999', /failed/],
    ['a port fetch refuses', async () => 'http://127.0.0.1:1', /failed/],
  ])('a network failure holds no token: %s', async (_, address, why) => {
    const error = await failureOf(client(await address()).getMe());
    expect(error.code).toBe('NETWORK');
    expect(error.message).toMatch(why);
    expect(everything(error)).not.toContain('password');
    expectNoToken(error);
  });

  test('a cut connection and a cut body are network failures without the token', async () => {
    api.failNext('getMe', { reset: true });
    const reset = await failureOf(client().getMe());
    expect(reset.code).toBe('NETWORK');
    expectNoToken(reset);

    const half = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"ok":');
      setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve));
    const cut = await failureOf(client(`http://127.0.0.1:${(half.address() as AddressInfo).port}`).getMe());
    half.close();
    expect(cut.code).toBe('NETWORK');
    expectNoToken(cut);
  });

  test('does not follow a redirect, which would hand the token to another host', async () => {
    const elsewhere = createServer((request, response) => response.writeHead(307, { location: `${api.url}${request.url}` }).end());
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const error = await failureOf(client(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`).getMe());
    elsewhere.close();
    expect(refusalOf(error)?.httpStatus).toBe(307);
    expect(api.requests).toEqual([]);
    expectNoToken(error);
  });

  test('an address that is none is a wrong setting', () => {
    expect(() => client('http://')).toThrow(/TELEGRAM_API_URL/);
  });

  test('gives up after its time limit, and at once when the caller stops it', async () => {
    api.failNext('getMe', { delayMs: 2_000 }, 2);
    expect((await failureOf(client(api.url, 30).getMe())).message).toContain('no answer within');
    const stop = new AbortController();
    const call = failureOf(client().getMe({ signal: stop.signal }));
    stop.abort();
    expect((await call).code).toBe('CANCELLED');
    expect((await failureOf(client().getMe({ signal: stop.signal }))).code).toBe('CANCELLED');
  });
});
