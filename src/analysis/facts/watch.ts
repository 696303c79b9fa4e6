import type { Store } from '../../types.js';
import type { Day } from '../calendar.js';
import { type Partitions, partitionsAt, partitionsOf } from './partitions.js';

/** Looks for what changed in the files of a lake without looking at all of them each time. */
export interface Watch {
  /** The partitions as they are now, as far as is known: those of the newest days always, older ones now and then. */
  look(): Promise<Partitions>;
}

/** A listing of so few is made every time; a longer one takes this part of the time at most. */
const FEW = 300;
const SHARE = 0.02;
/** Days at the end of the lake that are always looked at: what arrives now was mostly sent then. */
const NEWEST = 3;

/** `now`: milliseconds of a clock that only goes forward. */
export function watch(enriched: Store, now: () => number = () => performance.now()): Watch {
  let known: Partitions | undefined;
  let listedAt = 0;
  let cost = 0;

  async function all(): Promise<Partitions> {
    const begun = now();
    known = await partitionsOf(enriched);
    listedAt = now();
    cost = listedAt - begun;
    return known;
  }
  return {
    async look() {
      if (known === undefined || known.size <= FEW || now() - listedAt > cost / SHARE) return all();
      const days = [...new Set(Array.from(known.values(), ({ day }) => day))].sort((a, b) => b - a).slice(0, NEWEST);
      const last = days[0] ?? 0;
      const near = new Set<Day>([...days, last + 1, last + 2]);
      const kept = [...known].filter(([, { day }]) => !near.has(day));
      known = new Map([...kept, ...(await partitionsAt(enriched, near))]);
      return known;
    },
  };
}
