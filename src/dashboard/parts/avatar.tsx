const TONES = 6;

const signs = new Intl.Segmenter();
const firstOf = (text: string): string => signs.segment(text)[Symbol.iterator]().next().value?.segment ?? '';

const LETTER = /[\p{L}\p{N}]/u;
const SIGN = /\p{Extended_Pictographic}/u;

/** The first letters of up to two words; a sign where there are no letters. */
export function initials(name: string): string {
  const letters = name
    .split(/\s+/)
    .filter((word) => LETTER.test(word))
    .slice(0, 2)
    .map((word) => firstOf(word.replace(/^[^\p{L}\p{N}]+/u, '')));
  if (letters.length > 0) return letters.join('').toUpperCase();
  return SIGN.test(name) ? firstOf(name.trim()) : '·';
}

/** A steady tone from a person's key, so that a face is known again. */
function toneOf(key: string): number {
  let sum = 7;
  for (const letter of key) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % TONES;
}

export function Avatar({ name, person }: { readonly name: string | null; readonly person: string | null }) {
  return (
    <span class={`avatar tone-${toneOf(person ?? '')}`} aria-hidden="true">
      {initials(name ?? '')}
    </span>
  );
}
