import type { Cell } from '../types.js';
import { byText } from './panel.js';

/** The numbers with the largest counts, largest first, ties by their text; at least `least` each. */
export function most(
  counts: Uint32Array,
  limit: number,
  textOf: (number: number) => string,
  least = 1,
  keep: (number: number) => boolean = () => true,
): { readonly number: number; readonly text: string; readonly count: number }[] {
  let found: { number: number; count: number }[] = [];
  let bar = least;
  for (let number = 1; number < counts.length; number += 1) {
    const count = counts[number] as number;
    if (count < bar || !keep(number)) continue;
    found.push({ number, count });
    // Ties at the bar stay, since their texts decide.
    if (found.length > 8 * limit + 1000) {
      found.sort((a, b) => b.count - a.count);
      bar = found[limit - 1]?.count ?? bar;
      found = found.filter((one) => one.count >= bar);
    }
  }
  found.sort((a, b) => b.count - a.count);
  const last = found[limit - 1]?.count ?? 0;
  return found
    .filter(({ count }) => count >= last)
    .map(({ number, count }) => ({ number, count, text: textOf(number) }))
    .sort((a, b) => b.count - a.count || byText(a.text, b.text))
    .slice(0, limit);
}

/** `value / total`, as SQL divides doubles. */
export const share = (value: number, total: number): Cell => (total === 0 ? null : value / total);
