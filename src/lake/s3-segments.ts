import { randomBytes } from 'node:crypto';
import type { S3Access } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { TEMPORARY } from './key.js';
import { s3Connection, s3PlaceOf } from './s3-client.js';
import { isConflict, s3Failure, toldEtag } from './s3-failure.js';
import type { Segments } from './segments.js';

/**
 * Milliseconds between the beginnings of two objects, and how many may be under way. One sender's first message waits for nothing;
 * a steady stream makes fifty objects a second, each of which costs as much as a thousand of its messages.
 */
const APART = 20;
const IN_FLIGHT = 4;
/** Milliseconds in which an answer is due to the platform, and those of one try. */
const PATIENCE = 8000;
const TRY = 3000;
/** Milliseconds for which an object that was written shows that others can be. */
const PROVEN = 5000;

/** Segments as objects in a bucket: each is one PUT of one batch, under a key that no other writer has. */
export function s3Segments(place: string, access: S3Access): Segments {
  const { url, bucket, prefix } = s3PlaceOf(place);
  const connect = s3Connection(access);
  let proven = -Infinity;

  /** Writes an object that must be new. A repeated try may find what the one before it wrote without saying so. */
  async function create(key: string, bytes: Uint8Array, patience: number): Promise<void> {
    const target = { Bucket: bucket, Key: prefix + key };
    const abortSignal = AbortSignal.timeout(Math.max(1, Math.round(patience)));
    try {
      const { sdk, client } = await connect();
      try {
        const put = new sdk.PutObjectCommand({ ...target, Body: bytes, IfNoneMatch: '*' });
        toldEtag('write', `${url}/${key}`, (await client.send(put, { abortSignal, requestTimeout: TRY })).ETag);
      } catch (error) {
        if (!isConflict(error)) throw error;
        const { Body } = await client.send(new sdk.GetObjectCommand(target), { abortSignal });
        const found = await Body?.transformToByteArray();
        if (!found || Buffer.compare(found, bytes) !== 0)
          throw new ChatlakeError('LAKE_UNAVAILABLE', `${url}/${key} belongs to another writer; nothing was written`);
      }
      proven = performance.now();
    } catch (error) {
      throw s3Failure('write', `${url}/${key}`, error);
    }
  }

  return {
    objects: { apart: APART, inFlight: IN_FLIGHT, patience: PATIENCE },
    create: async (key) => ({
      capacity: 0,
      append: (bytes, patience = PATIENCE) => create(key, bytes, patience),
      close: async () => undefined,
    }),
    probe: async () => {
      if (performance.now() - proven < PROVEN) return;
      const key = `${TEMPORARY}/probe-${randomBytes(8).toString('hex')}`;
      await create(key, new Uint8Array(1), PATIENCE);
      const { sdk, client } = await connect();
      // Who may write need not be allowed to remove; the lifecycle rule for this folder does it then.
      await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: prefix + key })).catch(() => undefined);
    },
  };
}
