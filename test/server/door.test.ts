import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plainRequest } from '../../src/server/plain-request.js';
import { payloadIn, rawLines } from '../lake/raw.js';
import { receiving, SECRET, signature, speak } from './receiving.js';

/** Connections are ended soon after the last answer; whoever is still sending has time. */
const LIMITS = { headersTimeout: 3000, requestTimeout: 3000, keepAliveTimeout: 100 };
const START = 'POST /webhook/telegram HTTP/1.1';
const HEADERS = ['Host: x', 'Content-Type: application/json', `X-Telegram-Bot-Api-Secret-Token: ${SECRET}`];

const request = (headers: readonly string[], body: string, start = START): string =>
  `${[start, ...headers, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`;
const update = (id: number): string => request(HEADERS, `{"update_id":${id}}`);

describe('a request in one piece', () => {
  const body = '{"update_id":1,"text":"é"}';
  const others = ['Accept: */*', 'User-Agent: a (b; c) d/1.0', 'Connection: Keep-Alive', 'X-Forwarded-For: 1.2.3.4, 5.6.7.8', 'Empty:'];
  it.each<[string, string]>([
    ['plain', request(HEADERS, body)],
    ['with more headers', request([...HEADERS, ...others], body)],
    [
      'with odd case and blanks',
      request(
        HEADERS.map((line) => line.replace(': ', ':\t ').replace('C', 'c').replace('X', 'x')),
        body,
      ),
    ],
    ['without an object', request(HEADERS, '[1]')],
    ['without JSON', request(HEADERS, '{"a":')],
    ['without a body', `${START}\r\n${HEADERS.join('\r\n')}\r\n\r\n`],
    ['with a body of no bytes', request(HEADERS, '')],
    ['with a query', request(HEADERS, body, 'POST /webhook/telegram?a=b HTTP/1.1')],
    ['to nobody', request(HEADERS, body, 'POST /webhook/nobody HTTP/1.1')],
    ['to the prototype', request(HEADERS, body, 'POST /webhook/constructor HTTP/1.1')],
    ['with another method', request(HEADERS, body, 'PUT /webhook/telegram HTTP/1.1')],
    ['of another version', request(HEADERS, body, 'POST /webhook/telegram HTTP/1.0')],
    ['of no version', request(HEADERS, body, 'POST /webhook/telegram')],
    ['with a wrong secret', request([...HEADERS.slice(0, 2), 'X-Telegram-Bot-Api-Secret-Token: wrong'], body)],
    ['with two secrets', request([...HEADERS, 'X-Telegram-Bot-Api-Secret-Token: wrong'], body)],
    ['without a secret', request(HEADERS.slice(0, 2), body)],
    ['of another type', request([HEADERS[0] ?? '', 'Content-Type: text/plain', HEADERS[2] ?? ''], body)],
    ['encoded', request([...HEADERS, 'Content-Encoding: gzip'], body)],
    ['without a host', request(HEADERS.slice(1), body)],
    ['with two hosts', request([...HEADERS, 'Host: y'], body)],
    ['in chunks', `${START}\r\n${HEADERS.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ['in chunks and with a length', request([...HEADERS, 'Transfer-Encoding: chunked'], body)],
    ['with two lengths', request([...HEADERS, 'Content-Length: 3'], body)],
    ['with a length of odd digits', `${START}\r\n${HEADERS.join('\r\n')}\r\nContent-Length: 0x2\r\n\r\n{}`],
    ['with a length and a sign', `${START}\r\n${HEADERS.join('\r\n')}\r\nContent-Length: +2\r\n\r\n{}`],
    ['with zeros before its length', `${START}\r\n${HEADERS.join('\r\n')}\r\nContent-Length: 002\r\n\r\n{}`],
    ['that closes', request([...HEADERS, 'Connection: close'], body)],
    ['that upgrades', request([...HEADERS, 'Connection: upgrade', 'Upgrade: websocket'], body)],
    ['that waits to go on', request([...HEADERS, 'Expect: 100-continue'], body)],
    ['with a folded header', request([...HEADERS, 'X-A: b\r\n c'], body)],
    ['with a blank before a colon', request([...HEADERS, 'X-A : b'], body)],
    ['with a header without a name', request([...HEADERS, ': b'], body)],
    ['with a header without a colon', request([...HEADERS, 'X-A'], body)],
    ['with a control character', request([...HEADERS, 'X-A: b\x01c'], body)],
    ['with a NUL', request([...HEADERS, 'X-A: b\0c'], body)],
    ['with bare line feeds', request(HEADERS, body).replaceAll('\r\n', '\n')],
    ['with a bare carriage return', request([...HEADERS, 'X-A: b\rc'], body)],
    ['after an empty line', `\r\n${request(HEADERS, body)}`],
    ['with a long head', request([...HEADERS, `X-A: ${'x'.repeat(6000)}`], body)],
    ['with the headers of an object', request([...HEADERS, '__proto__: a', 'constructor: b'], body)],
    ['to the other source', request(['Host: x', `X-Hub-Signature-256: ${signature(body)}`], body, 'POST /webhook/whatsapp HTTP/1.1')],
    [
      'of the other source, not signed',
      request(['Host: x', `X-Hub-Signature-256: ${signature('')}`], body, 'POST /webhook/whatsapp HTTP/1.1'),
    ],
  ])('%s: is answered and kept as in two pieces', async (_name, text) => {
    const whole = await receiving({ limits: LIMITS });
    const apart = await receiving({ limits: LIMITS });
    const bytes = Buffer.from(text);
    const [one, two] = await Promise.all([
      speak(whole.server.port, [{ text: bytes }]),
      speak(apart.server.port, [{ text: bytes.subarray(0, 9) }, { text: bytes.subarray(9), afterMs: 20 }]),
    ]);
    const comparable = ({ received }: { received: string }) => received.replace(/Date: .*\r\n/, 'Date\r\n').toLowerCase();
    expect(comparable(one)).toBe(comparable(two));
    expect(one.received).toMatch(/^HTTP\/1\.1 /);
    const kept = async ({ folder }: { folder: string }) =>
      (await rawLines(folder)).map((line) => line.text.replace(/"_received_at":\d+/, ''));
    expect(await kept(whole)).toEqual(await kept(apart));
  });
});

describe('what is read as a plain request', () => {
  it('is every one that the usual clients send', () => {
    for (const more of [[], ['Accept: */*'], ['Connection: keep-alive', 'Accept-Encoding: gzip, deflate'], ['X-Real-IP: 91.108.6.1']])
      expect(plainRequest(Buffer.from(request([...HEADERS, ...more], '{}')))).toMatchObject({
        path: '/webhook/telegram',
        body: Buffer.from('{}'),
      });
  });

  it('is what the full reader of HTTP reads too, whatever is changed in it', async () => {
    let seen: { method?: string | undefined; path?: string | undefined; headers: IncomingHttpHeaders; body: Buffer } | undefined;
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        seen = { method: incoming.method, path: incoming.url, headers: incoming.headers, body: Buffer.concat(chunks) };
        response.end();
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const port = (server.address() as AddressInfo).port;
    const plain = request([...HEADERS, 'Accept: */*'], '{"update_id":1}');
    const piece = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      ' ',
      ':',
      '\t',
      '\0',
      'a',
      '0',
      '/',
      '?',
      '%',
      ',',
      '"',
      'é',
      'Host: y\r\n',
      'Content-Length: 1\r\n',
      'X-A: b\r\n',
      '/../',
      '{}',
    );
    const change = fc.record({ at: fc.nat(plain.length), drop: fc.nat(3), piece });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let text = plain;
        for (const { at, drop, piece: added } of changes) text = text.slice(0, at) + added + text.slice(at + drop);
        const bytes = Buffer.from(text);
        const read = plainRequest(bytes);
        if (read === undefined) return;
        taken += 1;
        seen = undefined;
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        socket.end(bytes);
        socket.resume();
        await once(socket, 'close');
        expect(seen).toEqual({ method: 'POST', path: read.path, headers: { ...read.headers }, body: read.body });
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

describe('a connection', () => {
  it('may be used for request after request, plain and other ones', async () => {
    const { server, folder } = await receiving();
    const chunked = `${START}\r\n${HEADERS.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
    const parts = [update(1), update(2), chunked, update(3), request([...HEADERS, 'Connection: close'], '{"update_id":4}')];
    const { received } = await speak(
      server.port,
      parts.map((text) => ({ text, afterMs: 30 })),
    );
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(5);
    expect((await rawLines(folder)).map(({ text }) => payloadIn(text))).toEqual([
      '{"update_id":1}',
      '{"update_id":2}',
      '{}',
      '{"update_id":3}',
      '{"update_id":4}',
    ]);
  });

  it.each([1, 2, 3, 7])('whose sender does not wait for answers gets them in order (written %i at a time)', async (together) => {
    const { server, folder } = await receiving({ limits: LIMITS });
    const requests = Array.from({ length: 20 }, (_, id) => (id % 5 === 4 ? request(HEADERS.slice(0, 2), '{}') : update(id)));
    const texts: string[] = [];
    for (let at = 0; at < requests.length; at += together) texts.push(requests.slice(at, at + together).join(''));
    const { received } = await speak(
      server.port,
      texts.map((text) => ({ text })),
    );
    expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(
      requests.map((_, id) => (id % 5 === 4 ? '401' : '200')),
    );
    expect((await rawLines(folder)).length).toBe(16);
  });

  it('whose sender ended its half gets its answer', async () => {
    const { server, folder } = await receiving();
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    socket.on('data', (chunk: Buffer) => void (received += chunk.toString()));
    socket.end(update(1));
    await once(socket, 'end');
    expect(received).toMatch(/^HTTP\/1\.1 200 [^]*connection: close/i);
    expect((await rawLines(folder)).length).toBe(1);
  });

  it('that is gone before its answer has left its request in the lake', async () => {
    const { server, folder, metrics } = await receiving();
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    await new Promise<void>((resolve) => socket.write(update(1), () => resolve()));
    await expect.poll(async () => (await rawLines(folder)).length).toBe(1);
    socket.resetAndDestroy();
    await expect.poll(() => metrics.text()).toContain('chatlake_received_total{source="telegram"} 1');
  });

  it('that says nothing is ended', async () => {
    const { server } = await receiving({ limits: { headersTimeout: 300 } });
    expect((await speak(server.port, [])).ms).toBeGreaterThan(250);
  });

  it('that waits for nothing does not hold up a stop', async () => {
    const { server } = await receiving({ limits: { stopTimeout: 60_000 } });
    const idle = [speak(server.port, []), speak(server.port, [{ text: update(1) }])];
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.close();
    expect((await Promise.all(idle)).map(({ received }) => received.slice(0, 15))).toEqual(['', 'HTTP/1.1 200 OK']);
  });
});
