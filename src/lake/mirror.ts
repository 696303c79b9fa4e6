import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChatlakeError, systemCode } from '../errors.js';
import type { Store, StoredObject } from '../types.js';
import { unavailable } from './failure.js';
import { fileStore } from './file.js';
import { isEnriched } from './layout.js';

/** An enriched lake as a folder on this machine, for readers of files: the lake's own folder, or one that follows a bucket. */
export interface Mirror {
  readonly folder: string;
  /** The lake to read; it lists what is there now. Of a bucket, the tables and what is kept about them. */
  readonly store: Store;
  /** Makes the folder hold what the lake holds now, or held at most the allowed age ago. Throws LIMIT for a lake too large for this machine's share. */
  readonly refresh: () => Promise<void>;
  /** Says that the lake has changed: no look of before this stands any more. */
  readonly expire: () => void;
  /** Removes a folder that followed. */
  readonly close: () => Promise<void>;
}

export interface MirrorOptions {
  /** Megabytes that the lake may take here. */
  readonly megabytes: number;
  /** Milliseconds for which a look at the lake stands; each reader looks for itself unless told. */
  readonly age?: number;
}

/** Objects fetched at once. */
const AT_ONCE = 32;
/** Milliseconds after which a folder whose process is gone is removed. */
const STALE = 60_000;

/**
 * A folder that follows `store`, of this process alone. A file is a link to the cache's copy of a version, taking no room of its own, and
 * replaced in one step: a statement reads one version of each file whatever is fetched or evicted meanwhile, or is run again.
 * What else lies in a bucket is left there: its keys need not be names that files can have.
 */
export function mirrorOf(store: Store, { megabytes, age = 0 }: MirrorOptions): Mirror {
  if (store.url === store.folder)
    return { folder: store.url, store, refresh: async () => undefined, expire: () => undefined, close: async () => undefined };
  const place = join(store.folder, 'mirrors');
  const folder = join(place, `${process.pid}-${randomBytes(4).toString('hex')}`);
  const linked = new Map<string, string>();
  let looked = -Infinity;
  let under: Promise<void> | undefined;
  let expired = false;

  async function follow(): Promise<void> {
    const began = performance.now();
    if ((await stat(folder).catch(() => undefined)) === undefined) {
      // At first, and where the cache was emptied: what was linked is to be fetched again.
      linked.clear();
      await begin(place, folder);
    }
    const objects: StoredObject[] = [];
    for await (const object of store.list('')) if (isEnriched(object.key)) objects.push(object);
    const bytes = objects.reduce((sum, { size }) => sum + size, 0);
    if (bytes > megabytes * 1024 ** 2)
      throw new ChatlakeError(
        'LIMIT',
        `${store.url} has ${Math.ceil(bytes / 1024 ** 2)} MB, more than the ${megabytes} that this machine keeps of it: raise CHATLAKE_CACHE_MB, or ask with --engine athena or trino`,
      );
    const changed = objects.filter(({ key, etag }) => linked.get(key) !== etag);
    const next = changed[Symbol.iterator]();
    await Promise.all(Array.from({ length: AT_ONCE }, () => bringAll(next)));
    const present = new Set(objects.map(({ key }) => key));
    for (const key of linked.keys()) {
      if (present.has(key)) continue;
      await rm(join(folder, key), { force: true });
      linked.delete(key);
    }
    looked = began;
  }

  async function bringAll(objects: Iterator<StoredObject>): Promise<void> {
    for (let next = objects.next(); !next.done; next = objects.next()) await bring(next.value);
  }

  async function bring(object: StoredObject): Promise<void> {
    const { key } = object;
    const path = join(folder, key);
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      const { path: copy, etag } = await store.checkout(key, object);
      await mkdir(dirname(path), { recursive: true });
      await link(copy, part);
      await rename(part, path);
      // A link to what is there already is left where it was.
      await rm(part, { force: true });
      linked.set(key, etag);
    } catch (error) {
      // Gone since it was listed: the next look tells.
      if (!(error instanceof ChatlakeError && error.code === 'NOT_FOUND')) throw unavailable('write', path, error);
    }
  }

  const refresh = (): Promise<void> => {
    if (under) return expired ? under.catch(() => undefined).then(refresh) : under;
    if (!expired && performance.now() - looked < age) return Promise.resolve();
    expired = false;
    under = follow().finally(() => (under = undefined));
    return under;
  };
  const files = fileStore(folder);
  return {
    folder,
    store: {
      ...files,
      list: async function* (prefix) {
        await refresh();
        yield* files.list(prefix);
      },
      children: async (prefix) => {
        await refresh();
        return files.children(prefix);
      },
    },
    refresh,
    expire: () => void (expired = true),
    close: async () => {
      await under?.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function begin(place: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unavailable('write', folder, error);
  }
  for (const name of await readdir(place).catch(() => [])) {
    const found = await stat(join(place, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > STALE && !isRunning(Number.parseInt(name, 10)))
      await rm(join(place, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
