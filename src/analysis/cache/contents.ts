import type { Block } from './block.js';
import type { Names } from './names.js';

/**
 * Numbers the contents that occur more than once. A content gets its number at its second occurrence, so the first one
 * is found here; one that occurs once only needs none.
 */
export function repeatContents(names: Names, blocks: readonly Block[]): void {
  for (const { content, contentKey } of blocks) {
    for (let row = 0; row < content.length; row += 1) {
      if (content[row] === 0 && contentKey[row] !== 0) content[row] = names.contents.find(contentKey[row] as number);
    }
  }
}
