import { MANNERS, mannerOf } from './block.js';
import { type Day, mondayOf } from '../calendar.js';
import type { Mixes } from './mixes.js';
import type { Lines } from './only.js';

/** How many wrote, by the mix of manners in which they did. */
export interface Present {
  /** Numbers of the mixes that occur. */
  readonly mix: Uint32Array;
  /** People, bots left out; those of them who never wrote before; conversations. */
  readonly people: Uint32Array;
  readonly newcomers: Uint32Array;
  readonly conversations: Uint32Array;
  /** In a week: of each mix in turn, the people by the weeks since the one in which they first wrote, fewer than `AGES`. Else empty. */
  readonly ages: Uint32Array;
}

/** Weeks that are told apart since somebody first wrote. */
export const AGES = 12;

/** By person's number, as in a snapshot; and how many numbers of conversations there are. */
export interface Lives {
  readonly humans: Uint8Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly conversations: number;
}

/** A day, week or month of one channel. */
interface Unit {
  readonly unit: 'day' | 'week' | 'month';
  readonly start: Day;
  readonly blocks: readonly Lines[];
}

/** The people and conversations of blocks, the first of them on `start` or later. */
export function presentIn({ unit, start, blocks }: Unit, { humans, firstDay, conversations }: Lives, mixes: Mixes): Present {
  for (const { slots } of blocks) for (const slot of slots.value) bits[mannerOf(slot)] = mixes.bitOf(mannerOf(slot));
  const words = mixes.words();
  rooms.people = roomFor(rooms.people, humans.length, words);
  rooms.talks = roomFor(rooms.talks, conversations, words);
  const { people, talks } = rooms;
  for (const { slot, conversation, conversations: all, runs } of blocks) {
    let row = 0;
    for (let run = 0; run < runs.person.length; run += 1) {
      const who = runs.person[run] as number;
      const end = runs.from[run + 1] as number;
      for (; row < end; row += 1) {
        const bit = bits[mannerOf(slot[row] as number)] as number;
        add(people, who, bit);
        add(talks, all.value[conversation[row] as number] as number, bit);
      }
    }
  }
  const found = { people: numbersOf(people, mixes), talks: numbersOf(talks, mixes) };
  const size = mixes.count();
  const counts = { people: new Uint32Array(size), newcomers: new Uint32Array(size), conversations: new Uint32Array(size) };
  const ages = new Uint32Array(unit === 'week' ? size * AGES : 0);
  for (const [at, mix] of found.people.entries()) {
    const who = people.numbers[at] as number;
    if (humans[who] === 0) continue;
    counts.people[mix]! += 1;
    if ((firstDay[who] as number) >= start) counts.newcomers[mix]! += 1;
    const age = (start - mondayOf(firstDay[who] as number)) / 7;
    if (unit === 'week' && age < AGES) ages[mix * AGES + age]! += 1;
  }
  for (const mix of found.talks) counts.conversations[mix]! += 1;
  const mix = Uint32Array.from(counts.people.keys()).filter((one) => counts.people[one] !== 0 || counts.conversations[one] !== 0);
  const of = (all: Uint32Array) => mix.map((one) => all[one] as number);
  return {
    mix,
    people: of(counts.people),
    newcomers: of(counts.newcomers),
    conversations: of(counts.conversations),
    ages: Uint32Array.from(Array.from(mix).flatMap((one) => Array.from(ages.subarray(one * AGES, (one + 1) * AGES)))),
  };
}

/** By manner: its bit, of the manners of the blocks that are looked at. */
const bits = new Uint16Array(MANNERS);

/** What each wrote, as bits, by number; and the numbers of those who wrote. */
interface Gathering {
  readonly words: number;
  readonly bits: Uint32Array;
  readonly wrote: Uint8Array;
  readonly numbers: Uint32Array;
  count: number;
}

const gathering = (size: number, words: number): Gathering => ({
  words,
  bits: new Uint32Array(size * words),
  wrote: new Uint8Array(size),
  numbers: new Uint32Array(size),
  count: 0,
});

/** Kept from one look to the next, since there are thousands: nobody wrote in them between. */
const rooms = { people: gathering(0, 1), talks: gathering(0, 1) };

function roomFor(room: Gathering, size: number, words: number): Gathering {
  if (room.wrote.length < size || room.words !== words) return gathering(size, words);
  room.count = 0;
  return room;
}

function add(gathered: Gathering, number: number, bit: number): void {
  const { words, bits: all, wrote, numbers, count } = gathered;
  if (wrote[number] === 0) {
    wrote[number] = 1;
    numbers[count] = number;
    gathered.count += 1;
  }
  const at = number * words + (bit >>> 5);
  all[at] = (all[at] as number) | (1 << (bit & 31));
}

/** The mix of each that wrote, in the order of `numbers`; leaves the room to the next. */
function numbersOf({ words, bits: all, wrote, numbers, count }: Gathering, mixes: Mixes): Uint32Array {
  return numbers.subarray(0, count).map((number) => {
    const at = number * words;
    const mix = mixes.of(all, at);
    all.fill(0, at, at + words);
    wrote[number] = 0;
    return mix;
  });
}
