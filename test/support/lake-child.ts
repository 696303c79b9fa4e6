import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openRawLog } from '../../src/lake/open.js';
import type { Store } from '../../src/types.js';
import { etl, lakeIn, zoneNamed } from './lake.js';
import { callback, telegramMessage } from './lake-payloads.js';

/**
 * A process of its own that works on a lake until it is done or dead. As a program:
 *   etl <folder> [rebuild] [before|after <n>]   one run over everything; kills itself around the n-th write to the enriched lake
 *   write <folder> <count>                      receives `count` updates, as fast as the disk takes them
 * It prints `ready` when its modules are loaded, and `writes <n>` at the end of an ETL run.
 */
export type ChildTask =
  | {
      readonly run: 'etl';
      readonly folder: string;
      readonly rebuild?: boolean;
      readonly kill?: { readonly when: 'before' | 'after'; readonly n: number };
    }
  | { readonly run: 'write'; readonly folder: string; readonly count: number };

export interface Child {
  /** Resolves when it works, or is over. */
  readonly ready: Promise<void>;
  /** What it printed; rejects when it ended by an error. A kill is no error. */
  readonly over: Promise<string>;
  kill(): void;
}

export function startChild(task: ChildTask): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.includes('ready')) isReady();
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const over = new Promise<string>((resolve, reject) => {
    child.on('close', (code, signal) => {
      isReady();
      if (code === 0 || signal === 'SIGKILL') resolve(out);
      else reject(new Error(`The child ended with ${code}: ${err}`));
    });
  });
  return { ready, over, kill: () => void child.kill('SIGKILL') };
}

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

/** A store that counts what changes it, and dies around the n-th change. */
function mortal(store: Store, kill: { when: 'before' | 'after'; n: number } | undefined): { store: Store; writes: () => number } {
  let writes = 0;
  const around = async (action: () => Promise<void>) => {
    writes += 1;
    const mine = writes === kill?.n;
    if (mine && kill?.when === 'before') await die();
    await action();
    if (mine && kill?.when === 'after') await die();
  };
  return {
    store: {
      ...store,
      put: (key, file, condition) => around(() => store.put(key, file, condition)),
      write: (key, bytes, condition) => around(() => store.write(key, bytes, condition)),
      remove: (key) => around(() => store.remove(key)),
    },
    writes: () => writes,
  };
}

async function main(task: ChildTask): Promise<void> {
  process.stdout.write('ready\n');
  const lake = lakeIn(task.folder);
  if (task.run === 'etl') {
    const { store, writes } = mortal(lake.enriched, task.kill);
    await etl(lake, { enriched: store, rebuild: task.rebuild ?? false });
    process.stdout.write(`writes ${writes()}\n`);
    return;
  }
  const log = openRawLog(lake.rawPath, { zone: zoneNamed('America/Sao_Paulo'), clock: { now: () => Date.now() } });
  const failures: unknown[] = [];
  for (let index = 0; index < task.count; index += 1) {
    const date = Math.floor(Date.now() / 1000);
    const update =
      index % 10 === 3
        ? callback(index)
        : telegramMessage({
            id: index % 7 === 0 ? Math.floor(index / 2) : index,
            date: date - (date % 3600),
            text: `text ${index}`.repeat(1 + (index % 20)),
          });
    const done = new Promise<void>((resolve) => {
      log.append('telegram', JSON.stringify(update), (error) => {
        if (error) failures.push(error);
        resolve();
      });
    });
    if (index % 25 === 0) await done;
  }
  await log.close();
  if (failures.length > 0) throw failures[0];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(JSON.parse(process.argv[2] ?? '') as ChildTask);
