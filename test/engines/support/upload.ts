import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Minio } from './minio.js';

/** Puts every file under `folder` into a new bucket; the bucket's name. */
export async function uploaded(minio: Minio, folder: string): Promise<string> {
  const bucket = await minio.bucket();
  const s3 = minio.client();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const key = relative(folder, path).split(sep).join('/');
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: readFileSync(path) }));
    }),
  );
  s3.destroy();
  return bucket;
}
