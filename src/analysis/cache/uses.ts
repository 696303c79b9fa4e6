import type { Block } from './block.js';

/** How often each word and each content is said in the whole lake, by number. */
export interface Uses {
  readonly words: () => Uint32Array;
  readonly contents: () => Uint32Array;
  /** Adds a block, or takes it away (`times` -1). */
  add(block: Block, times: 1 | -1): void;
  /** Adds rows that say a content of a block that is in already. */
  addContent(number: number, count: number): void;
}

export function newUses(): Uses {
  let words: Uint32Array = new Uint32Array(1024);
  let contents: Uint32Array = new Uint32Array(1024);
  const roomFor = (counts: Uint32Array, number: number): Uint32Array => {
    if (number < counts.length) return counts;
    const larger = new Uint32Array(2 ** Math.ceil(Math.log2(number + 1)));
    larger.set(counts);
    return larger;
  };
  return {
    words: () => words,
    contents: () => contents,
    add({ contents: { number, count, from, words: said } }, times) {
      for (let word = 0; word < said.length; word += 1) words = roomFor(words, said[word] as number);
      for (let at = 0; at < number.length; at += 1) {
        const by = (count[at] as number) * times;
        const content = number[at] as number;
        if (content !== 0) {
          contents = roomFor(contents, content);
          contents[content] = (contents[content] as number) + by;
        }
        const end = from[at + 1] as number;
        for (let word = from[at] as number; word < end; word += 1) {
          const which = said[word] as number;
          words[which] = (words[which] as number) + by;
        }
      }
    },
    addContent(number, count) {
      contents = roomFor(contents, number);
      contents[number] = (contents[number] as number) + count;
    },
  };
}
