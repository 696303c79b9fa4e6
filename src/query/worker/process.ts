import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ChatlakeError, messageOf } from '../../errors.js';
import { FROM_SOURCES } from '../../from-sources.js';
import { tooMuchMemory, watchMemory } from './memory.js';
import { isLast, type Reply, type Request, type WorkerOptions } from './protocol.js';

export interface WorkerLimits {
  /** Resident bytes at which the process is ended. */
  readonly maxMemory: number;
  /** Milliseconds after its time, or after it was told to stop, until the process is ended. */
  readonly graceMs: number;
}

/** A statement that a worker is at. */
export interface Task {
  /** The next reply. Throws what the statement failed with, LIMIT, or CANCELLED. */
  reply(): Promise<Reply>;
  say(request: Extract<Request, { readonly id: number }>): void;
  /** Ends the statement; the process too, when that takes long. */
  stop(reason: ChatlakeError): void;
  /** Resolves when the worker can take another one, or is gone. */
  readonly over: Promise<void>;
}

/** One process. */
export interface Worker {
  /** Undefined when the system refused to start it. */
  readonly pid: number | undefined;
  /** Resolves when it can take statements. Rejects with LIMIT when it ends before. */
  readonly ready: Promise<void>;
  /** Whether it has not ended. */
  readonly alive: () => boolean;
  /** Begins a statement, one at a time. */
  begin(request: Extract<Request, { readonly type: 'run' | 'export' }>): Task;
  /** Ends the process at once. */
  kill(): void;
}

/** Starts a process. */
export function startWorker(options: WorkerOptions, limits: WorkerLimits): Worker {
  const child = fork(fileURLToPath(new URL(FROM_SOURCES ? './child.ts' : './child.js', import.meta.url)), [JSON.stringify(options)], {
    // Nothing of this process's environment: it holds secrets.
    env: kept(['SystemRoot', 'TMPDIR', 'TEMP']),
    execArgv: ['--max-old-space-size=256', ...loader()],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  lower(child);
  let task: { readonly id: number; take(reply: Reply): void; lose(error: ChatlakeError): void } | undefined;
  let fate: ChatlakeError | undefined;

  const end = (reason: ChatlakeError) => {
    fate ??= reason;
    child.kill('SIGKILL');
  };
  const starting = mailbox<true>();
  child.on('message', (reply: Reply) => {
    if (reply.type === 'ready') starting.put(true);
    if ('id' in reply && reply.id === task?.id) task.take(reply);
  });
  const lost = (why: ChatlakeError) => {
    fate ??= why;
    starting.fail(fate);
    task?.lose(fate);
  };
  child.on('error', (error) => {
    child.kill('SIGKILL');
    lost(new ChatlakeError('LIMIT', `The process that runs SQL cannot be reached: ${messageOf(error)}. Run the query again.`));
  });
  child.once('exit', (_code, signal) => lost(ended(signal)));
  const ready = starting.take().then(() => undefined);
  ready.catch(() => undefined);

  function begin(request: Extract<Request, { readonly type: 'run' | 'export' }>): Task {
    const { id } = request;
    const replies = mailbox<Reply>();
    let done: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      done = resolve;
    });
    const unwatch =
      child.pid === undefined
        ? () => undefined
        : watchMemory(child.pid, (bytes) => {
            if (bytes > limits.maxMemory) end(tooMuchMemory(limits.maxMemory));
          });
    const { timeoutMs } = request.limits;
    const deadline = setTimeout(() => end(tooLong(timeoutMs)), timeoutMs + limits.graceMs);
    let stopping: NodeJS.Timeout | undefined;

    const finish = () => {
      unwatch();
      clearTimeout(deadline);
      clearTimeout(stopping);
      task = undefined;
      done();
    };
    task = {
      id,
      take: (reply) => {
        if (reply.type === 'failed') replies.fail(errorOf(reply));
        else replies.put(reply);
        if (isLast(reply)) finish();
      },
      lose: (error) => {
        replies.fail(error);
        finish();
      },
    };
    const say = (message: Request) => void (child.connected && child.send(message));
    say(request);
    return {
      reply: replies.take,
      say,
      stop: (reason) => {
        replies.fail(reason);
        if (stopping !== undefined || task?.id !== id) return;
        stopping = setTimeout(() => end(reason), limits.graceMs);
        say({ type: 'stop', id });
      },
      over,
    };
  }

  return {
    pid: child.pid,
    ready,
    alive: () => fate === undefined && child.exitCode === null && child.signalCode === null,
    begin,
    kill: () => end(ended('SIGKILL')),
  };
}

/** Below everything else on the machine, from its first thread on: receiving comes first. */
function lower(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some systems do not let one: the limits hold all the same.
  }
}

const kept = (names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

/** What reads TypeScript, where this runs from its sources. */
function loader(): string[] {
  return FROM_SOURCES ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
}

/** Replies in order, to whoever asks next. After a failure everybody gets that. */
function mailbox<T>() {
  const waiting: { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void }[] = [];
  const values: T[] = [];
  let failure: Error | undefined;
  return {
    put: (value: T) => {
      const next = waiting.shift();
      if (next) next.resolve(value);
      else values.push(value);
    },
    fail: (error: Error) => {
      failure ??= error;
      for (const { reject } of waiting.splice(0)) reject(failure);
    },
    take: (): Promise<T> =>
      new Promise((resolve, reject) => {
        const value = values.shift();
        if (value !== undefined) resolve(value);
        else if (failure) reject(failure);
        else waiting.push({ resolve, reject });
      }),
  };
}

function errorOf({ code, message, at }: Extract<Reply, { type: 'failed' }>): Error {
  if (code === 'BUG') return new Error(`a statement met a bug in the process that runs SQL (${message})`);
  return new ChatlakeError(code, message, { at });
}

const tooLong = (ms: number): ChatlakeError =>
  new ChatlakeError('LIMIT', `The query was stopped after ${ms / 1000} s. Read fewer days, or group first.`);

const ended = (signal: NodeJS.Signals | null): ChatlakeError =>
  new ChatlakeError(
    'LIMIT',
    `The process that ran the query ended (${signal ?? 'by itself'}). Write the statement otherwise, or run it again.`,
  );
