import type { Block } from '../cache/block.js';
import type { Closed, ClosedParts, Presence, Written } from '../cache/closed.js';
import { passingOf } from '../cache/mixes.js';
import { AGES } from '../cache/presence.js';
import type { Countable } from '../cache/snapshot.js';
import type { Day } from '../calendar.js';
import { type People, noteActive, unitOf } from './people.js';
import type { Selection } from './selection.js';
import type { Talks } from './talks.js';
import { tornAt } from './torn.js';

/** What is counted beforehand and stands for people and conversations of its blocks, under one selection. */
export interface Standing {
  readonly blocks: ReadonlySet<Block>;
  /** Mondays of weeks of which a part is counted beforehand: who was there must be looked for in all of their blocks. */
  readonly torn: ReadonlySet<Day>;
  /** Gives people, conversations and who asks for weeks what is counted beforehand. */
  give(people: People, talks: Talks, weeks: readonly SeeWeek[]): void;
}

/** Told of a week that is counted beforehand: its people, bots left out, by the weeks since they first wrote, fewer than `AGES`. */
export type SeeWeek = (start: Day, ages: Uint32Array) => void;

const NOTHING: Standing = { blocks: new Set(), torn: new Set(), give: () => undefined };

/** Closed stretches of which no message lies outside a selection which tells rows apart by kind and direction at most, and which end before `until`. */
export function standingIn({ closed, blocks }: Countable, selection: Selection, until: Day): Standing {
  const { first: from, last: to, channels, manners, bucket } = selection;
  const parts = manners === undefined ? undefined : partsFor(closed, selection);
  if (manners === undefined || parts === undefined) return NOTHING;
  const stands = ({ channel, start, end }: Written | Presence, first: Day, last: Day) =>
    channels[channel] === true && start >= first && end <= last;
  const before = blocks.findLast(({ day, count }) => day < from && count > 0)?.day ?? -Infinity;
  const after = blocks.find(({ day, count }) => day > to && count > 0)?.day ?? Infinity;
  const written = parts.written.filter((one) => stands(one, before + 1, Math.min(after, until) - 1));
  if (written.length === 0) return NOTHING;
  const first = Math.min(...written.map(({ start }) => start));
  const last = Math.max(...written.map(({ end }) => end));
  const passes = passingOf(closed.mixes, manners);
  return {
    blocks: new Set(written.flatMap(({ blocks }) => blocks)),
    torn: new Set([first, last + 1].flatMap(tornAt)),
    give(people, talks, weeks) {
      for (const one of written) {
        people.take(one.people, manners);
        talks.take(one.conversations, manners);
      }
      for (const presence of parts.presences) {
        if (!stands(presence, first, last)) continue;
        const { unit, start } = presence;
        const sum = (counts: Uint32Array) => passed(presence.mix, counts, passes);
        noteActive(people.active[unit], start, sum(presence.people), sum(presence.newcomers));
        if (unit === 'week' && weeks.length > 0) {
          const ages = agesIn(presence, passes);
          for (const see of weeks) see(start, ages);
        }
        if (unit === unitOf(bucket)) noteTalks(talks, start, sum(presence.conversations));
      }
    },
  };
}

/** What is counted beforehand of the conversations that pass: of all, or of the only one, if it is large. */
function partsFor(closed: Closed, { holding, conversations }: Selection): ClosedParts | undefined {
  if (conversations === null) return closed;
  const found = new Set<number>();
  for (const { channel, conversations: all } of closed.written) {
    if (holding[channel] === true) for (const which of all.number) if (conversations[which] === 1) found.add(which);
  }
  const [which = 0] = found;
  return found.size === 1 ? closed.large.get(which) : undefined;
}

function passed(mix: Uint32Array, counts: Uint32Array, passes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < mix.length; at += 1) sum += (counts[at] as number) * (passes[mix[at] as number] as number);
  return sum;
}

function agesIn({ mix, ages }: Presence, passes: Uint8Array): Uint32Array {
  const sums = new Uint32Array(AGES);
  for (let at = 0; at < ages.length; at += 1)
    sums[at % AGES]! += (ages[at] as number) * (passes[mix[Math.floor(at / AGES)] as number] as number);
  return sums;
}

function noteTalks({ conversations }: Talks, start: Day, count: number): void {
  if (count > 0) conversations.set(start, (conversations.get(start) ?? 0) + count);
}
