import { byText } from './panel.js';

export interface Found {
  readonly number: number;
  readonly text: string;
  readonly count: number;
}

const before = (a: Found, b: Found): boolean => a.count > b.count || (a.count === b.count && byText(a.text, b.text) < 0);

/** The numbers with the largest counts, largest first, ties by their text; at least `least` each. */
export function most(
  counts: Uint32Array,
  limit: number,
  textOf: (number: number) => string,
  least = 1,
  keep: (number: number) => boolean = () => true,
): Found[] {
  const found: Found[] = [];
  let bar = least;
  for (let number = 1; number < counts.length; number += 1) {
    const count = counts[number] as number;
    if (count < bar || !keep(number)) continue;
    const one = { number, count, text: textOf(number) };
    let place = found.length;
    while (place > 0 && before(one, found[place - 1] as Found)) place -= 1;
    if (place === limit) continue;
    found.splice(place, 0, one);
    if (found.length > limit) found.pop();
    if (found.length === limit) bar = Math.max(least, (found[limit - 1] as Found).count);
  }
  return found;
}

/** `value / total`, as SQL divides doubles. */
export const share = (value: number, total: number): number | null => (total === 0 ? null : value / total);
