import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { S3Access } from '../../../src/config.js';
import { mirrorOf } from '../../../src/lake/mirror.js';
import { openStore } from '../../../src/lake/open.js';
import type { Store } from '../../../src/types.js';
import { lakeIn, type TestLake } from '../../support/lake.js';
import type { Minio } from './minio.js';

/** A lake in a bucket of its own, and what looks at it from a folder. */
export interface S3Lake {
  readonly bucket: string;
  readonly access: S3Access;
  readonly raw: Store;
  readonly enriched: Store;
  readonly rawUrl: string;
  readonly enrichedUrl: string;
  /** The lake as a test lake whose enriched folder follows the bucket when `look` is called. */
  readonly seen: TestLake;
  look(): Promise<void>;
  /** Settings that lead a command there. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

let buckets = 0;

/** `endpoint`: of a proxy before the server, which everything but `look` goes through. */
export async function newS3Lake(minio: Minio, endpoint = minio.endpoint): Promise<S3Lake> {
  const bucket = `chats-${process.pid}-${(buckets += 1)}`;
  const client = minio.client();
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-s3-'));
  const access: S3Access = { endpoint, region: 'us-east-1', cache: { folder: join(folder, 'cache'), megabytes: 1024 } };
  const [rawUrl, enrichedUrl] = [`s3://${bucket}/raw`, `s3://${bucket}/enriched`];
  const direct = { ...access, endpoint: minio.endpoint, cache: { ...access.cache, folder: join(folder, 'look') } };
  const mirror = mirrorOf(openStore(enrichedUrl, direct), { megabytes: 1024 });
  return {
    bucket,
    access,
    raw: openStore(rawUrl, access),
    enriched: openStore(enrichedUrl, access),
    rawUrl,
    enrichedUrl,
    seen: { ...lakeIn(folder), raw: openStore(rawUrl, direct), enriched: mirror.store, enrichedPath: mirror.folder },
    look: mirror.refresh,
    env: {
      ...minio.env,
      AWS_ENDPOINT_URL_S3: endpoint,
      CHATLAKE_RAW: rawUrl,
      CHATLAKE_ENRICHED: enrichedUrl,
      CHATLAKE_CACHE: access.cache.folder,
      CHATLAKE_TIMEZONE: 'America/Sao_Paulo',
    },
    remove: async () => {
      await mirror.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
