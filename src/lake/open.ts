import { ChatlakeError } from '../errors.js';
import type { RawLog, Store } from '../types.js';
import { fileStore } from './file.js';
import { rawLog, type RawLogOptions } from './rawlog.js';
import { fileSegments } from './segments.js';

/** The Store at `place`, a path. Throws USAGE for a place this version cannot open. */
export function openStore(place: string): Store {
  return fileStore(localPath(place));
}

/** The raw log at `place`, a path. Throws USAGE for a place this version cannot open. */
export function openRawLog(place: string, options: RawLogOptions): RawLog {
  return rawLog(fileSegments(localPath(place)), options);
}

function localPath(place: string): string {
  if (/^[a-z0-9]+:\/\//i.test(place)) throw new ChatlakeError('USAGE', `${place}: lakes on S3 are not in this version; give a path`);
  return place;
}
