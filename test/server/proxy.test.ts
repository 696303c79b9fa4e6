import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChatlakeError } from '../../src/errors.js';
import { fakeGraphApi } from '../support/graph-api.js';
import { BOT_TOKEN, CLOUD_TOKEN, platform, proxying } from './proxying.js';

const MIB = 1024 * 1024;
const bot = `/proxy/telegram/bot${BOT_TOKEN}`;
const message = { message_id: 5, chat: { id: -100, type: 'group', title: 'g' }, date: 1_720_000_000, text: 'hello' };
const ACCEPTED = JSON.stringify({ ok: true, result: message });
const MARK = { method: 'sendMessage', message };

const telegramAt = (url: string, more: Record<string, string> = {}) => proxying({ env: { TELEGRAM_API_URL: url, ...more } });
const post = (url: string, body: object = { chat_id: -100, text: 'hello' }, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const bodyOf = async (message: IncomingMessage) => Buffer.concat((await message.toArray()) as Buffer[]);
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let round = 0; round < 2000 && !(await holds()); round += 1) await delay(10);
};

describe('a call that is passed on', () => {
  it('reaches the platform as it was made, and its answer comes back as it was given', async () => {
    let seen: { method?: string | undefined; url?: string | undefined; headers: string[]; body: string } | undefined;
    const url = await platform((request, response) => {
      void bodyOf(request).then((body) => {
        seen = { method: request.method, url: request.url, headers: request.rawHeaders, body: body.toString() };
        response.writeHead(418, 'Odd Teapot', [
          'X-Odd',
          'one',
          'X-Odd',
          'two',
          'Content-Type',
          'text/odd',
          'Keep-Alive',
          'timeout=1',
          'Content-Length',
          '3',
        ]);
        response.end('odd');
      });
    });
    const { port } = await telegramAt(`${url}/base`);
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `${bot}/getOdd?a=%20b&c`,
      headers: { 'X-Case': 'Kept', 'content-type': 'odd/type', connection: 'close, x-hop', 'x-hop': '1', 'content-length': '4' },
    });
    request.end('body');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(seen).toMatchObject({ method: 'POST', url: `/base/bot${BOT_TOKEN}/getOdd?a=%20b&c`, body: 'body' });
    expect(seen?.headers).toEqual(expect.arrayContaining(['X-Case', 'Kept', 'host', new URL(url).host]));
    expect(seen?.headers.join().toLowerCase()).not.toContain('x-hop');
    expect([response.statusCode, response.statusMessage, (await bodyOf(response)).toString()]).toEqual([418, 'Odd Teapot', 'odd']);
    expect(response.rawHeaders.join()).toMatch(
      /^X-Odd,one,X-Odd,two,Content-Type,text\/odd,Content-Length,3,Date,[^]*GMT(,Connection,close)?$/,
    );
  });

  it.each([
    [429, '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}'],
    [500, 'Internal Server Error'],
    [502, '<html>bad gateway</html>'],
    [400, '{"ok":false,"error_code":400,"description":"Bad Request"}'],
  ])('is answered %i as the platform answered it, once, and nothing is in the lake', async (status, body) => {
    let calls = 0;
    const url = await platform((_, response) => {
      calls += 1;
      response.writeHead(status, { 'retry-after': '7' }).end(body);
    });
    const { url: ours, outbound, metrics } = await telegramAt(url);
    const answer = await post(`${ours}${bot}/sendMessage`);
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([status, '7', body]);
    expect(calls).toBe(1);
    expect(await outbound(0)).toEqual([]);
    expect(await metrics.text()).not.toMatch(/chatlake_outbound_lost_total\{/);
  });

  it('goes over a connection that stays open', async () => {
    const ports = new Set<number | undefined>();
    const url = await platform((request, response) => {
      ports.add(request.socket.remotePort);
      response.end(ACCEPTED);
    });
    const { url: ours, outbound } = await telegramAt(url);
    for (let call = 0; call < 5; call += 1) await (await post(`${ours}${bot}/sendMessage`)).text();
    expect(ports.size).toBe(1);
    expect(await outbound(5)).toEqual([MARK, MARK, MARK, MARK, MARK]);
  });

  it('is answered 502 when the platform is not there or breaks off, in its own words and without the token', async () => {
    const url = await platform((request) => request.socket.destroy());
    const { url: ours, logged, metrics } = await telegramAt(url);
    const answer = await post(`${ours}${bot}/sendMessage`);
    expect([answer.status, await answer.json()]).toEqual([502, { ok: false, error_code: 502, description: 'Bad Gateway' }]);
    expect(logged.join()).not.toContain(BOT_TOKEN.slice(10));
    expect(await metrics.text()).toContain('chatlake_proxy_failed_total{source="telegram"} 1');
  });

  it('waits for a slow platform, and a slow upload may take longer than any other request', async () => {
    const url = await platform((request, response) => {
      void bodyOf(request).then(() => setTimeout(() => response.end(ACCEPTED), 300));
    });
    const { port, outbound } = await telegramAt(url);
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `${bot}/sendMessage`,
      headers: { 'content-length': '9' },
    });
    for (const part of ['{"a"', ':12', '}']) {
      request.write(part);
      await delay(300);
    }
    request.end(' ');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await bodyOf(response)).toString()).toBe(ACCEPTED);
    expect(await outbound(1)).toEqual([MARK]);
  });
});

