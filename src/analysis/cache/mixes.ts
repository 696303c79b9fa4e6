/** Sets of what a row can be, numbered: 0 is the empty one. */
export interface Mixes {
  /** The number of a set and one thing more. */
  with(mix: number, thing: number): number;
  /** By number: 1 where any thing of the set passes; null lets all of them pass. */
  passing(things: Uint8Array | null): Uint8Array;
  /** One more than the greatest number. */
  count(): number;
}

/** `size`: things are below it. */
export function newMixes(size: number): Mixes {
  const sets: (readonly number[])[] = [[]];
  const numbers = new Map<string, number>();
  /** Column of each thing in `next`; the first is that of things never met, and stays empty. */
  const columns = new Uint16Array(size);
  let met = 1;
  let width = 16;
  /** By set, then column: the set with that thing; 0 while nobody asked for it. */
  let next = new Uint32Array(16 * width);

  function widened(wider: number, rows: number): Uint32Array<ArrayBuffer> {
    const table = new Uint32Array(rows * wider);
    for (let mix = 0; mix < sets.length; mix += 1) table.set(next.subarray(mix * width, (mix + 1) * width), mix * wider);
    return table;
  }

  function found(mix: number, thing: number): number {
    if (columns[thing] === 0) {
      columns[thing] = met;
      met += 1;
      if (met > width) {
        next = widened(2 * width, next.length / width);
        width *= 2;
      }
    }
    const set = sets[mix] as readonly number[];
    const more = set.includes(thing) ? set : [...set, thing].sort((a, b) => a - b);
    const id = more.join(' ');
    let number = numbers.get(id);
    if (number === undefined) {
      if (sets.length * width === next.length) next = widened(width, 2 * sets.length);
      number = sets.push(more) - 1;
      numbers.set(id, number);
    }
    next[mix * width + (columns[thing] as number)] = number;
    return number;
  }

  return {
    with: (mix, thing) => next[mix * width + (columns[thing] as number)] || found(mix, thing),
    passing: (things) => Uint8Array.from(sets, (set) => (set.some((thing) => things === null || things[thing] === 1) ? 1 : 0)),
    count: () => sets.length,
  };
}
