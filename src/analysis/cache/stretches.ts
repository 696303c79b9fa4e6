import { type Day, dayOf, dateOfDay, monthStartOf } from '../calendar.js';
import type { Block } from './block.js';

/** Whether what was counted of some blocks still stands for these: blocks are never changed, but replaced. */
export const sameBlocks = (some: readonly Block[], others: readonly Block[]): boolean =>
  some.length === others.length && some.every((block, at) => block === others[at]);

/** Blocks of each channel by closed stretch, and by what `part` gives of their day. */
export function closedGroups(blocks: readonly Block[], part: (day: Day) => number = () => 0): Block[][] {
  const stretchOf = stretchesUntil(blocks.at(-1)?.day ?? 0);
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const { channel, day } = block;
    const stretch = stretchOf(day);
    if (stretch === undefined) break;
    const id = `${stretch.start} ${part(day)} ${channel}`;
    const group = groups.get(id);
    if (group) group.push(block);
    else groups.set(id, [block]);
  }
  return [...groups.values()];
}

interface Span {
  readonly start: Day;
  /** Its last day. */
  readonly end: Day;
}

/**
 * The closed stretch that a day lies in: its quarter, or its month where the quarter has the newest day; undefined for days of the newest month,
 * which is not closed.
 */
export function stretchesUntil(newest: Day): (day: Day) => Span | undefined {
  const open = quarterOf(newest);
  const month = monthStartOf(newest);
  let last: Span = { start: 0, end: -1 };
  return (day) => {
    if (day >= month) return undefined;
    if (day < last.start || day > last.end) {
      const quarter = quarterOf(day);
      last = quarter.start === open.start ? { start: monthStartOf(day), end: monthAfter(monthStartOf(day), 1) - 1 } : quarter;
    }
    return last;
  };
}

function quarterOf(day: Day): Span {
  const date = new Date(dateOfDay(day));
  const start = monthAfter(monthStartOf(day), -(date.getUTCMonth() % 3));
  return { start, end: monthAfter(start, 3) - 1 };
}

function monthAfter(start: Day, months: number): Day {
  const date = new Date(dateOfDay(start));
  date.setUTCMonth(date.getUTCMonth() + months);
  return dayOf(date.toISOString().slice(0, 10));
}