describe('large bodies', () => {
  it('stream through in both directions, with flat memory', { timeout: 400_000 }, async () => {
    const size = 1024 * MIB;
    const chunk = randomBytes(MIB);
    let uploaded = 0;
    const url = await platform((request, response) => {
      if (request.method === 'POST') {
        request.on('data', (part: Buffer) => (uploaded += part.length));
        request.on('end', () => response.end(ACCEPTED));
        return;
      }
      response.writeHead(200, { 'content-length': String(size) });
      let left = size;
      const more = () => {
        while (left > 0) {
          left -= chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const { port, outbound } = await telegramAt(url);
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    onTestFinished(() => clearInterval(watch));
    const before = process.memoryUsage().rss;

    const down = httpRequest({ port, host: '127.0.0.1', path: `/proxy/telegram/file/bot${BOT_TOKEN}/documents/file_1.bin` }).end();
    const [response] = (await once(down, 'response')) as [IncomingMessage];
    let received = 0;
    for await (const part of response) received += (part as Buffer).length;
    expect(received).toBe(size);

    const up = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `${bot}/sendDocument`,
      headers: { 'content-length': String(256 * MIB) },
    });
    for (let sent = 0; sent < 256; sent += 1) if (!up.write(chunk)) await once(up, 'drain');
    up.end();
    await once(up, 'response');
    expect(uploaded).toBe(256 * MIB);
    expect(await outbound(1)).toEqual([{ method: 'sendDocument', message }]);
    // The platform, the proxy and the bot are all in this process.
    expect(peak - before).toBeLessThan(200 * MIB);
  });
});

/** Begins a call whose body has `length` bytes, and goes away after the first of them. */
async function hangUpAmid(port: number, method: string, length: number, reached: () => Promise<unknown> = () => delay(100)): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST ${bot}/${method} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\nhalf`);
  await reached();
  socket.destroy();
}

describe('a connection that breaks off', () => {
  it('on the side of the platform breaks off for the bot too, leaves nothing in the lake, and is counted', async () => {
    const url = await platform((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(ACCEPTED);
      setTimeout(() => response.destroy(), 50);
    });
    const { url: ours, outbound, metrics } = await telegramAt(url);
    const answer = await post(`${ours}${bot}/sendMessage`);
    await expect(answer.text()).rejects.toThrow(/terminated|aborted/);
    expect(await outbound(0)).toEqual([]);
    expect(await metrics.text()).toContain('chatlake_outbound_lost_total{source="telegram",reason="unreadable"} 1');
  });

  it('on the side of the bot, while it downloads or waits, ends at the platform too', async () => {
    let ended = 0;
    let stop = new AbortController();
    const url = await platform((request, response) => {
      request.socket.once('close', () => (ended += 1));
      if (request.url?.includes('/file/')) response.write('begun');
      setTimeout(() => stop.abort(), 100);
    });
    const { url: ours } = await telegramAt(url);
    for (const path of [`/proxy/telegram/file/bot${BOT_TOKEN}/a.bin`, `${bot}/getUpdates`]) {
      stop = new AbortController();
      await fetch(`${ours}${path}`, { signal: stop.signal })
        .then((answer) => answer.text())
        .catch(() => undefined);
    }
    await until(() => ended === 2);
    expect(ended).toBe(2);
  });

  it('on the side of the bot, after the platform has the whole message, does not keep the message out of the lake', async () => {
    const stop = new AbortController();
    const url = await platform((request, response) => {
      void bodyOf(request).then(() => {
        stop.abort();
        setTimeout(() => response.end(ACCEPTED), 200);
      });
    });
    const { url: ours, outbound } = await telegramAt(url);
    await expect(fetch(`${ours}${bot}/sendMessage`, { method: 'POST', body: '{}', signal: stop.signal })).rejects.toThrow(/abort/);
    expect(await outbound(1)).toEqual([MARK]);
  });

  it('on the side of the bot, with answers that wait behind the one to an earlier call, keeps none of their messages out of the lake', async () => {
    const answers: (() => void)[] = [];
    const url = await platform((request, response) => void bodyOf(request).then(() => answers.push(() => response.end(ACCEPTED))));
    const { port, outbound } = await telegramAt(url);
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(`POST ${bot}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`.repeat(3));
    await until(() => answers.length === 3);
    answers.pop()?.();
    await delay(100);
    socket.destroy();
    await delay(100);
    for (const answer of answers) answer();
    expect(await outbound(3)).toEqual([MARK, MARK, MARK]);
  });

  it('on the side of the bot, in the middle of a call, keeps the call from the platform', async () => {
    const called: string[] = [];
    const url = await platform((request, response) => {
      called.push(request.url ?? '');
      response.end('{}');
    });
    const { port, outbound } = await telegramAt(url);
    await hangUpAmid(port, 'sendMessage', 1000);
    expect(await (await fetch(`http://127.0.0.1:${port}${bot}/getMe`, { method: 'POST' })).text()).toBe('{}');
    expect(called).toEqual([expect.stringMatching(/getMe$/)]);
    expect(await outbound(0)).toEqual([]);
  });

  it('on the side of the bot, in the middle of an upload, is no message', async () => {
    let begun = false;
    let broken = false;
    const url = await platform((request) => {
      begun = true;
      request.on('error', () => (broken = true));
      request.resume();
    });
    const { port, outbound } = await telegramAt(url);
    await hangUpAmid(port, 'sendDocument', 1000000, () => until(() => begun));
    await until(() => broken);
    expect(broken).toBe(true);
    expect(await outbound(0)).toEqual([]);
  });
});

