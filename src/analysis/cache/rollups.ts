import { weekdayOf } from '../calendar.js';
import type { Block } from './block.js';
import { type LargeRollup, largeIn } from './large.js';
import { type Heads, type Rollup, rollupOf, WITH_HOURS } from './rollup.js';
import { closedGroups, sameBlocks } from './stretches.js';
import type { Uses } from './uses.js';

export interface Rollups {
  readonly words: Heads;
  readonly contents: Heads;
  /** By weekday. */
  readonly list: readonly Rollup[];
  /** By conversation, of the large ones. */
  readonly large: readonly LargeRollup[];
}

/** From where on things are counted beforehand. */
export interface Bounds {
  /** Words and contents that are counted beforehand. */
  readonly heads?: number | undefined;
  /** Rows of a closed quarter, or month, from which on a conversation is counted on its own, too. */
  readonly large?: number | undefined;
  /** And its people. */
  readonly alone?: number | undefined;
}

/** Heads of each kind; others may become this much more frequent than the least of them before they are chosen anew. */
const HEADS = 1000;
const OUTGROWN = 2;

export const noRollups = (): Rollups => {
  const none = { placeOf: new Uint16Array(1), numbers: new Uint32Array(0), others: 0 };
  return { words: none, contents: none, list: [], large: [] };
};

/** The rollups of a lake's closed quarters and months. Those whose blocks did not change are kept as they are while the heads are. */
export function rollupsOf(blocks: readonly Block[], uses: Uses, known: Rollups, { heads: most = HEADS, large }: Bounds = {}): Rollups {
  const words = headsOf(uses.words(), known.words, most);
  const contents = headsOf(uses.contents(), known.contents, most);
  const same = words.numbers === known.words.numbers && contents.numbers === known.contents.numbers;
  const before = same ? known : noRollups();
  const byFirst = new Map(before.list.map((rollup) => [rollup.blocks[0], rollup]));
  const heads = { words, contents };
  return {
    ...heads,
    list: closedGroups(blocks, weekdayOf).map((group) => {
      const rollup = byFirst.get(group[0]);
      return rollup !== undefined && sameBlocks(rollup.blocks, group)
        ? rollup
        : rollupOf(group, heads, ({ together }) => together, WITH_HOURS);
    }),
    large: closedGroups(blocks).flatMap((group) => {
      const kept = before.large.filter((rollup) => sameBlocks(rollup.blocks, group));
      return kept.length > 0 ? kept : largeIn(group, heads, large);
    }),
  };
}

/** The heads of before, while they are good enough, or new ones. */
function headsOf(uses: Uint32Array, known: Heads, most: number): Heads {
  const others = (placeOf: Uint16Array): number => {
    let found = 0;
    for (let number = 1; number < uses.length; number += 1) {
      if ((uses[number] as number) > found && (number >= placeOf.length || placeOf[number] === 0)) found = uses[number] as number;
    }
    return found;
  };
  const least = Math.min(...Array.from(known.numbers, (number) => uses[number] as number));
  const now = others(known.placeOf);
  if (now === 0 || (known.numbers.length > 0 && now <= OUTGROWN * least)) return { ...known, others: now };
  const numbers = mostUsed(uses, most);
  const placeOf = new Uint16Array(uses.length);
  for (const [at, number] of numbers.entries()) placeOf[number] = at + 1;
  return { placeOf, numbers, others: others(placeOf) };
}

function mostUsed(uses: Uint32Array, most: number): Uint32Array {
  const sorted = uses.slice(1).sort();
  const bar = Math.max(1, sorted[Math.max(0, sorted.length - most)] ?? 1);
  const above: number[] = [];
  const equal: number[] = [];
  for (let number = 1; number < uses.length; number += 1) {
    if ((uses[number] as number) > bar) above.push(number);
    else if (uses[number] === bar) equal.push(number);
  }
  return Uint32Array.from([...above, ...equal].slice(0, most));
}
