/** What a user can mend. Each code maps to one way out, named in the message. */
export type ErrorCode =
  | 'SETTINGS' // a setting is missing or wrong
  | 'USAGE' // the command line is wrong
  | 'NOT_FOUND' // a key, file or table is absent
  | 'LAKE_UNAVAILABLE' // the lake cannot be read or written now; trying again may help
  | 'CONFLICT' // somebody else has changed an object meanwhile; nothing was written
  | 'LAKE_MISMATCH' // the lake was built under other settings
  | 'DOES_NOT_ADD_UP' // a day's sums are wrong
  | 'QUARANTINED' // finished, but some input was set aside
  | 'IMPORT' // an exported file cannot be read, or not whole
  | 'SQL' // the statement is wrong
  | 'SQL_REFUSED' // the statement is not allowed here
  | 'LIMIT' // a time, row or memory limit was reached
  | 'CANCELLED' // the user stopped it
  | 'PLATFORM' // Telegram or Meta refused
  | 'NETWORK'; // Telegram or Meta could not be reached

/**
 * A failure with a next step. The message says what failed, on which identifier, and what to do; it never holds a
 * token, a secret, a message's text or a phone number. Anything thrown that is not a ChatlakeError is a bug.
 */
export class ChatlakeError extends Error {
  override readonly name = 'ChatlakeError';
  readonly code: ErrorCode;
  /** Where a statement is wrong, where that is known. */
  readonly at: TextPlace | undefined;
  /** Which failure of its code it is, for who says it in other words. */
  readonly detail: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options?: ErrorOptions & { readonly at?: TextPlace | undefined; readonly detail?: string | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.at = options?.at;
    this.detail = options?.detail;
  }
}

/** Both from 1; the column in characters. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The message of anything thrown, for a log line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ENOENT`, `ENOSPC`, ...), if it has one. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
