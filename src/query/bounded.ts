import { ChatlakeError } from '../errors.js';
import type { QueryResult } from '../types.js';

const BESIDE = 8;

/** Bytes a value takes, roughly. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return BESIDE + value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), BESIDE);
  return BESIDE;
}

/** The same result; throws LIMIT, before it hands them out, for rows beyond `maxBytes`. */
export function bounded(result: QueryResult, maxBytes: number): QueryResult {
  async function* batches(): AsyncGenerator<readonly (readonly unknown[])[]> {
    let left = maxBytes;
    for await (const batch of result.batches) {
      for (const row of batch) left -= sizeOf(row);
      if (left < 0) {
        const most = Math.round(maxBytes / 1024 ** 2);
        throw new ChatlakeError(
          'LIMIT',
          `The result is larger than ${most} MB. Ask for fewer rows or columns, or for parts of long texts.`,
        );
      }
      yield batch;
    }
  }
  return { ...result, batches: batches() };
}
