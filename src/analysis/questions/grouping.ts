import { setImmediate as turn } from 'node:timers/promises';
import { featureReader } from './features.js';
import { WEAK_WORDS } from '../text/vocabulary.js';

/** A distinct wording. */
export interface Wording {
  /** As written: the wording's identity. */
  readonly text: string;
  readonly count: number;
}

export interface GroupingOptions {
  /** How alike, 0 to 1, a wording must be to the first of a group. */
  readonly threshold?: number;
}

export const THRESHOLD = 0.5;
/** Letters at a stem's start that two spellings of a word must share to be compared. */
const KEY = 4;
/** Likeness of two stems under which they are different words. */
const SAME_WORD = 0.5;
/** What remains of the likeness of two questions that ask for different kinds of thing, and where one of them does not tell. */
const OTHER_SIGN = 0.7;
const NO_SIGN = 0.95;
const WEAK_WEIGHT = 0.3;
/** How far what the shorter says counts by itself, whatever else the longer says. */
const CONTAINED = 0.3;
/** Weight of the most common word; a word that occurs once weighs 1. */
const COMMON_WEIGHT = 0.35;

/** Wordings looked at before others get their turn: the process receives messages meanwhile. */
const AT_ONCE = 200;

interface Term {
  readonly id: number;
  readonly key: number;
  readonly weight: number;
}

interface Item {
  /** In the order of their keys. */
  readonly terms: readonly Term[];
  readonly signs: readonly string[];
  /** Sum of the weights. */
  readonly weight: number;
  /** Whether it has but one word of meaning: such a one is in many questions, and tells none of them. */
  readonly single: boolean;
}

/** Likeness of two terms of one key, 0 to 1, by their ids. */
type Likeness = (a: number, b: number) => number;

/**
 * Puts wordings of one meaning together: for each wording, in the order given, the index of the first wording of its group.
 * The most frequent wordings lead: each joins the leader it is most like, if it is enough, or leads a new group. The same
 * wordings give the same groups in whatever order they come. Lets other work in while it runs.
 */
export async function groupWordings(wordings: readonly Wording[], { threshold = THRESHOLD }: GroupingOptions = {}): Promise<number[]> {
  const { items, likeness } = await itemsOf(wordings);
  const leaders = leaderIndex(items, likeness);
  const leaderOf = wordings.map((_, index) => index);
  const known = new Map<string, number>();
  for (const [place, index] of mostFrequentFirst(wordings).entries()) {
    if (place % AT_ONCE === 0) await turn();
    const item = items[index] as Item;
    const bag = bagOf(item);
    const leader = known.get(bag) ?? leaders.nearest(item, threshold) ?? index;
    if (leader === index) leaders.add(index);
    leaderOf[index] = leader;
    known.set(bag, leader);
  }
  return leaderOf;
}

