import { faulty } from '../notes.js';
import type { ImportChoices } from '../types.js';

/** Who writes in a chat. */
export interface Sides {
  /** Author whose messages the business sent, where that is known. */
  readonly me: string | undefined;
  /** Digits of the person's number, where it is a chat of two and the number is known. */
  readonly number: string | undefined;
  /** Its authors, where it is a chat of two and the person's number is not known. */
  readonly unnumbered: readonly string[] | undefined;
}

/** An author that the phone had no name for. */
const PHONE = /^\+?[\d\s().\u00a0\u2011-]{7,24}$/;

/** Digits of a phone number, as the platform writes them; undefined for a name. */
export function digitsOf(author: string): string | undefined {
  const digits = PHONE.test(author) ? author.replace(/\D/g, '') : '';
  return digits.length >= 7 && digits.length <= 15 ? digits : undefined;
}

/** Throws USAGE for a number that cannot be that of this chat. */
export function sidesOf(authors: readonly string[], chat: string, choices: Pick<ImportChoices, 'me' | 'number'>): Sides {
  const { number } = choices;
  if (number !== undefined && !/^\d{7,15}$/.test(number))
    throw faulty('bad-number', '--number must be a phone number with its country code, such as +5511999990000');
  if (authors.length > 2) {
    if (number !== undefined) throw faulty('number-of-many', `"${chat}" has more than two authors: --number is for a chat of two`);
    return { me: choices.me, number: undefined, unnumbered: undefined };
  }
  const me = choices.me ?? other(authors, chat);
  const people = authors.filter((author) => author !== me);
  // Of two authors, who is the person must be known before the number is.
  const told = people.length > 1 ? undefined : (number ?? digitsOf(people[0] ?? '') ?? digitsOf(chat));
  return { me, number: told, unnumbered: told === undefined ? authors : undefined };
}

/** In a chat of two that is named after one, or in which one is a number, the other exported it. */
function other(authors: readonly string[], chat: string): string | undefined {
  if (authors.length !== 2) return undefined;
  const numbers = authors.filter((author) => digitsOf(author) !== undefined);
  const person = authors.includes(chat) ? chat : numbers.length === 1 ? numbers[0] : undefined;
  return person === undefined ? undefined : authors.find((author) => author !== person);
}
