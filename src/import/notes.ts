import { ChatlakeError } from '../errors.js';

/** Orders in which phones write day, month and year. */
export type Order = 'dmy' | 'mdy' | 'ymd';

/** How a file was understood: what was decided and on what it stands, without words, since each place that shows it has its own. */
export type Note =
  /** The order of dates: as told; by a year that comes first; since `times` of `of` fit no other; since time would run backward `times` times as `other`. */
  | { readonly what: 'dates-told' | 'dates-year-first'; readonly order: Order }
  | { readonly what: 'dates-fit'; readonly order: Order; readonly times: number; readonly of: number }
  | { readonly what: 'dates-backward'; readonly order: Order; readonly other: Order; readonly times: number }
  /** Nothing tells the two apart. */
  | { readonly what: 'dates-unsure'; readonly order: Order; readonly other: Order }
  /** The chat's name, and whether it was told: else another export of it must have the same. */
  | { readonly what: 'chat'; readonly chat: string; readonly told: boolean }
  | { readonly what: 'timezone'; readonly timezone: string }
  /** A word beside the time that is no half of the day. */
  | { readonly what: 'unknown-half'; readonly word: string }
  /** Whose messages the business sent; null where nobody's. */
  | { readonly what: 'business'; readonly author: string | null }
  /** Last digits of the number it is with: what was received live is not doubled. */
  | { readonly what: 'number'; readonly ending: string }
  /** A chat of two whose number is not known, or one of more: what was received live is doubled. */
  | { readonly what: 'number-unknown' | 'many-authors' }
  /** Ids of this chat are those of one account: what a bot received of it has others. */
  | { readonly what: 'own-ids'; readonly chat: string };

/** Why a file could not be read, or not to its end. */
export type Fault =
  | 'empty'
  | 'no-archive'
  | 'no-chat'
  | 'too-much-inside'
  | 'a-page'
  | 'archive-inside'
  | 'no-messages'
  | 'no-json'
  | 'cut-off'
  | 'no-dates'
  | 'utf-16'
  | 'no-timezone'
  | 'bad-number'
  | 'number-of-many';

/** Faults of what was chosen, not of the file. */
const CHOSEN: ReadonlySet<Fault> = new Set<Fault>(['no-timezone', 'bad-number', 'number-of-many']);

/** A failure to read a file. The message is that of the command line. */
export const faulty = (fault: Fault, message: string, cause?: unknown): ChatlakeError =>
  new ChatlakeError(CHOSEN.has(fault) ? 'USAGE' : 'IMPORT', message, { detail: fault, ...(cause !== undefined && { cause }) });
