/**
 * The step of five that a value falls into, by the largest: 0 is for nothing, and only for it. The steps of counts are even in the square
 * root, up to 1/16, 1/4, 9/16 and all of the largest, so that one peak leaves the others apart; those of shares are even.
 */
export function shade(value: number | null, most: number, what: 'counts' | 'shares' = 'counts'): 0 | 1 | 2 | 3 | 4 {
  if (value === null || value <= 0 || most <= 0) return 0;
  const share = value / most;
  return Math.min(4, Math.ceil(4 * (what === 'shares' ? share : Math.sqrt(share)))) as 0 | 1 | 2 | 3 | 4;
}
