/** Answers per second, refusals, and milliseconds from due to answered. */
export interface LoadResult {
  readonly perSecond: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}
