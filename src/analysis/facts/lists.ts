import { isWord } from '../text/stop-words.js';
import { type DayFacts, keyOf, type Marks, type Named, type Texts, textsOf } from './day-facts.js';

/** Rows that have something, as they come. */
export function marksBuilder() {
  const row: number[] = [];
  const value: number[] = [];
  return {
    put: (at: number, what: number) => {
      row.push(at);
      value.push(what);
    },
    done: (): Marks<Float64Array> => ({ row: Uint32Array.from(row), value: Float64Array.from(value) }),
  };
}

/** Places, plus one, by key. */
function places() {
  const known = new Map<number, number>();
  const keys: number[] = [];
  return {
    keys,
    of: (key: number): number => known.get(key) ?? 0,
    /** Whether the key is new. */
    add: (key: number): boolean => {
      if (known.has(key)) return false;
      keys.push(key);
      known.set(key, keys.length);
      return true;
    },
  };
}

export function namedBuilder() {
  const { keys, of, add } = places();
  const id: string[] = [];
  const nameKey: number[] = [];
  const name: string[] = [];
  const namedAt: number[] = [];
  const bot: number[] = [];
  return {
    of,
    learn: ([key, ...rest]: readonly unknown[]) => {
      if (!add(Number(key))) return;
      id.push(String(rest[0]));
      nameKey.push(Number(rest[1]));
      name.push(String(rest[2]));
      namedAt.push(Number(rest[3]));
      bot.push(Number(rest[4]));
    },
    bots: () => Uint8Array.from(bot),
    done: (): Named => ({
      key: Float64Array.from(keys),
      id: textsOf(id),
      nameKey: Float64Array.from(nameKey),
      name: textsOf(name),
      namedAt: Int32Array.from(namedAt),
    }),
  };
}

export function listBuilder() {
  const { of, add } = places();
  const values: string[] = [];
  return {
    of,
    learn: (key: number, value: string) => {
      if (add(key)) values.push(value);
    },
    done: (): Texts => textsOf(values),
  };
}

export function wordsBuilder() {
  const known = new Map<string, number>();
  const values: string[] = [];
  return {
    of: (text: string): number => {
      const found = known.get(text) ?? values.push(text);
      known.set(text, found);
      return found;
    },
    done: (): Texts => textsOf(values),
  };
}

export function contentsBuilder() {
  const { keys, of, add } = places();
  const texts: string[] = [];
  const counted: boolean[] = [];
  const from = [0];
  const words: number[] = [];
  const known = new Map<string, number>();
  const word: string[] = [];
  const numberOf = (text: string): number => {
    let number = known.get(text);
    if (number === undefined) {
      number = isWord(text) ? word.push(text) : 0;
      known.set(text, number);
    }
    return number;
  };
  return {
    of,
    learn: (key: number, counts: boolean, normal: string) => {
      if (!add(key)) return;
      counted.push(counts);
      texts.push(counts ? normal : '');
      for (const text of normal.split(' ')) {
        const number = numberOf(text);
        if (number !== 0) words.push(number);
      }
      from.push(words.length);
    },
    done: (): Pick<DayFacts, 'contents' | 'words'> => ({
      contents: {
        key: Float64Array.from(keys),
        counted: Uint8Array.from(counted, Number),
        text: textsOf(texts),
        from: Uint32Array.from(from),
        words: Uint32Array.from(words),
      },
      words: { key: Float64Array.from(word, keyOf), text: textsOf(word) },
    }),
  };
}
