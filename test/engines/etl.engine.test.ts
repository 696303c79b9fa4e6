import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { audit } from '../../src/etl/audit.js';
import { openSession } from '../../src/etl/session.js';
import { openStore } from '../../src/lake/open.js';
import { SOURCES } from '../../src/sources/registry.js';
import { temporaryFolder } from '../lake/disks.js';
import { chatlake } from '../support/cli.js';
import { etl, layBytes, newLake, openLake, removeLake, seconds, type TestLake } from '../support/lake.js';
import { layHistory } from '../support/lake-disturbed.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { everything, type Row, rowsOf } from '../support/rows.js';
import { chances, type Fault, type S3Proxy, startS3Proxy } from '../support/s3-proxy.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { newS3Lake, type S3Lake } from './support/s3-lake.js';

/** Many lakes are made and disturbed in one test; a busy machine takes its time. */
const ROUNDS_TIMEOUT = 900_000;
/** How many times the rounds below are played: hundreds of runs with CHATLAKE_ROUNDS=10. */
const MORE = Number(process.env['CHATLAKE_ROUNDS'] ?? 1);
/** Kills of one lake's runs, and the requests among which each is chosen: about those of a run. */
const KILLS = 4;
const REQUESTS = 120;
const FAULTS: readonly Fault[] = ['500', '503', 'reset', 'lost', 'partial', 'slow'];

