import type { Filters, Language, OptionField } from '../analysis/types.js';
import type { ViewOptions } from '../analysis/view.js';
import type { S3Access } from '../config.js';
import type { ErrorCode } from '../errors.js';

/** What the analysis thread is started with. */
export interface ThreadSetup {
  /** Path or URL of the enriched lake. */
  readonly enriched: string;
  readonly s3?: S3Access;
  readonly timezone: string;
  /** Folder for what the analysis derives from the lake. */
  readonly folder: string;
}

export type ThreadCall =
  | { readonly name: 'view'; readonly filters: Filters; readonly options: ViewOptions }
  | { readonly name: 'questions'; readonly filters: Filters; readonly language: Language }
  | { readonly name: 'options'; readonly field: OptionField; readonly query: string }
  | { readonly name: 'aliases' }
  | { readonly name: 'refresh' }
  /** The thread's last: it ends by itself once nothing runs. */
  | { readonly name: 'close' };

export interface ThreadRequest {
  readonly id: number;
  /** Epoch milliseconds: the thread has no clock of its own. */
  readonly now: number;
  readonly call: ThreadCall;
}

export interface ThreadReply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly code?: ErrorCode; readonly message: string };
}
