import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

export interface FailingDisk {
  readonly path: string;
  /** From now on reads and writes of blocks fail (EIO), until it is healed. */
  fail(): void;
  heal(): void;
}

/** A file system on a loop device, whose image is cut short to make it fail; unmounted when the test ends. */
export function failingDisk(): FailingDisk {
  const folder = mkdtempSync(join(tmpdir(), 'chatlake-disk-'));
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const image = join(folder, 'image');
  const path = join(folder, 'disk');
  mkdirSync(path);
  run('truncate', '-s', '16M', image);
  run('mkfs.ext4', '-q', '-O', '^has_journal', '-N', '64', '-b', '1024', image);
  run('mount', '-o', 'loop,errors=continue', image, path);
  // What the image keeps when it is cut short is taken, so that nothing new fits there.
  writeFileSync(join(path, 'ballast'), Buffer.alloc(3 * 1024 * 1024), { flush: true });
  const device = run('losetup', '-j', image).split(':')[0] ?? '';
  const resize = (size: string) => {
    run('truncate', '-s', size, image);
    run('losetup', '-c', device);
  };
  onTestFinished(() => {
    run('umount', '-l', path);
    rmSync(folder, { recursive: true, force: true });
  });
  return { path, fail: () => resize('1M'), heal: () => resize('16M') };
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

/** Whether it may also make loop devices and file systems on them. */
export const canLoop: boolean = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'chatlake-disk-'));
  const image = join(folder, 'image');
  try {
    execFileSync('truncate', ['-s', '16M', image], { stdio: 'ignore' });
    execFileSync('mkfs.ext4', ['-q', '-O', '^has_journal', image], { stdio: 'ignore' });
    mkdirSync(join(folder, 'disk'));
    execFileSync('mount', ['-o', 'loop', image, join(folder, 'disk')], { stdio: 'ignore' });
    execFileSync('umount', [join(folder, 'disk')], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();
export const NEEDS_LOOP = canLoop ? '' : ' (skipped: a disk that fails needs root, loop devices and mkfs.ext4)';
