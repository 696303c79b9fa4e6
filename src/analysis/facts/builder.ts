import type { Day } from '../calendar.js';
import { type DayFacts, GHOST, keyOf, type Marks, textsOf } from './day-facts.js';
import { contentsBuilder, listBuilder, marksBuilder, namedBuilder, wordsBuilder } from './lists.js';
import type { ROW } from './statements.js';

const MOST_CHARS = 65_535;
/** Columns of a row, in the order of `ROW`. */
const AT: Readonly<Record<keyof typeof ROW, number>> = {
  day: 0,
  sentAt: 1,
  flags: 2,
  person: 3,
  conversation: 4,
  kind: 5,
  language: 6,
  chars: 7,
  content: 8,
  topic: 9,
  reply: 10,
  asked: 11,
  tracked: 12,
};
/** Bits of `flags` that are kept. */
const KEPT_FLAGS = 31;

export type Dictionary =
  | 'people'
  | 'conversations'
  | 'kinds'
  | 'languages'
  | 'topics'
  | 'contents'
  | 'forms'
  | 'meanings'
  | 'links'
  | 'sides'
  | 'told';

/** Puts the facts of a day together: first what numbers stand for, then the rows in order. */
export interface DayBuilder {
  /** A row of one of the dictionaries' statements, without its day. */
  learn(dictionary: Dictionary, values: readonly unknown[]): void;
  add(columns: readonly Float64Array[], row: number): void;
  /** Lists of the row added last. */
  tag(what: 'hashtag' | 'command', values: readonly string[]): void;
  done(): DayFacts;
}

