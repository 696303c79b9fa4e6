import { setTimeout } from 'node:timers/promises';
import type { Snapshot } from './cache/snapshot.js';
import type { Filters, Period } from './types.js';
import type { Twin } from './twin/twin.js';

const PERIODS: readonly Period[] = ['all', '12m', '90d'];
const ROUNDS = 3;
const LOOK_AGAIN_MS = 100;
/** Looks for the other thread to be ready. */
const LOOKS = 100;

/**
 * Has views of a large lake made before anybody asks for them, one at a time: what counts is compiled as it runs, which would hold up the first people
 * who change a filter. `view` makes one; `over` tells to stop.
 */
export async function rehearse(
  snapshot: Snapshot,
  twin: Pick<Twin, 'isReady'>,
  view: (filters: Filters) => unknown,
  over: () => boolean,
): Promise<void> {
  for (let look = 0; look < LOOKS && !twin.isReady(snapshot); look += 1) await setTimeout(LOOK_AGAIN_MS, undefined, { ref: false });
  if (!twin.isReady(snapshot)) return;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const limits of limitsIn(snapshot)) {
      for (const period of PERIODS) {
        if (over()) return;
        view({ period, ...limits });
        // Who asks meanwhile comes between.
        await setTimeout(0, undefined, { ref: false });
      }
    }
  }
}

const limitsIn = ({ names }: Snapshot): Omit<Filters, 'period'>[] => [
  {},
  { kind: ['text'] },
  { direction: ['in'] },
  { hour: [9, 10, 11, 12, 13, 14, 15, 16, 17] },
  { conversation: names.conversations.values.slice(1, 2).map(({ key }) => key) },
  { person: names.people.values.slice(1, 3).map(({ key }) => key) },
];
