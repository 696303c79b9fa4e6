import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';

describe.skipIf(NO_MINIO)(`MinIO, on which these suites stand${NO_MINIO ? ` (skipped: ${NO_MINIO})` : ''}`, () => {
  let minio: Minio;
  beforeAll(async () => void (minio = await startMinio()));
  afterAll(() => minio?.stop());

  it('keeps what it acknowledged over a kill', async () => {
    const s3 = minio.client();
    const at = { Bucket: await minio.bucket(), Key: 'key' };
    await s3.send(new PutObjectCommand({ ...at, Body: 'kept' }));
    await minio.kill();
    await minio.revive();
    expect(await (await s3.send(new GetObjectCommand(at))).Body?.transformToString()).toBe('kept');
    s3.destroy();
  });

  it('honours conditions on writes', async () => {
    const s3 = minio.client();
    const at = { Bucket: await minio.bucket(), Key: 'key' };
    const { ETag } = await s3.send(new PutObjectCommand({ ...at, Body: '1', IfNoneMatch: '*' }));
    await expect(s3.send(new PutObjectCommand({ ...at, Body: '2', IfNoneMatch: '*' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await s3.send(new PutObjectCommand({ ...at, Body: '3', IfMatch: ETag }));
    await expect(s3.send(new PutObjectCommand({ ...at, Body: '4', IfMatch: ETag }))).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(s3.send(new PutObjectCommand({ ...at, Key: 'absent', Body: '4', IfMatch: ETag }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    s3.destroy();
  });
});
