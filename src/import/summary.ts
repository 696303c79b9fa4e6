import { LATEST } from '../zone.js';
import type { Note } from './notes.js';
import type { Found, Told } from './types.js';

export interface ChatSummary {
  /** Tells chats of one name apart; null where the name is all there is. */
  readonly id: number | null;
  readonly name: string;
  readonly messages: number;
  /** Authors; at most `MOST_PEOPLE` are told apart. */
  readonly people: number;
  /** Epoch seconds of the first and the last message; null when none has a time. */
  readonly first: number | null;
  readonly last: number | null;
}

/** What an export holds: what a preview shows before anything is written, and what was done with it afterwards. */
export interface ImportSummary {
  readonly file: string;
  readonly source: 'telegram' | 'whatsapp';
  readonly notes: readonly Note[];
  readonly chats: readonly ChatSummary[];
  /** Messages by kind, the most frequent first. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly messages: number;
  /** Other lines: counts of reactions. */
  readonly others: number;
  /** What cannot be read, by reason without line numbers. */
  readonly rejected: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly people: number;
  readonly sample: readonly Told[];
}

/** Whether the tables take such a time, epoch seconds. What they do not goes to the quarantine. */
const isDatable = (seconds: number): boolean => seconds >= 0 && seconds <= LATEST;
const MOST_PEOPLE = 100_000;
const SAMPLE = 5;
const SAMPLED = 120;

interface Counted {
  readonly id: number | null;
  readonly name: string;
  messages: number;
  readonly people: Set<string>;
  first: number | null;
  last: number | null;
}

/** Counts what is read, in memory that does not grow with the messages. */
export function summarizer(file: string, source: ImportSummary['source'], notes: readonly Note[]) {
  const chats = new Map<string, Counted>();
  const people = new Set<string>();
  const kinds: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  const sample: Told[] = [];
  let messages = 0;
  let others = 0;
  let rejected = 0;

  function told(given: Told): void {
    const message = given.date === undefined || isDatable(given.date) ? given : { ...given, date: undefined };
    messages += 1;
    kinds[message.kind] = (kinds[message.kind] ?? 0) + 1;
    const { chat: name, chatId: id = null } = message;
    const key = id === null ? name : String(id);
    let chat = chats.get(key);
    if (!chat) chats.set(key, (chat = { id, name, messages: 0, people: new Set(), first: null, last: null }));
    chat.messages += 1;
    if (message.author !== undefined && people.size < MOST_PEOPLE) {
      people.add(message.author);
      chat.people.add(message.author);
    }
    if (message.date !== undefined) {
      chat.first = chat.first === null ? message.date : Math.min(chat.first, message.date);
      chat.last = chat.last === null ? message.date : Math.max(chat.last, message.date);
    }
    if (message.text === undefined || message.kind === 'system') return;
    // The first few, and then ever more rarely: of all the file, not of its beginning only.
    if (sample.length < SAMPLE) sample.push(short(message));
    else if (Number.isInteger(Math.log2(messages))) sample[messages % SAMPLE] = short(message);
  }

  return {
    add(found: Found): void {
      if ('body' in found) {
        rejected += 1;
        const reason = found.reason.replace(/ \(line \d+\)$/, '').replace(/\b\d+\b/g, 'n');
        reasons[reason] = (reasons[reason] ?? 0) + 1;
      } else if (found.told) told(found.told);
      else others += 1;
    },
    summary: (): ImportSummary => ({
      file,
      source,
      notes,
      chats: [...chats.values()].map((chat) => ({ ...chat, people: chat.people.size })).sort((a, b) => b.messages - a.messages),
      kinds: Object.fromEntries(Object.entries(kinds).sort(([, a], [, b]) => b - a)),
      messages,
      others,
      rejected,
      reasons,
      people: people.size,
      sample: [...sample].sort((a, b) => (a.date ?? 0) - (b.date ?? 0)),
    }),
  };
}

const short = (message: Told): Told => ({
  ...message,
  text: message.text === undefined || message.text.length <= SAMPLED ? message.text : `${message.text.slice(0, SAMPLED)}…`,
});
