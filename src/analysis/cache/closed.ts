import { type Day, mondayOf, monthStartOf } from '../calendar.js';
import type { Block } from './block.js';
import { type Mixes, newMixes } from './mixes.js';
import { type Lives, type Present, presentIn } from './presence.js';
import { inShared } from './shared.js';
import { sameBlocks, stretchesUntil } from './stretches.js';
import { conversationSums, peopleSums, type Sums } from './sums.js';

/** Blocks of a channel that lie side by side. */
export interface Stretch {
  readonly channel: number;
  readonly start: Day;
  readonly end: Day;
  readonly blocks: readonly Block[];
}

/** What people wrote in a closed quarter, or in a closed month of the open quarter, and what was written in its conversations. */
export interface Written extends Stretch {
  readonly people: Sums;
  readonly conversations: Omit<Sums, 'chars'>;
}

/** Who and what there was in a closed day, week or month. */
export interface Presence extends Stretch, Present {
  readonly unit: 'day' | 'week' | 'month';
}

/** What the closed part of a lake is counted to beforehand, for filters by period, channel, kind and direction. */
export interface Closed {
  /** What the mixes of `presences` are, by number. */
  readonly mixes: Mixes['sets'];
  readonly written: readonly Written[];
  readonly presences: readonly Presence[];
}

/** Counts blocks, which come in order of day; what was counted before is kept where its blocks, and the people, are the same. */
export function closing(): (blocks: readonly Block[], lives: Lives) => Closed {
  let mixes = newMixes();
  let before: Lives | undefined;
  let written: readonly Written[] = [];
  let presences: readonly Presence[] = [];
  return (blocks, lives) => {
    const { stretches, units } = groupsOf(blocks);
    written = counted(written, stretches, (stretch) => ({
      ...stretch,
      people: inShared(peopleSums(stretch.blocks)),
      conversations: inShared(conversationSums(stretch.blocks)),
    }));

    if (before === undefined || !sameLives(before, lives)) {
      presences = [];
      mixes = newMixes();
    }
    presences = counted(presences, units, (unit) => ({ ...unit, ...inShared(presentIn(unit, lives, mixes)) }));
    before = lives;
    return { mixes: mixes.sets, written, presences };
  };
}

/** Whether everybody who wrote is still what they were, since the same day. */
const sameLives = (before: Lives, now: Lives): boolean =>
  before.lastDay.every(
    (last, who) => last === -1 || (before.firstDay[who] === now.firstDay[who] && before.humans[who] === now.humans[who]),
  );

/** The closed stretches of each channel, and its closed days, weeks and months. */
function groupsOf(blocks: readonly Block[]) {
  const newest = blocks.at(-1)?.day ?? 0;
  const open = monthStartOf(newest);
  const stretchOf = stretchesUntil(newest);
  const stretches = new Map<string, Stretch>();
  const units = new Map<string, Stretch & Pick<Presence, 'unit'>>();
  for (const block of blocks) {
    const { channel, day } = block;
    const stretch = stretchOf(day);
    if (stretch === undefined) break;
    gather(stretches, `${stretch.start} ${channel}`, { channel, ...stretch, blocks: [] }, block);
    const [monday, month] = [mondayOf(day), monthStartOf(day)];
    const ends = { day, week: monday + 6, month: monthStartOf(month + 31) - 1 };
    for (const [unit, start] of [
      ['day', day],
      ['week', monday],
      ['month', month],
    ] as const) {
      if (ends[unit] < open) gather(units, `${unit} ${start} ${channel}`, { channel, unit, start, end: ends[unit], blocks: [] }, block);
    }
  }
  return { stretches: [...stretches.values()], units: [...units.values()] };
}

function gather<S extends Stretch>(groups: Map<string, S>, id: string, empty: S, block: Block): void {
  let group = groups.get(id);
  if (group === undefined) groups.set(id, (group = empty));
  (group.blocks as Block[]).push(block);
}

/** What is known of the same blocks, and the rest counted anew. */
function counted<S extends Stretch, T extends S>(known: readonly T[], stretches: readonly S[], count: (stretch: S) => T): T[] {
  const idOf = ({ channel, start, end }: Stretch) => `${channel} ${start} ${end}`;
  const before = new Map(known.map((one) => [idOf(one), one]));
  return stretches.map((stretch) => {
    const found = before.get(idOf(stretch));
    return found !== undefined && sameBlocks(found.blocks, stretch.blocks) ? found : count(stretch);
  });
}
