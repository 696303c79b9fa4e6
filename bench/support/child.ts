import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

/** Starts a script of this folder as a process of its own and waits for its first message. */
export async function start<T>(script: string, args: readonly string[]): Promise<{ child: ChildProcess; message: T }> {
  const plain = script.endsWith('.mjs') ? { execArgv: [] } : {};
  const child = fork(new URL(script, import.meta.url), [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...plain });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code} before it said anything`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => undefined);
  return { child, message };
}

/** Starts `chatlake serve` as it was built, on a free port, and waits until it receives. */
export async function startServe(environment: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; message: number }> {
  const child = spawn(process.execPath, [resolve('dist/cli.js'), 'serve'], {
    env: { PATH: process.env['PATH'], CHATLAKE_PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /"port":(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stderr.resume();
    return { child, message: Number(port) };
  }
  throw new Error(`serve ended with ${child.exitCode} before it received`);
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
