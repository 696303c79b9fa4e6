import type { S3Access } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { RawLog, Store } from '../types.js';
import { fileStore } from './file.js';
import { rawLog, type RawLogOptions } from './rawlog.js';
import { s3Segments } from './s3-segments.js';
import { s3Store } from './s3.js';
import { fileSegments } from './segments.js';

/** Where nobody has said how to reach S3: as its SDK finds it. */
const FOUND: S3Access = { cache: { folder: './data/cache', megabytes: 4096 } };

/** The Store at `place`, a path or `s3://bucket/prefix`. Throws USAGE for any other address. */
export function openStore(place: string, s3: S3Access = FOUND): Store {
  return isRemote(place) ? s3Store(place, s3) : fileStore(place);
}

/** The raw log at `place`, a path or `s3://bucket/prefix`. Throws USAGE for any other address. */
export function openRawLog(place: string, options: RawLogOptions, s3: S3Access = FOUND): RawLog {
  return rawLog(isRemote(place) ? s3Segments(place, s3) : fileSegments(place), options);
}

function isRemote(place: string): boolean {
  const scheme = /^([a-z0-9]+):\/\//i.exec(place)?.[1];
  if (scheme !== undefined && scheme !== 's3') throw new ChatlakeError('USAGE', `${place}: give a path or s3://bucket/prefix`);
  return scheme !== undefined;
}
