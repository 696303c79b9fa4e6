import type { Language } from '../types.js';

/** Writes numbers in a language, and words that agree with them. */
export interface Counting {
  readonly count: (value: number) => string;
  /** The form that goes with a number; `#` in it stands for the number as it is written. */
  readonly plural: (value: number, one: string, other: string) => string;
}

/** Languages of the page have one form for one and another for more, and differ in what is one: Portuguese says `0 mensagem`. */
export function countingIn(language: Language): Counting {
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const rules = new Intl.PluralRules(language);
  const count = (value: number) => numbers.format(value);
  return { count, plural: (value, one, other) => (rules.select(value) === 'one' ? one : other).replaceAll('#', () => count(value)) };
}
