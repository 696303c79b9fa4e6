/**
 * Which runs of three to five letters a set of texts has, as a bitmap: small, and never wrong in saying that a text is
 * not among them. Case and accents do not count.
 */
export type Grams = Uint8Array;

/** Changes with the letters and places that make them. */
export const GRAMS_VERSION = 2;

const LEAST = 3;
const MOST = 5;
/** A day of ten thousand messages sets about a quarter of them. */
const BITS = 18;

export const newGrams = (): Grams => new Uint8Array(2 ** BITS / 8);

/** Letters that `NFD` leaves whole, and forms of one letter that a search takes for each other; iota may be a mark, and marks are left out. */
const FORMS = 'øđłħıſµςϐϑϕϖϰϱϵᲀᲁᲂᲃᲄᲅᲆᲇᲈι';
const LETTERS = 'odlhisμσβθφπκρεвдосттъѣꙋ';
const ALIKE = new Map(Array.from(FORMS, (form, at) => [form, LETTERS.charAt(at)]));
const WHOLE = new RegExp(`[${FORMS}]`, 'g');
const MARKS = /\p{M}+/gu;
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

/** A text without case and accents. */
function plain(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(WHOLE, (form) => ALIKE.get(form) ?? form);
}

/** Calls `each` with the place of every run of letters in a text; stops when it says so. */
function places(text: string, each: (place: number) => boolean): boolean {
  const letters = plain(text);
  for (let at = 0; at + LEAST <= letters.length; at += 1) {
    let hash = 0;
    const end = Math.min(MOST, letters.length - at);
    for (let length = 1; length <= end; length += 1) {
      hash = (Math.imul(hash, 0x01000193) ^ letters.charCodeAt(at + length - 1)) | 0;
      if (length >= LEAST && !each(Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - BITS))) return false;
    }
  }
  return true;
}

/** Adds a text to a set. */
export function addText(grams: Grams, text: string): void {
  places(text, (place) => {
    grams[place >> 3] = (grams[place >> 3] as number) | (1 << (place & 7));
    return true;
  });
}

/** Whether a text of the set may have `term` in it. False is sure. */
export const mayHold = (grams: Grams, term: string): boolean =>
  places(term, (place) => ((grams[place >> 3] as number) & (1 << (place & 7))) !== 0);
