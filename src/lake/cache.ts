import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors.js';
import { unavailable } from './failure.js';

export interface CacheOptions {
  /** Shared by stores and processes. */
  readonly root: string;
  /** Folder of one store in it. */
  readonly name: string;
  /** Bytes that all the files under `root` may take together. */
  readonly bound: number;
}

/** Local copies of objects. A path stands for one version of an object and never changes its content. */
export interface Cache {
  readonly folder: string;
  /** The copy of a version; undefined when there is none. It stays for the minutes that its reader may need. */
  find(key: string, etag: string): Promise<string | undefined>;
  /** Moves `file`, which must be one of `temporary`, in as the copy of a version; makes room when there is too much. */
  keep(key: string, etag: string, file: string): Promise<string>;
  readonly temporary: (suffix: string) => Promise<string>;
}

/** Milliseconds for which a copy that was handed out is not removed, however full the cache is. */
const IN_USE = 600_000;
/** Share of the bound that is left when room has been made. */
const LEFT = 0.8;

/**
 * The layout keeps the folders of a key, so that a path tells the partition as the object's own does:
 * `<root>/<name>/objects/<key>/<etag><extension>`. Copies are evicted by when they were last asked for; one that has another
 * link (see `mirror.ts`) takes no room of its own, and stays.
 */
export function cacheIn({ root, name, bound }: CacheOptions): Cache {
  const folder = join(root, name);
  const pathOf = (key: string, etag: string) => join(folder, 'objects', ...key.split('/').map(named), `${hashOf(etag)}${extensionOf(key)}`);
  let size: number | undefined;
  let evicting: Promise<void> | undefined;

  async function grow(bytes: number): Promise<void> {
    if (size !== undefined) size += bytes;
    if (size !== undefined && size <= bound) return;
    evicting ??= evict(root, bound).then((left) => {
      size = left;
      evicting = undefined;
    });
    await evicting;
  }

  return {
    folder,
    async find(key, etag) {
      const path = pathOf(key, etag);
      try {
        // The time of change stays: who compares it must not take a reading for one.
        await utimes(path, new Date(), (await stat(path)).mtime);
        return path;
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw unavailable('read', path, error);
      }
    },
    async keep(key, etag, file) {
      const path = pathOf(key, etag);
      try {
        await mkdir(dirname(path), { recursive: true });
        const { size: bytes } = await stat(file);
        const now = new Date();
        await utimes(file, now, now);
        await rename(file, path);
        await grow(bytes);
        return path;
      } catch (error) {
        throw unavailable('write', path, error);
      }
    },
    async temporary(suffix) {
      const place = join(folder, 'tmp');
      try {
        await mkdir(place, { recursive: true });
      } catch (error) {
        throw unavailable('write', place, error);
      }
      return join(place, randomBytes(8).toString('hex') + suffix);
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** A part of a key as the name of a folder: any part has one of its own, whatever its characters and length. */
function named(part: string): string {
  const name = part.replace(/[^\w=.-]/gu, (character) => `%${Buffer.from(character).toString('hex')}`);
  return name.length > 150 ? `~${hashOf(part)}` : name;
}

const extensionOf = (key: string): string => /\.\w{1,10}$/.exec(key)?.[0] ?? '';

interface Held {
  readonly path: string;
  readonly size: number;
  readonly used: number;
  readonly removable: boolean;
}

/** Removes the copies that nobody asked for the longest, until the rest fits; returns the bytes of the rest. Best effort. */
async function evict(root: string, bound: number): Promise<number> {
  const now = Date.now();
  const found: Held[] = [];
  for (const name of await readdir(root).catch(() => [])) await collect(join(root, name), found, now);
  let size = found.reduce((sum, one) => sum + one.size, 0);
  if (size <= bound) return size;
  for (const one of found.filter(({ removable }) => removable).sort((a, b) => a.used - b.used)) {
    if (size <= bound * LEFT) break;
    await rm(one.path, { force: true }).catch(() => undefined);
    size -= one.size;
  }
  return size;
}

/** The copies of a store, the temporary files of crashed runs among them. */
async function collect(folder: string, found: Held[], now: number): Promise<void> {
  for (const part of ['objects', 'tmp']) {
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const stats = await stat(path).catch(() => undefined);
      if (!stats) continue;
      const age = part === 'tmp' ? 24 * 6 * IN_USE : IN_USE;
      found.push({ path, size: stats.size, used: stats.atimeMs, removable: stats.nlink === 1 && now - stats.atimeMs > age });
    }
  }
}
