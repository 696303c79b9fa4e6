import { type Day, monthStartOf } from '../calendar.js';
import { type Block, HOUR_BITS } from './block.js';

/** How often something occurs in a month, by its number and by kind and direction (a slot without its hour). */
export interface Counted {
  readonly id: Uint32Array;
  readonly form: Uint16Array;
  readonly count: Uint32Array;
}

/** A closed month of a channel, counted: what filters by period, channel, kind and direction need of its rows. */
export interface Month {
  readonly channel: number;
  readonly start: Day;
  /** The blocks it stands for. */
  readonly blocks: readonly Block[];
  readonly people: Counted & { readonly chars: Float64Array };
  readonly conversations: Counted;
  readonly contents: Counted;
  readonly words: Counted;
  readonly languages: Counted;
}

/** The closed months of a lake: those before the one with the newest block. A month that did not change is kept as it is. */
export function monthsOf(blocks: readonly Block[], known: readonly Month[]): Month[] {
  const open = monthStartOf(blocks.at(-1)?.day ?? 0);
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const start = monthStartOf(block.day);
    if (start === open) continue;
    const id = `${start} ${block.channel}`;
    const group = groups.get(id);
    if (group) group.push(block);
    else groups.set(id, [block]);
  }
  const before = new Map(known.map((month) => [`${month.start} ${month.channel}`, month]));
  return [...groups].map(([id, group]) => {
    const month = before.get(id);
    const same = month !== undefined && month.blocks.length === group.length && month.blocks.every((block, at) => block === group[at]);
    return same ? month : monthOf(group);
  });
}

function monthOf(blocks: readonly Block[]): Month {
  const forms = formsIn(blocks);
  const rowsOf = (of: (block: Block) => ArrayLike<number>) =>
    bare(forms, (note) => {
      for (const block of blocks) {
        const values = of(block);
        for (let row = 0; row < block.count; row += 1) note(values[row] as number, block.slot[row] as number, 1, 0);
      }
    });
  const [first] = blocks as [Block];
  return {
    channel: first.channel,
    start: monthStartOf(first.day),
    blocks,
    people: counted(forms, (note) => {
      for (const { person, slot, chars, count } of blocks)
        for (let row = 0; row < count; row += 1) note(person[row] as number, slot[row] as number, 1, chars[row] as number);
    }),
    conversations: rowsOf((block) => block.conversation),
    contents: rowsOf((block) => block.content),
    languages: rowsOf((block) => block.language),
    words: bare(forms, (note) => {
      for (const { words, wordsFrom, slot, count } of blocks) {
        for (let row = 0; row < count; row += 1) {
          const end = wordsFrom[row + 1] as number;
          for (let at = wordsFrom[row] as number; at < end; at += 1) note(words[at] as number, slot[row] as number, 1, 0);
        }
      }
    }),
  };
}

/** The same without lengths. */
function bare(forms: ReadonlyMap<number, number>, fill: (note: Note) => void): Counted {
  const { id, form, count } = counted(forms, fill);
  return { id, form, count };
}

/** Places of the forms that occur, one after the other. */
function formsIn(blocks: readonly Block[]): ReadonlyMap<number, number> {
  const forms = new Map<number, number>();
  for (const { histogram } of blocks)
    for (const slot of histogram.slot) if (!forms.has(slot >> HOUR_BITS)) forms.set(slot >> HOUR_BITS, forms.size);
  return forms;
}

type Note = (id: number, slot: number, count: number, chars: number) => void;

let counts = new Uint32Array(1024);
let sums = new Float64Array(1024);

/** Counts what `fill` notes; number 0 stands for none and is left out. */
function counted(forms: ReadonlyMap<number, number>, fill: (note: Note) => void): Month['people'] {
  const width = forms.size;
  const placeOf = new Uint16Array(2 ** (16 - HOUR_BITS));
  for (const [form, place] of forms) placeOf[form] = place;
  const touched: number[] = [];
  fill((id, slot, count, chars) => {
    if (id === 0) return;
    const at = id * width + (placeOf[slot >> HOUR_BITS] as number);
    if (at >= counts.length) enlarge(at);
    if (counts[at] === 0) touched.push(at);
    counts[at] = (counts[at] as number) + count;
    sums[at] = (sums[at] as number) + chars;
  });
  const names = [...forms.keys()];
  const result = {
    id: Uint32Array.from(touched, (at) => Math.floor(at / width)),
    form: Uint16Array.from(touched, (at) => names[at % width] as number),
    count: Uint32Array.from(touched, (at) => counts[at] as number),
    chars: Float64Array.from(touched, (at) => sums[at] as number),
  };
  for (const at of touched) {
    counts[at] = 0;
    sums[at] = 0;
  }
  return result;
}

function enlarge(at: number): void {
  const size = 2 ** Math.ceil(Math.log2(at + 1));
  const [oldCounts, oldSums] = [counts, sums];
  counts = new Uint32Array(size);
  counts.set(oldCounts);
  sums = new Float64Array(size);
  sums.set(oldSums);
}
