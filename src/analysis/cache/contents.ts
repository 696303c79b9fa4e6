import { type Compact, compact } from './compact.js';
import type { Names } from './names.js';

/** What is said on a day, each normal form once; rows refer to it by place, plus one. */
export interface Contents {
  /**
   * What each is known by: where it occurs more than once in the lake its number, negative; else a hash, until it is said again; 0 where it does
   * not count.
   */
  readonly mark: Float64Array;
  /** Rows that say it. */
  readonly count: Compact;
  /** First word of each in `words`; one more than contents. */
  readonly from: Compact;
  /** Numbers of words. The most frequent ones got theirs first, so few do not fit: `FAR` stands before the two halves of such a one. */
  readonly words: Uint16Array;
}

const FAR = 0xffff;

/** The number of a content; 0 where it has none. */
export function numberAt({ mark }: Contents, at: number): number {
  const known = mark[at] as number;
  return known < 0 ? -known : 0;
}

/** Words by content, packed. `from` and `words` as in `Contents`, but that each word takes one place. */
export function packed(from: Uint32Array, words: Uint32Array): Pick<Contents, 'from' | 'words'> {
  let far = 0;
  for (let at = 0; at < words.length; at += 1) if ((words[at] as number) >= FAR) far += 1;
  const small = new Uint16Array(words.length + 2 * far);
  const start = new Uint32Array(from.length);
  let end = 0;
  for (let content = 0; content < from.length; content += 1) {
    start[content] = end;
    for (let at = from[content] as number; at < (from[content + 1] ?? 0); at += 1) {
      const word = words[at] as number;
      if (word >= FAR) {
        small[end] = FAR;
        small[end + 1] = word >>> 16;
        end += 2;
      }
      small[end] = word;
      end += 1;
    }
  }
  return { from: compact(start), words: small };
}

/** Calls `see` with the number of every word of a content. */
export function eachWord({ from, words }: Contents, content: number, see: (word: number) => void): void {
  const end = from[content + 1] as number;
  for (let at = from[content] as number; at < end; at += 1) {
    let word = words[at] as number;
    if (word === FAR) {
      word = (words[at + 1] as number) * 65_536 + (words[at + 2] as number);
      at += 2;
    }
    see(word);
  }
}

/** Adds `times` to the count of every word of a content: `eachWord` for where every nanosecond tells. */
export function addWords(counts: Uint32Array, { from, words }: Contents, content: number, times: number): void {
  const end = from[content + 1] as number;
  for (let at = from[content] as number; at < end; at += 1) {
    let word = words[at] as number;
    if (word === FAR) {
      word = (words[at + 1] as number) * 65_536 + (words[at + 2] as number);
      at += 2;
    }
    counts[word] = (counts[word] as number) + times;
  }
}

/**
 * Gives contents their numbers in the blocks that had them first: a content gets its number when it is said for the second time. One that is said once
 * needs none. `fresh`: the keys of those that got it; `found` is told of each with its number and the rows that say it.
 */
export function repeatContents(
  names: Names,
  fresh: readonly number[],
  blocks: Iterable<{ readonly contents: Contents }>,
  found: (number: number, count: number) => void = () => undefined,
): void {
  if (fresh.length === 0) return;
  // Most contents are none of these: a look at 16 bits tells.
  const near = new Uint8Array(65_536);
  for (const key of fresh) near[(key >>> 0) & 0xffff] = 1;
  for (const { contents } of blocks) {
    const { mark } = contents;
    for (let at = 0; at < mark.length; at += 1) {
      const key = mark[at] as number;
      if (key <= 0 || near[(key >>> 0) & 0xffff] === 0) continue;
      const repeated = names.contents.find(key);
      if (repeated === 0) continue;
      mark[at] = -repeated;
      found(repeated, contents.count[at] as number);
    }
  }
}
