import { randomBytes } from 'node:crypto';
import { type BigIntStats, readFile } from 'node:fs';
import { copyFile, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { systemCode } from '../errors.js';
import type { Condition, Store, StoredObject } from '../types.js';
import { makeFolder, syncFile, syncFolder } from './disk.js';
import { absent, conflict, unavailable } from './failure.js';
import { byKey, checkedKey, checkedPrefix, TEMPORARY } from './key.js';

/** Files asked for their size at once while listing. */
const STATS_AT_ONCE = 64;
/** Milliseconds after which a temporary file is taken for the remains of a crash. */
const STALE = 86_400_000;

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP']);
const isAbsent = (error: unknown) => ABSENT.has(systemCode(error) ?? '');

/** A Store in a folder. The folder is made by the first write; until then the store is empty. */
export function fileStore(folder: string): Store {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, checkedKey(key));
  let swept = false;

  async function temporary(suffix: string): Promise<string> {
    const place = join(root, TEMPORARY);
    await writing(place, () => makeFolder(place));
    if (!swept) {
      swept = true;
      await sweep(place);
    }
    return join(place, randomBytes(8).toString('hex') + suffix);
  }

  const put = (key: string, file: string, condition?: Condition): Promise<void> =>
    condition ? inTurn(pathOf(key), () => replace(key, file, condition)) : replace(key, file);

  async function replace(key: string, file: string, condition?: Condition): Promise<void> {
    const target = pathOf(key);
    if (condition && etagOf(await statOf(target)) !== ('ifMatch' in condition ? condition.ifMatch : undefined)) throw conflict(root, key);
    await writing(target, async () => {
      await makeFolder(dirname(target));
      await syncFile(file);
      try {
        await rename(file, target);
      } catch (error) {
        if (systemCode(error) !== 'EXDEV') throw error;
        const copy = await temporary('');
        await copyFile(file, copy);
        await syncFile(copy);
        await rename(copy, target);
        await rm(file, { force: true });
      }
      await syncFolder(dirname(target));
    });
  }

  async function write(key: string, bytes: string | Uint8Array, condition?: Condition): Promise<void> {
    checkedKey(key);
    const file = await temporary('');
    try {
      await writing(join(root, key), () => writeFile(file, bytes));
      await put(key, file, condition);
    } catch (error) {
      await rm(file, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async function read(key: string): Promise<Uint8Array> {
    const path = pathOf(key);
    try {
      return await readWhole(path);
    } catch (error) {
      throw isAbsent(error) ? absent(root, key) : unavailable('read', path, error);
    }
  }

  async function get(key: string): Promise<{ bytes: Uint8Array; etag: string }> {
    const path = pathOf(key);
    let handle;
    try {
      handle = await open(path);
      // Of the open file, whatever takes its name meanwhile.
      const etag = etagOf(await handle.stat({ bigint: true })) ?? '';
      return { bytes: await handle.readFile(), etag };
    } catch (error) {
      throw isAbsent(error) ? absent(root, key) : unavailable('read', path, error);
    } finally {
      await handle?.close();
    }
  }

  async function checkout(key: string): Promise<{ path: string; etag: string }> {
    const path = pathOf(key);
    const etag = etagOf(await statOf(path));
    if (etag === undefined) throw absent(root, key);
    // Whoever opens the path says less of what stands in the way.
    try {
      await (await open(path)).close();
    } catch (error) {
      throw isAbsent(error) ? absent(root, key) : unavailable('read', path, error);
    }
    return { path, etag };
  }

  async function remove(key: string): Promise<void> {
    const path = pathOf(key);
    try {
      await rm(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (!isAbsent(error)) throw unavailable('write', path, error);
    }
  }

  return {
    url: root,
    folder: root,
    list: (prefix) => walk(root, checkedPrefix(prefix)),
    children: async (prefix) => (await entries(root, checkedPrefix(prefix))).map((entry) => entry.name),
    read,
    get,
    local: async (key) => (await checkout(key)).path,
    checkout,
    put,
    write,
    remove,
    temporary,
  };
}

/** Half the work of the same by promises, of which a look at a thousand days has thousands. */
const readWhole = promisify(readFile);

/** Writes under a condition that are under way in this process, by path: each begins when the one before it is over. */
const turns = new Map<string, Promise<void>>();

function inTurn(path: string, action: () => Promise<void>): Promise<void> {
  const mine = (turns.get(path) ?? Promise.resolve()).catch(() => undefined).then(action);
  turns.set(path, mine);
  const over = () => {
    if (turns.get(path) === mine) turns.delete(path);
  };
  mine.then(over, over);
  return mine;
}

/** Undefined for what is no file. */
const etagOf = (found: BigIntStats | undefined): string | undefined =>
  found?.isFile() ? `${found.mtimeNs}-${found.size}-${found.ino}` : undefined;

async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw unavailable('write', path, error);
  }
}

/** Undefined when there is nothing at `path`. */
async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unavailable('read', path, error);
  }
}

/** Names directly under `prefix` in key order; folders end in `/`, so that walking them in turn keeps the order. */
async function entries(root: string, prefix: string): Promise<{ name: string }[]> {
  const folder = join(root, prefix);
  let found;
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    if (systemCode(error) === 'ENOTDIR' && prefix !== '') return [];
    throw unavailable('read', folder, error);
  }
  const named: { name: string }[] = [];
  for (const entry of found) {
    if (prefix === '' && entry.name === TEMPORARY) continue;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && ((await statOf(join(folder, entry.name)))?.isDirectory() ?? false));
    named.push({ name: isFolder ? `${entry.name}/` : entry.name });
  }
  return named.sort((a, b) => byKey(a.name, b.name));
}

async function* walk(root: string, prefix: string): AsyncGenerator<StoredObject> {
  let files: string[] = [];
  for (const { name } of await entries(root, prefix)) {
    if (!name.endsWith('/')) files.push(prefix + name);
    if (files.length === STATS_AT_ONCE || name.endsWith('/')) {
      yield* await described(root, files);
      files = [];
    }
    if (name.endsWith('/')) yield* walk(root, prefix + name);
  }
  yield* await described(root, files);
}

/** The objects of `keys` that are still there. */
async function described(root: string, keys: readonly string[]): Promise<StoredObject[]> {
  const stats = await Promise.all(keys.map((key) => statOf(join(root, key))));
  return keys.flatMap((key, index) => {
    const found = stats[index];
    const etag = etagOf(found);
    return found && etag !== undefined ? [{ key, size: Number(found.size), etag }] : [];
  });
}

/** Removes what crashed runs left behind. Best effort: what cannot be removed is in nobody's way. */
async function sweep(place: string): Promise<void> {
  const now = Date.now();
  for (const name of await readdir(place).catch(() => [])) {
    const path = join(place, name);
    const found = await stat(path).catch(() => undefined);
    if (found && now - found.mtimeMs > STALE) await rm(path, { force: true, recursive: true }).catch(() => undefined);
  }
}
