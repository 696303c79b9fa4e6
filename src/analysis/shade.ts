/**
 * The step of five that a value falls into, by the largest: 0 is for nothing, and only for it. The steps are even in the square
 * root, up to 1/16, 1/4, 9/16 and all of the largest, so that one peak leaves the others apart.
 */
export function shade(value: number | null, most: number): 0 | 1 | 2 | 3 | 4 {
  if (value === null || value <= 0 || most <= 0) return 0;
  return Math.min(4, Math.ceil(4 * Math.sqrt(value / most))) as 0 | 1 | 2 | 3 | 4;
}
