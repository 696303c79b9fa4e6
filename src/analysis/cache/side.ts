import type { Day } from '../calendar.js';
import type { FactSides } from '../facts/day-facts.js';
import type { Canon, NumberedDay } from './numbered.js';
import type { Names } from './names.js';
import { type Sent, sentOn } from './sent.js';

/** What happened on a channel's day beside messages. */
export interface Side {
  readonly channel: number;
  readonly day: Day;
  /** Reactions by emoji, deliveries by status and error code. */
  readonly reactions: Happened;
  readonly statuses: Happened;
  readonly members: Members;
  readonly sent: Sent;
}

/** How often things happened, one place each. */
export interface Happened {
  /** Number of what it was. */
  readonly value: Uint32Array;
  /** 0 where it does not matter. */
  readonly conversation: Uint32Array;
  readonly count: Uint32Array;
}

/**
 * Who came and who went, by conversation. Groups tell it by messages, by events, or by both: the larger number counts.
 */
export interface Members {
  readonly conversation: Uint32Array;
  readonly joins: Uint32Array;
  readonly leaves: Uint32Array;
}

/** Undefined where nothing happened. `next` is the channel's following day, where a message may be read or replied to. */
export function sideOf(
  numbered: NumberedDay,
  next: NumberedDay | undefined,
  given: { readonly names: Names; readonly channelName: string; readonly canon: Canon },
): Side | undefined {
  const { channel, day, sides, tracked } = numbered.facts;
  if (sides.count.length === 0 && tracked.row.length === 0) return undefined;
  const reactions = happenedBuilder();
  const statuses = happenedBuilder();
  const moves = new Map<number, Moves>();
  for (let at = 0; at < sides.count.length; at += 1) {
    const what = sides.what.at(at);
    const conversation = conversationAt(sides, at, { ...given, channel });
    const count = sides.count[at] as number;
    if (what === 'reaction') reactions.add(given.names.emojis.of(sides.value.at(at)), conversation, count);
    else if (what === 'status') statuses.add(given.names.statuses.of(sides.value.at(at)), conversation, count);
    else {
      const known = moves.get(conversation) ?? { join: 0, joined: 0, leave: 0, left: 0 };
      known[what as keyof Moves] += count;
      moves.set(conversation, known);
    }
  }
  return { channel, day, reactions: reactions.done(), statuses: statuses.done(), members: membersOf(moves), sent: sentOn(numbered, next) };
}

/** By messages, and by events. */
interface Moves {
  join: number;
  joined: number;
  leave: number;
  left: number;
}

const membersOf = (moves: ReadonlyMap<number, Moves>): Members => ({
  conversation: Uint32Array.from(moves.keys()),
  joins: Uint32Array.from(moves.values(), ({ join, joined }) => Math.max(join, joined)),
  leaves: Uint32Array.from(moves.values(), ({ leave, left }) => Math.max(leave, left)),
});

function happenedBuilder() {
  const [value, conversation, count]: [number[], number[], number[]] = [[], [], []];
  return {
    add(what: number, where: number, times: number): void {
      value.push(what);
      conversation.push(where);
      count.push(times);
    },
    done: (): Happened => ({
      value: Uint32Array.from(value),
      conversation: Uint32Array.from(conversation),
      count: Uint32Array.from(count),
    }),
  };
}

function conversationAt(
  sides: FactSides,
  at: number,
  { names, channelName, canon, channel }: { names: Names; channelName: string; canon: Canon; channel: number },
): number {
  const id = sides.conversationKey[at] as number;
  if (id === 0) return 0;
  const key = id * 2 + channel;
  const found =
    names.conversations.find(key) ||
    names.conversations.add(key, {
      key: `${channelName}:${sides.conversation.at(at)}`,
      channel,
      name: null,
      nameKey: 0,
      namedAt: Number.MIN_SAFE_INTEGER,
    });
  return canon.conversation(found);
}
