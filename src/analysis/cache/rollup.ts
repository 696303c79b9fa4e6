import { type Block, HOUR_BITS } from './block.js';
import type { Compact } from './compact.js';
import { eachWord, numberAt } from './contents.js';
import { inShared } from './shared.js';

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
export interface Occurrences {
  readonly number: Uint32Array;
  readonly slot: Uint16Array;
  readonly count: Uint32Array;
  /** Slots in which there is something that is not counted here: no head. */
  readonly others: Uint16Array;
}

/**
 * What is said in some blocks of a channel: on the days of one weekday in a closed stretch, with all that filters by period, channel, weekday, kind,
 * direction and hour need; or in one conversation on all days of the stretch, with the hour left out: its slots are those of hour 0.
 */
export interface Rollup {
  readonly channel: number;
  /** The blocks it stands for. */
  readonly blocks: readonly Block[];
  readonly contents: Occurrences;
  readonly words: Occurrences;
  readonly languages: Occurrences;
}

/** Bits of the slots that are told apart. */
export const WITH_HOURS = 0xffff;
export const WITHOUT_HOURS = WITH_HOURS ^ (2 ** HOUR_BITS - 1);

/** Counts the rows that `rowsOf` gives of each block. */
export function rollupOf(
  blocks: readonly Block[],
  heads: { readonly words: Heads; readonly contents: Heads },
  rowsOf: (block: Block) => Compact,
  mask: number,
): Rollup {
  const slots = slotsIn(blocks, mask);
  const parts = blocks.map((block) => ({ block, rows: rowsOf(block) }));
  const each = (see: (block: Block, row: number, slot: number) => void): void => {
    for (const { block, rows } of parts) {
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at] as number;
        see(block, row, (block.slot[row] as number) & mask);
      }
    }
  };
  return {
    channel: (blocks[0] as Block).channel,
    blocks,
    ...inShared({
      contents: counted(heads.contents, slots, (note) =>
        each(({ content, contents }, row, slot) => {
          const place = content[row] as number;
          if (place !== 0) note(numberAt(contents, place - 1), slot);
        }),
      ),
      words: counted(heads.words, slots, (note) =>
        each(({ content, contents }, row, slot) => {
          const place = content[row] as number;
          if (place !== 0) eachWord(contents, place - 1, (word) => note(word, slot));
        }),
      ),
      languages: counted(EACH_LANGUAGE, slots, (note) => each(({ language }, row, slot) => note(language[row] as number, slot))),
    }),
  };
}

/** Of languages there are so few that each is counted. */
const EACH_LANGUAGE: Pick<Heads, 'placeOf' | 'numbers'> = {
  placeOf: Uint16Array.from({ length: 256 }, (_, number) => number),
  numbers: Uint32Array.from({ length: 255 }, (_, at) => at + 1),
};

/** Places of the slots that occur, one after the other. */
function slotsIn(blocks: readonly Block[], mask: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const { slots } of blocks) for (const slot of slots.value) if (!places.has(slot & mask)) places.set(slot & mask, places.size);
  return places;
}

type Note = (number: number, slot: number) => void;

const placeOfSlot = new Uint32Array(65_536);

/** Counts the heads among what `fill` notes; 0 is none. */
function counted(
  { placeOf, numbers }: Pick<Heads, 'placeOf' | 'numbers'>,
  slots: ReadonlyMap<number, number>,
  fill: (note: Note) => void,
): Occurrences {
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
