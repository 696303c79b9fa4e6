import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Starts a script of this folder as a process of its own and waits for its first message. */
export async function start<T>(script: string, args: readonly string[]): Promise<{ child: ChildProcess; message: T }> {
  const child = fork(new URL(script, import.meta.url), [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code} before it said anything`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => undefined);
  return { child, message };
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
