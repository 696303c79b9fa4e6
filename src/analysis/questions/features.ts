import { foldedText } from '../text/normal.js';
import { stem } from '../text/stem.js';
import { CANONICAL, PHRASES, SIGNS, STOP_WORDS } from '../text/vocabulary.js';

/** What is left of a wording to compare by. */
export interface Features {
  /** Stems of the words that matter, each once, in order of first use. */
  readonly stems: readonly string[];
  /** What kind of thing is asked (`?when`), if words tell. */
  readonly signs: readonly string[];
}

const LINKS = /(?:https?:\/\/|www\.)\S+/g;
const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
/** Characters and words of a wording that are looked at. */
const LONGEST_TEXT = 600;
const MOST_WORDS = 40;

const ASKS = /[?？]/;
const SENTENCE_END = /(?<=[?？.!\n;])/;
/** Content words that a sentence must have to stand for the whole message. */
const ENOUGH = 2;

/**
 * The sentences of a text that end in a question mark, when they say enough; else all of it ("the build fails. any ideas?").
 */
export function askedPart(text: string): string {
  if (!ASKS.test(text)) return text;
  const asked = text
    .split(SENTENCE_END)
    .filter((sentence) => ASKS.test(sentence))
    .join(' ');
  return contentOf(asked).length >= ENOUGH ? asked : text;
}

/** Reads the features of questions as they were written; it remembers the words it has seen. */
export function featureReader(): (text: string) => Features {
  const known = new Map<string, string>();
  /** Numbers of four digits and more name one thing of many (an order, a year): they are alike. */
  const canonical = (word: string): string => {
    const seen = known.get(word);
    if (seen !== undefined) return seen;
    const cut = /^\d{4,}$/.test(word) ? '#' : stem(word);
    const found = CANONICAL.get(cut) ?? cut;
    known.set(word, found);
    return found;
  };
  return (text) => {
    const folded = foldedText(text.slice(0, LONGEST_TEXT)).replace(LINKS, ' ');
    const words = wordsOf(PHRASES.reduce((asked, [pattern, word]) => asked.replace(pattern, word), askedPart(folded)));
    const stems = [...new Set(words.filter((word) => !STOP_WORDS.has(word) && !SIGNS.has(word)).map(canonical))];
    if (stems.length === 0) return { stems: [words.join(' ')], signs: [] };
    return { stems, signs: [...new Set(words.flatMap((word) => SIGNS.get(word) ?? []))] };
  };
}

function wordsOf(folded: string): string[] {
  return (folded.match(WORDS) ?? []).slice(0, MOST_WORDS);
}

function contentOf(folded: string): string[] {
  return wordsOf(folded).filter((word) => !STOP_WORDS.has(word));
}
