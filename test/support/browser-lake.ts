import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const READY = /Ctrl-C stops/;

/** `chatlake up` as users have it, over a lake of its own. */
export interface Running {
  readonly url: string;
  /** Where its lake is. */
  readonly folder: string;
  /** Sends one Telegram update through the webhook; rejects unless it is durable. */
  tell(message: Readonly<Record<string, unknown>>): Promise<void>;
  readonly close: () => Promise<void>;
}

export const SECRET = 'of-the-tests';
/** Settings of a lake that waits for its first message. */
export const WAITING = { TELEGRAM_WEBHOOK_SECRET: SECRET, CHATLAKE_REFRESH: '0.2' };

/** Starts it, and resolves when it is ready; rejects with what it said when it ends before. */
export async function running(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  /** What the folder holds before. */
  prepare: (folder: string) => Promise<void> = async () => undefined,
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-page-'));
  await prepare(folder);
  const child = spawn(process.execPath, [CLI, 'up', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', CHATLAKE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (READY.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => reject(new Error(`chatlake up ended before it was ready:\n${said}`)));
  });
  const url = /Page: +(http:\S+)/.exec(said)?.[1] ?? '';
  let next = 1;

  async function tell(message: Readonly<Record<string, unknown>>): Promise<void> {
    const id = next++;
    const answer = await fetch(`${url}/webhook/telegram`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET },
      body: JSON.stringify({ update_id: id, message: { message_id: id, date: Math.floor(Date.now() / 1000), ...message } }),
    });
    if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}`);
  }

  return {
    url,
    folder,
    tell,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
