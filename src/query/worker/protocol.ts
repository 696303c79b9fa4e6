import type { ErrorCode, TextPlace } from '../../errors.js';
import type { QueryColumn } from '../../types.js';
import type { ExportFormat } from '../export.js';

/** What a worker is started with, as JSON in its only argument. */
export interface WorkerOptions {
  /** Folder of the enriched lake. */
  readonly root: string;
  /** DuckDB's spelling. */
  readonly memoryLimit: string;
  readonly threads: number;
}

/** Limits of one statement. */
export interface StatementLimits {
  readonly maxRows: number;
  readonly timeoutMs: number;
  /** Bytes of values that are handed out, roughly. */
  readonly maxBytes: number;
}

/** From the parent. A worker has one statement at a time; `id` tells its answers from those of the one before. */
export type Request =
  | { readonly type: 'run'; readonly id: number; readonly sql: string; readonly limits: StatementLimits }
  | {
      readonly type: 'export';
      readonly id: number;
      readonly sql: string;
      readonly limits: StatementLimits;
      readonly format: ExportFormat;
      readonly file: string;
    }
  | { readonly type: 'next' | 'stop'; readonly id: number };

/** From the worker. `next` is answered by `rows` or `end`; anything by `failed`. */
export type Reply =
  | { readonly type: 'ready' }
  | { readonly type: 'started'; readonly id: number; readonly columns: readonly QueryColumn[]; readonly notices: readonly string[] }
  | { readonly type: 'rows'; readonly id: number; readonly rows: readonly (readonly unknown[])[] }
  | { readonly type: 'end'; readonly id: number; readonly truncated: boolean }
  | { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode | 'BUG'; readonly message: string; readonly at?: TextPlace };

/** Whether a reply ends its statement. */
export const isLast = (reply: Reply): boolean => reply.type === 'end' || reply.type === 'failed';
