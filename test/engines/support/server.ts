import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A server under test. */
export interface Server {
  stop(): Promise<void>;
}

/** Starts `program`, its words going to the file `log`, and waits until `ready` says so. */
export async function serve(
  program: string,
  args: readonly string[],
  {
    env,
    cwd,
    log,
    ready,
  }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly log: string; readonly ready: () => Promise<boolean> },
): Promise<Server> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = createWriteStream(log);
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const end = () => ended(child);
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${readFileSync(log, 'utf8').slice(-4000)}`);
      if (await ready().catch(() => false)) return { stop: end };
      await delay(100);
    }
  } catch (error) {
    await end();
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await over;
  clearTimeout(late);
}
