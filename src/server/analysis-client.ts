import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Analysis } from '../analysis/analysis.js';
import type { Refreshed } from '../analysis/cache/cache.js';
import type { AnalysisView, Option, QuestionsView } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import { startThread } from '../thread.js';
import type { Clock } from '../types.js';
import type { ThreadCall, ThreadReply, ThreadRequest, ThreadSetup } from './analysis-messages.js';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The analysis in a thread of its own, started at the first question. Should the thread fail, what it was asked is
 * refused with LAKE_UNAVAILABLE and the next question starts another.
 */
export function analysisInThread(setup: ThreadSetup, clock: Clock): Analysis {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let last = 0;

  function started(): Worker {
    if (worker !== undefined) return worker;
    const begun = startThread('analysis-thread', import.meta.url, { workerData: setup });
    worker = begun;
    begun.unref();
    begun.on('message', ({ id, value, error }: ThreadReply) => {
      const waiting = pending.get(id);
      pending.delete(id);
      if (pending.size === 0) begun.unref();
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(error.code === undefined ? new Error(error.message) : new ChatlakeError(error.code, error.message));
    });
    const gone = (cause?: Error) => {
      if (worker !== begun) return;
      worker = undefined;
      const failure = new ChatlakeError('LAKE_UNAVAILABLE', 'The analysis stopped. Try again in a moment.', { cause });
      for (const { reject } of pending.values()) reject(failure);
      pending.clear();
    };
    begun.on('error', gone);
    begun.on('exit', () => gone());
    return begun;
  }

  function ask(call: ThreadCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const thread = started();
      last += 1;
      pending.set(last, { resolve, reject });
      // A question under way keeps the process alive; an idle thread does not.
      thread.ref();
      thread.postMessage({ id: last, now: clock.now(), call } satisfies ThreadRequest);
    });
  }

  return {
    view: async (filters, options) => (await ask({ name: 'view', filters, options })) as AnalysisView,
    questions: async (filters, { language }) => (await ask({ name: 'questions', filters, language })) as QuestionsView,
    options: async (field, query) => (await ask({ name: 'options', field, query })) as Option[],
    aliases: async () => (await ask({ name: 'aliases' })) as ReadonlyMap<string, string>,
    refresh: async () => (await ask({ name: 'refresh' })) as Refreshed,
    close: async () => {
      if (worker === undefined) return;
      const over = once(worker, 'exit');
      // To terminate a thread in which the engine is at work would end the whole process.
      ask({ name: 'close' }).catch(() => undefined);
      await over;
    },
  };
}
