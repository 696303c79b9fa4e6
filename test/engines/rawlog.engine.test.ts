import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRawLog } from '../../src/lake/open.js';
import type { RawLog } from '../../src/types.js';
import { zoneNamed } from '../support/lake.js';
import { chances, type Fault, type S3Proxy, startS3Proxy } from '../support/s3-proxy.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { newS3Lake, type S3Lake } from './support/s3-lake.js';

const clock = { now: () => Date.now() };
const FAULTS: readonly Fault[] = ['500', '503', 'reset', 'lost', 'slow', 'partial'];

describe.skipIf(NO_MINIO)(`the raw log in S3${NO_MINIO ? ` (skipped: ${NO_MINIO})` : ''}`, () => {
  let minio: Minio;
  let proxy: S3Proxy;
  let lake: S3Lake;
  const logs: RawLog[] = [];
  beforeAll(async () => {
    minio = await startMinio();
    Object.assign(process.env, minio.env);
  });
  afterAll(() => minio?.stop());
  beforeEach(async () => {
    proxy = await startS3Proxy(minio.endpoint);
    lake = await newS3Lake(minio, proxy.endpoint);
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
    await proxy.close();
    await lake.remove();
  });
  const open = () => {
    const log = openRawLog(lake.rawUrl, { zone: zoneNamed('UTC'), clock }, lake.access);
    logs.push(log);
    return log;
  };
  const append = (log: RawLog, payload: string) =>
    new Promise<void>((resolve, reject) => log.append('telegram', payload, (error) => (error ? reject(error) : resolve())));
  /** How often each update is in the raw lake, and the numbers of the lines of each object. */
  const kept = async () => {
    const ids = new Map<number, number>();
    let objects = 0;
    for await (const { key } of lake.seen.raw.list('telegram/')) {
      objects += 1;
      const lines = Buffer.from(await lake.seen.raw.read(key))
        .toString()
        .trimEnd()
        .split('\n');
      for (const [index, line] of lines.entries()) {
        const { update_id, _line } = JSON.parse(line) as { update_id: number; _line: number };
        expect(_line, key).toBe(index + 1);
        ids.set(update_id, (ids.get(update_id) ?? 0) + 1);
      }
    }
    return { ids, objects };
  };

  it('writes what comes together as one object, under a key that must be new, and answers when it is there', async () => {
    const log = open();
    await Promise.all(Array.from({ length: 200 }, (_, id) => append(log, JSON.stringify({ update_id: id }))));
    const { ids, objects } = await kept();
    expect([...ids.values()]).toEqual(Array.from({ length: 200 }, () => 1));
    expect(objects).toBeLessThan(20);
    const puts = proxy.requests.filter(({ method }) => method === 'PUT');
    expect(puts).toHaveLength(objects);
    expect(puts.filter(({ conditional }) => !conditional)).toEqual([]);
  });

  it('forms the next batches while others are under way, four at most', async () => {
    let under = 0;
    let most = 0;
    proxy.trouble(async ({ method }) => {
      if (method !== 'PUT') return undefined;
      under += 1;
      most = Math.max(most, under);
      await delay(300);
      under -= 1;
      return undefined;
    });
    const log = open();
    const sent: Promise<void>[] = [];
    for (let id = 0; id < 60; id += 1) {
      sent.push(append(log, JSON.stringify({ update_id: id })));
      await delay(10);
    }
    await Promise.all(sent);
    expect([most > 1, most <= 4]).toEqual([true, true]);
    expect((await kept()).ids.size).toBe(60);
  });

  it('refuses in time when S3 hangs, and takes again when it does not', async () => {
    proxy.trouble(async ({ method }) => (method === 'PUT' ? delay(60_000, undefined, { ref: false }) : undefined));
    const log = open();
    const refused = await Promise.allSettled([0, 1, 2].map((id) => append(log, JSON.stringify({ update_id: id }))));
    for (const one of refused) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'LAKE_UNAVAILABLE' } });
    proxy.trouble(() => undefined);
    await append(log, JSON.stringify({ update_id: 3 }));
    expect((await kept()).ids.get(3)).toBe(1);
  });

  it('says what is wrong when credentials have expired, and loses nothing that it acknowledged before', async () => {
    const log = open();
    await append(log, '{"update_id":1}');
    proxy.trouble(() => 'expired');
    await expect(append(log, '{"update_id":2}')).rejects.toMatchObject({
      code: 'LAKE_UNAVAILABLE',
      message: expect.stringMatching(/session has expired/),
    });
    proxy.trouble(() => undefined);
    await append(log, '{"update_id":2}');
    expect([...(await kept()).ids.keys()].sort()).toEqual([1, 2]);
  });

  it('keeps all that it acknowledged, whatever S3 does, over replicas that share a bucket', async () => {
    const chance = chances(7);
    proxy.trouble(({ method }) => (method === 'PUT' && chance() < 0.4 ? FAULTS[Math.floor(chance() * FAULTS.length)] : undefined));
    const replicas = Array.from({ length: 4 }, open);
    const acknowledged = new Set<number>();
    await Promise.all(
      replicas.map(async (log, replica) => {
        for (let round = 0; round < 40; round += 1) {
          const ids = Array.from({ length: 5 }, (_, index) => replica * 10_000 + round * 5 + index);
          await Promise.all(
            ids.map((id) =>
              append(log, JSON.stringify({ update_id: id })).then(
                () => acknowledged.add(id),
                () => undefined,
              ),
            ),
          );
        }
      }),
    );
    expect(acknowledged.size).toBeGreaterThan(400);
    const { ids } = await kept();
    for (const id of acknowledged) expect(ids.get(id), String(id)).toBe(1);
  });

  it('can tell whether the bucket can be written', async () => {
    await open().probe();
    await minio.kill();
    await expect(open().probe()).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
    await minio.revive();
    await open().probe();
    expect(await lake.seen.raw.children('')).toEqual([]);
  });
});
