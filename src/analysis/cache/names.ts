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

export interface Conversation {
  /** `channel:id`. */
  readonly key: string;
  readonly channel: number;
  title: string | null;
  titleKey: number;
  titledAt: number;
}

/** A question, its texts of one normal form. */
export interface Form {
  /** As written when it was first seen. */
  readonly text: string;
  /** `channel:conversation:message`, of a message that asks so. */
  readonly message: string;
}

/**
 * Everything that facts refer to by number. Numbers are never given back, so they only grow while the cache lives.
 */
export interface Names {
  readonly people: Interner<Person>;
  readonly conversations: Interner<Conversation>;
  readonly kinds: Interner<string>;
  readonly languages: Interner<string>;
  /** Normal forms that occur more than once, by their keys. */
  readonly contents: Interner<string>;
  /** Distinct questions, by the keys of their normal forms. */
  readonly questions: Interner<Form>;
  /** A bit for each content that was seen. */
  readonly seen: Uint8Array;
  readonly hashtags: TextInterner;
  readonly commands: TextInterner;
  readonly words: TextInterner;
}

/** Bits of `seen`: a content may pass for seen by chance, which costs its text's memory and nothing else. */
export const SEEN_BITS = 2 ** 27;

export function newNames(): Names {
  return {
    people: interner<Person>({ key: '', channel: -1, bot: false, name: null, nameKey: 0, namedAt: 0 }),
    conversations: interner<Conversation>({ key: '', channel: -1, title: null, titleKey: 0, titledAt: 0 }),
    kinds: interner(''),
    languages: interner(''),
    contents: interner(''),
    questions: interner<Form>({ text: '', message: '' }),
    seen: new Uint8Array(SEEN_BITS / 8),
    hashtags: textInterner(),
    commands: textInterner(),
    words: textInterner(),
  };
}
