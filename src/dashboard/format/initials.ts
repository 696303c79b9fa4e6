const signs = new Intl.Segmenter();
const firstOf = (text: string): string => signs.segment(text)[Symbol.iterator]().next().value?.segment ?? '';

/** More marks on a letter than any script writes do not fit a circle. */
const MOST_MARKS = 3;

function firstLetter(word: string): string {
  const first = firstOf(word.replace(/^[^\p{L}\p{N}]+/u, '').normalize('NFC'));
  const [letter = '', ...marks] = first;
  return marks.length > MOST_MARKS ? letter : first;
}

const LETTER = /[\p{L}\p{N}]/u;
const SIGN = /\p{Extended_Pictographic}/u;

/** The first letters of up to two words; a sign where there are no letters. */
export function initials(name: string): string {
  const letters = name
    .split(/\s+/)
    .filter((word) => LETTER.test(word))
    .slice(0, 2)
    .map(firstLetter);
  if (letters.length > 0) return letters.join('').toUpperCase();
  return SIGN.test(name) ? firstOf(name.trim()) : '·';
}
