import { type Block, mannerOf } from './block.js';
import type { Day } from '../calendar.js';
import type { Mixes } from './mixes.js';

/** How many wrote, by the mix of manners in which they did. */
export interface Present {
  /** Numbers of the mixes that occur. */
  readonly mix: Uint32Array;
  /** People, bots left out; those of them who never wrote before; conversations. */
  readonly people: Uint32Array;
  readonly newcomers: Uint32Array;
  readonly conversations: Uint32Array;
}

/** By person's number, as in a snapshot; and how many numbers of conversations there are. */
export interface Lives {
  readonly humans: Uint8Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly conversations: number;
}

/** The people and conversations of blocks of one channel, the first of them on `start` or later. */
export function presentIn(
  { start, blocks }: { readonly start: Day; readonly blocks: readonly Block[] },
  { humans, firstDay, conversations }: Lives,
  mixes: Mixes,
): Present {
  const people = gathering(humans.length);
  const talks = gathering(conversations);
  for (const { slot, conversation, conversations: all, runs } of blocks) {
    let row = 0;
    for (let run = 0; run < runs.person.length; run += 1) {
      const who = runs.person[run] as number;
      const end = runs.from[run + 1] as number;
      for (; row < end; row += 1) {
        const manner = mannerOf(slot[row] as number);
        add(people, who, manner, mixes);
        add(talks, all.value[conversation[row] as number] as number, manner, mixes);
      }
    }
  }
  const size = mixes.count();
  const counts = { people: new Uint32Array(size), newcomers: new Uint32Array(size), conversations: new Uint32Array(size) };
  for (const who of taken(people)) {
    const mix = people.mix[who] as number;
    people.mix[who] = 0;
    if (humans[who] === 0) continue;
    counts.people[mix]! += 1;
    if ((firstDay[who] as number) >= start) counts.newcomers[mix]! += 1;
  }
  for (const talk of taken(talks)) {
    counts.conversations[talks.mix[talk] as number]! += 1;
    talks.mix[talk] = 0;
  }
  const mix = Uint32Array.from(counts.people.keys()).filter((one) => counts.people[one] !== 0 || counts.conversations[one] !== 0);
  const of = (all: Uint32Array) => mix.map((one) => all[one] as number);
  return { mix, people: of(counts.people), newcomers: of(counts.newcomers), conversations: of(counts.conversations) };
}

/** The mix of each, by number, and the numbers of those that have any. */
interface Gathering {
  readonly mix: Uint32Array;
  readonly numbers: Uint32Array;
  count: number;
}

const gathering = (size: number): Gathering => ({ mix: new Uint32Array(size), numbers: new Uint32Array(size), count: 0 });

const taken = ({ numbers, count }: Gathering): Uint32Array => numbers.subarray(0, count);

function add(gathered: Gathering, number: number, manner: number, mixes: Mixes): void {
  const mix = gathered.mix[number] as number;
  if (mix === 0) {
    gathered.numbers[gathered.count] = number;
    gathered.count += 1;
  }
  gathered.mix[number] = mixes.with(mix, manner);
}
