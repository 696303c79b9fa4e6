import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFile } from '../../src/etl/lock.js';
import { canMount, NEEDS_MOUNT, smallDisk, temporaryFolder } from '../lake/disks.js';

describe('the lock of a lake', () => {
  it('leaves nothing but its file, and can be taken again', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'new', '_etl.lock');
    for (let time = 0; time < 2; time += 1) {
      const release = await lockFile(file);
      expect(release).toBeDefined();
      release?.();
      expect(await readdir(join(folder, 'new'))).toEqual(['_etl.lock']);
    }
  });

  it.skipIf(!canMount)(`is not taken for held on a full disk, and can be had once there is space${NEEDS_MOUNT}`, async () => {
    const { path } = smallDisk('64k');
    await writeFile(join(path, 'ballast'), Buffer.alloc(56_000));
    await expect(lockFile(join(path, '_etl.lock'))).rejects.toMatchObject({
      code: 'LAKE_UNAVAILABLE',
      message: expect.stringContaining('space'),
    });
    expect(await readdir(path)).toEqual(['ballast']);
    await rm(join(path, 'ballast'));
    const release = await lockFile(join(path, '_etl.lock'));
    expect(release).toBeDefined();
    release?.();
  });

  it('that was not written whole is not taken for held: the way out is told', async () => {
    const file = join(await temporaryFolder(), '_etl.lock');
    (await lockFile(file))?.();
    const whole = await readFile(file);
    for (const bytes of [0, 1, 3000, 4096, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, bytes));
      await expect(lockFile(file)).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE', message: expect.stringContaining('Remove it') });
    }
  });
});
