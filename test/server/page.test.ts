import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardHeaders } from '../../src/server/api.js';
import { isPagePath, mountPage } from '../../src/server/page.js';

const SCRIPT = 'console.log("a page")\n'.repeat(20);
let folder: string;
let app: Hono;

const get = (path: string, headers: Record<string, string> = {}) => app.request(`http://localhost${path}`, { headers });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatlake-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><html lang="en"><head></head><body></body></html>');
  await writeFile(join(folder, 'assets', 'index-1a2b.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'index-1a2b.js.br'), brotliCompressSync(SCRIPT));
  app = new Hono();
  guardHeaders(app);
  mountPage(app, { demo: true, folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the page', () => {
  it.each([
    ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR'],
    ['es-AR', 'es'],
    ['fr, en;q=0.5', 'en'],
    ['de', 'en'],
    ['en;q=0.1, es;q=0.9', 'es'],
  ])('speaks to %s in %s from its first byte, and says that it is a demonstration', async (wish, tag) => {
    expect(await (await get('/', { 'accept-language': wish })).text()).toContain(`<html lang="${tag}" data-demo>`);
  });

  it('is the same document at every address of its own, and none elsewhere', async () => {
    for (const path of ['/', '/questions', '/messages', '/sql', '/health', '/start']) {
      expect(isPagePath(path)).toBe(true);
      expect((await get(path)).headers.get('content-type')).toContain('text/html');
    }
    for (const path of ['/other', '/index.html', '/api/view']) {
      expect(isPagePath(path)).toBe(false);
      expect((await get(path)).status).toBe(404);
    }
  });

  it('allows scripts and styles of its own files only', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('sends files compressed to who takes it, to be kept for good where the name changes with the content', async () => {
    const packed = await get('/assets/index-1a2b.js', { 'accept-encoding': 'gzip, br' });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(brotliDecompressSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(SCRIPT);
    expect(packed.headers.get('cache-control')).toContain('immutable');
    const plain = await get('/assets/index-1a2b.js');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(SCRIPT);
    expect((await get('/')).headers.get('cache-control')).toBe('no-cache');
  });

  it('answers that nothing changed to who has it', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    expect((await get('/', { 'if-none-match': etag })).status).toBe(304);
  });

  it('says how to get it when it is not built', async () => {
    const bare = new Hono();
    mountPage(bare, { demo: false, folder: join(folder, 'nowhere') });
    const answer = await bare.request('/');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  });
});
