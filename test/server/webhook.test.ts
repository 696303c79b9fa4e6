import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lake/disks.js';
import { payloadIn, rawLines } from '../lake/raw.js';
import { receiving, send, signature, toTelegram, toWhatsapp, VERIFY_TOKEN } from './receiving.js';

const update = '{"update_id":1,"message":{"message_id":1,"chat":{"id":-1},"date":1720000000,"text":"oi"}}';

describe('POST /webhook/telegram', () => {
  it('answers 200 with the update in the lake', async () => {
    const { server, folder } = await receiving();
    const answer = await toTelegram(server.port, update);
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect((await rawLines(folder)).map((line) => payloadIn(line.text))).toEqual([update]);
  });

  it.each([
    ['a wrong secret', 'test_secret-2'],
    ['no secret', undefined],
    ['an empty secret', ''],
    ['the secret with more behind it', 'test_secret-1x'],
    ['the start of the secret', 'test_secret-'],
    ['the secret in capitals', 'TEST_SECRET-1'],
    ['an overlong secret', 'test_secret-1'.repeat(500)],
  ])('answers 401 to %s and keeps nothing', async (_name, secret) => {
    const { server, folder, metrics } = await receiving();
    const headers: Record<string, string> = secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret };
    expect((await send(server.port, 'POST', '/webhook/telegram', headers, update)).status).toBe(401);
    expect(await rawLines(folder)).toEqual([]);
    expect(await metrics.text()).toContain('chatlake_refused_total{source="telegram",reason="secret"} 1');
  });

  it('takes a query in the address, and no other path', async () => {
    const { server } = await receiving();
    const headers = { 'x-telegram-bot-api-secret-token': 'test_secret-1' };
    expect((await send(server.port, 'POST', '/webhook/telegram?x=1', headers, update)).status).toBe(200);
    for (const path of [
      '/webhook/telegram/',
      '/webhook/',
      '/webhook/signal',
      '/webhook/Telegram',
      '/webhook/telegram%00',
      '/webhook/__proto__',
    ]) {
      expect((await send(server.port, 'POST', path, headers, update)).status).toBe(404);
    }
  });

  it('is not there without a secret in the settings', async () => {
    const { server } = await receiving({ sources: ['whatsapp'] });
    expect((await toTelegram(server.port, update)).status).toBe(404);
  });

  it('answers other methods with 405 and what is allowed', async () => {
    const { server } = await receiving();
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect(await send(server.port, method, '/webhook/telegram')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    }
    expect(await send(server.port, 'DELETE', '/webhook/whatsapp')).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
  });

  it.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON ;charset=UTF-8', 200],
    ['text/plain', 415],
    ['application/json-patch+json', 415],
    ['application/x-www-form-urlencoded', 415],
  ])('answers the media type %s with %i', async (type, status) => {
    const { server } = await receiving();
    expect((await toTelegram(server.port, update, { 'content-type': type })).status).toBe(status);
  });

  it('refuses compressed bodies', async () => {
    const { server } = await receiving();
    expect((await toTelegram(server.port, update, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await toTelegram(server.port, update, { 'content-encoding': 'identity' })).status).toBe(200);
  });

  it('answers 503 with Retry-After while the lake cannot be written', async () => {
    const folder = join(await temporaryFolder(), 'raw');
    const { server, metrics, logged } = await receiving({ folder });
    await rm(folder, { recursive: true, force: true });
    await writeFile(folder, 'in the way');
    expect(await toTelegram(server.port, update)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect((await send(server.port, 'GET', '/readyz')).status).toBe(503);
    expect((await send(server.port, 'GET', '/healthz')).status).toBe(200);
    expect(await metrics.text()).toContain('reason="lake_unavailable"} 1');
    expect(logged.join()).toContain('a file stands where a folder is needed');
  });

  it('filters other chats out and says so in the metrics', async () => {
    const { server, folder, metrics } = await receiving({ chatIds: [-1] });
    expect((await toTelegram(server.port, update)).status).toBe(200);
    expect((await toTelegram(server.port, update.replace('"id":-1', '"id":-2'))).status).toBe(200);
    expect((await rawLines(folder)).length).toBe(1);
    const text = await metrics.text();
    expect(text).toContain('chatlake_filtered_total{source="telegram"} 1');
    expect(text).toContain('chatlake_received_total{source="telegram"} 1');
  });

  it('keeps what a filter could read either way: a key that stands twice', async () => {
    const { server, folder } = await receiving({ chatIds: [-1], phoneNumberIds: ['1'] });
    const twice = '{"update_id":1,"message":{"chat":{"id":-1}},"message":{"chat":{"id":-2}}}';
    expect((await toTelegram(server.port, twice)).status).toBe(200);
    const change = (id: number) => `{"value":{"metadata":{"phone_number_id":"${id}"}}}`;
    const other = `{"entry":[{"changes":[${change(1)}],"changes":[${change(2)}]}]}`;
    expect((await toWhatsapp(server.port, other)).status).toBe(200);
    expect((await toWhatsapp(server.port, `{"entry":[{"changes":[${change(2)}]}]}`)).status).toBe(200);
    expect((await rawLines(folder)).map((line) => payloadIn(line.text))).toEqual([twice, other]);
  });

  it('follows a group that changes its id, after a restart and in another process too', async () => {
    const { server, folder } = await receiving({ chatIds: [-1] });
    const other = await receiving({ folder, chatIds: [-1] });
    const from = (id: number, extra = '') => `{"update_id":1,"message":{"message_id":1,"chat":{"id":${id}},"date":1${extra}}}`;
    await toTelegram(other.server.port, from(-7));
    await toTelegram(server.port, from(-1, ',"migrate_to_chat_id":-1002'));
    for (const { port } of [server, other.server, (await receiving({ folder, chatIds: [-1] })).server]) await toTelegram(port, from(-1002));
    expect((await rawLines(folder)).filter((line) => line.text.includes('{"id":-1002}')).length).toBe(3);
    expect((await rawLines(folder)).filter((line) => line.text.includes('{"id":-7}')).length).toBe(0);
  });

  it('answers 503 when it cannot remember that a group changed its id', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '_state'), 'in the way');
    const { server, logged } = await receiving({ folder, chatIds: [-1] });
    const body = '{"update_id":1,"message":{"message_id":1,"chat":{"id":-1},"date":1,"migrate_to_chat_id":-1002}}';
    expect((await toTelegram(server.port, body)).status).toBe(503);
    expect(await rawLines(folder)).toEqual([]);
    expect(logged.length).toBe(1);
  });
});

