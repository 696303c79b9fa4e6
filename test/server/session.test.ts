import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuestionsView } from '../../src/analysis/types.js';
import type { SessionView, ShareView } from '../../src/server/api-types.js';
import { etl, lay, newLake, openLake, removeLake, type TestLake } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { type Answer, send, speak, toTelegram } from './receiving.js';
import { newService, openService, type Service } from './service.js';

const PASSWORD = 'correct horse: bâtterie';
const TOKEN = 'token-for-scripts-0123456789';
let lake: TestLake;
let service: Service;
beforeAll(async () => {
  lake = await openLake();
  lake.clock.at = Date.now();
  const date = Math.floor(lake.clock.at / 1000);
  await lay(lake, 'telegram', lake.clock.at, [
    telegramMessage({ id: 1, date, text: 'oi' }),
    telegramMessage({ id: 2, chat: -300, date: date - 1, text: 'onde fica a loja?' }),
    telegramMessage({ id: 3, chat: -100, date, text: 'onde fica a loja?' }),
  ]);
  await etl(lake);
  service = await openService(lake, { CHATLAKE_PASSWORD: PASSWORD, CHATLAKE_API_TOKENS: TOKEN });
});
afterAll(async () => {
  await service.close();
  await removeLake(lake);
});

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = {}, port = service.port) =>
  send(port, 'POST', path, { ...JSON_TYPE, ...headers }, JSON.stringify(body));
const get = (path: string, headers: Record<string, string> = {}, port = service.port) => send(port, 'GET', path, headers);
const cookieOf = (answer: Answer): string => (answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
const login = async (port = service.port) => cookieOf(await post('/login', { password: PASSWORD }, {}, port));
const sessionOf = async (headers: Record<string, string>) => JSON.parse((await get('/api/session', headers)).body) as SessionView;
const DATA = [
  '/api/messages',
  '/api/health',
  '/api/sql/catalog',
  '/api/quarantine',
  '/api/storage',
  '/api/runs',
  '/api/doctor',
  '/api/live',
  '/metrics',
];

describe('with a password', () => {
  it('nothing of the lake is shown to who has not given it, and the page itself is', async () => {
    for (const path of DATA) expect({ path, status: (await get(path)).status }).toEqual({ path, status: 401 });
    for (const path of ['/api/sql', '/api/sql/export', '/api/share', '/logout'])
      expect({ path, status: (await post(path, {})).status }).toEqual({ path, status: 401 });
    expect(await sessionOf({})).toMatchObject({ password: true, as: 'none', sql: false });
    expect((await toTelegram(service.port, '{}')).status).toBe(200);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('a session opens everything, in a cookie that no script reads and no other site sends', async () => {
    const answer = await post('/login', { password: PASSWORD });
    expect(answer.status).toBe(200);
    const [set] = answer.headers['set-cookie'] ?? [];
    expect(set).toMatch(/^chatlake_session=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = cookieOf(answer);
    expect(await sessionOf({ cookie })).toMatchObject({ as: 'person', sql: true, share: true });
    for (const path of DATA.filter((one) => one !== '/api/live')) expect((await get(path, { cookie })).status).toBe(200);
    const tls = await post('/login', { password: PASSWORD }, { 'x-forwarded-proto': 'https' });
    expect(tls.headers['set-cookie']?.[0]).toContain('; Secure');
  });

  it('a changed or foreign cookie opens nothing', async () => {
    const cookie = await login();
    const [name, value = ''] = cookie.split('=');
    const [body = '', mac = ''] = value.split('.');
    const forged = Buffer.from(body, 'base64url')
      .toString()
      .replace(/"e":\d+/, '"e":9999999999999');
    for (const other of [`${body}.${mac.slice(1)}`, `${Buffer.from(forged).toString('base64url')}.${mac}`, body, '.', ''])
      expect((await get('/api/health', { cookie: `${name}=${other}` })).status).toBe(401);
  });

  it('signing out ends the session, copies of its cookie too', async () => {
    const cookie = await login();
    const other = await login();
    const answer = await post('/logout', {}, { cookie });
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^chatlake_session=; Max-Age=0/);
    expect((await get('/api/health', { cookie })).status).toBe(401);
    expect((await get('/api/health', { cookie: other })).status).toBe(200);
  });

  it('a session ends after a week, outlives a restart, and ends when the password changes', async () => {
    const cookie = await login();
    const again = await newService(lake, { CHATLAKE_PASSWORD: PASSWORD });
    expect((await get('/api/health', { cookie }, again.port)).status).toBe(200);
    const changed = await newService(lake, { CHATLAKE_PASSWORD: `${PASSWORD}!` });
    expect((await get('/api/health', { cookie }, changed.port)).status).toBe(401);
    const now = lake.clock.at;
    lake.clock.at = now + 8 * 86_400_000;
    expect((await get('/api/health', { cookie })).status).toBe(401);
    lake.clock.at = now;
  });

  it('a wrong password is told, and guesses are limited, while who is in stays in', async () => {
    const own = await newService(lake, { CHATLAKE_PASSWORD: PASSWORD });
    const cookie = await login(own.port);
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) statuses.push((await post('/login', { password: `guess ${guess}` }, {}, own.port)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.slice(10)).toEqual([429, 429]);
    const refused = await post('/login', { password: PASSWORD }, {}, own.port);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    expect((await get('/api/health', { cookie }, own.port)).status).toBe(200);
    const basic = { authorization: `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}` };
    expect((await get('/api/health', basic, own.port)).status).toBe(429);
  });

  it('scripts give the password as Basic, or a token', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}` };
    expect((await get('/api/health', basic)).status).toBe(200);
    expect((await get('/api/health', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await get('/api/health', { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
    expect(await sessionOf({ authorization: `Bearer ${TOKEN}` })).toMatchObject({ as: 'script', sql: true });
  });

  it('asks an address bar and a script for it, and leaves the page to ask in its own words', async () => {
    expect((await get('/api/health')).headers['www-authenticate']).toMatch(/^Basic/);
    expect(
      (await get('/api/health', { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' })).headers['www-authenticate'],
    ).toBeUndefined();
  });
});

describe('a body', () => {
  const headers = { ...JSON_TYPE, authorization: `Bearer ${TOKEN}` };
  it('may come in parts of no declared size, up to the limit', async () => {
    const chunked = (sql: string) => speakChunked(JSON.stringify({ sql }));
    const speakChunked = async (body: string) => {
      const lines = Object.entries({ host: 'localhost', ...headers, 'transfer-encoding': 'chunked', connection: 'close' });
      const head = `POST /api/sql HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
      return (await speak(service.port, [{ text: `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` }])).received;
    };
    expect(await chunked('SELECT 5 AS five')).toMatch(/^HTTP\/1\.1 200 [\s\S]*"rows":\[\[5\]\]/);
    expect(await chunked(' '.repeat(1024 * 1024))).toMatch(/^HTTP\/1\.1 413 /);
  });
  it.each(['OPTIONS', 'PUT', 'DELETE', 'POST'])('may be absent: %s', async (method) => {
    expect((await send(service.port, method, '/api/nothing', { authorization: headers.authorization })).status).toBe(404);
  });
  it('is not sent for HEAD, which is answered as GET is', async () => {
    expect(await send(service.port, 'HEAD', '/')).toMatchObject({ status: (await get('/')).status, body: '' });
  });
});

