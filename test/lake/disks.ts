import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface SmallDisk {
  readonly path: string;
  remount(options: string): void;
}

/** A file system of its own, `size` large, unmounted when the test ends. */
export function smallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'chatlake-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
  onTestFinished(() => {
    execFileSync('umount', ['-l', path], { stdio: 'ignore' });
    rmSync(path, { recursive: true, force: true });
  });
  return { path, remount: (options) => void execFileSync('mount', ['-o', `remount,${options}`, path], { stdio: 'ignore' }) };
}

/** Whether this process may mount file systems; the reason for a skip where it may not. */
export const canMount: boolean = (() => {
  const path = mkdtempSync(join(tmpdir(), 'chatlake-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
    execFileSync('umount', [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
})();
export const NEEDS_MOUNT = canMount ? '' : ' (skipped: mounting a small file system needs root)';
