import { literal } from '../../sources/shape.js';
import { type Dialect, matches, replaced } from './dialect.js';

/** Letters with accents of Portuguese, Spanish, French, German and Italian, and the letters they fold to. */
const ACCENTED = 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ';
const PLAIN = ACCENTED.split('')
  .map((letter) => letter.normalize('NFD').charAt(0))
  .join('');
/** Accents written as characters of their own, and the selectors that choose how a symbol is drawn. */
const MARKS = '[\u0300-\u036f\ufe00-\ufe0f]+';
const LETTERS_WITH_ACCENTS = new RegExp(`[${ACCENTED}]`, 'g');
const ALL_MARKS = new RegExp(MARKS, 'g');
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
/** What separates words: all but letters with their marks, digits and symbols such as emoji. */
const BETWEEN_WORDS = '[^\\p{L}\\p{M}\\p{N}\\p{So}]+';
/** One laugh, in Portuguese, Spanish or English, folded. */
const LAUGH = [
  'k{2,}',
  ...['ha', 'he', 'hi', 'hu'].map((sound) => `${sound.charAt(1)}?(?:${sound}){2,}h?`),
  ...['ja', 'je', 'ji'].map((sound) => `(?:${sound}){2,}j?`),
  '(?:rs){2,}s*',
  '(?:hua|uha|hau){2,}[hau]*',
  'l+o+l+',
  'lmao+',
].join('|');
const LAUGHING = '[😂🤣😆😹]';
const LAUGHS = `(?:(?:${LAUGH})${LAUGHING}*|${LAUGHING}+)`;
/** How every laugh reads in normal form. */
export const LAUGHTER = 'kkk';

/**
 * SQL: `text` in lower case and without the accents of western European languages. Punctuation stays. NULL for NULL.
 */
export function folded(text: string, dialect: Dialect): string {
  const plain = replaced(dialect, `translate(lower(${text}), ${literal(ACCENTED)}, ${literal(PLAIN)})`, MARKS, '');
  return `CASE WHEN ${matches(dialect, text, '[^\\x00-\\x7f]')} THEN ${plain} ELSE lower(${text}) END`;
}

/**
 * SQL: the normal form of `text`, equal for texts that differ in case, accents, punctuation, white space and the length
 * or spelling of laughter. Words and emoji, one space between them; '' for a text of punctuation alone. NULL for NULL.
 */
export function normalForm(text: string, dialect: Dialect): string {
  const padded = `' ' || ${separated(folded(text, dialect), dialect)} || ' '`;
  return `trim(${replaced(dialect, padded, ` ${LAUGHS}(?: ${LAUGHS})* `, ` ${LAUGHTER} `)})`;
}

/** SQL: the words and symbols of a folded text with one space between them. */
export function separated(foldedText: string, dialect: Dialect): string {
  return `trim(${replaced(dialect, foldedText, BETWEEN_WORDS, ' ')})`;
}

/** `text` in lower case, without accents: what `folded` computes, for texts that are at hand. */
export function foldedText(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  return lower.replace(LETTERS_WITH_ACCENTS, (letter) => PLAIN.charAt(ACCENTED.indexOf(letter))).replace(ALL_MARKS, '');
}