function mostFrequentFirst(wordings: readonly Wording[]): number[] {
  return wordings
    .map(({ count, text }, index) => ({ count, text, index }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .map(({ index }) => index);
}

/** What wordings that only differ in order and in words without meaning have in common. */
function bagOf({ terms, signs }: Item): string {
  const ids = terms.map(({ id }) => id).sort((a, b) => a - b);
  return `${ids.join(' ')} ${[...signs].sort().join(' ')}`;
}

/** `of` each value, with pauses. */
async function eachInTurn<A, B>(values: readonly A[], of: (value: A) => B): Promise<B[]> {
  const made: B[] = [];
  for (const [index, value] of values.entries()) {
    if (index % AT_ONCE === 0) await turn();
    made.push(of(value));
  }
  return made;
}

async function itemsOf(wordings: readonly Wording[]): Promise<{ items: Item[]; likeness: Likeness }> {
  const featuresOf = featureReader();
  const occurs = new Map<string, number>();
  const features = await eachInTurn(wordings, ({ text }) => {
    const read = featuresOf(text);
    for (const stem of read.stems) occurs.set(stem, (occurs.get(stem) ?? 0) + 1);
    return read;
  });
  const terms = termsOf(occurs, wordings.length);
  const items = await eachInTurn(features, ({ stems, signs }): Item => {
    const own = stems.map((stem) => terms.get(stem) as Term).sort((a, b) => a.key - b.key || a.id - b.id);
    const strong = own.filter(({ weight }) => weight > WEAK_WEIGHT).length;
    return { terms: own, signs, weight: own.reduce((sum, { weight }) => sum + weight, 0), single: strong < 2 };
  });
  return { items, likeness: likenessOf([...terms.keys()]) };
}

/** A term for each stem, by in how many of `wordings` it occurs. */
function termsOf(occurs: ReadonlyMap<string, number>, wordings: number): Map<string, Term> {
  const keys = new Map<string, number>();
  const most = Math.log(wordings + 1);
  const terms = new Map<string, Term>();
  for (const [stem, times] of occurs) {
    // Names and numbers of things (`guest1234`) begin alike and mean different ones.
    const prefix = /\d/.test(stem) ? stem : stem.slice(0, KEY);
    const key = keys.get(prefix) ?? keys.size;
    keys.set(prefix, key);
    const rarity = Math.log((wordings + 1) / times) / most;
    const weight = WEAK_WORDS.has(stem) ? WEAK_WEIGHT : COMMON_WEIGHT + (1 - COMMON_WEIGHT) * rarity;
    terms.set(stem, { id: terms.size, key, weight });
  }
  return terms;
}

/** Dice coefficient of letter pairs; 0 under `SAME_WORD`. */
function likenessOf(stems: readonly string[]): Likeness {
  const pairs = new Map<number, ReadonlySet<string>>();
  const pairsAt = (id: number): ReadonlySet<string> => {
    const made = pairs.get(id) ?? pairsOf(stems[id] ?? '');
    pairs.set(id, made);
    return made;
  };
  const known = new Map<number, number>();
  return (a, b) => {
    if (a === b) return 1;
    const pair = a < b ? a * stems.length + b : b * stems.length + a;
    let found = known.get(pair);
    if (found === undefined) {
      found = dice(pairsAt(a), pairsAt(b));
      if (found < SAME_WORD) found = 0;
      known.set(pair, found);
    }
    return found;
  };
}

function pairsOf(stem: string): ReadonlySet<string> {
  return new Set(Array.from({ length: stem.length }, (_, at) => ` ${stem}`.slice(at, at + 2)));
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}

/** Weighted overlap, 0 to 1: what both say over what either says, and over what the shorter says. */
function similarity(a: Item, b: Item, likeness: Likeness): number {
  let shared = 0;
  let i = 0;
  let j = 0;
  while (i < a.terms.length && j < b.terms.length) {
    const left = a.terms[i] as Term;
    const right = b.terms[j] as Term;
    if (left.key < right.key) i += 1;
    else if (left.key > right.key) j += 1;
    else {
      shared += left === right ? left.weight : (likeness(left.id, right.id) * (left.weight + right.weight)) / 2;
      i += 1;
      j += 1;
    }
  }
  return overlap(a.weight, b.weight, Math.min(shared, a.weight, b.weight), a.single || b.single) * signFactor(a.signs, b.signs);
}

function signFactor(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  if (a.length === 0 || b.length === 0) return NO_SIGN;
  return a.some((sign) => b.includes(sign)) ? 1 : OTHER_SIGN;
}

/** The likeness of two questions of weights `a` and `b` that share `shared`, before what kind of thing they ask. */
function overlap(a: number, b: number, shared: number, single: boolean): number {
  const both = shared / (a + b - shared);
  return single ? both : (CONTAINED * shared) / Math.min(a, b) + (1 - CONTAINED) * both;
}

interface LeaderIndex {
  add(index: number): void;
  /** The leader most like `item`, at least `threshold`; of equals the first added. */
  nearest(item: Item, threshold: number): number | undefined;
}

/** Leaders that have a term of one key, with its weight. */
interface Posting {
  readonly leaders: number[];
  readonly weights: number[];
}

const NONE: Posting = { leaders: [], weights: [] };

/** Leaders by the keys of their terms. */
function leaderIndex(items: readonly Item[], likeness: Likeness): LeaderIndex {
  const byKey = new Map<number, Posting>();
  const posting = (key: number) => byKey.get(key) ?? NONE;
  /** At most what each leader shares with the item at hand; zero between items. */
  const shared = new Float64Array(items.length);
  const weights = Float64Array.from(items, ({ weight }) => weight);
  const singles = Uint8Array.from(items, ({ single }) => (single ? 1 : 0));

  /** Leaders that share a probed term, first added first within a term. */
  function gather(probed: readonly Term[]): number[] {
    const found: number[] = [];
    for (const { key, weight } of probed) {
      const { leaders, weights: ofTerm } = posting(key);
      for (let at = 0; at < leaders.length; at += 1) {
        const leader = leaders[at] as number;
        if (shared[leader] === 0) found.push(leader);
        shared[leader] = (shared[leader] as number) + (weight + (ofTerm[at] as number)) / 2;
      }
    }
    return found;
  }

  return {
    add(index) {
      for (const { key, weight } of (items[index] as Item).terms) {
        const list = posting(key);
        const { leaders, weights } = list === NONE ? { leaders: [], weights: [] } : list;
        leaders.push(index);
        weights.push(weight);
        byKey.set(key, { leaders, weights });
      }
    },
    nearest(item, threshold) {
      const { probed, left } = probes(item, threshold, (key) => posting(key).leaders.length);
      let best: number | undefined;
      let most = threshold;
      for (const leader of gather(probed)) {
        const weight = weights[leader] as number;
        const atMost = Math.min((shared[leader] as number) + left, item.weight, weight);
        shared[leader] = 0;
        if (overlap(item.weight, weight, atMost, item.single || singles[leader] === 1) < most) continue;
        const found = similarity(item, items[leader] as Item, likeness);
        if (found > most || (found === most && best === undefined)) [best, most] = [leader, found];
      }
      return best;
    },
  };
}

/**
 * The terms of which a leader alike enough must have one: the rarest, until what is `left` weighs too little to reach the
 * threshold by itself.
 */
function probes(item: Item, threshold: number, leaders: (key: number) => number): { probed: Term[]; left: number } {
  const sorted = [...item.terms].sort((a, b) => leaders(a.key) - leaders(b.key));
  const enough = ((threshold - CONTAINED) / (1 - CONTAINED)) * item.weight;
  const probed: Term[] = [];
  let left = item.weight;
  for (const term of sorted) {
    if (left < enough) break;
    probed.push(term);
    left -= term.weight;
  }
  return { probed, left };
}
