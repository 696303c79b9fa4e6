import type { Rollup } from '../cache/rollup.js';
import type { Snapshot } from '../cache/snapshot.js';
import type { Selection } from './selection.js';

/**
 * Rollups of the conversations chosen, of stretches that lie whole in a selection which tells their rows apart by kind and direction at most. Where a
 * small one of them is in a stretch, all are counted by block.
 */
export function chosenIn({ rollups: { large } }: Snapshot, { from, to, channels, manners, conversations }: Selection): Rollup[] {
  if (manners === undefined || conversations === null) return [];
  const isChosen = (which: number) => conversations[which] === 1;
  return large
    .filter(({ channel, blocks, small }) => {
      const [first, last] = [blocks[0]?.day ?? from, blocks.at(-1)?.day ?? to];
      return channels[channel] === true && first >= from && last <= to && !small.some(isChosen);
    })
    .flatMap(({ rollups }) => [...rollups].flatMap(([which, rollup]) => (isChosen(which) ? [rollup] : [])));
}