describe('the copy of an answer', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('is read when it is compressed with %s, and the bot gets the bytes as they were', async (encoding, compress) => {
    const body = compress(ACCEPTED);
    const url = await platform((_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body));
    const { port, outbound } = await telegramAt(url);
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: `${bot}/sendMessage` }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.headers['content-encoding']).toBe(encoding);
    expect(await bodyOf(response)).toEqual(body);
    expect(await outbound(1)).toEqual([MARK]);
  });

  it('has an end: a larger one, and one that grows beyond all measure, are counted as lost and passed on whole', async () => {
    const bodies = [Buffer.alloc(5 * MIB, ' '), gzipSync(Buffer.alloc(64 * MIB, ' ')), Buffer.from('<html>')];
    const url = await platform((request, response) => {
      const which = Number(new URL(request.url ?? '', 'http://x').searchParams.get('which'));
      response.writeHead(200, which === 1 ? { 'content-encoding': 'gzip' } : {}).end(bodies[which]);
    });
    const { port, outbound, metrics } = await telegramAt(url);
    for (const [which, body] of bodies.entries()) {
      const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: `${bot}/sendMessage?which=${which}` }).end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      expect((await bodyOf(response)).equals(body)).toBe(true);
    }
    const counts = async () =>
      [...(await metrics.text()).matchAll(/chatlake_outbound_lost_total\{source="telegram",reason="(\w+)"\} (\d)/g)].map(
        ([, reason, n]) => `${reason} ${n}`,
      );
    await until(async () => (await counts()).join() === 'too_large 1,unreadable 2');
    expect(await counts()).toEqual(['too_large 1', 'unreadable 2']);
    expect(await outbound(0)).toEqual([]);
  });
});

