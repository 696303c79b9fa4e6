const TONES = 6;

const signs = new Intl.Segmenter();
const firstOf = (text: string): string => signs.segment(text)[Symbol.iterator]().next().value?.segment ?? '';

/** The first letters of up to two words, whole characters only. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => firstOf(word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, '')));
  return letters.join('').toUpperCase() || '·';
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
