import type { Block } from '../cache/block.js';
import type { Compact } from '../cache/compact.js';
import type { Contents } from '../cache/contents.js';
import type { Countable } from '../cache/snapshot.js';
import { type Found, most } from '../panels/most.js';
import type { Counts } from './counts.js';
import { rolledIn } from './large.js';
import { passing } from './passing.js';
import { type Selection, wholeOf } from './selection.js';
import { addOccurrences, type Visitor } from './tally.js';

/** What is said most often, where it must be said twice at least. */
export interface Said {
  readonly visitor: Visitor;
  readonly counts: () => Counts;
  readonly most: (limit: number, textOf: (number: number) => string) => Found[];
}

const LEAST = 2;

/** Contents of a block by place, and how many rows say each. */
export interface Spoken {
  readonly length: number;
  /** Null: one after the other. */
  readonly places: Uint32Array | null;
  readonly times: Compact;
}

let places = new Uint32Array(16_384);
let times = new Uint32Array(16_384);
const ONCE = new Uint16Array(16_384).fill(1);
let last: { readonly rows: Uint32Array; readonly spoken: Spoken } | undefined;

/** What some rows of a block say; null: all of them. Valid until others are asked for. */
function spokenBy(block: Block, rows: Uint32Array | null): Spoken {
  const { count } = block.contents;
  if (rows === null) return { length: count.length, places: null, times: count };
  // Words and contents are counted one after the other.
  if (rows !== last?.rows)
    last = { rows, spoken: rows.length < Math.min(ONCE.length, count.length / 4) ? eachRow(block, rows) : eachContent(block, rows) };
  return last.spoken;
}

function eachRow({ content }: Block, rows: Uint32Array): Spoken {
  let length = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const said = content[rows[at] as number] as number;
    if (said !== 0) places[length++] = said - 1;
  }
  return { length, places, times: ONCE };
}

/** The same for many rows: what is said by several counts once, and memory is read in order. */
function eachContent({ content, contents: { count } }: Block, rows: Uint32Array): Spoken {
  if (times.length < count.length) {
    times = new Uint32Array(2 * count.length);
    places = new Uint32Array(2 * count.length);
  }
  times.fill(0, 0, count.length);
  for (let at = 0; at < rows.length; at += 1) {
    const said = content[rows[at] as number] as number;
    if (said !== 0) times[said - 1] = (times[said - 1] as number) + 1;
  }
  return { length: count.length, places: null, times };
}

/**
 * Counts words or contents. Of rollups only the heads are counted at first; when one of the others might be among the most frequent ones,
 * those days are gone through after all. `count` adds what is said in a block, each content so many times.
 */
export function saidIn(
  snapshot: Countable,
  selection: Selection,
  what: 'words' | 'contents',
  count: (counts: Uint32Array, contents: Contents, spoken: Spoken) => void,
): Said {
  const heads = snapshot.rollups[what];
  const size = snapshot.sizes[what];
  let counts = new Uint32Array(size);
  const passes = (slot: number) => selection.slots === null || selection.slots[slot] === 1;
  /** Blocks of rollups with something that is no head, wherever they were counted; those of two conversations have the same ones. */
  const withOthers = () =>
    new Set(rolledIn(snapshot, wholeOf(selection)).flatMap((rollup) => (rollup[what].others.some(passes) ? rollup.blocks : [])));
  /** Counts these row by row; what was counted of their heads is there already. */
  function countOthers(rolled: ReadonlySet<Block>): void {
    const all = new Uint32Array(size);
    for (const block of rolled) {
      const passed = passing(block, selection);
      if (passed !== undefined) count(all, block.contents, spokenBy(block, passed.rows));
    }
    for (const number of heads.numbers) all[number] = 0;
    counts = counts.map((found, number) => found + (all[number] as number));
  }
  return {
    visitor: {
      rollup: (rollup, slots) => addOccurrences(counts, rollup[what], slots),
      block: (block, { rows }) => count(counts, block.contents, spokenBy(block, rows)),
    },
    counts: () => [counts],
    most(limit, textOf) {
      const found = most(counts, limit, textOf, LEAST);
      const bar = found.length < limit ? LEAST : (found[limit - 1] as Found).count;
      const rolled = heads.others < bar ? new Set<Block>() : withOthers();
      if (rolled.size === 0) return found;
      countOthers(rolled);
      return most(counts, limit, textOf, LEAST);
    },
  };
}
