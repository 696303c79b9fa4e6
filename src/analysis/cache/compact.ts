/** Whole numbers, in half the memory where they are small. Two types and no more: a loop that meets many of them is slow. */
export type Compact = Uint16Array | Uint32Array;

const MOST = 0xffff;

export function compact(values: Uint32Array): Compact {
  for (let at = 0; at < values.length; at += 1) if ((values[at] as number) > MOST) return values;
  return new Uint16Array(values);
}
