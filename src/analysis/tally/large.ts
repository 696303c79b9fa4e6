import type { Rollup } from '../cache/rollup.js';
import type { Snapshot } from '../cache/snapshot.js';
import type { Selection } from './selection.js';

/**
 * Rollups of the conversations chosen, of stretches that lie whole in a selection which tells their rows apart by kind and direction at most. Where a
 * small one of them is in a stretch, all are counted by block.
 */
export function chosenIn({ rollups, closed }: Snapshot, { from, to, channels, manners, conversations }: Selection): Rollup[] {
  if (manners === undefined || conversations === null) return [];
  const isChosen = (which: number) => conversations[which] === 1;
  const chosen = rollups.large.filter(({ conversation }) => isChosen(conversation));
  return closed.written.flatMap(({ channel, blocks, conversations: { number } }) => {
    const [first, last] = [blocks[0]?.day ?? from, blocks.at(-1)?.day ?? to];
    const found = chosen.filter((rollup) => rollup.blocks[0] === blocks[0]);
    if (found.length === 0 || channels[channel] !== true || first < from || last > to) return [];
    const large = new Set(found.map(({ conversation }) => conversation));
    return number.some((which) => isChosen(which) && !large.has(which)) ? [] : found;
  });
}
