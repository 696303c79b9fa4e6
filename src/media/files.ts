import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChatlakeError } from '../errors.js';
import type { Store } from '../types.js';

/** Under the raw lake; names that start with `_` are no source. */
const FOLDER = '_media/';

/** Why a file cannot be had. `final`: trying again will not help. */
export class MediaFailure extends Error {
  constructor(
    readonly reason: 'too_large' | 'refused' | 'unreachable',
    readonly final: boolean,
    /** Milliseconds that the platform asks to wait. */
    readonly retryAfterMs = 0,
  ) {
    super(reason);
  }
}

export interface Kept {
  /** Key in the raw lake. */
  readonly file: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

async function keepNew(raw: Store, file: string, path: string): Promise<void> {
  try {
    await raw.put(file, path, { ifAbsent: true });
  } catch (error) {
    // Somebody else has kept the same content meanwhile.
    if (!(error instanceof ChatlakeError && error.code === 'CONFLICT')) throw error;
  }
}

/** Keeps a body under the hash of its content: once, however often it comes. Throws MediaFailure beyond `most` bytes, LAKE_UNAVAILABLE. */
export async function keepFile(raw: Store, body: ReadableStream<Uint8Array>, most: number): Promise<Kept> {
  const path = await raw.temporary('.media');
  try {
    const hash = createHash('sha256');
    let size = 0;
    const measured = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        hash.update(chunk);
        done(size > most ? new MediaFailure('too_large', true) : null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), measured, createWriteStream(path));
    const sha256 = hash.digest('hex');
    const file = `${FOLDER}${sha256.slice(0, 2)}/${sha256}`;
    if (!(await raw.children(`${FOLDER}${sha256.slice(0, 2)}/`)).includes(sha256)) await keepNew(raw, file, path);
    return { file, sha256, size };
  } finally {
    await rm(path, { force: true });
  }
}
