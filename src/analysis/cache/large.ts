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
  return [...rowsByConversation(blocks)]
    .filter(([, count]) => count >= least)
    .map(([conversation]) => ({ conversation, ...rollupOf(blocks, heads, (block) => rowsIn(block, conversation), WITHOUT_HOURS) }));
}

function rowsByConversation(blocks: readonly Block[]): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const { conversations } of blocks)
    for (const [place, which] of conversations.value.entries())
      rows.set(which, (rows.get(which) ?? 0) + (conversations.count[place] as number));
  return rows;
}
