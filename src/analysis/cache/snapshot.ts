import { createHash } from 'node:crypto';
import type { Block } from './block.js';
import type { Closed } from './closed.js';
import type { Aliases } from './links.js';
import type { Names } from './names.js';
import type { Partition } from '../facts/partitions.js';
import type { Lives } from './presence.js';
import type { Rollups } from './rollups.js';
import type { Side } from './side.js';

/** What of a lake is counted at one moment: everything but what its numbers stand for. */
export interface Countable {
  /** In order of day, then channel. */
  readonly blocks: readonly Block[];
  readonly rollups: Rollups;
  readonly closed: Closed;
  /** By person's number: 1 for people, 0 for bots, businesses and nobody. */
  readonly humans: Uint8Array;
  /** First day of each person, by number; 0 for none. */
  readonly firstDay: Int32Array;
  /** By number. */
  readonly kinds: readonly string[];
  readonly sizes: Sizes;
}

/** How many numbers there are of each, 0 included. */
export type Sizes = Readonly<Record<(typeof SIZED)[number], number>>;

const SIZED = ['people', 'conversations', 'contents', 'words', 'hashtags', 'commands', 'topics'] as const;

/** The lake as the analysis sees it, at one moment. Everything in it belongs together. */
export interface Snapshot extends Countable {
  readonly names: Names;
  readonly aliases: Aliases;
  /** What happened beside messages, in order of day. */
  readonly sides: readonly Side[];
  /** By channel: whether a bot or business of it wrote. */
  readonly answering: readonly boolean[];
  /** Last day of each person, by number; -1 for none. */
  readonly lastDay: Int32Array;
  /** Changes when a file of the lake does. */
  readonly version: string;
}

/** What a snapshot is made of. */
export interface Parts {
  readonly names: Names;
  readonly aliases: Aliases;
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly blocks: ReadonlyMap<string, Block>;
  readonly sides: ReadonlyMap<string, Side>;
}

/** What is counted beforehand of blocks in their order. */
export interface Beforehand {
  readonly rollups: (blocks: readonly Block[]) => Rollups;
  readonly closed: (blocks: readonly Block[], lives: Lives) => Closed;
}

export function snapshotOf({ names, aliases, partitions, ...parts }: Parts, { rollups, closed }: Beforehand): Snapshot {
  const blocks = [...parts.blocks.values()].sort((a, b) => a.day - b.day || a.channel - b.channel);
  const size = names.people.values.length;
  const firstDay = new Int32Array(size);
  const lastDay = new Int32Array(size).fill(-1);
  for (const { day, runs } of blocks) {
    for (let run = 0; run < runs.person.length; run += 1) {
      const person = runs.person[run] as number;
      if (lastDay[person] === -1) firstDay[person] = day;
      lastDay[person] = day;
    }
  }
  const answering: boolean[] = [];
  for (const [number, { channel, bot }] of names.people.values.entries()) if (bot && lastDay[number] !== -1) answering[channel] = true;
  const version = createHash('sha256');
  for (const [id, { etag }] of [...partitions].sort(([a], [b]) => (a < b ? -1 : 1))) version.update(`${id} ${etag}\n`);
  const humans = Uint8Array.from(names.people.values, ({ bot, key }) => (bot || key === '' ? 0 : 1));
  return {
    names,
    aliases,
    blocks,
    rollups: rollups(blocks),
    closed: closed(blocks, { humans, firstDay, lastDay, conversations: names.conversations.values.length }),
    sides: [...parts.sides.values()].sort((a, b) => a.day - b.day),
    humans,
    kinds: names.kinds.values.slice(),
    sizes: Object.fromEntries(SIZED.map((of) => [of, names[of].values.length])) as Sizes,
    answering,
    firstDay,
    lastDay,
    version: version.digest('hex').slice(0, 16),
  };
}
