import type { Block } from './block.js';
import { rowsIn } from './only.js';
import { type Heads, type Rollup, rollupOf, WITHOUT_HOURS } from './rollup.js';

/** What is said in a large conversation, on all days of a closed stretch. */
export interface LargeRollup extends Rollup {
  /** Its number. */
  readonly conversation: number;
}

/** Rows of a stretch: to count fewer takes a few milliseconds, and there can be one such conversation for so many messages at most. */
const LARGE = 16_000;

/** The large conversations in all blocks of a stretch. */
export function largeIn(
  blocks: readonly Block[],
  heads: { readonly words: Heads; readonly contents: Heads },
  least = LARGE,
): LargeRollup[] {
  const rows = rowsByConversation(blocks);
  return Array.from(rows.keys())
    .filter((which) => (rows[which] as number) >= least)
    .map((conversation) => ({ conversation, ...rollupOf(blocks, heads, (block) => rowsIn(block, conversation), WITHOUT_HOURS) }));
}

/** By number. */
function rowsByConversation(blocks: readonly Block[]): Uint32Array {
  let most = 0;
  for (const { conversations } of blocks) for (const which of conversations.value) most = Math.max(most, which);
  const rows = new Uint32Array(most + 1);
  for (const { conversations } of blocks)
    for (let place = 0; place < conversations.value.length; place += 1)
      rows[conversations.value[place] as number]! += conversations.count[place] as number;
  return rows;
}
