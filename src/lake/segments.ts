import { randomBytes } from 'node:crypto';
import { constants, fdatasync, write } from 'node:fs';
import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder, syncFile, syncFolder } from './disk.js';
import { unavailable } from './failure.js';
import { TEMPORARY } from './key.js';

/** One append-only file or object of raw lines with a single writer. */
export interface Segment {
  /** Bytes after which the writer takes another one. */
  readonly capacity: number;
  /**
   * Durable when it resolves. After a rejection nothing is known of its end: it must not be appended to again. Where segments are
   * objects it rejects after `patience` milliseconds.
   */
  append(bytes: Uint8Array, patience?: number): Promise<void>;
  /** Lets go of the file. Never rejects. */
  close(): Promise<void>;
}

/** Where segments are kept. Both methods throw ChatlakeError LAKE_UNAVAILABLE. */
export interface Segments {
  /**
   * Given where each batch is a segment of its own: milliseconds between the beginnings of two, how many may be under way at once, and
   * how long a line may wait until it is durable or refused.
   */
  readonly objects?: { readonly apart: number; readonly inFlight: number; readonly patience: number };
  /** A new, empty one under `key`, which must not exist yet; its name is durable when this resolves. */
  create(key: string): Promise<Segment>;
  /** Resolves when a small write succeeds now. */
  probe(): Promise<void>;
}

const CAPACITY = 64 * 1024 * 1024;
const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
/**
 * On Linux a write itself ends when its bytes are on the disk: one trip to the thread pool instead of two. macOS knows the flag too, but would
 * leave them in the disk's own cache; there, and on Windows, a sync follows.
 */
const O_DSYNC = process.platform === 'linux' ? constants.O_DSYNC : 0;
/** Large enough to need a block of its own on any file system, so that a full disk is noticed. */
const PROBE = new Uint8Array(4096);

/** Segments as files under `folder`. */
export function fileSegments(folder: string, capacity = CAPACITY): Segments {
  const root = resolve(folder);
  return {
    create: async (key) => {
      const path = join(root, key);
      try {
        await makeFolder(dirname(path));
        const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_DSYNC, 0o666);
        try {
          await syncFolder(dirname(path));
        } catch (error) {
          await letGo(handle);
          throw error;
        }
        return fileSegment(path, handle, capacity);
      } catch (error) {
        throw unavailable('write', path, error);
      }
    },
    probe: async () => {
      const path = join(root, TEMPORARY, `probe-${randomBytes(8).toString('hex')}`);
      try {
        await makeFolder(dirname(path));
        await writeFile(path, PROBE, { flag: 'wx' });
        await syncFile(path);
      } catch (error) {
        throw unavailable('write', root, error);
      } finally {
        await rm(path, { force: true }).catch(() => undefined);
      }
    },
  };
}

function fileSegment(path: string, handle: FileHandle, capacity: number): Segment {
  let size = 0;
  return {
    capacity,
    append: async (bytes) => {
      try {
        for (let offset = 0; offset < bytes.byteLength;) {
          const written = await writeTo(handle.fd, bytes, offset);
          offset += written;
          size += written;
        }
        if (O_DSYNC === 0) await sync(handle.fd);
      } catch (error) {
        // A full disk would else leave one empty file behind for every attempt.
        if (size === 0) await rm(path, { force: true }).catch(() => undefined);
        throw unavailable('write', path, error);
      }
    },
    close: () => letGo(handle),
  };
}

// Calls with callbacks: a FileHandle's own promises cost more than all else that a small batch does here.
const writeTo = promisify((fd: number, bytes: Uint8Array, offset: number, done: (error: Error | null, written: number) => void) =>
  write(fd, bytes, offset, done),
);
const sync = promisify(fdatasync);

async function letGo(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}
