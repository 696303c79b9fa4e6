/** One thing a check looked at. Holds no secret, no message's text and no phone number. */
export interface Finding {
  /** `fail`: something is lost or does not work until it is mended. `warn`: it may be meant, or may hurt later. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly message: string;
  /** What to do about it. */
  readonly mend?: string;
}

export const ok = (subject: string, message: string): Finding => ({ level: 'ok', subject, message });
export const warn = (subject: string, message: string, mend: string): Finding => ({ level: 'warn', subject, message, mend });
export const fail = (subject: string, message: string, mend: string): Finding => ({ level: 'fail', subject, message, mend });
