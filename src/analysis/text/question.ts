import { type Dialect, matches, replaced } from './dialect.js';
import { folded, normalForm, separated } from './normal.js';
import { ASIDES, GREETINGS, LOOSE_TAGS, NOT_OPENINGS, OPENINGS, TAGS } from './question-words.js';

/**
 * What a text asks. `question`: it wants to know something. `greeting`: its only question is a courtesy ("tudo bem?").
 * `tag`: it states something and asks for a nod ("né?").
 */
export type QuestionKind = 'question' | 'greeting' | 'tag';

const LINK = '(?:https?://|www\\.)[^ \\t\\r\\n]+';
const ANY_MARK = '[?？؟¿]';
/** A question mark with a word somewhere before it, or the mark that opens a question. */
const MARK = '[\\p{L}\\p{N}][^?？؟]*[?？؟]|¿';
const BEFORE = '(?:^|[^\\p{L}\\p{N}])';
const MARKS_AT_END = '[ ,.!]*[?？]+';
const GREETING = `${BEFORE}(?:${GREETINGS.join('|')})${MARKS_AT_END}`;
const TAG = `(?:${BEFORE}(?:${TAGS.join('|')})|(?:^|[,.;:!…\r\n-]) *(?:${LOOSE_TAGS.join('|')}))${MARKS_AT_END}`;
const opening = (words: readonly string[]) => `^(?:(?:${ASIDES.join('|')}) )*(?:${words.join('|')})(?: |$)`;
/**
 * SQL: the `QuestionKind` of `text`, or NULL when it asks nothing. Question marks inside links do not count; without any,
 * the opening words decide. `normal`: the normal form of `text`, where it is at hand; most of the work is in it.
 * docs/metrics.md tells the rules and how good they are.
 */
export function questionKind(text: string, dialect: Dialect, normal = normalForm(text, dialect)): string {
  const said = replaced(dialect, folded(text, dialect), LINK, ' ');
  const past = replaced(dialect, said, GREETING, ' ');
  const bare = replaced(dialect, past, TAG, '. ');
  return [
    `CASE WHEN ${text} IS NULL THEN NULL`,
    `WHEN NOT ${matches(dialect, text, ANY_MARK)} THEN CASE WHEN ${opens(normal, dialect)} THEN 'question' END`,
    `WHEN ${matches(dialect, bare, MARK)} OR ${opens(separated(bare, dialect), dialect)} THEN 'question'`,
    `WHEN ${matches(dialect, said, GREETING)} THEN 'greeting'`,
    `WHEN ${matches(dialect, past, TAG)} THEN 'tag' END`,
  ].join(' ');
}

/** SQL: whether `text` is a question that wants to know something. False for NULL. */
export function isQuestion(text: string, dialect: Dialect, normal = normalForm(text, dialect)): string {
  return `coalesce(${questionKind(text, dialect, normal)} = 'question', false)`;
}

function opens(words: string, dialect: Dialect): string {
  return `(${matches(dialect, words, opening(OPENINGS))} AND NOT ${matches(dialect, words, opening(NOT_OPENINGS))})`;
}
