import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ImportView } from '../../src/server/api-types.js';
import { telegramChat, telegramExport } from '../import/importing.js';
import { etl, newLake, seconds, type TestLake } from '../support/lake.js';
import { rowsOf } from '../support/rows.js';
import { send } from './receiving.js';
import { newService, type Service } from './service.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const EXPORT = Buffer.from(telegramChat(Array.from({ length: 9000 }, (_, at) => telegramExport(at + 1, SENT + at, `text ${at}`))));
const MB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const BYTES = { 'content-type': 'application/octet-stream' };

/** A service whose temporary folder is its own, and what lies in it. */
async function importing(env: Record<string, string> = {}): Promise<{ lake: TestLake; service: Service; left: () => Promise<string[]> }> {
  const temporary = await mkdtemp(join(tmpdir(), 'chatlake-test-'));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  const lake = await newLake();
  const service = await newService(lake, env);
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const left = async () => (await readdir(temporary, { recursive: true })).filter((name) => name.includes('/'));
  return { lake, service, left };
}

type Headers = Readonly<Record<string, string>>;

function client({ port }: Service, headers: Headers = {}) {
  const ask = async (method: string, path: string, type: Headers = {}, body: string | Uint8Array = '') => {
    const { status, body: text } = await send(port, method, `/api/imports${path}`, { ...type, ...headers }, body);
    return { status, view: (text === '' ? {} : JSON.parse(text)) as ImportView & { error: { code: string; message: string } | null } };
  };
  const json = (path: string, body: object) => ask('POST', path, JSON_TYPE, JSON.stringify(body));
  const part = (id: string, offset: number, bytes: Uint8Array) => ask('POST', `/${id}?offset=${offset}`, BYTES, bytes);
  const view = (id: string) => ask('GET', `/${id}`);
  return {
    ask,
    json,
    part,
    view,
    /** Sends all of `bytes`, and returns its id. */
    upload: async (name: string, bytes: Buffer): Promise<ImportView> => {
      let now = (await json('', { name, size: bytes.length })).view;
      while (now.received < bytes.length) {
        const answer = await part(now.id, now.received, bytes.subarray(now.received, now.received + MB));
        expect(answer.status).toBe(200);
        now = answer.view;
      }
      return now;
    },
    until: (id: string, state: ImportView['state']) => expect.poll(async () => (await view(id)).view.state).toBe(state),
  };
}

it('takes a file in parts, shows what it holds, and writes only when told to', async () => {
  const { lake, service, left } = await importing();
  const { upload, json, until, view, part } = client(service);
  const { id, received } = await upload('result.json', EXPORT);
  expect(EXPORT.length).toBeGreaterThan(MB);
  expect(received).toBe(EXPORT.length);
  expect((await json(`/${id}/confirm`, {})).view.error?.code).toBe('USAGE');

  await json(`/${id}/preview`, { timezone: '+00:00' });
  await until(id, 'preview');
  const preview = (await view(id)).view;
  expect(preview).toMatchObject({ name: 'result.json', progress: { messages: 9000 }, error: null });
  expect(preview.outcomes).toMatchObject([{ written: 0, cut: null, summary: { source: 'telegram', messages: 9000, people: 1 } }]);
  expect(preview.outcomes[0]?.summary.sample.length).toBeGreaterThan(0);
  await etl(lake);
  expect(await rowsOf(lake, 'telegram')).toEqual([]);

  await json(`/${id}/confirm`, {});
  await until(id, 'done');
  expect((await view(id)).view).toMatchObject({ name: 'result.json', outcomes: [{ written: 9000, before: 0 }] });
  // What is imported takes no room.
  expect(await left()).toEqual([]);
  // Asked again, since the answer was lost: it is done, and done once.
  expect((await json(`/${id}/confirm`, {})).view).toMatchObject({ state: 'done', outcomes: [{ written: 9000 }] });
  expect((await part(id, EXPORT.length, Buffer.from('x'))).status).toBe(400);
  await etl(lake);
  expect(await rowsOf(lake, 'telegram')).toHaveLength(9000);

  // The same file again is known.
  const again = await upload('result.json', EXPORT);
  await json(`/${again.id}/preview`, { timezone: '+00:00' });
  await until(again.id, 'preview');
  await json(`/${again.id}/confirm`, {});
  await until(again.id, 'done');
  expect((await view(again.id)).view.outcomes).toMatchObject([{ written: 0, before: 9000 }]);

  for (const one of [id, again.id]) expect((await json(`/${one}/discard`, {})).status).toBe(204);
  expect(await left()).toEqual([]);
  expect((await view(id)).status).toBe(404);
});

