import type { Block } from './block.js';
import { type Compact, compact } from './compact.js';

/** What of a block people and conversations are counted from. */
export type Lines = Pick<Block, 'count' | 'slot' | 'chars' | 'conversation' | 'conversations' | 'slots'> & {
  readonly runs: Pick<Block['runs'], 'person' | 'from'>;
};

/** The rows of one conversation in blocks, as if there were no others. `slots` may tell of more than occur. */
export function alone(which: number): (blocks: readonly Block[]) => Lines[] {
  const known = new Map<Block, Lines | undefined>();
  return (blocks) =>
    blocks.flatMap((block) => {
      if (!known.has(block)) known.set(block, onlyOf(block, which));
      return known.get(block) ?? [];
    });
}

function onlyOf(block: Block, which: number): Lines | undefined {
  const rows = rowsIn(block, which);
  const count = rows.length;
  if (count === 0) return undefined;
  const slot = new Uint16Array(count);
  const chars = new Uint16Array(count);
  const [person, from]: [number[], number[]] = [[], []];
  let run = -1;
  let end = 0;
  for (let at = 0; at < count; at += 1) {
    const row = rows[at] as number;
    slot[at] = block.slot[row] as number;
    chars[at] = block.chars[row] as number;
    if (row < end) continue;
    while (row >= end) end = block.runs.from[++run + 1] as number;
    person.push(block.runs.person[run] as number);
    from.push(at);
  }
  return {
    count,
    slot,
    chars,
    conversation: new Uint16Array(count),
    conversations: { value: Uint32Array.of(which), count: compact(Uint32Array.of(count)) },
    slots: block.slots,
    runs: { person: Uint32Array.from(person), from: compact(Uint32Array.from([...from, count])) },
  };
}

/** The rows of a conversation, in order. */
export function rowsIn({ conversations: { value, count }, together }: Block, which: number): Compact {
  const place = value.indexOf(which);
  if (place === -1) return together.subarray(0, 0);
  let first = 0;
  for (let at = 0; at < place; at += 1) first += count[at] as number;
  return together.subarray(first, first + (count[place] as number));
}
