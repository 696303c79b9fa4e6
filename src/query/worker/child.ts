/**
 * A process that runs one statement after the other and nothing else. It holds no secret, and its parent ends it when it
 * takes more than it may.
 */
import { ChatlakeError } from '../../errors.js';
import type { QueryResult } from '../../types.js';
import { bounded } from '../bounded.js';
import { duckdbEngine } from '../duckdb.js';
import { writeExport } from '../export.js';
import type { Reply, Request, WorkerOptions } from './protocol.js';

// Without a parent there is nobody to answer; Ctrl-C is for the parent to act on.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const engine = await duckdbEngine({ ...options, connections: 1 });

interface Current {
  readonly id: number;
  readonly stop: AbortController;
  /** Once its rows can be asked for. */
  readonly rows?: AsyncIterator<readonly (readonly unknown[])[]>;
  readonly result?: QueryResult;
}
let current: Current | undefined;

const say = (reply: Reply): void => void process.send?.(reply);

process.on('message', (request: Request) => {
  answer(request).catch((error: unknown) => say(failed(request.id, error)));
});
say({ type: 'ready' });

async function answer(request: Request): Promise<void> {
  if (request.type === 'run' || request.type === 'export') return begin(request);
  if (current?.id !== request.id) return;
  if (request.type === 'next') return next(current);
  current.stop.abort();
  // One that is still being started fails by itself.
  if (current.rows === undefined) return;
  await current.rows.return?.();
  throw new ChatlakeError('CANCELLED', 'The query was cancelled.');
}

async function begin(request: Extract<Request, { readonly type: 'run' | 'export' }>): Promise<void> {
  const { id } = request;
  const stop = new AbortController();
  current = { id, stop };
  const { maxRows, timeoutMs, maxBytes } = request.limits;
  const result = bounded(await engine.run(request.sql, { maxRows, timeoutMs, signal: stop.signal }), maxBytes);
  if (request.type === 'export') {
    await writeExport(result, request.format, request.file);
    return say({ type: 'end', id, truncated: false });
  }
  current = { id, stop, result, rows: result.batches[Symbol.asyncIterator]() };
  say({ type: 'started', id, columns: result.columns, notices: result.notices });
}

async function next({ id, rows, result }: Current): Promise<void> {
  const step = await rows?.next();
  if (step && step.done !== true) say({ type: 'rows', id, rows: step.value });
  else if (result) say({ type: 'end', id, truncated: result.truncated() });
}

function failed(id: number, error: unknown): Reply {
  // What is no ChatlakeError may hold values; its parent says that it happened, and where to look.
  if (!(error instanceof ChatlakeError))
    return { type: 'failed', id, code: 'BUG', message: error instanceof Error ? error.name : 'unknown' };
  const { code, message, at } = error;
  return { type: 'failed', id, code, message, ...(at ? { at } : {}) };
}
