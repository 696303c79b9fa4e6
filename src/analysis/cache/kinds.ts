import type { Texts } from '../facts/day-facts.js';

/** Which of a day's kinds are none of `left`, by the number that its rows have them under; 0 is no kind. */
export const kindsBut = (left: readonly string[], kinds: Texts): readonly boolean[] =>
  Array.from({ length: kinds.length + 1 }, (_, number) => number === 0 || !left.includes(kinds.at(number - 1)));
