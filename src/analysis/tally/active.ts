import type { Snapshot } from '../cache/snapshot.js';
import type { Day } from '../calendar.js';
import type { Visitor } from './tally.js';

/** People active in a stretch of days, and how many of them never wrote before it. */
export interface ActiveIn {
  readonly start: Day;
  people: number;
  newcomers: number;
}

/** Counts the people active in each stretch; `startOf` gives the first day of the stretch a day belongs to. */
export function activeIn(snapshot: Snapshot, startOf: (day: Day) => Day): { readonly visitor: Visitor; readonly stretches: ActiveIn[] } {
  const stretches: ActiveIn[] = [];
  const last = new Int32Array(snapshot.firstDay.length).fill(-1);
  const { firstDay } = snapshot;
  return {
    stretches,
    visitor: {
      block({ day }, _passing, present) {
        const start = startOf(day);
        let current = stretches.at(-1);
        if (current === undefined || current.start !== start) {
          current = { start, people: 0, newcomers: 0 };
          stretches.push(current);
        }
        const index = stretches.length;
        let people = 0;
        let newcomers = 0;
        for (let at = 0; at < present.length; at += 1) {
          const who = present[at] as number;
          if (last[who] === index) continue;
          last[who] = index;
          people += 1;
          if ((firstDay[who] as number) >= start) newcomers += 1;
        }
        current.people += people;
        current.newcomers += newcomers;
      },
    },
  };
}

/** The people active on each day: in a block everybody present is there once, and nobody is in two of a day's blocks. */
export function activeByDay(): { readonly visitor: Visitor; readonly stretches: Pick<ActiveIn, 'start' | 'people'>[] } {
  const stretches: { start: Day; people: number }[] = [];
  const visitor: Visitor = {
    block({ day }, _passing, present) {
      const current = stretches.at(-1);
      if (current?.start === day) current.people += present.length;
      else stretches.push({ start: day, people: present.length });
    },
  };
  return { visitor, stretches };
}
