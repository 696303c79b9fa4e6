import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { rawLines } from '../lake/raw.js';
import { receiving, SECRET, send, speak, toTelegram } from './receiving.js';

const MIB = 1024 * 1024;
const head = (more: string, secret = SECRET) =>
  `POST /webhook/telegram HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: ${secret}\r\n${more}\r\n`;

describe('the size of a body', () => {
  it('may be 4 MiB', async () => {
    const { server, folder } = await receiving();
    const body = `{"text":"${'x'.repeat(4 * MIB - 11)}"}`;
    expect(Buffer.byteLength(body)).toBe(4 * MIB);
    expect((await toTelegram(server.port, body)).status).toBe(200);
    expect((await rawLines(folder)).length).toBe(1);
  });

  it('is refused above it: a client that sends 5 MB at once sees the 413', async () => {
    const { server, folder } = await receiving();
    for (let round = 0; round < 5; round++) expect((await toTelegram(server.port, Buffer.alloc(5_000_000, 'x'))).status).toBe(413);
    expect(await rawLines(folder)).toEqual([]);
  });

  it('is counted while it comes when it was not declared', async () => {
    const { server } = await receiving();
    const body = Buffer.concat([
      Buffer.from(head('Transfer-Encoding: chunked\r\n') + (5_000_000).toString(16) + '\r\n'),
      Buffer.alloc(5_000_000, 'x'),
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    expect((await speak(server.port, [{ text: body }])).received).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is refused by its declaration, before a byte of it', async () => {
    const { server } = await receiving();
    const { received } = await speak(server.port, [{ text: head('Content-Length: 99999999999\r\n') }]);
    expect(received).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
  });

  it('counts with all others: beyond the total, senders are told to try again', async () => {
    const { server, metrics } = await receiving({ limits: { maxBodies: 100_000 } });
    const slow = connect({ port: server.port, host: '127.0.0.1' });
    slow.on('error', () => undefined);
    slow.write(head('Content-Length: 90000\r\n') + 'x'.repeat(80_000));
    const another = () => toTelegram(server.port, `{"text":"${'x'.repeat(30_000)}"}`);
    await expect.poll(another).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    slow.destroy();
    await expect.poll(another).toMatchObject({ status: 200 });
    expect(await metrics.text()).toContain('reason="aborted"} 1');
  });
});

describe('a refused sender', () => {
  it('is answered before its body is read', async () => {
    const { server } = await receiving();
    const { received } = await speak(server.port, [{ text: head('Content-Length: 3000000\r\n', 'wrong') }, { text: 'x', afterMs: 100 }]);
    expect(received).toMatch(/^HTTP\/1\.1 401 .*connection: close/is);
  });

  it('may go on with the connection after a small body', async () => {
    const { server } = await receiving();
    const wrong = `${head('Content-Length: 2\r\n', 'wrong')}{}`;
    const right = `${head('Content-Length: 2\r\nConnection: close\r\n')}{}`;
    expect((await speak(server.port, [{ text: wrong + right }])).received).toMatch(/^HTTP\/1\.1 401 [^]*HTTP\/1\.1 200 /);
  });

  it('is not asked for the body it offers with "Expect: 100-continue"', async () => {
    const { server } = await receiving();
    const offer = (secret: string) =>
      new Promise<{ continued: boolean; status: number }>((resolve, reject) => {
        let continued = false;
        const headers = { 'x-telegram-bot-api-secret-token': secret, 'content-length': '2', expect: '100-continue' };
        const request = httpRequest(
          { port: server.port, host: '127.0.0.1', method: 'POST', path: '/webhook/telegram', headers },
          (response) => {
            resolve({ continued, status: response.statusCode ?? 0 });
            request.destroy();
          },
        );
        request.on('continue', () => {
          continued = true;
          request.end('{}');
        });
        request.on('error', reject);
        request.flushHeaders();
      });
    expect(await offer(SECRET)).toEqual({ continued: true, status: 200 });
    expect(await offer('wrong')).toEqual({ continued: false, status: 401 });
  });
});

describe('slow and broken senders', () => {
  const limits = { headersTimeout: 300, requestTimeout: 600, keepAliveTimeout: 300 };

  it('are cut when their headers, their body or their next request do not come', async () => {
    const { server, folder } = await receiving({ limits });
    const cut = await Promise.all([
      speak(server.port, [{ text: 'POST /webhook/telegram HTTP/1.1\r\nHo' }]),
      speak(server.port, [{ text: head('Content-Length: 100\r\n') + '{' }]),
      speak(server.port, [{ text: head('Content-Length: 2\r\n') + '{}' }]),
      speak(
        server.port,
        Array.from({ length: 20 }, () => ({ text: 'X', afterMs: 100 })),
      ),
    ]);
    expect(cut[0]?.received).toMatch(/^HTTP\/1\.1 408/);
    expect(cut[2]?.received).toMatch(/^HTTP\/1\.1 200/);
    expect((await rawLines(folder)).length).toBe(1);
  });

  it('do not keep others waiting', async () => {
    const { server } = await receiving();
    const slow = Array.from({ length: 300 }, () => connect({ port: server.port, host: '127.0.0.1' }).on('error', () => undefined));
    for (const socket of slow) socket.write(head('Content-Length: 1000\r\n') + '{');
    expect((await toTelegram(server.port, '{}')).status).toBe(200);
    // Answered while all of them are still waited for.
    expect(slow.filter((socket) => socket.destroyed)).toEqual([]);
    for (const socket of slow) socket.destroy();
  });

  it.each([
    ['garbage', '\x16\x03\x01\x02\x00\x01\r\n\r\n', 400],
    ['headers beyond 16 KiB', head(`X: ${'x'.repeat(20_000)}\r\n`), 431],
    ['two lengths', head('Content-Length: 2\r\nContent-Length: 3\r\n') + '{}', 400],
    ['a length and chunks', head('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n') + '{}', 400],
    ['a broken chunk', head('Transfer-Encoding: chunked\r\n') + 'zz\r\n', 400],
  ])('that send %s are answered %#', async (_name, text, status) => {
    const { server } = await receiving();
    expect((await speak(server.port, [{ text }])).received).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
    expect((await send(server.port, 'GET', '/healthz')).status).toBe(200);
  });

  it('that go away in the middle leave nothing behind', async () => {
    const { server, folder, metrics } = await receiving();
    for (let round = 0; round < 20; round++) {
      const socket = connect({ port: server.port, host: '127.0.0.1' });
      await new Promise<void>((resolve) => socket.write(head('Content-Length: 100\r\n') + '{"a":', () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.resetAndDestroy();
    }
    expect((await toTelegram(server.port, '{}')).status).toBe(200);
    expect((await rawLines(folder)).length).toBe(1);
    expect(await metrics.text()).toMatch(/reason="aborted"\} \d+/);
  });
});
