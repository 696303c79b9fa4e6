import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { mirrorOf } from '../../src/lake/mirror.js';
import { openStore } from '../../src/lake/open.js';
import { chatlake } from '../support/cli.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { temporaryFolder } from '../lake/disks.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { newS3Lake } from './support/s3-lake.js';

const SECRET = 'a-secret';

describe.skipIf(NO_MINIO)(`the commands over a lake in S3${NO_MINIO ? ` (skipped: ${NO_MINIO})` : ''}`, () => {
  let minio: Minio;
  beforeAll(async () => {
    minio = await startMinio();
    Object.assign(process.env, minio.env);
  });
  afterAll(() => minio?.stop());

  it('receive, process, query, tell and show as over a folder, each by s3:// addresses alone', async () => {
    const lake = await newS3Lake(minio);
    onTestFinished(() => lake.remove());
    const folder = await temporaryFolder();
    const env = { ...lake.env, TELEGRAM_WEBHOOK_SECRET: SECRET, CHATLAKE_PORT: '0', CHATLAKE_REFRESH: '1' };
    const said = async (args: string[], more: Record<string, string> = {}) => {
      const command = chatlake(folder, args, { ...env, ...more });
      expect([await command.ended, command.err()]).toEqual([0, '']);
      return command.out();
    };
    expect(await said(['doctor'])).toMatch(/ok {3}raw lake: s3:\/\/.* can be written\nok {3}enriched lake: s3:\/\//);

    const up = chatlake(folder, ['up'], env);
    const [, page = ''] = await up.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    const date = Math.floor(Date.now() / 1000);
    for (let id = 1; id <= 3; id += 1) {
      const body = JSON.stringify(telegramMessage({ id, date, text: `text ${id}` }));
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET };
      expect((await fetch(`${page}/webhook/telegram`, { method: 'POST', body, headers })).status).toBe(200);
    }
    const json = async (path: string) => (await (await fetch(page + path)).json()) as Record<string, unknown>;
    await expect.poll(async () => (await json('/api/messages?limit=10'))['messages']).toHaveLength(3);
    await expect.poll(() => json('/api/health')).toMatchObject({ ok: true, sums: { rows: 3 } });
    up.child.kill('SIGTERM');
    expect(await up.ended).toBe(0);

    expect(await said(['etl', '--all'])).toBe('Nothing new.\n');
    expect(JSON.parse(await said(['query', 'SELECT count(*) AS n FROM messages', '--format', 'json']))).toEqual([{ n: 3 }]);
    expect(JSON.parse(await said(['status', '--json']))).toMatchObject([
      { source: 'telegram', lines: 3, rows: 3, adds_up: true, unread_files: 0 },
    ]);
    expect(await said(['report', '--format', 'md'])).toContain('3');
    // The tables on a disk, from raw lines in the bucket.
    await said(['etl', '--all'], { CHATLAKE_ENRICHED: join(folder, 'enriched') });
    expect(await readdir(join(folder, 'enriched'))).toContain('telegram');
    // No command leaves its links behind.
    const places = await readdir(lake.env['CHATLAKE_CACHE'] ?? '');
    for (const place of places) expect(await readdir(join(lake.env['CHATLAKE_CACHE'] ?? '', place, 'mirrors')).catch(() => [])).toEqual([]);
  });

  it('end with one line that says what is wrong', async () => {
    const env = { ...minio.env, CHATLAKE_RAW: 's3://there-is-none/raw', CHATLAKE_ENRICHED: 's3://there-is-none/enriched' };
    const query = chatlake(await temporaryFolder(), ['query', 'SELECT 1'], env);
    expect([await query.ended, query.err().trim().split('\n')]).toEqual([
      1,
      [expect.stringMatching(/there-is-none.*bucket does not exist/)],
    ]);
  });

  it('bring a reader its files again when the cache was emptied under it', async () => {
    const lake = await newS3Lake(minio);
    onTestFinished(() => lake.remove());
    const key = 'telegram/context_date=2024-07-01/data.parquet';
    await lake.enriched.write(key, 'a');
    const mirror = mirrorOf(openStore(lake.enrichedUrl, lake.access), { megabytes: 1 });
    onTestFinished(() => mirror.close());
    await mirror.refresh();
    await rm(lake.access.cache.folder, { recursive: true });
    await mirror.refresh();
    expect(String(await mirror.store.read(key))).toBe('a');
  });

  it('keep a reader at the versions it has, whatever is replaced or lies beside, and refuse a lake larger than its share', async () => {
    const lake = await newS3Lake(minio);
    onTestFinished(() => lake.remove());
    const key = 'telegram/context_date=2024-07-01/data.parquet';
    await lake.enriched.write(key, Buffer.alloc(1_500_000, 'a'));
    const store = openStore(lake.enrichedUrl, lake.access);
    const mirror = mirrorOf(store, { megabytes: 2 });
    onTestFinished(() => mirror.close());
    await lake.enriched.write('notes/of another', 'x');
    await mirror.refresh();
    expect(await readdir(mirror.folder)).toEqual(['telegram']);
    const { etag } = await mirror.store.checkout(key);
    await lake.enriched.write(key, Buffer.alloc(1_400_000, 'b'), { ifMatch: (await lake.enriched.get(key)).etag });
    expect((await mirror.store.checkout(key)).etag).toBe(etag);
    await mirror.refresh();
    expect((await mirror.store.read(key)).at(0)).toBe('b'.charCodeAt(0));
    await lake.enriched.write('telegram/context_date=2024-07-02/data.parquet', Buffer.alloc(1_500_000));
    await expect(mirror.refresh()).rejects.toMatchObject({ code: 'LIMIT', message: expect.stringMatching(/CHATLAKE_CACHE_MB/) });
    await lake.enriched.remove(key);
    await mirror.refresh();
    expect(await mirror.store.children('telegram/')).toEqual(['context_date=2024-07-01/', 'context_date=2024-07-02/']);
    await expect(mirror.store.checkout(key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
