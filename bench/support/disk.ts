import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './rows.js';

/** What this disk asks for durability, in milliseconds: a batch of 64 updates appended and synced, again and again. */
export function syncedWrite(folder: string): number {
  const file = openSync(join(folder, 'synced'), 'wx');
  const batch = Buffer.alloc(25_000, 'x');
  try {
    return median(
      Array.from({ length: 500 }, () => {
        const began = performance.now();
        writeSync(file, batch);
        fdatasyncSync(file);
        return performance.now() - began;
      }),
    );
  } finally {
    closeSync(file);
  }
}
