import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unavailable } from '../../src/lake/failure.js';
import { fileStore } from '../../src/lake/file.js';
import { describeStore, listed } from '../conformance/store.js';
import { canMount, NEEDS_MOUNT, smallDisk, temporaryFolder } from './disks.js';

describeStore('fileStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-store-'));
  return { store: fileStore(join(folder, 'made/by/the/first/write')), dispose: () => rm(folder, { recursive: true, force: true }) };
});

describe('fileStore', () => {
  it('moves the file of a put in', async () => {
    const store = fileStore(await temporaryFolder());
    const path = await store.temporary('');
    await writeFile(path, 'x');
    await store.put('key', path);
    expect(await readdir(join(store.url, '_tmp'))).toEqual([]);
  });

  it('keeps its temporary files out of lists and its folder out of reach', async () => {
    const store = fileStore(await temporaryFolder());
    await writeFile(await store.temporary('.part'), 'half');
    expect(await listed(store)).toEqual([]);
    expect(await store.children('')).toEqual([]);
    await expect(store.read('_tmp/x')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('removes temporary files of crashed runs after a day, not before', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, '_tmp'));
    await writeFile(join(root, '_tmp/old'), '');
    await utimes(join(root, '_tmp/old'), 0, 0);
    await writeFile(join(root, '_tmp/young'), '');
    await fileStore(root).temporary('');
    expect(await readdir(join(root, '_tmp'))).toEqual(['young']);
  });

  it('lists a folder of 30,000 files', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'day'));
    for (let from = 0; from < 30_000; from += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, index) => writeFile(join(root, 'day', `${from + index}.json`), '')));
    }
    let count = 0;
    let last = '';
    for await (const { key } of fileStore(root).list('day/')) {
      expect(key > last).toBe(true);
      last = key;
      count++;
    }
    expect(count).toBe(30_000);
  });

  it('follows links to folders and skips what is neither file nor folder', async () => {
    const root = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, 'x'), '1');
    await symlink(elsewhere, join(root, 'linked'));
    await symlink(join(root, 'nowhere'), join(root, 'broken'));
    await symlink('itself', join(root, 'itself'));
    expect((await listed(fileStore(root))).map((object) => object.key)).toEqual(['linked/x']);
  });

  it('says what stands in the way when the root or a folder is a file', async () => {
    const root = join(await temporaryFolder(), 'root');
    await writeFile(root, '');
    const wayOut = { code: 'LAKE_UNAVAILABLE', message: expect.stringMatching(/a file stands where a folder is needed/) };
    await expect(fileStore(root).write('key', 'x')).rejects.toMatchObject(wayOut);
    await expect(listed(fileStore(root))).rejects.toMatchObject(wayOut);
    const store = fileStore(await temporaryFolder());
    await store.write('a', 'x');
    await expect(store.write('a/b', 'x')).rejects.toMatchObject(wayOut);
    expect(await readdir(join(store.url, '_tmp'))).toEqual([]);
  });

  it.skipIf(!canMount)(`copies a put from another file system, and names a full or read-only disk${NEEDS_MOUNT}`, async () => {
    const disk = smallDisk('256k');
    const store = fileStore(disk.path);
    const source = join(await temporaryFolder(), 'source');
    await writeFile(source, 'from afar');
    await store.put('key', source);
    expect(Buffer.from(await store.read('key')).toString()).toBe('from afar');
    await expect(store.write('big', 'x'.repeat(1_000_000))).rejects.toMatchObject({
      code: 'LAKE_UNAVAILABLE',
      message: expect.stringMatching(/disk is full/),
    });
    await store.write('key', 'still works');
    disk.remount('ro');
    await expect(store.write('key', 'x')).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE', message: expect.stringMatching(/read-only/) });
    expect(Buffer.from(await store.read('key')).toString()).toBe('still works');
  });
});

it('says what stands in the way of a file that may not be read, before its path is handed out', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'x'), '1');
  await chmod(join(folder, 'x'), 0);
  const root = process.getuid?.() === 0;
  if (root) process.seteuid?.('nobody');
  try {
    await expect(fileStore(folder).checkout('x')).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
  } finally {
    if (root) process.seteuid?.(0);
  }
});

it('asks for both permissions where one is missing: who may not read is not helped by writing', () => {
  expect(unavailable('read', '/lake', Object.assign(new Error(), { code: 'EACCES' })).message).toMatch(/read and write there \(EACCES\)$/);
});