describe('a lake that cannot be written', () => {
  it('neither delays nor fails a call: what is lost is counted and logged', async () => {
    const url = await platform((_, response) => void response.end(ACCEPTED));
    const failing = { done: undefined as ((error: Error) => void) | undefined };
    const {
      url: ours,
      metrics,
      logged,
    } = await proxying({
      env: { TELEGRAM_API_URL: url },
      rawLog: (log) => ({ ...log, append: (_source, _payload, done) => void (failing.done = done) }),
    });
    const answer = await post(`${ours}${bot}/sendMessage`);
    expect(await answer.text()).toBe(ACCEPTED);
    await until(() => failing.done !== undefined);
    failing.done?.(new ChatlakeError('LAKE_UNAVAILABLE', 'The disk is full'));
    await until(() => logged.length > 0);
    expect(await metrics.text()).toContain('chatlake_outbound_lost_total{source="telegram",reason="lake_unavailable"} 1');
    expect(logged.join()).toContain('a message that was sent is not in the lake');
    expect(logged.join()).not.toContain('hello');
  });
});

describe('the way to the platforms', () => {
  const REFUSED: readonly (readonly [status: number, path: string, init?: RequestInit])[] = [
    [401, `/proxy/telegram/bot${BOT_TOKEN}x/getMe`],
    [401, `/proxy/telegram/bot${BOT_TOKEN.slice(0, -1)}/getMe`],
    [401, `/proxy/telegram/bot${BOT_TOKEN.toLowerCase()}/getMe`],
    [401, '/proxy/telegram/bot%00/getMe'],
    [401, '/proxy/telegram/file/bot1:a/photos/1.jpg'],
    [404, `/proxy/telegram/bot${BOT_TOKEN}/../getMe`],
    [404, `/proxy/telegram/bot${BOT_TOKEN}/get/Me`],
    [404, `/proxy/telegram/bot${BOT_TOKEN}/`],
    [404, `/proxy/telegram/file/bot${BOT_TOKEN}/%2e%2e/%2e%2e/bot1:a/getMe`],
    [404, '/proxy/telegram/'],
    [404, '/proxy/other/bot1:a/getMe'],
    [404, '/proxy/http://example.com/'],
    [404, '/proxy/whatsapp/v26.0/106/../me'],
    [404, '/proxy/whatsapp/v26.0/me'],
    [404, '/proxy/whatsapp/latest/106/messages'],
    [404, '/proxy/whatsapp/v26.0/oauth/access_token'],
    [404, '/proxy/whatsapp/v26.0/upload:x/../106'],
    [404, '/proxy/whatsapp/v26.0/upload:%2e%2e%2f106'],
    [404, `/proxy/telegram/bot%zz/getMe`],
    [405, `/proxy/telegram/bot${BOT_TOKEN}/getMe`, { method: 'DELETE' }],
    [405, '/proxy/whatsapp/v26.0/106', { method: 'PUT', headers: { authorization: `Bearer ${CLOUD_TOKEN}` } }],
    [401, '/proxy/whatsapp/v26.0/106', { method: 'DELETE' }],
    [403, `/proxy/telegram/bot${BOT_TOKEN}/getMe`, { headers: { origin: 'http://127.0.0.1' } }],
    [401, '/proxy/whatsapp/v26.0/106/messages', { method: 'POST' }],
    [401, '/proxy/whatsapp/v26.0/106/messages', { method: 'POST', headers: { authorization: 'Bearer wrong' } }],
    [401, `/proxy/whatsapp/v26.0/106?access_token=wrong`, { headers: { authorization: `Bearer ${CLOUD_TOKEN}` } }],
    [401, `/proxy/whatsapp/v26.0/106?access_token=${CLOUD_TOKEN}`, { headers: { authorization: 'Basic eDp5' } }],
    [401, '/proxy/whatsapp/v26.0/106', { headers: { authorization: [`Bearer ${CLOUD_TOKEN}`, 'Bearer wrong'] as never } }],
  ];

  it('is open to the tokens of this lake, for the paths of the platforms, and to nothing else', async () => {
    let calls = 0;
    const url = await platform((_, response) => {
      calls += 1;
      response.end('{}');
    });
    const { port } = await proxying({ env: { TELEGRAM_API_URL: url, WHATSAPP_API_URL: url } });
    for (const [status, path, init] of REFUSED) {
      // As it is written: fetch would tidy the path.
      const request = httpRequest({
        port,
        host: '127.0.0.1',
        path,
        method: init?.method ?? 'GET',
        headers: (init?.headers ?? {}) as Record<string, string>,
      }).end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      expect([path, response.statusCode]).toEqual([path, status]);
    }
    expect(calls).toBe(0);
    expect((await fetch(`http://127.0.0.1:${port}/proxy/telegram/bot${encodeURIComponent(BOT_TOKEN)}/getMe`)).status).toBe(200);
    expect(calls).toBe(1);
  });

  it('is closed where no token is set, or when it is switched off; and takes any token where that is asked for', async () => {
    const url = await platform((_, response) => void response.end(ACCEPTED));
    const statusWith = async (env: Record<string, string>, token = BOT_TOKEN) =>
      (await fetch(`${(await proxying({ env: { TELEGRAM_API_URL: url, ...env } })).url}/proxy/telegram/bot${token}/getMe`)).status;
    expect(await statusWith({ TELEGRAM_BOT_TOKEN: '' })).toBe(404);
    expect(await statusWith({ CHATLAKE_PROXY: 'off' })).not.toBe(200);
    expect(await statusWith({ CHATLAKE_PROXY: 'any', TELEGRAM_BOT_TOKEN: '' }, '1:other')).toBe(200);
    await expect(proxying({ env: { CHATLAKE_PROXY: 'any', CHATLAKE_HOST: '0.0.0.0', CHATLAKE_PASSWORD: 'x' } })).rejects.toThrow(
      /CHATLAKE_PROXY may be any only/,
    );
  });

  it('keeps to the filters of what is received', async () => {
    const url = await platform((_, response) => void response.end(ACCEPTED));
    const { url: ours, metrics, outbound } = await telegramAt(url, { TELEGRAM_CHAT_ID: '-999' });
    expect((await post(`${ours}${bot}/sendMessage`)).status).toBe(200);
    await until(async () => (await metrics.text()).includes('chatlake_outbound_filtered_total{source="telegram"} 1'));
    expect(await outbound(0)).toEqual([]);
  });
});

