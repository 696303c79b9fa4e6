import type { Block } from '../cache/block.js';
import type { Countable } from '../cache/snapshot.js';
import { type Bucket, type Day, mondayOf } from '../calendar.js';
import type { People } from './people.js';
import { blocksIn, type Selection } from './selection.js';
import type { Talks } from './talks.js';

/** The week that a day begins within, by its Monday; none where it begins a week. */
export const tornAt = (day: Day): Day[] => (mondayOf(day) === day ? [] : [mondayOf(day)]);

/** The week that a part of a selection begins within: who was there is looked for in all of it. */
export const tornBy = ({ from, first }: Selection): Day[] => (first > from ? tornAt(first) : []);

/** The blocks of that week which are before the part. */
export function daysBefore(snapshot: Countable, selection: Selection): Block[] {
  const { from, first } = selection;
  return tornBy(selection).flatMap((monday) => blocksIn(snapshot, { ...selection, first: Math.max(from, monday), last: first - 1 }));
}

/** Takes over what was found of torn weeks, in place of what their other blocks gave. */
export function mend(
  torn: ReadonlySet<Day>,
  bucket: Bucket,
  whole: { people: People; talks: Talks },
  found: { people: People; talks: Talks },
): void {
  for (const monday of torn) {
    const week = found.people.active.week.get(monday);
    if (week !== undefined) whole.people.active.week.set(monday, week);
    const talks = found.talks.conversations.get(monday);
    if (bucket === 'week' && talks !== undefined) whole.talks.conversations.set(monday, talks);
  }
}
