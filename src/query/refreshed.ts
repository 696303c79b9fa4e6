import type { QueryEngine } from '../types.js';
import type { IsolatedEngine } from './worker/engine.js';

/** The engine, with `refresh` before each statement: for one that reads files which follow a lake elsewhere. */
export function refreshed(engine: IsolatedEngine, refresh: () => Promise<void>): IsolatedEngine;
export function refreshed(engine: QueryEngine, refresh: () => Promise<void>): QueryEngine;
export function refreshed(engine: QueryEngine | IsolatedEngine, refresh: () => Promise<void>): QueryEngine | IsolatedEngine {
  const first =
    <Given extends unknown[], Result>(action: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      await refresh();
      return action(...given);
    };
  return 'exportTo' in engine
    ? { ...engine, run: first(engine.run.bind(engine)), exportTo: first(engine.exportTo.bind(engine)) }
    : { ...engine, run: first(engine.run.bind(engine)) };
}