describe('requests of other sites', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
  ])('change and ask nothing: %j', async (headers) => {
    const cookie = await login();
    for (const path of ['/api/sql', '/api/share', '/logout', '/login'])
      expect((await post(path, { sql: 'SELECT 1' }, { ...headers, cookie } as Record<string, string>)).status).toBe(403);
    expect((await get('/api/health', { cookie })).status).toBe(200);
  });

  it('may lead a visitor here, but not read', async () => {
    const cookie = await login();
    const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', cookie };
    expect((await get('/api/health', visit)).status).toBe(200);
    expect((await get('/api/health', { ...visit, 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
  });

  it('are told from those of the page', async () => {
    const cookie = await login();
    const own = { origin: `http://127.0.0.1:${service.port}`, cookie };
    expect((await post('/api/sql', { sql: 'SELECT 1' }, own)).status).toBe(200);
    expect((await post('/api/sql', { sql: 'SELECT 1' }, { ...own, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('cannot pass as forms: only JSON is taken', async () => {
    const cookie = await login();
    const answer = await send(service.port, 'POST', '/api/sql', { cookie, 'content-type': 'text/plain' }, '{"sql":"SELECT 1"}');
    expect(answer.status).toBe(400);
  });
});

describe('without a password', () => {
  it('only this computer may look, and neither a tunnel nor another name', async () => {
    const own = await newService(lake);
    for (const path of ['/api/health', '/metrics']) {
      expect((await get(path, { host: `localhost:${own.port}` }, own.port)).status).toBe(200);
      for (const headers of [
        { host: 'evil.example' },
        { 'x-forwarded-for': '203.0.113.7' },
        { 'x-forwarded-host': 'lake.example' },
        { 'cf-connecting-ip': '203.0.113.7' },
        { forwarded: 'for=203.0.113.7' },
      ])
        expect((await get(path, headers as Record<string, string>, own.port)).status).toBe(403);
    }
    const visitor = await get('/', { host: 'evil.example' }, own.port);
    expect(visitor.status).toBe(403);
    expect((await toTelegram(own.port, '{}', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
    expect((await post('/api/share', { address: '/' }, {}, own.port)).status).toBe(400);
  });

  it('a token opens it from elsewhere', async () => {
    const own = await newService(lake, { CHATLAKE_API_TOKENS: TOKEN });
    const headers = { host: 'lake.example', authorization: `Bearer ${TOKEN}` };
    expect((await get('/api/health', headers, own.port)).status).toBe(200);
    expect((await get('/api/health', { ...headers, authorization: 'Bearer guess' }, own.port)).status).toBe(403);
  });
});

describe('a read-only link', () => {
  const shared = async (address: string, days = 7) => {
    const answer = await post('/api/share', { address, days }, { cookie: await login() });
    expect(answer.status).toBe(200);
    const { url } = JSON.parse(answer.body) as ShareView;
    const path = new URL(url).pathname;
    const opened = await get(path);
    return { path, opened, cookie: cookieOf(opened) };
  };

  it('opens its view and leads to its address', async () => {
    const { opened, cookie } = await shared('/messages?period=7d');
    expect(opened).toMatchObject({ status: 303, headers: { location: '/messages?period=7d' } });
    expect(opened.headers['set-cookie']?.[0]).toContain('HttpOnly');
    expect((await get('/api/messages?period=7d', { cookie })).status).toBe(200);
    expect(await sessionOf({ cookie })).toMatchObject({ as: 'link', sql: false, share: false, address: '/messages?period=7d' });
    expect((await sessionOf({ cookie })).days).toEqual({ from: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), to: null });
  });

  it('may hold any letters', async () => {
    const { opened, cookie } = await shared('/messages?period=7d&q=ação "日本"'.replaceAll(' ', '%20'));
    expect(opened).toMatchObject({ status: 303, headers: { location: '/messages?period=7d&q=a%C3%A7%C3%A3o%20%22%E6%97%A5%E6%9C%AC%22' } });
    expect((await get('/api/messages?period=7d', { cookie })).status).toBe(200);
  });

  it('opens no SQL, no raw lines, nothing that changes and no wider view', async () => {
    const { cookie } = await shared('/messages?period=7d&conversation=telegram:-100');
    const status = async (path: string) => (await get(path, { cookie })).status;
    expect(await status('/api/messages?period=7d&conversation=telegram:-100')).toBe(200);
    expect(await status('/api/messages?period=today&conversation=telegram:-100&q=oi')).toBe(200);
    for (const path of [
      '/api/messages?period=7d',
      '/api/messages?period=30d&conversation=telegram:-100',
      '/api/messages?conversation=telegram:-100',
      '/api/messages?period=7d&period=all&conversation=telegram:-100',
      '/api/messages?period=7d&conversation=telegram:-100&conversation=telegram:-200',
      '/api/messages?period=2020-01-01..2020-01-02&conversation=telegram:-100',
      '/api/raw?message=telegram:-100:1',
      '/api/conversation?conversation=telegram:-100',
      ...DATA.filter((one) => one !== '/api/messages'),
    ])
      expect({ path, status: await status(path) }).toEqual({ path, status: 403 });
    for (const path of ['/api/sql', '/api/sql/export', '/api/share', '/logout'])
      expect((await post(path, { sql: 'SELECT 1', address: '/' }, { cookie })).status).toBe(403);
  });

  it('tells of no conversation beyond its view, not by the examples of questions either', async () => {
    const path = '/api/questions?period=7d&conversation=telegram:-100';
    const { cookie } = await shared('/questions?period=7d&conversation=telegram:-100');
    const { body } = await get(path, { cookie });
    expect((JSON.parse(body) as QuestionsView).groups[0]?.examples).toEqual([{ text: 'onde fica a loja?', count: 1, message: null }]);
    expect(body).not.toContain('-300');
    expect((await get(path, { cookie: await login() })).body).toContain('"message":"telegram:-300:2"');
  });

  it('expires', async () => {
    const { path, cookie } = await shared('/', 1);
    const now = lake.clock.at;
    lake.clock.at = now + 2 * 86_400_000;
    expect((await get(path)).status).toBe(410);
    expect((await get('/api/messages', { cookie })).status).toBe(401);
    lake.clock.at = now;
    expect((await get(`${path}x`)).status).toBe(410);
  });

  it.each([
    ['https://evil.example/'],
    ['//evil.example'],
    ['/\\evil.example'],
    ['/.//evil.example'],
    ['/messages/..//evil.example'],
    ['/%2e//evil.example'],
    ['messages'],
    ['/?period=never'],
  ])('never leads to %s', async (address) => {
    expect((await post('/api/share', { address }, { cookie: await login() })).status).toBe(400);
  });
});

describe('the secrets', () => {
  it('are nowhere in what is logged or kept readable by SQL', async () => {
    const own = await newService(await newLake(), { CHATLAKE_PASSWORD: PASSWORD });
    await post('/login', { password: 'a wrong guess' }, {}, own.port);
    expect(own.logged.join()).not.toMatch(/guess|horse/);
  });
});
