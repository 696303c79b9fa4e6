import type { DayFacts, Named } from '../facts/day-facts.js';
import { type Interner, interner, type TextInterner, textInterner } from './interner.js';

/** Someone who writes, under the id of the messages. */
export interface Person {
  /** `channel:id`. */
  readonly key: string;
  readonly channel: number;
  bot: boolean;
  name: string | null;
  nameKey: number;
  /** When the name was seen, epoch seconds. */
  namedAt: number;
}

export type Conversation = Omit<Person, 'bot'>;

/** A question, its texts of one normal form. */
export interface Form {
  /** As written when it was first seen. */
  readonly text: string;
  /** `channel:conversation:message`, of a message that asks so. */
  readonly message: string;
}

/** Ids that the platform says are one; null for none. */
export interface Link {
  readonly channel: number;
  readonly id: string;
  readonly alias: string | null;
  readonly target: string | null;
}

export interface TopicName {
  readonly name: string;
  /** When it was told, epoch seconds; whether by who named the topic, or by a message within it, of the name it was created with. */
  readonly at: number;
  readonly own: number;
}

/** Things that are looked for by what people call them, too. */
export interface Listed<T> extends Interner<T> {
  /** By `key` of the thing. */
  readonly numbers: ReadonlyMap<string, number>;
}

function listed<T extends { readonly key: string }>(none: T): Listed<T> {
  const things = interner(none);
  const numbers = new Map<string, number>();
  return {
    ...things,
    numbers,
    add(key, thing) {
      const number = things.add(key, thing);
      numbers.set(thing.key, number);
      return number;
    },
  };
}

/**
 * Everything that blocks refer to by number. Numbers are never given back, so they only grow while the cache lives.
 */
export interface Names {
  readonly people: Listed<Person>;
  readonly conversations: Listed<Conversation>;
  readonly kinds: TextInterner;
  readonly languages: TextInterner;
  /** Normal forms that occur more than once, by their keys. */
  readonly contents: Interner<string>;
  /** Keys of contents that got their number since they were last asked for: earlier blocks may have them. */
  readonly repeated: number[];
  /** A bit for each content that was seen. */
  readonly seen: Uint8Array;
  /** Distinct questions, by the keys of their normal forms. */
  readonly questions: Interner<Form>;
  readonly hashtags: TextInterner;
  readonly commands: TextInterner;
  readonly words: Interner<string>;
  /** Topics of forums, as conversation's number and id; and what those are called that have a name, by number. */
  readonly topics: TextInterner;
  readonly topicNames: Map<number, TopicName>;
  readonly emojis: TextInterner;
  /** Status and error code of a delivery. */
  readonly statuses: TextInterner;
  readonly links: { readonly numbers: TextInterner; readonly values: Link[] };
}

/** Bits of `seen`: a content may pass for seen by chance, which costs its text's memory and nothing else. */
const SEEN_BITS = 2 ** 27;

export function newNames(): Names {
  const nobody = { key: '', channel: -1, name: null, nameKey: 0, namedAt: 0 };
  return {
    people: listed<Person>({ ...nobody, bot: false }),
    conversations: listed<Conversation>(nobody),
    kinds: textInterner(),
    languages: textInterner(),
    contents: interner(''),
    repeated: [],
    seen: new Uint8Array(SEEN_BITS / 8),
    questions: interner<Form>({ text: '', message: '' }),
    hashtags: textInterner(),
    commands: textInterner(),
    words: interner(''),
    topics: textInterner(),
    topicNames: new Map(),
    emojis: textInterner(),
    statuses: textInterner(),
    links: { numbers: textInterner(), values: [{ channel: -1, id: '', alias: null, target: null }] },
  };
}

/** What the numbers of a day's facts are in `Names`, by number; 0 is 0. */
export interface Numbers {
  readonly person: Uint32Array;
  readonly conversation: Uint32Array;
  readonly kind: Uint32Array;
  readonly language: Uint32Array;
  /** 0 also for contents that occurred once so far. */
  readonly content: Uint32Array;
  /** Form of the question that a content asks; 0 where it asks nothing. */
  readonly form: Uint32Array;
  readonly word: Uint32Array;
  readonly hashtag: Uint32Array;
  readonly command: Uint32Array;
}

/** Most kinds and languages that are told apart. */
const MOST_KINDS = 1000;
const MOST_LANGUAGES = 250;
const DAY_SECONDS = 86_400;

