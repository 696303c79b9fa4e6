import type { Day } from '../calendar.js';

export const BOT = 1;
export const OUT = 2;
export const QUESTION = 4;
/** Known by its delivery status only: it answers, and is no message of its own. */
export const GHOST = 8;

/** One day of a channel in order of time, as it comes from the lake. Numbers refer to `Names`. */
export interface Timeline {
  readonly channel: number;
  readonly day: Day;
  count: number;
  sentAt: Float64Array;
  conversation: Uint32Array;
  person: Uint32Array;
  flags: Uint8Array;
  kind: Uint16Array;
  chars: Uint16Array;
  language: Uint8Array;
  topic: Float64Array;
  /** 0 where there is none. */
  idKey: Float64Array;
  replyKey: Float64Array;
  /** Number of the question's form; 0 where nothing is asked. */
  form: Uint32Array;
  contentKey: Float64Array;
  content: Uint32Array;
  /** First word of each row in `words`; one more than rows. */
  wordsFrom: Uint32Array;
  words: number[];
  readonly hashtags: [row: number, tag: number][];
  readonly commands: [row: number, command: number][];
  /** Ids that the platform says are one: number and user id of a contact, a group and its supergroup. */
  readonly links: Map<string, Link>;
}

export interface Link {
  readonly channel: number;
  readonly id: string;
  readonly alias: string | null;
  readonly target: string | null;
  readonly at: number;
}

export function newTimeline(channel: number, day: Day, size: number): Timeline {
  return {
    channel,
    day,
    count: 0,
    sentAt: new Float64Array(size),
    conversation: new Uint32Array(size),
    person: new Uint32Array(size),
    flags: new Uint8Array(size),
    kind: new Uint16Array(size),
    chars: new Uint16Array(size),
    language: new Uint8Array(size),
    topic: new Float64Array(size),
    idKey: new Float64Array(size),
    replyKey: new Float64Array(size),
    form: new Uint32Array(size),
    contentKey: new Float64Array(size),
    content: new Uint32Array(size),
    wordsFrom: new Uint32Array(size + 1),
    words: [],
    hashtags: [],
    commands: [],
    links: new Map(),
  };
}

function doubled<A extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(array: A, size: number): A {
  const larger = new (array.constructor as new (size: number) => A)(size);
  larger.set(array);
  return larger;
}

/** Makes room for as many rows again. */
export function grow(timeline: Timeline): void {
  const size = timeline.sentAt.length * 2;
  for (const name of ['sentAt', 'topic', 'idKey', 'replyKey', 'contentKey'] as const) timeline[name] = doubled(timeline[name], size);
  for (const name of ['conversation', 'person', 'content', 'form'] as const) timeline[name] = doubled(timeline[name], size);
  for (const name of ['kind', 'chars'] as const) timeline[name] = doubled(timeline[name], size);
  for (const name of ['flags', 'language'] as const) timeline[name] = doubled(timeline[name], size);
  timeline.wordsFrom = doubled(timeline.wordsFrom, size + 1);
}
