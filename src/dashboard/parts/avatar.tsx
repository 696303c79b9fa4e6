import { initials } from '../format/initials.js';

const TONES = 6;

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