describe.skipIf(NO_MINIO)(`the ETL in S3${NO_MINIO ? ` (skipped: ${NO_MINIO})` : ''}`, () => {
  let minio: Minio;
  /** Edits, duplicates that arrived earlier, late messages and a foreign file, on a disk; and the rows they give. */
  let local: TestLake;
  let wanted: Record<string, Row[]>;
  let names: string[];
  beforeAll(async () => {
    minio = await startMinio();
    Object.assign(process.env, minio.env);
    local = await openLake();
    await layHistory(local);
    await etl(local);
    wanted = await everything(local);
    const entries = await readdir(local.rawPath, { recursive: true, withFileTypes: true });
    names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(local.rawPath.length + 1));
    names.sort();
  });
  afterAll(async () => {
    await minio?.stop();
    if (local) await removeLake(local);
  });

  const newLakeInS3 = async (endpoint?: string): Promise<S3Lake> => {
    const lake = await newS3Lake(minio, endpoint);
    onTestFinished(() => lake.remove());
    return lake;
  };
  const upload = async (lake: S3Lake, some: readonly string[]) => {
    for (const name of some) await lake.seen.raw.write(name, await readFile(join(local.rawPath, name)), { ifAbsent: true });
  };
  /** The raw files of the history: half of them read once, the others new. */
  const halfRead = async (endpoint?: string): Promise<S3Lake> => {
    const lake = await newLakeInS3(endpoint);
    const early = names.filter((_, index) => index % 2 === 0);
    await upload(lake, early);
    await etl(lake.seen, { enriched: direct(lake) });
    await upload(
      lake,
      names.filter((name) => !early.includes(name)),
    );
    return lake;
  };
  const direct = (lake: S3Lake) => openStore(lake.enrichedUrl, { ...lake.access, endpoint: minio.endpoint });
  const run = (lake: S3Lake, options: Parameters<typeof etl>[1] = {}) =>
    etl(lake.seen, { raw: lake.raw, enriched: lake.enriched, ...options });
  const proxied = async (): Promise<S3Proxy> => {
    const proxy = await startS3Proxy(minio.endpoint);
    onTestFinished(() => proxy.close());
    return proxy;
  };
  /** A run without trouble ends in the rows of a lake on a disk, with sums that add up, and nothing is left to do. */
  const expectRecovery = async (lake: S3Lake) => {
    // A run that began a rebuild and is silent for an hour is dead: until then its rebuild is done again, in case it is not.
    lake.seen.clock.at += 3_600_000;
    const calm = { raw: lake.seen.raw, enriched: direct(lake) };
    await etl(lake.seen, calm);
    await lake.look();
    expect(await everything(lake.seen)).toEqual(wanted);
    const session = await openSession({ memoryLimit: '256MB' });
    onTestFinished(() => session.close());
    const days = await audit(session, lake.seen.raw, lake.seen.enriched, SOURCES);
    expect(days.flatMap(({ source, date, faults }) => faults.map((fault) => `${source} ${date}: ${fault}`))).toEqual([]);
    expect(await etl(lake.seen, calm)).toMatchObject({ days: [] });
  };

  it('gives the rows it gives on a disk, and writes nothing without a condition', async () => {
    const proxy = await proxied();
    const lake = await halfRead(proxy.endpoint);
    await run(lake);
    await run(lake, { rebuild: true });
    const writes = proxy.requests.filter(({ method }) => method === 'PUT' || method === 'POST');
    expect(writes.length).toBeGreaterThan(10);
    expect(writes.filter(({ conditional }) => !conditional)).toEqual([]);
    expect(proxy.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
    await expectRecovery(lake);
  });

  it('reads raw lines in a bucket into tables on a disk, and the other way about', async () => {
    const lake = await newLakeInS3();
    await upload(lake, names);
    const disk = await newLake();
    await etl(disk, { raw: lake.raw });
    expect(await everything(disk)).toEqual(wanted);
    await etl(lake.seen, { raw: local.raw, enriched: lake.enriched });
    await lake.look();
    expect(await everything(lake.seen)).toEqual(wanted);
  });

  it('reads the older layout of one JSON object per object', async () => {
    const lake = await newLakeInS3();
    const disk = await newLake();
    const at = seconds('2024-07-01T15:00:00Z');
    for (let id = 0; id < 300; id += 1) {
      const key = `telegram/context_date=2024-07-01/${at + id}.${id}.json`;
      const object = JSON.stringify(telegramMessage({ id, date: at + id, text: `text ${id}` }), null, id % 2 === 0 ? 2 : 0);
      await layBytes(disk, key, object);
      await lake.raw.write(key, object);
    }
    await run(lake);
    await etl(disk);
    await lake.look();
    expect(await rowsOf(lake.seen, 'telegram')).toEqual(await rowsOf(disk, 'telegram'));
    expect(await rowsOf(disk, 'telegram')).toHaveLength(300);
  });

  it(
    'leaves the same rows when two runs work at once, one of them a rebuild, at any pace',
    async () => {
      const proxies = [await proxied(), await proxied()];
      for (let round = 0; round < 4 * MORE; round += 1) {
        const lake = await halfRead();
        const chance = chances(round);
        const runs = proxies.map((proxy, which) => {
          proxy.trouble(async () => delay(chance() * 20, undefined));
          const access = {
            ...lake.access,
            endpoint: proxy.endpoint,
            cache: { ...lake.access.cache, folder: `${lake.access.cache.folder}-${which}` },
          };
          const stores = { raw: openStore(lake.rawUrl, access), enriched: openStore(lake.enrichedUrl, access) };
          return run(lake, { ...stores, rebuild: which === 0 && round % 2 === 1 });
        });
        await Promise.all(runs);
        await expectRecovery(lake);
      }
    },
    ROUNDS_TIMEOUT,
  );

  it(
    'leaves the same rows when it dies between any two requests, beside another run or not',
    async () => {
      const [mortal, other] = [await proxied(), await proxied()];
      let died = 0;
      for (let last = 2, round = 0; round < 6 * MORE; last += Math.ceil(18 / MORE), round += 1) {
        const lake = await halfRead();
        const before = mortal.requests.length;
        // From then on nothing it asks for is done: the bucket is as a killed process leaves it.
        mortal.trouble(({ index }) => (index - before >= last ? 'expired' : undefined));
        const chance = chances(round);
        other.trouble(async () => delay(chance() * 10, undefined));
        const through = (proxy: S3Proxy, name: string) => {
          const access = {
            ...lake.access,
            endpoint: proxy.endpoint,
            cache: { ...lake.access.cache, folder: `${lake.access.cache.folder}-${name}` },
          };
          return { raw: openStore(lake.rawUrl, access), enriched: openStore(lake.enrichedUrl, access) };
        };
        const dying = run(lake, { ...through(mortal, 'mortal'), rebuild: round % 4 === 3 }).catch((error: { code?: string }) => {
          expect(error).toMatchObject({ code: 'LAKE_UNAVAILABLE' });
          died += 1;
        });
        await Promise.all([dying, ...(round % 2 === 1 ? [run(lake, through(other, 'other'))] : [])]);
        await expectRecovery(lake);
      }
      expect(died).toBeGreaterThan(1);
    },
    ROUNDS_TIMEOUT,
  );

  it(
    'leaves the same rows when its process is killed at any request, again and again',
    async () => {
      const proxy = await proxied();
      const folder = await temporaryFolder();
      let killed = 0;
      for (let round = 0; round < 5 * MORE; round += 1) {
        const lake = await halfRead(proxy.endpoint);
        const chance = chances(round);
        for (let times = 0; times < KILLS; times += 1) {
          const last = proxy.requests.length + Math.floor(chance() * REQUESTS);
          const run = chatlake(folder, ['etl', '--all', ...(times === 1 ? ['--rebuild'] : [])], lake.env);
          proxy.trouble(({ index }) => {
            if (index === last) run.child.kill('SIGKILL');
            // What it asked for last may still be done.
            return index === last && chance() < 0.5 ? 'reset' : undefined;
          });
          const end = await run.ended;
          // A run that was quicker than its end says what the history has for the quarantine.
          if (end === 1) expect(run.err()).toMatch(/^chatlake: \d+ lines were set aside/);
          else expect(['SIGKILL', 0], run.err()).toContain(end);
          if (end === 'SIGKILL') killed += 1;
        }
        proxy.trouble(() => undefined);
        await expectRecovery(lake);
      }
      expect(killed).toBeGreaterThan(5 * MORE);
    },
    ROUNDS_TIMEOUT,
  );

  it(
    'comes through any trouble of S3: what a run does not finish the next one does, and nothing is doubled',
    async () => {
      const proxy = await proxied();
      for (let seed = 0; seed < 6 * MORE; seed += 1) {
        const lake = await halfRead(proxy.endpoint);
        const chance = chances(seed);
        proxy.trouble(() => (chance() < 0.15 ? FAULTS[Math.floor(chance() * FAULTS.length)] : undefined));
        for (let attempt = 0; attempt < 3; attempt += 1)
          await run(lake).catch((error: unknown) => expect(error).toMatchObject({ code: 'LAKE_UNAVAILABLE' }));
        proxy.trouble(() => undefined);
        await expectRecovery(lake);
      }
    },
    ROUNDS_TIMEOUT,
  );
});
