import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Condition, Store, StoredObject } from '../types.js';
import { absent, conflict, unavailable } from './failure.js';
import { byKey, checkedKey, checkedPrefix } from './key.js';

interface Held {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** A Store that lives as long as the process, for tests. `local` and `temporary` use a folder under the system's temporary one. */
export function memoryStore(): Store {
  const held = new Map<string, Held>();
  let folder: Promise<string> | undefined;
  let serial = 0;

  const temporary = async (suffix: string) => {
    folder ??= mkdtemp(join(tmpdir(), 'chatlake-'));
    return join(await folder, `${serial++}${suffix}`);
  };
  const found = (key: string): Held => {
    const object = held.get(checkedKey(key));
    if (object === undefined) throw absent('memory', key);
    return object;
  };
  const keep = (key: string, bytes: Uint8Array, condition: Condition | undefined) => {
    const now = held.get(checkedKey(key))?.etag;
    if (condition && now !== ('ifMatch' in condition ? condition.ifMatch : undefined)) throw conflict('memory', key);
    held.set(key, { bytes, etag: String(serial++) });
  };
  const keysUnder = (prefix: string) => {
    checkedPrefix(prefix);
    return [...held.keys()].filter((key) => key.startsWith(prefix)).sort(byKey);
  };

  async function* list(prefix: string): AsyncGenerator<StoredObject> {
    for (const key of keysUnder(prefix)) {
      const object = held.get(key);
      if (object) yield { key, size: object.bytes.byteLength, etag: object.etag };
    }
  }

  const checkout = async (key: string) => {
    const { bytes, etag } = found(key);
    const path = await temporary(`-${key.slice(key.lastIndexOf('/') + 1)}`);
    await writeFile(path, bytes);
    return { path, etag };
  };

  return {
    url: 'memory',
    folder: tmpdir(),
    list,
    children: async (prefix) => {
      const names = keysUnder(prefix).map((key) => /^[^/]*\/?/.exec(key.slice(prefix.length))?.[0] ?? '');
      return [...new Set(names)];
    },
    read: async (key) => found(key).bytes.slice(),
    get: async (key) => ({ bytes: found(key).bytes.slice(), etag: found(key).etag }),
    local: async (key) => (await checkout(key)).path,
    checkout,
    put: async (key, file, condition) => {
      checkedKey(key);
      try {
        keep(key, await readFile(file), condition);
        await rm(file, { force: true });
      } catch (error) {
        throw unavailable('read', file, error);
      }
    },
    write: async (key, bytes, condition) =>
      keep(key, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice(), condition),
    remove: async (key) => void held.delete(checkedKey(key)),
    temporary,
  };
}
