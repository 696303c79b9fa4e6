import type { Language } from '../analysis/types.js';
import { type Said, worded } from './said.js';

/** One thing a check looked at. Holds no secret, no message's text and no phone number. */
export interface Finding {
  /** `fail`: something is lost or does not work until it is mended. `warn`: it may be meant, or may hurt later. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  /** In English. */
  readonly message: string;
  /** What to do about it, in English. */
  readonly mend?: string;
  /** The same for other languages. */
  readonly said: { readonly subject: Said; readonly message: Said; readonly mend?: Said };
}

type Text = string | Said;

/** A text without places says itself. */
const saidOf = (text: Text): Said => (typeof text === 'string' ? { key: text, values: [] } : text);

function found(level: Finding['level'], subject: Text, message: Text, mend?: Text): Finding {
  const said = { subject: saidOf(subject), message: saidOf(message), ...(mend !== undefined && { mend: saidOf(mend) }) };
  return { level, ...findingIn(said, 'en'), said };
}

/** A finding's words in a language. */
export const findingIn = ({ subject, message, mend }: Finding['said'], language: Language): Omit<Finding, 'level' | 'said'> => ({
  subject: worded(subject, language),
  message: worded(message, language),
  ...(mend !== undefined && { mend: worded(mend, language) }),
});

export const ok = (subject: Text, message: Text): Finding => found('ok', subject, message);
export const warn = (subject: Text, message: Text, mend: Text): Finding => found('warn', subject, message, mend);
export const fail = (subject: Text, message: Text, mend: Text): Finding => found('fail', subject, message, mend);
