import type { Block } from './block.js';
import type { Names } from './names.js';

/**
 * Gives contents their numbers in the blocks that had them first: a content gets its number when it is said for the second time. One that is said once
 * needs none. `fresh`: the keys of those that got it; `found` is told of each with its number and the rows that say it.
 */
export function repeatContents(
  names: Names,
  fresh: readonly number[],
  blocks: Iterable<Block>,
  found: (number: number, count: number) => void = () => undefined,
): void {
  if (fresh.length === 0) return;
  // Most contents are none of these: a look at 16 bits tells.
  const near = new Uint8Array(65_536);
  for (const key of fresh) near[(key >>> 0) & 0xffff] = 1;
  for (const { contents } of blocks) {
    const { number, key } = contents;
    for (let at = 0; at < number.length; at += 1) {
      if (number[at] !== 0 || near[((key[at] as number) >>> 0) & 0xffff] === 0 || key[at] === 0) continue;
      const repeated = names.contents.find(key[at] as number);
      if (repeated === 0) continue;
      number[at] = repeated;
      found(repeated, contents.count[at] as number);
    }
  }
}
