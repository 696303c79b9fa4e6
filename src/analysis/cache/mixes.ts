/** Sets of what rows can be, numbered: 0 is the empty one. A set is given as the bits of its things, in words of 32. */
export interface Mixes {
  /** The bit of a thing; a new one gets the next. */
  bitOf(thing: number): number;
  /** How many words hold the bits given so far. */
  words(): number;
  /** The number of the set whose words begin at `at`. */
  of(bits: Uint32Array, at: number): number;
  /** The things of each set, by its number. */
  readonly sets: readonly (readonly number[])[];
  /** One more than the greatest number. */
  count(): number;
}

export function newMixes(): Mixes {
  const bits = new Map<number, number>();
  const things: number[] = [];
  const sets: (readonly number[])[] = [[]];
  const numbers = new Map<number | string, number>([[0, 0]]);
  const words = () => Math.max(1, Math.ceil(things.length / 32));

  return {
    bitOf(thing) {
      let bit = bits.get(thing);
      if (bit === undefined) bits.set(thing, (bit = things.push(thing) - 1));
      return bit;
    },
    words,
    of(all, at) {
      let last = words() - 1;
      while (last > 0 && all[at + last] === 0) last -= 1;
      const key = last === 0 ? (all[at] as number) : all.subarray(at, at + last + 1).join(' ');
      let number = numbers.get(key);
      if (number === undefined) {
        number = sets.push(things.filter((_, bit) => (((all[at + (bit >>> 5)] as number) >>> (bit & 31)) & 1) === 1)) - 1;
        numbers.set(key, number);
      }
      return number;
    },
    sets,
    count: () => sets.length,
  };
}

/** By number of a set: 1 where any thing of it passes; null lets all of them pass. */
export const passingOf = (sets: Mixes['sets'], passes: Uint8Array | null): Uint8Array =>
  Uint8Array.from(sets, (set) => (set.some((thing) => passes === null || passes[thing] === 1) ? 1 : 0));
