import { ChatlakeError, systemCode } from '../errors.js';

const MEANING: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EACCES: 'permission denied: let the user that runs chatlake read and write there',
  EPERM: 'not permitted: let the user that runs chatlake read and write there',
  EROFS: 'the file system is read-only: mount it writable',
  EIO: 'the disk reported an error: check it',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
  ENFILE: 'too many open files on this machine',
  ENOTDIR: 'a file stands where a folder is needed: move it away or choose another place',
  EEXIST: 'a file stands where a folder is needed: move it away or choose another place',
};

/** What went wrong at `path`, as a LAKE_UNAVAILABLE with the way out; a ChatlakeError passes through. */
export function unavailable(action: 'read' | 'write', path: string, error: unknown): ChatlakeError {
  if (error instanceof ChatlakeError) return error;
  const code = systemCode(error);
  const meaning = code === undefined ? undefined : MEANING[code];
  const why = meaning === undefined ? (error instanceof Error ? error.message : String(error)) : `${meaning} (${code})`;
  return new ChatlakeError('LAKE_UNAVAILABLE', `Cannot ${action} ${path}: ${why}`, { cause: error });
}

/** The object called `key` is not in the store at `url`. */
export function absent(url: string, key: string): ChatlakeError {
  return new ChatlakeError('NOT_FOUND', `${key} is not in ${url}`);
}

/** The object called `key` is not the one that a write was based on. */
export function conflict(url: string, key: string): ChatlakeError {
  return new ChatlakeError('CONFLICT', `${key} in ${url} was changed by another process meanwhile; nothing was written`);
}
