import type { DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { DuckDBListValue } from '@duckdb/node-api';
import { isWord } from '../text/stop-words.js';
import { STREAM } from './facts.js';
import { type Names, SEEN_BITS } from './names.js';
import { BOT, GHOST, type Timeline } from './timeline.js';

type Columns = Readonly<Record<keyof typeof STREAM, DuckDBVector>>;
const COLUMNS = Object.keys(STREAM) as (keyof typeof STREAM)[];

/** Most kinds and languages that are told apart. */
const MOST_KINDS = 1000;
const MOST_LANGUAGES = 250;
const MOST_CHARS = 65_535;

/** Copies rows of a chunk of facts to the end of a timeline, and names what is new. */
export function taker(chunk: DuckDBDataChunk, names: Names, channel: number, channelName: string): (into: Timeline, row: number) => void {
  const columns = Object.fromEntries(COLUMNS.map((name, at) => [name, chunk.getColumnVector(at)])) as unknown as Columns;
  const number = (vector: DuckDBVector, row: number) => (vector.getItem(row) as number | null) ?? 0;
  const text = (vector: DuckDBVector, row: number) => vector.getItem(row) as string | null;

  function conversationAt(row: number, sentAt: number): number {
    const key = number(columns.conversationKey, row) * 2 + channel;
    if (key < 2) return 0;
    const at =
      names.conversations.find(key) ||
      names.conversations.add(key, {
        key: `${channelName}:${text(columns.conversation, row) ?? ''}`,
        channel,
        title: null,
        titleKey: 0,
        titledAt: -1,
      });
    const titleKey = number(columns.titleKey, row);
    const known = names.conversations.values[at];
    if (titleKey !== 0 && known && sentAt >= known.titledAt) {
      if (known.titleKey !== titleKey) known.title = text(columns.title, row);
      known.titleKey = titleKey;
      known.titledAt = sentAt;
    }
    return at;
  }

  function personAt(row: number, sentAt: number, bot: boolean): number {
    const key = number(columns.personKey, row) * 2 + channel;
    if (key < 2) return 0;
    const at =
      names.people.find(key) ||
      names.people.add(key, {
        key: `${channelName}:${text(columns.person, row) ?? ''}`,
        channel,
        bot,
        name: null,
        nameKey: 0,
        namedAt: -1,
      });
    const nameKey = number(columns.nameKey, row);
    const known = names.people.values[at];
    if (known && bot) known.bot = true;
    if (nameKey !== 0 && known && sentAt >= known.namedAt) {
      if (known.nameKey !== nameKey) known.name = text(columns.name, row);
      known.nameKey = nameKey;
      known.namedAt = sentAt;
    }
    return at;
  }

  function formAt(row: number): number {
    const key = number(columns.formKey, row);
    if (key === 0) return 0;
    const known = names.questions.find(key);
    if (known !== 0) return known;
    const message = `${channelName}:${text(columns.conversation, row) ?? ''}:${text(columns.askedId, row) ?? ''}`;
    return names.questions.add(key, { text: text(columns.asked, row) ?? '', message });
  }

  function contentAt(row: number, key: number): number {
    if (key === 0) return 0;
    const known = names.contents.find(key);
    if (known !== 0) return known;
    const bit = ((key / 2 ** 20) % SEEN_BITS) | 0;
    const mask = 1 << (bit & 7);
    const bits = names.seen[bit >> 3] as number;
    if ((bits & mask) !== 0) return names.contents.add(key, text(columns.normal, row) ?? '');
    names.seen[bit >> 3] = bits | mask;
    return 0;
  }

  function addTexts(into: Timeline, at: number, row: number): void {
    const normal = text(columns.normal, row);
    if (normal !== null) for (const word of normal.split(' ')) if (isWord(word)) into.words.push(names.words.of(word));
    for (const tag of listAt(columns.hashtags, row)) into.hashtags.push([at, names.hashtags.of(tag.toLowerCase())]);
    for (const command of listAt(columns.commands, row)) into.commands.push([at, names.commands.of(command.toLowerCase())]);
  }

  function addLinks(into: Timeline, row: number, sentAt: number): void {
    const alias = text(columns.alias, row);
    const target = text(columns.target, row);
    if (alias === null && target === null) return;
    const id = text(channel === 0 ? columns.conversation : columns.person, row);
    if (id !== null) into.links.set(`${id} ${alias} ${target}`, { channel, id, alias, target, at: sentAt });
  }

  return (into, row) => {
    const at = into.count;
    const sentAt = number(columns.sentAt, row);
    const flags = number(columns.flags, row);
    into.sentAt[at] = sentAt;
    into.flags[at] = flags;
    into.conversation[at] = conversationAt(row, sentAt);
    into.person[at] = personAt(row, sentAt, (flags & BOT) !== 0);
    into.idKey[at] = number(columns.idKey, row);
    into.replyKey[at] = number(columns.replyKey, row);
    into.form[at] = formAt(row);
    into.wordsFrom[at] = into.words.length;
    if ((flags & GHOST) === 0) {
      const kindKey = number(columns.kindKey, row);
      into.kind[at] = Math.min(MOST_KINDS, names.kinds.find(kindKey) || names.kinds.add(kindKey, text(columns.kind, row) ?? ''));
      into.chars[at] = Math.min(MOST_CHARS, number(columns.chars, row));
      const languageKey = number(columns.languageKey, row);
      if (languageKey !== 0) {
        const language = names.languages.find(languageKey) || names.languages.add(languageKey, text(columns.language, row) ?? '');
        into.language[at] = Math.min(MOST_LANGUAGES, language);
      }
      into.topic[at] = number(columns.topic, row);
      into.contentKey[at] = number(columns.contentKey, row);
      into.content[at] = contentAt(row, into.contentKey[at] as number);
      addTexts(into, at, row);
      addLinks(into, row, sentAt);
    }
    into.count = at + 1;
    into.wordsFrom[at + 1] = into.words.length;
  };
}

function listAt(column: DuckDBVector, row: number): readonly string[] {
  const value = column.getItem(row);
  return value instanceof DuckDBListValue ? (value.items as string[]) : [];
}
