import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { S3Access } from '../../src/config.js';
import { s3Segments } from '../../src/lake/s3-segments.js';
import { s3Store } from '../../src/lake/s3.js';
import type { Store } from '../../src/types.js';
import { describeStore, listed } from '../conformance/store.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';

const MEGABYTE = 1024 ** 2;

describe.skipIf(NO_MINIO)(`s3Store on MinIO${NO_MINIO ? ` (skipped: ${NO_MINIO})` : ''}`, () => {
  let minio: Minio;
  let folder: string;
  let prefixes = 0;
  let bucket: string;
  beforeAll(async () => {
    minio = await startMinio();
    Object.assign(process.env, minio.env);
    folder = await mkdtemp(join(tmpdir(), 'chatlake-cache-'));
    bucket = await minio.bucket();
  });
  afterAll(async () => {
    await minio?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const access = (megabytes = 4096): S3Access => ({
    endpoint: minio.endpoint,
    region: 'us-east-1',
    cache: { folder: join(folder, `cache-${(prefixes += 1)}`), megabytes },
  });
  const place = () => `s3://${bucket}/olá/prefix ${(prefixes += 1)}`;
  const newStore = (megabytes?: number): Store => s3Store(place(), access(megabytes));

  describeStore('s3Store', async () => ({ store: newStore(), dispose: async () => undefined }), 1250);

  it('takes and gives an object of a gigabyte in parts, with little memory, under a condition', async () => {
    const store = newStore();
    const path = await store.temporary('.big');
    const block = Buffer.alloc(MEGABYTE, 'chatlake');
    const out = createWriteStream(path);
    const wanted = createHash('sha256');
    for (let index = 0; index < 1024; index += 1) {
      block.writeUInt32LE(index);
      wanted.update(block);
      if (!out.write(Buffer.from(block))) await new Promise<void>((resolve) => void out.once('drain', () => resolve()));
    }
    await new Promise<void>((resolve) => void out.end(() => resolve()));
    let most = 0;
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 20);
    onTestFinished(() => clearInterval(watch));
    const outside = join(folder, 'outside.big');
    await writeFile(outside, '');
    await rm(outside);
    await (await import('node:fs/promises')).rename(path, outside);
    await store.put('big', outside, { ifAbsent: true });
    expect((await listed(store))[0]).toMatchObject({ key: 'big', size: 1024 * MEGABYTE });
    const found = createHash('sha256');
    for await (const chunk of createReadStream(await store.local('big'))) found.update(chunk as Buffer);
    expect(found.digest('hex')).toBe(wanted.digest('hex'));
    expect(most / MEGABYTE).toBeLessThan(320);
    const again = await store.temporary('.big');
    await writeFile(again, Buffer.alloc(40 * MEGABYTE));
    await expect(store.put('big', again, { ifAbsent: true })).rejects.toMatchObject({ code: 'CONFLICT' });
    await store.put('big', again, { ifMatch: (await listed(store))[0]?.etag ?? '' });
    expect((await listed(store))[0]).toMatchObject({ size: 40 * MEGABYTE });
    await store.remove('big');
  });

  it('reads an object again from its cache, and only what is new from the bucket', async () => {
    const at = place();
    const kept = access();
    const store = s3Store(at, kept);
    await store.write('day/key.json', 'one');
    const path = await store.local('day/key.json');
    expect(path.endsWith('.json')).toBe(true);
    const { ino } = await stat(path);
    expect((await stat(await store.local('day/key.json'))).ino).toBe(ino);
    // Another process with the same cache.
    expect((await stat(await s3Store(at, kept).local('day/key.json'))).ino).toBe(ino);
    await store.write('day/key.json', 'two');
    const next = await store.local('day/key.json');
    expect([next === path, await readFile(path, 'utf8'), await readFile(next, 'utf8')]).toEqual([false, 'one', 'two']);
  });

  it('keeps its cache below its bound: what was not asked for the longest goes, what is in use stays', async () => {
    const store = newStore(1);
    const paths: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      await store.write(`key-${index}`, Buffer.alloc(300_000, String(index)));
      const path = await store.local(`key-${index}`);
      paths.push(path);
      if (index < 3) await utimes(path, new Date(index), new Date(index));
    }
    const left = await readdir(store.folder, { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      left.filter((one) => one.isFile()).map(async (one) => (await stat(join(one.parentPath, one.name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MEGABYTE);
    await expect(stat(paths[0] ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
    for (const path of paths.slice(3)) expect((await stat(path)).size).toBe(300_000);
    expect((await stat(await store.local('key-0'))).size).toBe(300_000);
  });

  it('takes keys that only S3 allows for none of its own, and lists on past them', async () => {
    const store = newStore();
    const client = minio.client();
    onTestFinished(() => client.destroy());
    const under = store.url.slice(`s3://${bucket}/`.length);
    for (const key of ['folder/', 'a+b %41&<x>', 'plain', '_tmp/probe'])
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${under}/${key}`, Body: key }));
    expect((await listed(store)).map(({ key }) => key)).toEqual(['a+b %41&<x>', 'plain']);
    expect(await store.children('')).toEqual(['a+b %41&<x>', 'folder/', 'plain']);
    expect(Buffer.from(await store.read('a+b %41&<x>')).toString()).toBe('a+b %41&<x>');
  });

  it('goes by the clock of the server where this machine is an hour off', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const store = s3Store(place(), access());
    await store.write('key', 'x', { ifAbsent: true });
    expect(String(Buffer.from(await store.read('key')))).toBe('x');
    expect(await store.children('')).toEqual(['key']);
  });

  describe('says what is wrong and what to do:', () => {
    const saying = async (env: Record<string, string>, url: string, changed: Partial<S3Access> = {}) => {
      const before = { ...process.env };
      Object.assign(process.env, env);
      onTestFinished(() => void Object.assign(process.env, before));
      const store = s3Store(url, { ...access(), ...changed });
      const said: string[] = [];
      for (const attempt of [() => store.read('key'), () => store.write('key', 'x'), () => store.children('')]) {
        const error = await attempt().then(
          () => new Error('it worked'),
          (reason: unknown) => reason as Error,
        );
        expect(error).toMatchObject({ code: 'LAKE_UNAVAILABLE' });
        expect(error.message).not.toContain('chatlake-secret');
        said.push(error.message);
      }
      return said;
    };
    const all = (pattern: RegExp) => Array.from({ length: 3 }, () => expect.stringMatching(pattern) as string);

    it('a wrong secret', async () => {
      expect(await saying({ AWS_SECRET_ACCESS_KEY: 'not-the-secret' }, place())).toEqual(
        all(/secret key is wrong: check AWS_ACCESS_KEY_ID/),
      );
    });

    it('a wrong access key', async () => {
      expect(await saying({ AWS_ACCESS_KEY_ID: 'nobody' }, place())).toEqual(all(/access key is not known/));
    });

    it('no bucket', async () => {
      expect(await saying({}, 's3://there-is-none/x')).toEqual(all(/s3:\/\/there-is-none\/x.*bucket does not exist.*CHATLAKE_RAW/));
    });

    it('a wrong region', async () => {
      expect(await saying({}, place(), { region: 'eu-west-1' })).toEqual(all(/another region: set AWS_REGION/));
    });

    it('an endpoint where nobody listens', async () => {
      expect(await saying({}, place(), { endpoint: 'http://127.0.0.1:1' })).toEqual(
        all(/nothing listens there: check AWS_ENDPOINT_URL_S3/),
      );
    });

    it.each([200, 302, 404, 405])('a server that is no S3, and answers %i to everything', async (status) => {
      const server = createServer((_, response) => void response.writeHead(status).end('<html></html>'));
      onTestFinished(() => void server.close());
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await saying({}, place(), { endpoint })).toEqual(all(/what answers there is (?:no S3|none): check AWS_ENDPOINT_URL_S3/));
      await expect(s3Segments(place(), { ...access(), endpoint }).probe()).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
    });

    it('an expired or foreign session', async () => {
      expect(await saying({ AWS_SESSION_TOKEN: 'expired' }, place())).toEqual(all(/session token is not valid|session has expired/));
    });
  });
});
