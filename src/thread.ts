import { Worker, type WorkerOptions } from 'node:worker_threads';
import { FROM_SOURCES } from './from-sources.js';

/** Starts a thread. `entry`: its file beside the caller's (`import.meta.url`), without extension. */
export function startThread(entry: string, caller: string, options: WorkerOptions): Worker {
  if (!FROM_SOURCES) return new Worker(new URL(`./${entry}.js`, caller), options);
  // From sources (development, tests) it must be taught to read TypeScript first.
  const source = new URL(`./${entry}.ts`, caller).href;
  const script = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(script, { ...options, eval: true });
}
