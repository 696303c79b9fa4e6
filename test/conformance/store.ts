import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store, StoredObject } from '../../src/types.js';

export interface StoreUnderTest {
  readonly store: Store;
  /** Removes what the store left behind. */
  dispose(): Promise<void>;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export async function listed(store: Store, prefix = ''): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}
const keys = async (store: Store, prefix = '') => (await listed(store, prefix)).map((object) => object.key);

/** What every Store promises. `many` is the number of keys of the paging case. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>, many = 2500): void {
  describe(`${name} as a Store`, () => {
    let store: Store;
    let under: StoreUnderTest;
    let scratch: string;
    beforeEach(async () => {
      under = await make();
      store = under.store;
      scratch = await mkdtemp(join(tmpdir(), 'chatlake-scratch-'));
    });
    afterEach(async () => {
      await under.dispose();
      await rm(scratch, { recursive: true, force: true });
    });
    const local = async (content: string) => {
      const path = join(scratch, 'source');
      await writeFile(path, content);
      return path;
    };

    it('gives back the bytes it was given, by text, bytes or file', async () => {
      await store.write('a/text', 'olá');
      await store.write('a/bytes', Uint8Array.of(0, 255, 10));
      await store.put('a/file', await local('from a file'));
      expect(text(await store.read('a/text'))).toBe('olá');
      expect([...(await store.read('a/bytes'))]).toEqual([0, 255, 10]);
      expect(text(await store.read('a/file'))).toBe('from a file');
      expect(await readFile(await store.local('a/file'), 'utf8')).toBe('from a file');
    });

    it('keeps empty objects', async () => {
      await store.write('empty', '');
      await store.put('folder/empty', await local(''));
      expect((await store.read('empty')).byteLength).toBe(0);
      expect(await listed(store)).toMatchObject([
        { key: 'empty', size: 0 },
        { key: 'folder/empty', size: 0 },
      ]);
    });

    it('is empty before the first write', async () => {
      expect(await keys(store)).toEqual([]);
      expect(await keys(store, 'absent/')).toEqual([]);
      expect(await store.children('')).toEqual([]);
      expect(await store.children('absent/')).toEqual([]);
    });

    it('says NOT_FOUND with the key for an absent object, a folder and a path through an object', async () => {
      await store.write('folder/object', 'x');
      for (const key of ['absent', 'folder', 'folder/object/below']) {
        await expect(store.read(key)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(key) });
        await expect(store.local(key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    });

    it(`lists ${many} keys once each, in the order of their bytes`, async () => {
      const names = Array.from({ length: many }, (_, index) => `many/${(index * 7919) % many}`);
      for (let from = 0; from < many; from += 50) await Promise.all(names.slice(from, from + 50).map((key) => store.write(key, key)));
      const expected = names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await keys(store, 'many/')).toEqual(expected);
      expect((await store.children('many/')).length).toBe(many);
    });

    it('orders keys by their whole text, folders and odd characters included', async () => {
      const names = [
        'a-b',
        'a/x',
        'a0',
        'b/ç/ü',
        'b/\u{1f600}',
        'b/\uffee',
        'b c',
        '_state/x',
        'context_date=2024-01-01/x.ndjson',
        'quote"\'`$(x)',
        'é',
      ];
      for (const key of names) await store.write(key, key);
      const expected = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await keys(store)).toEqual(expected);
      for (const key of names) expect(text(await store.read(key))).toBe(key);
      expect(await store.children('b/')).toEqual(['ç/', '\uffee', '\u{1f600}']);
    });

    it('lists only what is under the prefix', async () => {
      for (const key of ['day=1/a', 'day=10/a', 'day=1/b/c', 'other']) await store.write(key, 'x');
      expect(await keys(store, 'day=1/')).toEqual(['day=1/a', 'day=1/b/c']);
      expect(await store.children('day=1/')).toEqual(['a', 'b/']);
      expect(await store.children('')).toEqual(['day=1/', 'day=10/', 'other']);
    });

    it('replaces an object and changes its etag', async () => {
      await store.write('key', 'one');
      const before = await listed(store);
      await store.write('key', 'two');
      const after = await listed(store);
      expect(text(await store.read('key'))).toBe('two');
      expect(after[0]?.etag).not.toBe(before[0]?.etag);
      expect(await listed(store)).toEqual(after);
    });

    it('shows a reader the old bytes or the new while an object is replaced', async () => {
      const versions = ['a'.repeat(300_000), 'b'.repeat(200_000)];
      await store.write('key', versions[0] ?? '');
      let writing = true;
      const writer = (async () => {
        for (let round = 0; round < 60; round++) await store.put('key', await local(versions[round % 2] ?? ''));
        writing = false;
      })();
      let reads = 0;
      while (writing) {
        expect(versions.includes(text(await store.read('key')))).toBe(true);
        reads++;
        await new Promise(setImmediate);
      }
      await writer;
      expect(reads).toBeGreaterThan(10);
    });

    it('takes many writers of one key: the last bytes are one of theirs', async () => {
      const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
      await Promise.all(contents.map((content) => store.write('key', content)));
      expect(contents).toContain(text(await store.read('key')));
      expect(await keys(store)).toEqual(['key']);
    });

    it('replaces only the version that a condition names', async () => {
      const changed = { code: 'CONFLICT', message: expect.stringMatching(/^folder\/key in /) };
      await store.write('folder/key', 'one', { ifAbsent: true });
      const { etag, bytes } = await store.get('folder/key');
      expect(text(bytes)).toBe('one');
      expect((await listed(store))[0]?.etag).toBe(etag);
      const checked = await store.checkout('folder/key');
      expect([checked.etag, await readFile(checked.path, 'utf8')]).toEqual([etag, 'one']);
      await expect(store.write('folder/key', 'two', { ifAbsent: true })).rejects.toMatchObject(changed);
      await expect(store.put('folder/key', await local('two'), { ifAbsent: true })).rejects.toMatchObject(changed);
      await store.put('folder/key', await local('two'), { ifMatch: etag });
      await expect(store.write('folder/key', 'three', { ifMatch: etag })).rejects.toMatchObject(changed);
      await expect(store.put('folder/key', await local('three'), { ifMatch: etag })).rejects.toMatchObject(changed);
      expect(text(await store.read('folder/key'))).toBe('two');
      expect(await readFile((await store.checkout('folder/key')).path, 'utf8')).toBe('two');
    });

    it('puts nothing in the place of a version that is gone', async () => {
      await store.write('key', 'one');
      const { etag } = await store.get('key');
      await store.remove('key');
      await expect(store.write('key', 'two', { ifMatch: etag })).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(store.put('never', await local('two'), { ifMatch: etag })).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await keys(store)).toEqual([]);
      await expect(store.get('key')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.checkout('key')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('lets one of many writers under the same condition win, and loses no count of them', async () => {
      const first = await Promise.allSettled(Array.from({ length: 16 }, (_, index) => store.write('key', `${index}`, { ifAbsent: true })));
      expect(first.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await store.write('count', '0');
      const add = async (): Promise<void> => {
        const { bytes, etag } = await store.get('count');
        await store.write('count', String(Number(text(bytes)) + 1), { ifMatch: etag }).catch((error: { code?: string }) => {
          if (error.code !== 'CONFLICT') throw error as Error;
          return add();
        });
      };
      await Promise.all(Array.from({ length: 12 }, add));
      expect(text(await store.read('count'))).toBe('12');
    });

    it('knows a version that a list has named', async () => {
      await store.write('key', 'one');
      const [named] = await listed(store);
      expect(await readFile((await store.checkout('key', named)).path, 'utf8')).toBe('one');
      await store.write('key', 'two');
      expect(await readFile((await store.checkout('key', named)).path, 'utf8')).toMatch(/^(one|two)$/);
    });

    it('removes objects; absent ones are fine', async () => {
      await store.write('folder/key', 'x');
      await store.remove('folder/key');
      await store.remove('folder/key');
      await store.remove('absent/folder/key');
      expect(await keys(store)).toEqual([]);
    });

    it('takes a temporary file of its own', async () => {
      const path = await store.temporary('.parquet');
      expect(path).toMatch(/\.parquet$/);
      expect(await store.temporary('.parquet')).not.toBe(path);
      await writeFile(path, 'made');
      await store.put('made', path);
      expect(text(await store.read('made'))).toBe('made');
      expect(await keys(store)).toEqual(['made']);
    });

    it('leaves the old object when the file to put is absent', async () => {
      await store.write('key', 'old');
      await expect(store.put('key', join(scratch, 'absent'))).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
      expect(text(await store.read('key'))).toBe('old');
    });

    it.each(['..', '../x', 'a/../../x', '/etc/passwd', 'a//b', '', '.', 'a/./b', 'a/', 'nul\0'])('refuses %j as a key', async (key) => {
      const refused = { code: 'USAGE' };
      await expect(store.read(key)).rejects.toMatchObject(refused);
      await expect(store.local(key)).rejects.toMatchObject(refused);
      await expect(store.write(key, 'x')).rejects.toMatchObject(refused);
      await expect(store.put(key, await local('x'))).rejects.toMatchObject(refused);
      await expect(store.remove(key)).rejects.toMatchObject(refused);
    });

    it.each(['../', 'a', '/', 'a/../'])('refuses %j as a prefix', async (prefix) => {
      await expect((async () => listed(store, prefix))()).rejects.toMatchObject({ code: 'USAGE' });
      await expect((async () => store.children(prefix))()).rejects.toMatchObject({ code: 'USAGE' });
    });
  });
}
