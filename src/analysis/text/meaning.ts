import { ALIKE, PHRASES, STOP_WORDS } from './vocabulary.js';
import { type Dialect, kept, replaced } from './dialect.js';
import { ENDINGS } from './stem.js';

/** A word that ends in one of the endings; lazily, so that the longest ending goes. */
const INFLECTED = `([a-z]{3,}?)(?:${[...new Set(ENDINGS.map(([ending]) => ending)), 's'].join('|')}) `;
const words = (list: Iterable<string>) => ` (?:${[...list].join('|')}) `;

/**
 * SQL: the words of meaning of a text, by its normal form: stems with a space between them; the normal form itself where no word is left. The words that
 * say nothing, those of one meaning and the endings are those that recurring questions are grouped by.
 */
export function meaning(normal: string, dialect: Dialect): string {
  // Each word between spaces of its own, so that one pattern finds neighbours.
  let text = `' ' || replace(${normal}, ' ', '  ') || ' '`;
  text = replaced(dialect, text, LINKS, ' ');
  for (const [pattern, word] of PHRASES) text = replaced(dialect, text, phrase(pattern), ` ${word.trim()} `);
  text = replaced(dialect, text, words(STOP_WORDS), ' ');
  for (const line of ALIKE) {
    const [first = '', ...others] = line.split(' ');
    text = replaced(dialect, text, words(others), ` ${first} `);
  }
  text = kept(dialect, text, INFLECTED, ' ');
  text = `trim(${replaced(dialect, text, ' +', ' ')})`;
  return `coalesce(nullif(${text}, ''), ${normal})`;
}

/** SQL: the words of a meaning as a list, each once. */
export const meaningList = (meant: string, dialect: Dialect): string =>
  `${dialect === 'duckdb' ? 'list_distinct(string_split' : 'array_distinct(split'}(${meant}, ' '))`;

/** Protocols and ends of names, and what is in every link. */
const LINKS = ' (?:https?|www|com|org|net|br) ';

/** A pattern over words, as one over words with two spaces between them. */
const phrase = ({ source }: RegExp): string => ` (?:${source.replaceAll('\\b', '').replaceAll(' ', '  ')}) `;

/** Of the words of two texts, the part that both have, from which on they are alike: in twelfths. */
const ALIKE_FROM = 7;

/** SQL: whether the words of two such lists say that one thing is asked: by twice those that both have, over all. */
export function alike(a: string, b: string, dialect: Dialect): string {
  const size = dialect === 'duckdb' ? 'len' : 'cardinality';
  const both = dialect === 'duckdb' ? 'list_intersect' : 'array_intersect';
  return `24 * ${size}(${both}(${a}, ${b})) >= ${ALIKE_FROM} * (${size}(${a}) + ${size}(${b}))`;
}

/** The same of numbers: how many words each has, and both. */
export const areAlike = (both: number, a: number, b: number): boolean => 24 * both >= ALIKE_FROM * (a + b);
