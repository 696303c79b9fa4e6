import type { QueryColumn, QueryResult } from '../../types.js';

type Rows = readonly (readonly unknown[])[];

export interface Streaming {
  readonly columns: readonly QueryColumn[];
  readonly rows: AsyncIterator<Rows>;
  readonly maxRows: number;
  readonly notices?: readonly string[];
  /** What to throw of what `rows` throws. */
  readonly told: (error: unknown) => unknown;
  /** Called once, when no more rows will be asked for. */
  readonly end: () => Promise<void>;
}

/** A result whose rows are at most `maxRows`. Resolves when the first of them are there, so that errors come early. */
export async function streamed({ columns, rows, maxRows, notices = [], told, end }: Streaming): Promise<QueryResult> {
  let truncated = false;
  let left = maxRows;
  let ended: Promise<void> | undefined;
  const finish = async (): Promise<IteratorReturnResult<undefined>> => {
    ended ??= end();
    await ended;
    return { done: true, value: undefined };
  };
  const fetch = async (): Promise<IteratorResult<Rows>> => {
    try {
      for (;;) {
        const next = await rows.next();
        if (next.done === true) return await finish();
        if (next.value.length > 0) return next;
      }
    } catch (error) {
      await finish();
      throw told(error);
    }
  };
  let first: Promise<IteratorResult<Rows>> | undefined = Promise.resolve(await fetch());
  const next = async (): Promise<IteratorResult<Rows>> => {
    if (truncated) return { done: true, value: undefined };
    const found = await (first ?? fetch());
    first = undefined;
    if (found.done === true) return found;
    truncated = found.value.length > left;
    const batch = truncated ? found.value.slice(0, left) : found.value;
    left -= batch.length;
    if (truncated) await finish();
    return batch.length === 0 ? { done: true, value: undefined } : { done: false, value: batch };
  };
  const iterator: AsyncIterator<Rows> = { next, return: finish };
  return { columns, batches: { [Symbol.asyncIterator]: () => iterator }, truncated: () => truncated, notices };
}
