import type { Block } from './block.js';
import type { Compact } from './compact.js';
import { type Heads, type Rollup, rollupOf, WITHOUT_HOURS } from './rollup.js';

/** A closed stretch of a channel, with what is said in each of its large conversations. */
export interface Large {
  readonly channel: number;
  readonly blocks: readonly Block[];
  /** By conversation's number. */
  readonly rollups: ReadonlyMap<number, Rollup>;
  /** Numbers of its other conversations, where there are large ones. */
  readonly small: Uint32Array;
}

/** Rows of a stretch: to count fewer takes a few milliseconds, and there can be one such conversation for so many messages at most. */
const LARGE = 16_000;

/** The large conversations in all blocks of a stretch. */
export function largeIn(blocks: readonly Block[], heads: { readonly words: Heads; readonly contents: Heads }, least = LARGE): Large {
  const rows = rowsByConversation(blocks);
  const rollups = new Map<number, Rollup>();
  for (const [which, count] of rows)
    if (count >= least)
      rollups.set(
        which,
        rollupOf(blocks, heads, (block) => rowsIn(block, which), WITHOUT_HOURS),
      );
  const small = rollups.size === 0 ? [] : [...rows.keys()].filter((which) => !rollups.has(which));
  return { channel: (blocks[0] as Block).channel, blocks, rollups, small: Uint32Array.from(small) };
}

function rowsByConversation(blocks: readonly Block[]): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const { conversations } of blocks)
    for (const [place, which] of conversations.value.entries())
      rows.set(which, (rows.get(which) ?? 0) + (conversations.count[place] as number));
  return rows;
}

/** The rows of a conversation. */
function rowsIn({ conversations: { value, count }, together }: Block, which: number): Compact {
  const place = value.indexOf(which);
  if (place === -1) return together.subarray(0, 0);
  let first = 0;
  for (let at = 0; at < place; at += 1) first += count[at] as number;
  return together.subarray(first, first + (count[place] as number));
}