describe('a business that sends through the proxy', () => {
  it('may delete what it uploaded', async () => {
    const url = await platform((request, response) => void response.end(`${request.method} ${request.url}`));
    const { url: ours } = await proxying({ env: { WHATSAPP_API_URL: url } });
    const headers = { authorization: `Bearer ${CLOUD_TOKEN}` };
    const answer = await fetch(`${ours}/proxy/whatsapp/v26.0/777`, { method: 'DELETE', headers });
    expect(await answer.text()).toBe('DELETE /v26.0/777');
  });

  it.each([
    ['POST', 'app/uploads?file_length=5&file_type=image/jpeg'],
    ['POST', 'upload:MTphdHRhY2htZW50OjAwMDA=?sig=ARZ_kq-x'],
    ['GET', 'upload%3AMTphdHRhY2htZW50OjAwMDA%3D?sig=ARZ_kq-x'],
    ['POST', 'Y2FwaV9ncm91cDoxMDY6MTIwMzYz/participants'],
    ['DELETE', 'Y2FwaV9ncm91cDoxMDY6MTIwMzY0Mg=='],
  ])('may call %s %s: an id of the Graph API need not be a number', async (method, path) => {
    const url = await platform((request, response) => void response.end(`${request.method} ${request.url}`));
    const { url: ours } = await proxying({ env: { WHATSAPP_API_URL: url } });
    const answer = await fetch(`${ours}/proxy/whatsapp/v26.0/${path}`, { method, headers: { authorization: `OAuth ${CLOUD_TOKEN}` } });
    expect(await answer.text()).toBe(`${method} /v26.0/${path}`);
  });

  it('has its messages in the lake, with the wamid; receipts, media and refused messages are none', async () => {
    const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
    onTestFinished(() => graph.close());
    const { url, outbound, folder, logged, metrics } = await proxying({ env: { WHATSAPP_API_URL: graph.url } });
    const call = (body: object, path = '106/messages', auth: Record<string, string> = { authorization: `Bearer ${CLOUD_TOKEN}` }) =>
      post(`${url}/proxy/whatsapp/v26.0/${path}`, body, auth);
    const text = { messaging_product: 'whatsapp', to: '+55 11 99999-0000', type: 'text', text: { body: 'olá' } };
    expect(await (await call(text)).json()).toMatchObject({ messages: [{ id: 'wamid.fake1' }] });
    expect((await call({ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.x' })).status).toBe(200);
    expect(await (await call({}, '106/media')).json()).toEqual({ id: '777' });
    expect((await call(text, `106/messages?access_token=${CLOUD_TOKEN}`, {})).status).toBe(200);
    const asked = new URLSearchParams({ to: '5511999990000', text: '{"body":"olá"}', method: 'post', access_token: CLOUD_TOKEN });
    expect((await fetch(`${url}/proxy/whatsapp/v26.0/106/messages?${asked.toString()}`)).status).toBe(200);
    graph.failNext({ status: 400, body: '{"error":{"code":131026}}' });
    expect(await (await call(text)).text()).toBe('{"error":{"code":131026}}');
    const lines = await outbound(3);
    expect(lines).toEqual([
      {
        phone_number_id: '106',
        date: expect.any(Number) as number,
        request: text,
        response: expect.objectContaining({ messages: [{ id: 'wamid.fake1' }] }) as object,
      },
      expect.objectContaining({ response: expect.objectContaining({ messages: [{ id: 'wamid.fake2' }] }) as object }),
      expect.objectContaining({ request: { to: '5511999990000', text: { body: 'olá' } } }),
    ]);
    expect(graph.sent.length).toBe(3);
    expect((await call({ ...text, text: { body: 'x'.repeat(600_000) } })).status).toBe(200);
    await until(async () => (await metrics.text()).includes('chatlake_outbound_lost_total{source="whatsapp",reason="too_large"} 1'));
    expect(await metrics.text()).toContain('chatlake_outbound_lost_total{source="whatsapp",reason="too_large"} 1');
    expect(JSON.stringify([lines, logged, folder])).not.toContain(CLOUD_TOKEN);
  });
});
