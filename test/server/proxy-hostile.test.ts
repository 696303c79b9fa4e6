import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BOT_TOKEN, platform, proxying } from './proxying.js';

const bot = `/proxy/telegram/bot${BOT_TOKEN}`;

/** A platform that answers each connection with these bytes; its address. */
async function saying(answer: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What comes back for these bytes until the server ends the connection or, where an `end` is given, until that has come. */
async function told(port: number, bytes: string, end?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.write(bytes);
  for await (const chunk of socket) {
    text += String(chunk);
    if (end !== undefined && text.includes(end)) break;
  }
  return text;
}

describe('a call that means harm', () => {
  const inner = 'POST /bot1:other/getMe HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
  const chunks = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;

  it.each([
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n${chunks}`],
    ['whose length is said to be for the connection only', `Content-Length: ${inner.length}\r\nConnection: content-length\r\n\r\n${inner}`],
    ['with a length', `Content-Length: ${inner.length}\r\n\r\n${inner}`],
  ])('hides no other call in a body %s', async (_, rest) => {
    const seen: string[] = [];
    const url = await platform((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        seen.push(`${request.url} ${Buffer.concat(parts).toString()}`);
        response.end('{}');
      });
    });
    const { port } = await proxying({ env: { TELEGRAM_API_URL: url } });
    await told(port, `GET ${bot}/getMe HTTP/1.1\r\nHost: a\r\n${rest}`, '{}');
    // Over the same connection to the platform, where a hidden call's answer would be taken for this one's.
    await told(port, `GET ${bot}/getFile HTTP/1.1\r\nHost: a\r\n\r\n`, '{}');
    expect(seen).toEqual([`/bot${BOT_TOKEN}/getMe ${inner}`, `/bot${BOT_TOKEN}/getFile `]);
  });

  it('has as many headers as it likes, and loses none of them, nor its body', async () => {
    const seen: string[] = [];
    const url = await platform((request, response) => {
      request.on('data', (part) => seen.push(`${String(request.headers['x-last'])} ${String(part)}`));
      request.on('end', () => response.end('{}'));
    });
    const { port } = await proxying({ env: { TELEGRAM_API_URL: url } });
    const headers = `${'A:\r\n'.repeat(900)}X-Last: 1\r\nContent-Length: 4`;
    await told(port, `POST ${bot}/getMe HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\nbody`, '{}');
    expect(seen).toEqual(['1 body']);
  });

  it('that was refused may not hold its connection by a body that never comes', async () => {
    const { port } = await proxying({});
    const text = await told(port, 'POST /proxy/telegram/bot1:other/sendMessage HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 401/);
  });
});

describe('a platform whose answer has no body', () => {
  it.each(['204 No Content', '304 Not Modified'])('may tell a length all the same: %s', async (status) => {
    const { port } = await proxying({ env: { TELEGRAM_API_URL: await saying(`HTTP/1.1 ${status}\r\nContent-Length: 5\r\n\r\n`) } });
    const text = await told(port, `GET /proxy/telegram/file/bot${BOT_TOKEN}/a.jpg HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(`HTTP/1.1 ${status}`);
  });
});

describe('a platform whose answer cannot be passed on', () => {
  it.each(['HTTP/1.1 099 Odd', 'HTTP/1.1 200 \u0001\u0002', 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x', 'no HTTP'])(
    'is a bad gateway: %j',
    async (head) => {
      const { url } = await proxying({ env: { TELEGRAM_API_URL: await saying(`${head}\r\nContent-Length: 2\r\n\r\n{}`) } });
      const response = await fetch(`${url}${bot}/sendMessage`, { method: 'POST', body: '{}' });
      expect([response.status, await response.json()]).toEqual([502, { ok: false, error_code: 502, description: 'Bad Gateway' }]);
    },
  );
});
