import { weekdayOf } from '../calendar.js';
import type { Block } from './block.js';
import { eachWord, numberAt } from './contents.js';
import { inShared } from './shared.js';
import { sameBlocks, stretchesUntil } from './stretches.js';
import type { Uses } from './uses.js';

/**
 * The words, or contents, that are said most in the whole lake. Only these are counted beforehand: whatever the filters let through, a number that is
 * no head occurs `others` times at most, so a list of the most frequent ones whose last has more is exact without looking at the rest.
 */
export interface Heads {
  /** By number: place among the heads, plus one; 0 for others. Shorter than the numbers are where there are new ones. */
  readonly placeOf: Uint16Array;
  /** Numbers of the heads. */
  readonly numbers: Uint32Array;
  /** Most that any other one occurs in the lake. */
  readonly others: number;
}

/** How often something occurs in a stretch, by its number and by slot. */
export interface Counted {
  readonly number: Uint32Array;
  readonly slot: Uint16Array;
  readonly count: Uint32Array;
  /** Slots in which there is something that is not counted here: no head. */
  readonly others: Uint16Array;
}

/**
 * The days of one weekday in a closed quarter of a channel, or in a closed month of the open quarter, counted: what filters by period, channel,
 * weekday, kind, direction and hour need of their texts.
 */
export interface Rollup {
  readonly channel: number;
  /** The blocks it stands for. */
  readonly blocks: readonly Block[];
  readonly contents: Counted;
  readonly words: Counted;
  readonly languages: Counted;
}

export interface Rollups {
  readonly words: Heads;
  readonly contents: Heads;
  readonly list: readonly Rollup[];
}

/** Heads of each kind; others may become this much more frequent than the least of them before they are chosen anew. */
const HEADS = 1000;
const OUTGROWN = 2;

export const noRollups = (): Rollups => {
  const none = { placeOf: new Uint16Array(1), numbers: new Uint32Array(0), others: 0 };
  return { words: none, contents: none, list: [] };
};

/** The rollups of a lake's closed quarters and months. Those whose blocks did not change are kept as they are while the heads are. */
export function rollupsOf(blocks: readonly Block[], uses: Uses, known: Rollups, heads = HEADS): Rollups {
  const words = headsOf(uses.words(), known.words, heads);
  const contents = headsOf(uses.contents(), known.contents, heads);
  const same = words.numbers === known.words.numbers && contents.numbers === known.contents.numbers;
  const before = new Map(same ? known.list.map((rollup) => [rollup.blocks[0], rollup]) : []);
  const list = [...closedStretches(blocks).values()].map((group) => {
    const rollup = before.get(group[0]);
    return rollup !== undefined && sameBlocks(rollup.blocks, group) ? rollup : rollupOf(group, words, contents);
  });
  return { words, contents, list };
}

/** Blocks of each channel and weekday by closed stretch. */
function closedStretches(blocks: readonly Block[]): Map<string, Block[]> {
  const stretchOf = stretchesUntil(blocks.at(-1)?.day ?? 0);
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const { channel, day } = block;
    const stretch = stretchOf(day);
    if (stretch === undefined) break;
    const id = `${stretch.start} ${weekdayOf(day)} ${channel}`;
    const group = groups.get(id);
    if (group) group.push(block);
    else groups.set(id, [block]);
  }
  return groups;
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

function rollupOf(blocks: readonly Block[], words: Heads, contents: Heads): Rollup {
  const slots = slotsIn(blocks);
  return {
    channel: (blocks[0] as Block).channel,
    blocks,
    ...inShared({
      contents: counted(contents, slots, (note) => {
        for (const { count, content, contents: said, slot } of blocks) {
          for (let row = 0; row < count; row += 1) {
            const at = content[row] as number;
            if (at !== 0) note(numberAt(said, at - 1), slot[row] as number);
          }
        }
      }),
      words: counted(words, slots, (note) => {
        for (const { count, content, contents: said, slot } of blocks) {
          for (let row = 0; row < count; row += 1) {
            const at = content[row] as number;
            if (at !== 0) eachWord(said, at - 1, (word) => note(word, slot[row] as number));
          }
        }
      }),
      languages: counted(EACH_LANGUAGE, slots, (note) => {
        for (const { count, language, slot } of blocks)
          for (let row = 0; row < count; row += 1) note(language[row] as number, slot[row] as number);
      }),
    }),
  };
}

/** Of languages there are so few that each is counted. */
const EACH_LANGUAGE: Pick<Heads, 'placeOf' | 'numbers'> = {
  placeOf: Uint16Array.from({ length: 256 }, (_, number) => number),
  numbers: Uint32Array.from({ length: 255 }, (_, at) => at + 1),
};

/** Places of the slots that occur, one after the other. */
function slotsIn(blocks: readonly Block[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const { slots } of blocks) for (const slot of slots.value) if (!places.has(slot)) places.set(slot, places.size);
  return places;
}

type Note = (number: number, slot: number) => void;

const placeOfSlot = new Uint32Array(65_536);

/** Counts the heads among what `fill` notes; 0 is none. */
function counted(
  { placeOf, numbers }: Pick<Heads, 'placeOf' | 'numbers'>,
  slots: ReadonlyMap<number, number>,
  fill: (note: Note) => void,
): Counted {
  const width = slots.size;
  for (const [slot, place] of slots) placeOfSlot[slot] = place;
  const counts = new Uint32Array(numbers.length * width);
  const others = new Uint8Array(width);
  let found = 0;
  fill((number, slot) => {
    const place = number < placeOf.length ? (placeOf[number] as number) : 0;
    if (place === 0) {
      others[placeOfSlot[slot] as number] = 1;
      return;
    }
    const at = (place - 1) * width + (placeOfSlot[slot] as number);
    if (counts[at] === 0) found += 1;
    counts[at] = (counts[at] as number) + 1;
  });
  const slotAt = [...slots.keys()];
  const result = {
    number: new Uint32Array(found),
    slot: new Uint16Array(found),
    count: new Uint32Array(found),
    others: Uint16Array.from(slotAt.filter((_, place) => others[place] === 1)),
  };
  let next = 0;
  for (let at = 0; at < counts.length; at += 1) {
    if (counts[at] === 0) continue;
    result.number[next] = numbers[Math.floor(at / width)] as number;
    result.slot[next] = slotAt[at % width] as number;
    result.count[next] = counts[at] as number;
    next += 1;
  }
  return result;
}
