import type { Day } from '../calendar.js';
import type { Canon, NumberedDay } from './numbered.js';
import type { Names } from './names.js';
import { type Sent, sentOn } from './sent.js';

/** What happened on a channel's day beside messages, counted; by what it is: `reaction`, `join` and `leave` by message, `joined` and `left` by event, `status`. */
export interface Side {
  readonly channel: number;
  readonly day: Day;
  readonly entries: Readonly<Record<string, readonly SideEntry[]>>;
  readonly sent: Sent;
}

export interface SideEntry {
  /** Emoji, or status and error code. */
  readonly value: string;
  /** 0 where it does not matter. */
  readonly conversation: number;
  readonly count: number;
}

/** Undefined where nothing happened. `next` is the channel's following day, where a message may be read or replied to. */
export function sideOf(
  numbered: NumberedDay,
  next: NumberedDay | undefined,
  { names, channelName, canon }: { readonly names: Names; readonly channelName: string; readonly canon: Canon },
): Side | undefined {
  const { channel, day, sides, tracked } = numbered.facts;
  if (sides.count.length === 0 && tracked.row.length === 0) return undefined;
  const entries: Record<string, SideEntry[]> = {};
  for (let at = 0; at < sides.count.length; at += 1) {
    const id = sides.conversationKey[at] as number;
    const conversation = id === 0 ? 0 : numberOf(names, id * 2 + channel, () => `${channelName}:${sides.conversation.at(at)}`, channel);
    (entries[sides.what.at(at)] ??= []).push({
      value: sides.value.at(at),
      conversation: canon.conversation(conversation),
      count: sides.count[at] as number,
    });
  }
  return { channel, day, entries, sent: sentOn(numbered, next) };
}

const numberOf = (names: Names, key: number, id: () => string, channel: number): number =>
  names.conversations.find(key) ||
  names.conversations.add(key, { key: id(), channel, name: null, nameKey: 0, namedAt: Number.MIN_SAFE_INTEGER });
