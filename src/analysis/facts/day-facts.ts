import type { Day } from '../calendar.js';

export const BOT = 1;
export const OUT = 2;
export const QUESTION = 4;
/** Known by its delivery status only: it answers, and is no message of its own. */
export const GHOST = 8;
/** Says that an answer did not help. */
export const COMPLAINT = 16;

/** Texts that are made when they are asked for: most never are. */
export interface Texts {
  readonly length: number;
  readonly at: (index: number) => string;
}

/** Something a few rows have: the row's place and what it is. */
export interface Marks<Values extends Uint32Array | Float64Array = Uint32Array> {
  readonly row: Uint32Array;
  readonly value: Values;
}

/**
 * Who or what has an id, and what it is called. `key` is a hash of the id, `nameKey` one of the name (0 for none), which was
 * seen last at `namedAt` (seconds from the start of the UTC day).
 */
export interface Named {
  readonly key: Float64Array;
  readonly id: Texts;
  readonly nameKey: Float64Array;
  readonly name: Texts;
  readonly namedAt: Int32Array;
}

/** Ids that the platform says are one: number and user id of a contact, a group and its supergroup. Empty: none. */
export interface FactLinks {
  readonly id: Texts;
  readonly alias: Texts;
  readonly target: Texts;
  /** As `namedAt`. */
  readonly at: Int32Array;
}

/** The name of each forum topic that the day gives, the last one of each. */
export interface FactTopics {
  readonly conversation: Uint32Array;
  readonly topic: Float64Array;
  readonly name: Texts;
  /** As `namedAt`. */
  readonly at: Int32Array;
  /** 1 where the message names the topic; 0 where it lies within it, and tells the name it was created with. */
  readonly own: Uint8Array;
}

/** What happened beside messages, counted. */
export interface FactSides {
  /** `reaction`, `join` and `leave` by message, `joined` and `left` by event, `status`. */
  readonly what: Texts;
  /** Emoji, or status and error code. */
  readonly value: Texts;
  /** Id and its hash; '' and 0 where it does not matter. */
  readonly conversation: Texts;
  readonly conversationKey: Float64Array;
  readonly count: Uint32Array;
}

/** What became of messages that were sent, by the hash of a message's id: the furthest stage (`STAGES`), and when (as `namedAt`). */
export interface FactStages {
  readonly key: Float64Array;
  readonly stage: Uint8Array;
  readonly at: Int32Array;
}

/**
 * One day of a channel as metrics need it: its messages in order of time, one place in each array of `rows` a message, and what the numbers
 * in them stand for. It depends on that day's files and nothing else, so it can be kept.
 * Numbers are places in the lists below, plus one; 0 stands for none.
 */
export interface DayFacts {
  readonly channel: number;
  readonly day: Day;
  readonly count: number;
  readonly rows: {
    /** Seconds from the start of the UTC day. */
    readonly sentAt: Int32Array;
    readonly flags: Uint8Array;
    readonly person: Uint32Array;
    readonly conversation: Uint32Array;
    readonly kind: Uint16Array;
    readonly language: Uint16Array;
    readonly chars: Uint16Array;
    readonly content: Uint32Array;
  };
  readonly people: Named & { readonly bot: Uint8Array };
  readonly conversations: Named;
  readonly kinds: Texts;
  readonly languages: Texts;
  /**
   * Normal forms of texts by their hashes, and the words of each: `from` is the first place in `words`, one more than contents.
   * Only some count as contents that people repeat, and have a text.
   */
  readonly contents: {
    readonly key: Float64Array;
    readonly counted: Uint8Array;
    readonly text: Texts;
    readonly from: Uint32Array;
    readonly words: Uint32Array;
  };
  readonly words: { readonly key: Float64Array; readonly text: Texts };
  /** Rows that reply, and the hash of what they reply to; rows that ask, by a question or a command, and the hash of their own id. */
  readonly replies: Marks<Float64Array>;
  readonly requests: Marks<Float64Array>;
  /** Of each content of a request: hashes of its words of meaning, from `from` on; one more of these than contents. */
  readonly meanings: { readonly content: Uint32Array; readonly from: Uint32Array; readonly word: Float64Array };
  /** Rows that were sent and have statuses to look for, and the hash of their id; none on Telegram. */
  readonly tracked: Marks<Float64Array>;
  readonly told: FactStages;
  /** Of each content that asks: how it was written, and in which message. */
  readonly forms: { readonly content: Uint32Array; readonly text: Texts; readonly message: Texts };
  readonly topics: Marks<Float64Array>;
  readonly topicNames: FactTopics;
  readonly hashtags: Marks;
  readonly hashtag: Texts;
  readonly commands: Marks;
  readonly command: Texts;
  readonly links: FactLinks;
  readonly sides: FactSides;
}

export const textsOf = (values: readonly string[]): Texts => ({ length: values.length, at: (index) => values[index] ?? '' });

/** A hash of a short text that a double holds: 53 bits, so that different words hardly ever meet. Never 0. */
export function keyOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1;
}
