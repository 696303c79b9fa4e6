import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { SECRET } from './receiving.js';

export interface Serving {
  readonly child: ChildProcess;
  readonly port: number;
  /** Exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** What it logged so far. */
  readonly log: () => string;
}

/** `chatlake serve` as a process of its own over the lake in `folder`. */
export async function serving(folder: string): Promise<Serving> {
  const env = { PATH: process.env['PATH'], CHATLAKE_RAW: folder, CHATLAKE_PORT: '0', TELEGRAM_WEBHOOK_SECRET: SECRET };
  const child = fork(new URL('./serve-process.ts', import.meta.url), [], {
    execArgv: ['--import', 'tsx'],
    env,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let log = '';
  const port = new Promise<number>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const found = /"port":(\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`serve ended at once: ${log}`)));
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, port: await port, exited, log: () => log };
}

export interface Flood {
  /** update_ids answered with 200. */
  readonly acknowledged: number[];
  /** Stops sending; resolves when every answer is in. */
  stop(): Promise<void>;
}

/** Sends updates with ids from `first` on over `connections` connections, each as fast as it is answered. */
export function flood(port: number, first: number, connections = 16): Flood {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acknowledged: number[] = [];
  let next = first;
  let sending = true;
  const one = (id: number) =>
    new Promise<boolean>((resolve) => {
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET };
      const request = httpRequest({ agent, port, host: '127.0.0.1', method: 'POST', path: '/webhook/telegram', headers }, (response) => {
        response.resume();
        response.on('close', () => resolve(response.statusCode === 200));
      });
      request.on('error', () => resolve(false));
      request.end(`{"update_id":${id},"message":{"message_id":${id},"chat":{"id":-1},"date":1720000000,"text":"${'x'.repeat(200)}"}}`);
    });
  const workers = Array.from({ length: connections }, async () => {
    while (sending) {
      const id = next++;
      if (await one(id)) acknowledged.push(id);
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  return {
    acknowledged,
    stop: async () => {
      sending = false;
      await Promise.all(workers);
      agent.destroy();
    },
  };
}

/** Waits until `soon` holds; fails when it does not within half a minute. */
export async function until(soon: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !soon(); await delay(20)) if (performance.now() > end) throw new Error('It did not happen');
}
