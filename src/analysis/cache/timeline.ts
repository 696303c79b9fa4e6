import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { DuckDBListValue } from '@duckdb/node-api';
import type { Day } from '../calendar.js';
import { isWord } from '../text/stop-words.js';
import { STREAM, streamOf } from './facts.js';
import { type Names, SEEN_BITS } from './names.js';

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

/** Most kinds and languages that are told apart. */
const MOST_KINDS = 1000;
const MOST_LANGUAGES = 250;

function newTimeline(channel: number, day: Day, size: number): Timeline {
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

function grow(timeline: Timeline): void {
  const size = timeline.sentAt.length * 2;
  for (const name of ['sentAt', 'topic', 'idKey', 'replyKey', 'contentKey'] as const) timeline[name] = doubled(timeline[name], size);
  for (const name of ['conversation', 'person', 'content', 'form'] as const) timeline[name] = doubled(timeline[name], size);
  for (const name of ['kind', 'chars'] as const) timeline[name] = doubled(timeline[name], size);
  for (const name of ['flags', 'language'] as const) timeline[name] = doubled(timeline[name], size);
  timeline.wordsFrom = doubled(timeline.wordsFrom, size + 1);
}

/** Days of a channel, each once and in order, from facts (a SELECT). */
export async function* timelines(connection: DuckDBConnection, names: Names, channel: number, channelName: string, facts: string) {
  const result = await connection.stream(streamOf(facts));
  let current: Timeline | undefined;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const take = taker(chunk, names, channel, channelName);
    const days = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const day = days.getItem(row) as number;
      if (current === undefined || current.day !== day) {
        if (current !== undefined) yield current;
        current = newTimeline(channel, day, 4096);
      }
      if (current.count === current.sentAt.length) grow(current);
      take(current, row);
    }
  }
  if (current !== undefined) yield current;
}

type Columns = Readonly<Record<keyof typeof STREAM, DuckDBVector>>;
const NAMES = Object.keys(STREAM) as (keyof typeof STREAM)[];

/** Copies rows of a chunk to the end of a timeline. */
function taker(chunk: DuckDBDataChunk, names: Names, channel: number, channelName: string): (into: Timeline, row: number) => void {
  const columns = Object.fromEntries(NAMES.map((name, at) => [name, chunk.getColumnVector(at)])) as unknown as Columns;
  const number = (name: keyof Columns, row: number) => (columns[name].getItem(row) as number | null) ?? 0;
  const text = (name: keyof Columns, row: number) => columns[name].getItem(row) as string | null;

  const conversationOf = (row: number, sentAt: number): number => {
    const key = number('conversationKey', row);
    if (key === 0) return 0;
    const at = names.conversations.of(key * 2 + channel, () => ({
      key: `${channelName}:${text('conversation', row) ?? ''}`,
      channel,
      title: null,
      titleKey: 0,
      titledAt: -1,
    }));
    const titleKey = number('titleKey', row);
    const known = names.conversations.values[at];
    if (titleKey !== 0 && known && sentAt >= known.titledAt) {
      if (known.titleKey !== titleKey) {
        known.title = text('title', row);
        known.titleKey = titleKey;
      }
      known.titledAt = sentAt;
    }
    return at;
  };
  const personOf = (row: number, sentAt: number, bot: boolean): number => {
    const key = number('personKey', row);
    if (key === 0) return 0;
    const at = names.people.of(key * 2 + channel, () => ({
      key: `${channelName}:${text('person', row) ?? ''}`,
      channel,
      bot,
      name: null,
      nameKey: 0,
      namedAt: -1,
    }));
    const nameKey = number('nameKey', row);
    const known = names.people.values[at];
    if (known && bot) known.bot = true;
    if (nameKey !== 0 && known && sentAt >= known.namedAt) {
      if (known.nameKey !== nameKey) {
        known.name = text('name', row);
        known.nameKey = nameKey;
      }
      known.namedAt = sentAt;
    }
    return at;
  };
  const formOf = (row: number): number => {
    const key = number('formKey', row);
    if (key === 0) return 0;
    return names.questions.of(key, () => ({
      text: text('asked', row) ?? '',
      message: `${channelName}:${text('conversation', row) ?? ''}:${text('askedId', row) ?? ''}`,
    }));
  };
  const contentOf = (row: number, key: number): number => {
    if (key === 0) return 0;
    const known = names.contents.find(key);
    if (known !== undefined) return known;
    const bit = key % SEEN_BITS;
    const mask = 1 << (bit & 7);
    if (((names.seen[bit >> 3] ?? 0) & mask) !== 0) return names.contents.of(key, () => text('normal', row) ?? '');
    names.seen[bit >> 3] = (names.seen[bit >> 3] ?? 0) | mask;
    return 0;
  };

  return (into, row) => {
    const at = into.count;
    const sentAt = number('sentAt', row);
    const flags = number('flags', row);
    into.sentAt[at] = sentAt;
    into.flags[at] = flags;
    into.conversation[at] = conversationOf(row, sentAt);
    into.person[at] = personOf(row, sentAt, (flags & BOT) !== 0);
    into.idKey[at] = number('idKey', row);
    into.replyKey[at] = number('replyKey', row);
    into.form[at] = formOf(row);
    into.wordsFrom[at] = into.words.length;
    if ((flags & GHOST) === 0) {
      into.kind[at] = Math.min(
        MOST_KINDS,
        names.kinds.of(number('kindKey', row), () => text('kind', row) ?? ''),
      );
      into.chars[at] = Math.min(65_535, number('chars', row));
      const languageKey = number('languageKey', row);
      if (languageKey !== 0)
        into.language[at] = Math.min(
          MOST_LANGUAGES,
          names.languages.of(languageKey, () => text('language', row) ?? ''),
        );
      into.topic[at] = number('topic', row);
      const contentKey = number('contentKey', row);
      into.contentKey[at] = contentKey;
      into.content[at] = contentOf(row, contentKey);
      for (const tag of listAt(columns.hashtags, row)) into.hashtags.push([at, names.hashtags.of(tag.toLowerCase())]);
      for (const command of listAt(columns.commands, row)) into.commands.push([at, names.commands.of(command.toLowerCase())]);
      const normal = text('normal', row);
      if (normal !== null) for (const word of normal.split(' ')) if (isWord(word)) into.words.push(names.words.of(word));
      const alias = text('alias', row);
      const target = text('target', row);
      if (alias !== null || target !== null) {
        const id = channel === 0 ? text('conversation', row) : text('person', row);
        if (id !== null) into.links.set(`${id} ${alias} ${target}`, { channel, id, alias, target, at: sentAt });
      }
    }
    into.count = at + 1;
    into.wordsFrom[at + 1] = into.words.length;
  };
}

function listAt(column: DuckDBVector, row: number): readonly string[] {
  const value = column.getItem(row);
  return value instanceof DuckDBListValue ? (value.items as string[]) : [];
}
