import type { Rollup } from '../cache/rollup.js';
import type { Countable } from '../cache/snapshot.js';
import { rollupsIn, type Selection } from './selection.js';

/**
 * Rollups of the conversations chosen, of stretches that lie whole in a selection which tells their rows apart by kind and direction at most. Where a
 * small one of them is in a stretch, all are counted by block.
 */
function chosenIn({ rollups, closed }: Countable, { first, last, channels, manners, conversations }: Selection): Rollup[] {
  if (manners === undefined || conversations === null) return [];
  const isChosen = (which: number) => conversations[which] === 1;
  const chosen = rollups.large.filter(({ conversation }) => isChosen(conversation));
  return closed.written.flatMap(({ channel, blocks, conversations: { number } }) => {
    const [start, end] = [blocks[0]?.day ?? first, blocks.at(-1)?.day ?? last];
    const found = chosen.filter((rollup) => rollup.blocks[0] === blocks[0]);
    if (found.length === 0 || channels[channel] !== true || start < first || end > last) return [];
    const large = new Set(found.map(({ conversation }) => conversation));
    return number.some((which) => isChosen(which) && !large.has(which)) ? [] : found;
  });
}

/** All rollups that stand for blocks of a selection. */
export const rolledIn = (snapshot: Countable, selection: Selection): Rollup[] => [
  ...rollupsIn(snapshot, selection),
  ...chosenIn(snapshot, selection),
];
