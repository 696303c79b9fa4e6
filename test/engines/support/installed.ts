import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { turn } from '../../support/turn.js';

/** Where servers are kept between runs; another folder lets several checkouts share them. */
const CACHE = process.env['CHATLAKE_ENGINES'] ?? fileURLToPath(new URL('../../../.cache/engines', import.meta.url));

/** Whether a program answers to its name on this machine. */
export const present = (program: string, ...asked: string[]): boolean => spawnSync(program, asked, { stdio: 'ignore' }).error === undefined;

/**
 * The folder of an installed server, made by `make` when it is not there: complete or not at all, and by one process while others
 * wait. `name` holds the version.
 */
export async function installed(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const release = await turn(`${folder}.lock`);
  try {
    if (existsSync(folder)) return folder;
    const part = `${folder}.part`;
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { recursive: true });
    await make(part);
    await rename(part, folder);
    return folder;
  } finally {
    release();
  }
}

/** Runs a program to its end; rejects with the end of what it said when it fails. */
export function ran(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-100_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said.slice(-4000)}`));
    });
  });
}
