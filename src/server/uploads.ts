import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatlakeError } from '../errors.js';

/** A file that comes in parts. */
export interface Upload {
  readonly id: string;
  /** As its owner calls it, for eyes only: no path is ever made of it. */
  readonly name: string;
  /** Bytes that were announced, and those that are here. */
  readonly size: number;
  readonly received: number;
}

export interface Uploads {
  /** Throws LIMIT for a file that is too large, or when there is no room beside the others. */
  begin(name: string, size: number): Promise<Upload>;
  /** Adds the bytes that begin at `offset`; those that are here already are not added again. Throws USAGE for others than the next ones, LIMIT beyond the size. */
  add(id: string, offset: number, bytes: Uint8Array): Promise<Upload>;
  /** Throws NOT_FOUND. */
  find(id: string): Upload;
  /** Where the bytes are; throws USAGE while some are missing. */
  pathOf(id: string): string;
  /** Removes the bytes, so that they take no room; its name and size are still known. */
  release(id: string): Promise<void>;
  /** Forgets the upload and removes its bytes. */
  discard(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Kept extends Upload {
  received: number;
  /** Bytes it may take. */
  room: number;
  path: string;
  /** Settles when the part that is being written is. */
  busy: Promise<unknown>;
}

/** Uploads that are known at once; what they may take together is told by their bytes. */
const MOST_AT_ONCE = 64;
const LONGEST_NAME = 150;

/** Keeps uploads in a temporary folder of this process's user, at most `megabytes` of them in all. */
export function uploadsIn(megabytes: number): Uploads {
  const most = megabytes * 1024 * 1024;
  const all = new Map<string, Kept>();
  let folder: Promise<string> | undefined;

  const known = (id: string): Kept => {
    const upload = all.get(id);
    if (!upload) throw new ChatlakeError('NOT_FOUND', 'There is no such upload, or it was left for too long: begin again.');
    return upload;
  };

  async function append(upload: Kept, offset: number, bytes: Uint8Array): Promise<Upload> {
    const { received, size, path } = upload;
    if (offset + bytes.length === received) return upload;
    if (offset !== received) throw new ChatlakeError('USAGE', `The next part begins at offset ${received}, not ${offset}.`);
    if (received + bytes.length > size) throw new ChatlakeError('LIMIT', 'There are more bytes than were announced.');
    await writeAt(path, offset, bytes);
    upload.received += bytes.length;
    return upload;
  }

  return {
    async begin(name, size) {
      const taken = [...all.values()].reduce((sum, upload) => sum + upload.room, 0);
      if (size > most)
        throw new ChatlakeError('LIMIT', `The file is larger than ${megabytes} MB (CHATLAKE_IMPORT_MAX): use chatlake import.`);
      if (taken + size > most || all.size >= MOST_AT_ONCE)
        throw new ChatlakeError('LIMIT', 'Other files are being imported: wait until they are done.');
      const id = randomBytes(16).toString('base64url');
      const upload: Kept = { id, name: shownName(name), size, received: 0, room: size, path: '', busy: Promise.resolve() };
      all.set(id, upload);
      try {
        folder ??= mkdtemp(join(tmpdir(), 'chatlake-upload-'));
        upload.path = join(await folder, id);
        await writeFile(upload.path, '', { flag: 'wx', mode: 0o600 });
      } catch (error) {
        all.delete(id);
        folder = undefined;
        throw error;
      }
      return upload;
    },
    add(id, offset, bytes) {
      // One part after the other, however they come.
      const upload = known(id);
      const added = upload.busy.then(() => append(upload, offset, bytes));
      upload.busy = added.catch(() => undefined);
      return added;
    },
    find: known,
    pathOf(id) {
      const { path, received, size } = known(id);
      if (received < size) throw new ChatlakeError('USAGE', `Only ${received} of ${size} bytes are here.`);
      return path;
    },
    async release(id) {
      const upload = known(id);
      await upload.busy;
      await rm(upload.path, { force: true });
      upload.room = 0;
    },
    async discard(id) {
      const upload = all.get(id);
      all.delete(id);
      await upload?.busy;
      if (upload) await rm(upload.path, { force: true });
    },
    async close() {
      all.clear();
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** Writes at a place, so that a part that failed half way is written over when it comes again. */
async function writeAt(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    let done = 0;
    while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
  } finally {
    await handle.close();
  }
}

/** A name without folders, and without characters that show as others or not at all. */
function shownName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '').trim();
  return /^\.*$/.test(plain) ? 'export' : Array.from(plain).slice(-LONGEST_NAME).join('');
}
