import { setTimeout as delay } from 'node:timers/promises';
import { lockFile } from '../../src/etl/lock.js';

/** Waits for the lock at `path`, which one process holds at a time; the returned function lets go of it. */
export async function turn(path: string): Promise<() => void> {
  for (;;) {
    const release = await lockFile(path);
    if (release) return release;
    await delay(200);
  }
}
