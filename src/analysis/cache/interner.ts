/** Numbers for things that have a key and a value; the first is 1, 0 stands for none. */
export interface Interner<T> {
  /** By number; the value at 0 is never used. */
  readonly values: T[];
  /** The number of a key; 0 when it is new. */
  readonly find: (key: number) => number;
  /** Gives a new key its number. */
  readonly add: (key: number, value: T) => number;
}

/** Keys are whole numbers from 1 to 2^53, spread evenly: their lowest bits choose the place. */
export function interner<T>(none: T): Interner<T> {
  let size = 1024;
  let keys = new Float64Array(size);
  let numbers = new Uint32Array(size);
  const values: T[] = [none];

  const placeOf = (key: number): number => {
    let place = (key >>> 0) & (size - 1);
    while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) & (size - 1);
    return place;
  };
  const grow = () => {
    const [oldKeys, oldNumbers] = [keys, numbers];
    size *= 2;
    keys = new Float64Array(size);
    numbers = new Uint32Array(size);
    for (let at = 0; at < oldKeys.length; at += 1) {
      if (oldKeys[at] === 0) continue;
      const place = placeOf(oldKeys[at] as number);
      keys[place] = oldKeys[at] as number;
      numbers[place] = oldNumbers[at] as number;
    }
  };
  return {
    values,
    find: (key) => numbers[placeOf(key)] as number,
    add(key, value) {
      if (values.length * 2 > size) grow();
      const place = placeOf(key);
      keys[place] = key;
      numbers[place] = values.length;
      values.push(value);
      return values.length - 1;
    },
  };
}

/** The same for texts. */
export interface TextInterner {
  readonly values: string[];
  readonly of: (text: string) => number;
}

export function textInterner(): TextInterner {
  const numbers = new Map<string, number>();
  const values: string[] = [''];
  return {
    values,
    of(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const number = values.length;
      values.push(text);
      numbers.set(text, number);
      return number;
    },
  };
}
