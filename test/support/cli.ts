import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A run of the built command line, as users have it. */
export interface CliRun {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Resolves when stdout holds what is looked for; rejects when the process ends without it. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code; a signal's name when it was killed. */
  readonly ended: Promise<number | string>;
}

/** Starts `chatlake` in `folder` with no settings but those given. It does not outlive the test. */
export function chatlake(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cli = CLI): CliRun {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const look = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const one of look) one();
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const one = () => {
        const found = pattern.exec(out);
        if (!found) return;
        look.delete(one);
        resolve(found);
      };
      look.add(one);
      one();
      void ended.then((code) => reject(new Error(`chatlake ended with ${code} before it said ${pattern}\n${out}\n${err}`)));
    });
  return { child, out: () => out, err: () => err, says, ended };
}