/** Numbers what a day's facts name, and learns the newest names. */
export function numbersOf(names: Names, facts: DayFacts, channelName: string): Numbers {
  const { channel, people, contents, words, forms } = facts;
  const list = (length: number, of: (at: number) => number): Uint32Array => {
    const numbers = new Uint32Array(length + 1);
    for (let at = 0; at < length; at += 1) numbers[at + 1] = of(at);
    return numbers;
  };
  const naming = { channel, prefix: `${channelName}:`, from: facts.day * DAY_SECONDS };
  const form = new Uint32Array(contents.key.length + 1);
  for (let at = 0; at < forms.content.length; at += 1) {
    const content = forms.content[at] as number;
    const key = contents.key[content - 1] as number;
    form[content] = names.questions.find(key) || names.questions.add(key, { text: forms.text.at(at), message: forms.message.at(at) });
  }
  const times = new Uint32Array(contents.key.length + 1);
  for (const content of facts.rows.content) times[content] = (times[content] as number) + 1;
  return {
    person: list(people.key.length, (at) => {
      const number = named(names.people, people, at, naming, (known) => ({ ...known, bot: false }));
      if (people.bot[at] === 1) (names.people.values[number] as Person).bot = true;
      return number;
    }),
    conversation: list(facts.conversations.key.length, (at) =>
      named(names.conversations, facts.conversations, at, naming, (known) => known),
    ),
    kind: list(facts.kinds.length, (at) => Math.min(MOST_KINDS, names.kinds.of(facts.kinds.at(at)))),
    language: list(facts.languages.length, (at) => Math.min(MOST_LANGUAGES, names.languages.of(facts.languages.at(at)))),
    content: list(contents.key.length, (at) => (contents.counted[at] === 1 ? contentAt(names, facts, at, times[at + 1] as number) : 0)),
    form,
    word: list(words.key.length, (at) => {
      const key = words.key[at] as number;
      return names.words.find(key) || names.words.add(key, words.text.at(at));
    }),
    hashtag: list(facts.hashtag.length, (at) => names.hashtags.of(facts.hashtag.at(at))),
    command: list(facts.command.length, (at) => names.commands.of(facts.command.at(at))),
  };
}

/** The number of a topic in a conversation (by number). */
export const topicNumber = ({ topics }: Names, conversation: number, topic: number): number => topics.of(`${conversation} ${topic}`);

/** Learns the newest names of forum topics. */
export function learnTopics(names: Names, { day, topicNames: { conversation, topic, name, at, own } }: DayFacts, numbers: Numbers): void {
  for (let place = 0; place < topic.length; place += 1) {
    const number = topicNumber(names, numbers.conversation[conversation[place] as number] as number, topic[place] as number);
    const told = { name: name.at(place), at: day * DAY_SECONDS + (at[place] as number), own: own[place] as number };
    const known = names.topicNames.get(number);
    if (known === undefined || told.own > known.own || (told.own === known.own && told.at >= known.at)) names.topicNames.set(number, told);
  }
}

function named<T extends Conversation>(
  things: Interner<T>,
  { key: keys, id, nameKey, name, namedAt }: Named,
  at: number,
  { channel, prefix, from }: { readonly channel: number; readonly prefix: string; readonly from: number },
  make: (thing: Conversation) => T,
): number {
  const key = (keys[at] as number) * 2 + channel;
  const number =
    things.find(key) ||
    things.add(key, make({ key: prefix + id.at(at), channel, name: null, nameKey: 0, namedAt: Number.MIN_SAFE_INTEGER }));
  const known = things.values[number] as T;
  const seenAt = from + (namedAt[at] as number);
  if (nameKey[at] !== 0 && seenAt >= known.namedAt) {
    if (known.nameKey !== nameKey[at]) known.name = name.at(at);
    known.nameKey = nameKey[at] as number;
    known.namedAt = seenAt;
  }
  return number;
}

/** A content gets its number when it is said for the second time: most are never said again. `times`: how often the day says it. */
function contentAt(names: Names, { contents }: DayFacts, at: number, times: number): number {
  const key = contents.key[at] as number;
  const known = names.contents.find(key);
  if (known !== 0) return known;
  const bit = ((key / 2 ** 20) % SEEN_BITS) | 0;
  const mask = 1 << (bit & 7);
  const bits = names.seen[bit >> 3] as number;
  const seen = (bits & mask) !== 0;
  names.seen[bit >> 3] = bits | mask;
  if (!seen && times < 2) return 0;
  if (seen) names.repeated.push(key);
  return names.contents.add(key, contents.text.at(at));
}
