import type { Block } from './block.js';
import { eachWord, numberAt } from './contents.js';

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
    add({ contents: said }, times) {
      for (let at = 0; at < said.mark.length; at += 1) {
        const by = (said.count[at] as number) * times;
        const content = numberAt(said, at);
        if (content !== 0) {
          contents = roomFor(contents, content);
          contents[content] = (contents[content] as number) + by;
        }
        eachWord(said, at, (word) => {
          words = roomFor(words, word);
          words[word] = (words[word] as number) + by;
        });
      }
    },
    addContent(number, count) {
      contents = roomFor(contents, number);
      contents[number] = (contents[number] as number) + count;
    },
  };
}
