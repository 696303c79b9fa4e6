import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ChatlakeError } from '../../errors.js';

const MEGABYTE = 1024 ** 2;

export const tooMuchMemory = (bytes: number): ChatlakeError =>
  new ChatlakeError(
    'LIMIT',
    `The query was stopped: it took more memory than the ${Math.round(bytes / MEGABYTE)} MB it may use. Read fewer days or columns, or group before sorting.`,
  );

/** Calls `told` with the resident bytes of a process, often, until it is stopped. Where nothing can tell, it is never called. */
export function watchMemory(pid: number, told: (bytes: number) => void): () => void {
  return process.platform === 'linux' ? watchProc(pid, told) : watchPs(pid, told);
}

/** Milliseconds between looks. A thread can touch about 2 GB a second: that is the most by which a limit is passed. */
const PROC_MS = 20;
const PS_MS = 200;

function watchProc(pid: number, told: (bytes: number) => void): () => void {
  const timer = setInterval(() => {
    const bytes = residentOf(pid);
    if (bytes !== undefined) told(bytes);
  }, PROC_MS);
  return () => clearInterval(timer);
}

/** Resident bytes by `/proc`; undefined for a process that is gone. */
export function residentOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function watchPs(pid: number, told: (bytes: number) => void): () => void {
  let stopped = false;
  const look = () => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
      if (stopped) return;
      const kilobytes = Number(stdout.trim());
      if (!error && kilobytes > 0) told(kilobytes * 1024);
      setTimeout(look, PS_MS).unref();
    });
  };
  look();
  return () => {
    stopped = true;
  };
}
