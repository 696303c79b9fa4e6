import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../errors.js';

/** Makes the entries of `folder` durable: names created, renamed or removed in it survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some systems cannot open or sync a folder; there a rename is as durable as it gets.
    if (!['EISDIR', 'EINVAL', 'ENOTSUP'].includes(systemCode(error) ?? '') && process.platform !== 'win32') throw error;
  }
}

/**
 * Makes `folder` with its parents, durably. Unlike `mkdir` with `recursive`, which says ENOENT for all of them, it
 * rejects with what really stands in the way. A file in the place of `folder` shows when the folder is used.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw error;
  }
  await syncFolder(dirname(folder));
}

/** Makes the bytes of `file` durable. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
