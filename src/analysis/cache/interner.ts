/** Numbers for things that have a key and a value; the first is 1, 0 stands for none. */
export interface Interner<T> {
  /** By number; the value at 0 is never used. */
  readonly values: T[];
  /** The thing's number; `make` gives its value when the key is new. */
  of(key: number, make: () => T): number;
  find(key: number): number | undefined;
}

export function interner<T>(none: T): Interner<T> {
  const numbers = new Map<number, number>();
  const values: T[] = [none];
  return {
    values,
    find: (key) => numbers.get(key),
    of(key, make) {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = values.length;
      values.push(make());
      numbers.set(key, number);
      return number;
    },
  };
}

/** The same for texts. */
export interface TextInterner {
  readonly values: string[];
  of(text: string): number;
  find(text: string): number | undefined;
}

export function textInterner(): TextInterner {
  const numbers = new Map<string, number>();
  const values: string[] = [''];
  return {
    values,
    find: (text) => numbers.get(text),
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