export function dayBuilder(channel: number, day: Day, channelName: string): DayBuilder {
  const people = namedBuilder();
  const conversations = namedBuilder();
  const kinds = listBuilder();
  const languages = listBuilder();
  const contents = contentsBuilder();
  const forms = { content: [] as number[], text: [] as string[], message: [] as string[] };
  const links = { id: [] as string[], alias: [] as string[], target: [] as string[], at: [] as number[] };
  const sides = { what: [] as string[], value: [] as string[], conversation: [] as string[], key: [] as number[], count: [] as number[] };
  const replies = marksBuilder();
  const requests = marksBuilder();
  const meanings = { content: [] as number[], from: [0], word: [] as number[] };
  const tracked = marksBuilder();
  const told = { key: [] as number[], stage: [] as number[], at: [] as number[] };
  const topics = marksBuilder();
  const topicNames = { conversation: [] as number[], topic: [] as number[], name: [] as string[], at: [] as number[], own: [] as number[] };
  const tags = { hashtag: marksBuilder(), command: marksBuilder() };
  const tagged = { hashtag: wordsBuilder(), command: wordsBuilder() };
  let rows = newRows(2048);
  let count = 0;

  const learn = (dictionary: Dictionary, values: readonly unknown[]): void => {
    switch (dictionary) {
      case 'people':
        return people.learn(values);
      case 'conversations':
        return conversations.learn(values);
      case 'kinds':
        return kinds.learn(Number(values[0]), String(values[1]));
      case 'languages':
        return languages.learn(Number(values[0]), String(values[1]));
      case 'topics':
        topicNames.conversation.push(conversations.of(Number(values[0])));
        topicNames.topic.push(Number(values[1]));
        topicNames.name.push(String(values[2]));
        topicNames.at.push(Number(values[3]));
        topicNames.own.push(Number(values[4]));
        return undefined;
      case 'contents':
        return contents.learn(Number(values[0]), values[1] === true, String(values[2]));
      case 'forms':
        forms.content.push(contents.of(Number(values[0])));
        forms.text.push(String(values[1]));
        forms.message.push(`${channelName}:${String(values[2])}`);
        return undefined;
      case 'meanings':
        meanings.content.push(contents.of(Number(values[0])));
        for (const word of new Set(String(values[1]).split(' '))) meanings.word.push(keyOf(word));
        meanings.from.push(meanings.word.length);
        return undefined;
      case 'links':
        links.id.push(String(values[0]));
        links.alias.push(String(values[1]));
        links.target.push(String(values[2]));
        links.at.push(Number(values[3]));
        return undefined;
      case 'sides':
        sides.what.push(String(values[0]));
        sides.value.push(String(values[1]));
        sides.conversation.push(String(values[2]));
        sides.key.push(Number(values[3]));
        sides.count.push(Number(values[4]));
        return undefined;
      case 'told':
        told.key.push(Number(values[0]));
        told.stage.push(Number(values[1]));
        told.at.push(Number(values[2]));
    }
  };

  return {
    learn,
    add(columns, row) {
      const value = (at: number) => (columns[at] as Float64Array)[row] as number;
      if (count === rows.sentAt.length) rows = grown(rows);
      const flags = value(AT.flags);
      rows.sentAt[count] = value(AT.sentAt);
      rows.flags[count] = flags & KEPT_FLAGS;
      rows.person[count] = people.of(value(AT.person));
      rows.conversation[count] = conversations.of(value(AT.conversation));
      const reply = value(AT.reply);
      if (reply !== 0) replies.put(count, reply);
      if (value(AT.asked) !== 0) requests.put(count, value(AT.asked));
      if (value(AT.tracked) !== 0) tracked.put(count, value(AT.tracked));
      if ((flags & GHOST) === 0) {
        rows.kind[count] = kinds.of(value(AT.kind));
        rows.language[count] = languages.of(value(AT.language));
        rows.chars[count] = Math.min(MOST_CHARS, value(AT.chars));
        rows.content[count] = contents.of(value(AT.content));
        const topic = value(AT.topic);
        if (!Number.isNaN(topic)) topics.put(count, topic);
      }
      count += 1;
    },
    tag(what, values) {
      for (const text of values) tags[what].put(count - 1, tagged[what].of(text.toLowerCase()));
    },
    done: () => ({
      channel,
      day,
      count,
      rows: cut(rows, count),
      people: { ...people.done(), bot: people.bots() },
      conversations: conversations.done(),
      kinds: kinds.done(),
      languages: languages.done(),
      ...contents.done(),
      replies: replies.done(),
      requests: requests.done(),
      meanings: {
        content: Uint32Array.from(meanings.content),
        from: Uint32Array.from(meanings.from),
        word: Float64Array.from(meanings.word),
      },
      tracked: tracked.done(),
      told: { key: Float64Array.from(told.key), stage: Uint8Array.from(told.stage), at: Int32Array.from(told.at) },
      forms: { content: Uint32Array.from(forms.content), text: textsOf(forms.text), message: textsOf(forms.message) },
      topics: topics.done(),
      topicNames: {
        conversation: Uint32Array.from(topicNames.conversation),
        topic: Float64Array.from(topicNames.topic),
        name: textsOf(topicNames.name),
        at: Int32Array.from(topicNames.at),
        own: Uint8Array.from(topicNames.own),
      },
      hashtags: whole(tags.hashtag.done()),
      hashtag: tagged.hashtag.done(),
      commands: whole(tags.command.done()),
      command: tagged.command.done(),
      links: { id: textsOf(links.id), alias: textsOf(links.alias), target: textsOf(links.target), at: Int32Array.from(links.at) },
      sides: {
        what: textsOf(sides.what),
        value: textsOf(sides.value),
        conversation: textsOf(sides.conversation),
        conversationKey: Float64Array.from(sides.key),
        count: Uint32Array.from(sides.count),
      },
    }),
  };
}

type Rows = DayFacts['rows'];

const newRows = (size: number): Rows => ({
  sentAt: new Int32Array(size),
  flags: new Uint8Array(size),
  person: new Uint32Array(size),
  conversation: new Uint32Array(size),
  kind: new Uint16Array(size),
  language: new Uint16Array(size),
  chars: new Uint16Array(size),
  content: new Uint32Array(size),
});

function grown(rows: Rows): Rows {
  const larger = newRows(rows.sentAt.length * 2);
  for (const name of Object.keys(rows) as (keyof Rows)[]) larger[name].set(rows[name]);
  return larger;
}

const cut = (rows: Rows, count: number): Rows => ({
  sentAt: rows.sentAt.slice(0, count),
  flags: rows.flags.slice(0, count),
  person: rows.person.slice(0, count),
  conversation: rows.conversation.slice(0, count),
  kind: rows.kind.slice(0, count),
  language: rows.language.slice(0, count),
  chars: rows.chars.slice(0, count),
  content: rows.content.slice(0, count),
});

const whole = ({ row, value }: Marks<Float64Array>): Marks => ({ row, value: Uint32Array.from(value) });
