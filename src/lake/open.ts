import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { S3Access } from '../config.js';
import { ChatlakeError, systemCode } from '../errors.js';
import type { RawLog, Store } from '../types.js';
import { unavailable } from './failure.js';
import { fileStore } from './file.js';
import { rawLog, type RawLogOptions } from './rawlog.js';
import { s3Segments } from './s3-segments.js';
import { s3Store } from './s3.js';
import { fileSegments } from './segments.js';

/** Where nobody has said how to reach S3: as its SDK finds it. */
const FOUND: S3Access = { cache: { folder: './data/cache', megabytes: 4096 } };

/**
 * The Store at `place`, a path or `s3://bucket/prefix`. Throws USAGE for any other address, and LAKE_UNAVAILABLE where a file stands on the way:
 * to whoever reads, that would be an empty lake.
 */
export function openStore(place: string, s3: S3Access = FOUND): Store {
  if (isRemote(place)) return s3Store(place, s3);
  const folder = resolve(place);
  try {
    statSync(folder + sep);
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') throw unavailable('read', folder, error);
  }
  return fileStore(place);
}

/** The raw log at `place`, a path or `s3://bucket/prefix`. Throws USAGE for any other address. */
export function openRawLog(place: string, options: RawLogOptions, s3: S3Access = FOUND): RawLog {
  return rawLog(isRemote(place) ? s3Segments(place, s3) : fileSegments(place), options);
}

/**
 * A folder of this machine for what is derived from the lake at `place`, and may be deleted at any time: within a lake in a folder, so that it goes
 * with it, and beside the copies of one in S3.
 */
export function derivedFolder(place: string, s3: S3Access = FOUND): string {
  if (!isRemote(place)) return resolve(place, '_derived');
  return resolve(s3.cache.folder, `derived-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`);
}

/** Whether a place is in S3. Throws USAGE for any other address. */
export function isRemote(place: string): boolean {
  const scheme = /^([a-z0-9]+):\/\//i.exec(place)?.[1];
  if (scheme !== undefined && scheme !== 's3') throw new ChatlakeError('USAGE', `${place}: give a path or s3://bucket/prefix`);
  return scheme !== undefined;
}