it('keeps hostile names out of paths, parts in their order, and sizes in their limit', async () => {
  const { service, left } = await importing({ CHATLAKE_IMPORT_MAX: '2' });
  const { json, part } = client(service);
  const names = ['../../etc/passwd', 'C:\\windows\\evil.txt', '..', '', 'a\u202etxt.exe\u0000\n', '/'.repeat(900)];
  const shown: string[] = [];
  for (const name of names) {
    const { view } = await json('', { name, size: 4 });
    shown.push(view.name);
    expect((await left()).map((path) => path.split('/').at(-1))).toEqual([view.id]);
    await json(`/${view.id}/discard`, {});
  }
  expect(shown).toEqual(['passwd', 'evil.txt', 'export', 'export', 'atxt.exe', 'export']);

  expect((await json('', { name: 'a', size: 2 * MB + 1 })).view.error?.code).toBe('LIMIT');
  for (const size of [0, -1, 1.5, '4', 1e30]) expect((await json('', { name: 'a', size })).status).toBe(400);
  const { id } = (await json('', { name: 'a.txt', size: 4 })).view;
  expect((await json('', { name: 'b', size: 2 * MB })).view.error?.code).toBe('LIMIT');
  expect((await part(id, 2, Buffer.from('ab'))).view.error?.code).toBe('USAGE');
  expect((await part(id, 0, Buffer.from('abcde'))).view.error?.code).toBe('LIMIT');
  expect((await json(`/${id}/preview`, {})).view.error?.code).toBe('USAGE');
  // The same part twice at once is there once.
  const [one, two] = await Promise.all([part(id, 0, Buffer.from('ab')), part(id, 0, Buffer.from('ab'))]);
  expect([one.view.received, two.view.received]).toEqual([2, 2]);
  expect((await part(id, 2, Buffer.alloc(MB + 1))).status).toBe(413);
  for (const wrong of ['..%2f..%2fraw', 'none', '__proto__']) expect((await part(wrong, 0, Buffer.from('a'))).status).toBe(404);
});

it('goes on with an import that failed, when it is told to again', async () => {
  const { lake, service } = await importing();
  const { upload, json, until, view } = client(service);
  const { id } = await upload('result.json', EXPORT);
  await json(`/${id}/preview`, { timezone: '+00:00' });
  await until(id, 'preview');
  await rename(lake.rawPath, `${lake.rawPath}-away`);
  await writeFile(lake.rawPath, 'no folder');
  await json(`/${id}/confirm`, {});
  await until(id, 'failed');
  expect((await view(id)).view.error?.code).toBe('LAKE_UNAVAILABLE');
  await rm(lake.rawPath);
  await rename(`${lake.rawPath}-away`, lake.rawPath);
  await json(`/${id}/confirm`, {});
  await until(id, 'done');
  await etl(lake);
  expect(await rowsOf(lake, 'telegram')).toHaveLength(9000);
});

it('tells chats of one name apart by their ids', async () => {
  const { service } = await importing();
  const { upload, json, until, view } = client(service);
  const list = [7, 8].map((chat) => ({
    ...(JSON.parse(telegramChat([telegramExport(chat, SENT, 'x')])) as object),
    name: 'Family',
    id: chat,
  }));
  const { id } = await upload('result.json', Buffer.from(JSON.stringify({ chats: { list } })));
  await json(`/${id}/preview`, { timezone: '+00:00' });
  await until(id, 'preview');
  const chats = (await view(id)).view.outcomes[0]?.summary.chats ?? [];
  expect(chats.map(({ name, messages }) => [name, messages])).toEqual([
    ['Family', 1],
    ['Family', 1],
  ]);
  expect(new Set(chats.map((chat) => chat.id)).size).toBe(2);
});

it('says why a file is no export', async () => {
  const { service } = await importing();
  const { upload, json, until, view } = client(service);
  const { id } = await upload('nonsense.bin', Buffer.from('PK\u0003\u0004 is no archive'));
  await json(`/${id}/preview`, {});
  await until(id, 'failed');
  const { error } = (await view(id)).view;
  expect(error).toMatchObject({ code: 'IMPORT', message: expect.stringContaining('nonsense.bin') });
  expect(error?.message).not.toContain('chatlake-upload');
});

it('removes what was left half way, after a while and when the server stops', async () => {
  const { lake, service, left } = await importing();
  const { json, part, view } = client(service);
  const { id } = (await json('', { name: 'a.txt', size: 10 })).view;
  await part(id, 0, Buffer.from('abc'));
  expect(await left()).toHaveLength(1);
  lake.clock.at += 16 * 60_000;
  const next = (await json('', { name: 'b.txt', size: 10 })).view;
  expect((await view(id)).status).toBe(404);
  expect(await left()).toHaveLength(1);
  await part(next.id, 0, Buffer.from('abc'));
  await service.close();
  expect(await left()).toEqual([]);
});

it('is closed to strangers, to links and to other sites', async () => {
  const { service, left } = await importing({ CHATLAKE_PASSWORD: 'a long password' });
  const basic = { authorization: `Basic ${Buffer.from('me:a long password').toString('base64')}` };
  const begin = (headers: Headers) => client(service, headers).json('', { name: 'a', size: 4 });
  expect((await begin({})).status).toBe(401);
  for (const foreign of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])
    expect((await begin({ ...basic, ...foreign })).status).toBe(403);
  const shared = await send(
    service.port,
    'POST',
    '/api/share',
    { ...JSON_TYPE, ...basic },
    JSON.stringify({ address: '/messages', days: 1 }),
  );
  const { pathname } = new URL((JSON.parse(shared.body) as { url: string }).url);
  const opened = await send(service.port, 'GET', pathname);
  const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
  expect(cookie).toContain('chatlake_link=');
  expect((await begin({ cookie })).status).toBe(403);
  const { view } = await begin(basic);
  expect((await client(service, { cookie }).view(view.id)).status).toBe(403);
  expect((await client(service, basic).view(view.id)).status).toBe(200);
  // A form of another site can send neither JSON nor bytes.
  expect((await client(service, basic).ask('POST', `/${view.id}?offset=0`, { 'content-type': 'text/plain' }, 'abcd')).status).toBe(400);
  expect(await left()).toHaveLength(1);
});
