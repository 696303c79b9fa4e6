import { spawn } from 'node:child_process';

/** Has a Node process say its peak memory as it ends. */
const WATCH = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`;

export interface Run {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** Peak resident memory, megabytes. */
  readonly megabytes: number;
  readonly stdout: string;
}

/** Runs a Node program in a process of its own. Rejects when it fails. */
export function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, ['--import', WATCH, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${args[0]} ended with ${code}: ${stderr.slice(-500)}`));
      else
        resolve({
          seconds: (performance.now() - begun) / 1000,
          megabytes: Number(/peak (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024,
          stdout,
        });
    });
  });
}