describe('/webhook/whatsapp', () => {
  const body = '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[]}]}';

  it('answers the handshake with the challenge, or 403', async () => {
    const { server } = await receiving();
    const ask = (token: string, mode = 'subscribe', challenge = '&hub.challenge=12%3C3') =>
      send(server.port, 'GET', `/webhook/whatsapp?hub.mode=${mode}&hub.verify_token=${encodeURIComponent(token)}${challenge}`);
    expect(await ask(VERIFY_TOKEN)).toMatchObject({ status: 200, body: '12<3', headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect((await ask('wrong')).status).toBe(403);
    expect((await ask(VERIFY_TOKEN, 'unsubscribe')).status).toBe(403);
    expect((await ask(VERIFY_TOKEN, 'subscribe', '')).status).toBe(403);
    expect((await send(server.port, 'GET', '/webhook/whatsapp')).status).toBe(403);
  });

  it('takes a body whose bytes were signed, spaces and escapes as they are', async () => {
    const { server, folder } = await receiving();
    const odd = '{ "object" : "x\\u00e9é",\n"entry":[ ] }\n';
    expect((await toWhatsapp(server.port, body)).status).toBe(200);
    expect((await toWhatsapp(server.port, odd)).status).toBe(200);
    expect((await rawLines(folder)).map((line) => payloadIn(line.text))).toEqual([body, odd.replaceAll('\n', ' ')]);
  });

  it.each([
    ['of another body', signature('{}')],
    ['with another secret', signature(body, 'other')],
    ['of no length', 'sha256='],
    ['of another algorithm', signature(body).replace('sha256', 'sha1')],
    ['cut short', signature(body).slice(0, -2)],
    ['with more behind it', `${signature(body)}00`],
    ['that is no hex', `sha256=${'z'.repeat(64)}`],
  ])('answers 401 to a signature %s', async (_name, given) => {
    const { server, folder } = await receiving();
    expect((await toWhatsapp(server.port, body, { 'x-hub-signature-256': given })).status).toBe(401);
    expect((await send(server.port, 'POST', '/webhook/whatsapp', {}, body)).status).toBe(401);
    expect(await rawLines(folder)).toEqual([]);
  });
});
