import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Space } from '../checks/lake.js';
import { systemCode } from '../errors.js';

/** Space of the file system at `place`, or at the nearest folder above it that exists; undefined for what is no path. */
export async function spaceAt(place: string): Promise<Space | undefined> {
  if (/^[a-z0-9]+:\/\//i.test(place)) return undefined;
  for (let path = resolve(place); ; path = dirname(path)) {
    try {
      const { bavail, blocks, bsize } = await statfs(path);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || path === dirname(path)) return undefined;
    }
  }
}
