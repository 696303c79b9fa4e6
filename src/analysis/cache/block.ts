import type { Day } from '../calendar.js';
import { type DayFacts, GHOST, type Marks, OUT, QUESTION } from '../facts/day-facts.js';
import { type Compact, compact } from './compact.js';
import { type Contents, packed } from './contents.js';
import { learnTopics, type Names, topicNumber } from './names.js';
import type { NumberedDay } from './numbered.js';
import { resolvedAmong } from './resolved.js';
import { firstResponses, NEVER, type Responses } from './responses.js';

/** Bits of a slot: the hour in the lowest five, then the direction, then the kind. */
export const HOUR_BITS = 5;
export const HOUR_MASK = (1 << HOUR_BITS) - 1;
export const OUT_BIT = 1 << HOUR_BITS;
export const KIND_SHIFT = HOUR_BITS + 1;
export const slotOf = (kind: number, out: boolean, hour: number): number => (kind << KIND_SHIFT) | (out ? OUT_BIT : 0) | hour;

/** Kind and direction of a slot, whatever the hour. */
export const mannerOf = (slot: number): number => slot >> HOUR_BITS;
export const MANNERS = 2 ** (16 - HOUR_BITS);

export interface Questions {
  /** Row of the message in its block. */
  readonly row: Uint32Array;
  /** Who asks. */
  readonly person: Uint32Array;
  /** Number of its form: the same for texts that differ in case, accents and punctuation alone. */
  readonly form: Uint32Array;
  /** Seconds until the first response, or NEVER. */
  readonly wait: Uint32Array;
  /** Person who responded; 0 when unknown. */
  readonly responder: Uint32Array;
  /** 1 where the response helped. */
  readonly resolved: Uint8Array;
  /** Number of the forum topic; 0 for none. Empty where no message of the day is in one. */
  readonly topic: Uint32Array;
}

/** Commands in messages, and, where a person gave one, how it was answered. */
export interface Commands extends Marks {
  /** 1 where it is a request: not by a bot. */
  readonly asked: Uint8Array;
  /** Seconds until the first response, or NEVER. */
  readonly wait: Uint32Array;
  readonly resolved: Uint8Array;
}

/** What one person wrote on a day, as a run of rows; in order of the people's numbers. */
export interface Runs {
  readonly person: Uint32Array;
  /** First row of each run; one more than runs. */
  readonly from: Compact;
  readonly chars: Compact;
}

/** How many rows have each value, for the values that occur. */
export interface Histogram<Values extends Uint8Array | Uint16Array | Uint32Array> {
  readonly value: Values;
  readonly count: Compact;
}

/** One day of a channel, ready to count: columns by row, rows of a person side by side. Never changed but for the numbers of contents. */
export interface Block {
  readonly channel: number;
  readonly day: Day;
  readonly count: number;
  readonly slot: Uint16Array;
  /** Place of each in `conversations`. */
  readonly conversation: Compact;
  readonly chars: Uint16Array;
  readonly language: Uint8Array;
  readonly content: Compact;
  readonly contents: Contents;
  readonly runs: Runs;
  /** Rows by slot, language and conversation. */
  readonly slots: Histogram<Uint16Array>;
  readonly languages: Histogram<Uint8Array>;
  readonly conversations: Histogram<Uint32Array>;
  /** All rows, those of a conversation side by side and in order; conversations in the order of `conversations`. */
  readonly together: Compact;
  readonly questions: Questions;
  readonly hashtags: Marks;
  readonly commands: Commands;
  /** Rows in a forum topic. */
  readonly topics: Marks;
  /** Numbers of the links that the day tells of, and when it tells them last. */
  readonly links: { readonly number: Uint32Array; /** As `namedAt` of facts. */ readonly at: Int32Array };
}

/** The block of a day. `next` is the channel's following day, where responses may lie. */
export function blockOf(day: NumberedDay, next: NumberedDay | undefined, names: Names, hourOf: (sentAt: number) => number): Block {
  const { facts, numbers } = day;
  const { rows } = facts;
  const { order, rowOf, runs } = byPerson(day);
  const count = order.length;
  const slot = new Uint16Array(count);
  const conversation = new Uint32Array(count);
  const chars = new Uint16Array(count);
  const language = new Uint8Array(count);
  const content = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) {
    const at = order[row] as number;
    const kind = numbers.kind[rows.kind[at] as number] as number;
    slot[row] = slotOf(kind, ((rows.flags[at] as number) & OUT) !== 0, hourOf(rows.sentAt[at] as number));
    conversation[row] = numbers.conversation[rows.conversation[at] as number] as number;
    chars[row] = rows.chars[at] as number;
    language[row] = numbers.language[rows.language[at] as number] as number;
    content[row] = rows.content[at] as number;
  }
  const conversations = countsOf(conversation);
  const responses = firstResponses(day, next);
  const resolved = resolvedAmong(day, next, responses);
  const topics = marksOf(facts.topics, rowOf, (topic, at) =>
    topicNumber(names, numbers.conversation[rows.conversation[at] as number] as number, topic),
  );
  learnTopics(names, facts, numbers);
  return {
    channel: facts.channel,
    day: facts.day,
    count,
    slot,
    conversation: conversations.place,
    chars,
    language,
    content: compact(content),
    contents: contentsOf(day, content),
    runs: runs(chars),
    slots: histogramOf(slot),
    languages: histogramOf(language),
    conversations: conversations.all,
    together: togetherOf(conversations),
    questions: questionsOf(day, rowOf, responses, resolved, topics),
    hashtags: marksOf(facts.hashtags, rowOf, (value) => numbers.hashtag[value] as number),
    commands: commandsOf(day, rowOf, responses, resolved),
    topics,
    links: linksOf(facts, names),
  };
}

/** Rows that are messages, those of a person side by side, in order of time. */
function byPerson({ facts: { count, rows }, numbers: { person } }: NumberedDay) {
  const people = Uint32Array.from(new Set(person)).sort();
  const rankOf = new Map(Array.from(people, (number, rank) => [number, rank]));
  const rank = Uint32Array.from(person, (number) => rankOf.get(number) as number);
  const from = new Uint32Array(people.length + 1);
  let messages = 0;
  for (let at = 0; at < count; at += 1) {
    if (((rows.flags[at] as number) & GHOST) !== 0) continue;
    const place = (rank[rows.person[at] as number] as number) + 1;
    from[place] = (from[place] as number) + 1;
    messages += 1;
  }
  for (let at = 1; at < from.length; at += 1) from[at] = (from[at] as number) + (from[at - 1] as number);
  const free = from.slice();
  const order = new Uint32Array(messages);
  const rowOf = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    if (((rows.flags[at] as number) & GHOST) !== 0) continue;
    const place = rank[rows.person[at] as number] as number;
    const row = free[place] as number;
    free[place] = row + 1;
    order[row] = at;
    rowOf[at] = row;
  }
  const runs = (chars: Uint16Array): Runs => {
    const written = Array.from(people.keys()).filter((at) => (from[at + 1] as number) > (from[at] as number));
    const sums = new Uint32Array(written.length);
    for (let run = 0; run < written.length; run += 1) {
      const at = written[run] as number;
      let sum = 0;
      for (let row = from[at] as number; row < (from[at + 1] as number); row += 1) sum += chars[row] as number;
      sums[run] = sum;
    }
    return {
      person: Uint32Array.from(written, (at) => people[at] as number),
      from: compact(Uint32Array.from([...written.map((at) => from[at] as number), messages])),
      chars: compact(sums),
    };
  };
  return { order, rowOf, runs };
}

function contentsOf({ facts: { contents }, numbers }: NumberedDay, content: Uint32Array): Contents {
  const count = new Uint32Array(contents.key.length);
  for (let row = 0; row < content.length; row += 1) {
    const at = content[row] as number;
    if (at !== 0) count[at - 1] = (count[at - 1] as number) + 1;
  }
  return {
    mark: contents.key.map((key, at) => (contents.counted[at] === 1 ? -(numbers.content[at + 1] as number) || key : 0)),
    count: compact(count),
    ...packed(
      contents.from,
      contents.words.map((word) => numbers.word[word] as number),
    ),
  };
}

const scratch = new Uint32Array(65_536);

function histogramOf<Values extends Uint8Array | Uint16Array>(values: Values): Histogram<Values> {
  const found: number[] = [];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    if (scratch[value] === 0) found.push(value);
    scratch[value] = (scratch[value] as number) + 1;
  }
  const count = Uint32Array.from(found, (value) => scratch[value] as number);
  for (const value of found) scratch[value] = 0;
  const value = values.slice(0, found.length) as Values;
  value.set(found);
  return { value, count: compact(count) };
}

/** The same for values of any size, and the place of each row's among them. */
function countsOf(values: Uint32Array): { readonly place: Compact; readonly all: Histogram<Uint32Array> } {
  const places = new Map<number, number>();
  const counts: number[] = [];
  const place = values.map((value) => {
    const known = places.get(value) ?? counts.push(0) - 1;
    places.set(value, known);
    counts[known] = (counts[known] as number) + 1;
    return known;
  });
  return { place: compact(place), all: { value: Uint32Array.from(places.keys()), count: compact(Uint32Array.from(counts)) } };
}

function togetherOf({ place, all }: ReturnType<typeof countsOf>): Compact {
  let first = 0;
  const next = Array.from(all.count, (count) => (first += count) - count);
  const together = new Uint32Array(place.length);
  for (let row = 0; row < place.length; row += 1) {
    const at = next[place[row] as number] as number;
    next[place[row] as number] = at + 1;
    together[at] = row;
  }
  return compact(together);
}

function questionsOf(
  { facts: { rows }, numbers: { person, form } }: NumberedDay,
  rowOf: Uint32Array,
  { at, wait, responder }: Responses,
  resolved: Uint8Array,
  topics: Marks,
): Questions {
  const asked = Uint32Array.from(at.keys()).filter((index) => ((rows.flags[at[index] as number] as number) & QUESTION) !== 0);
  const place = asked.map((index) => at[index] as number);
  const topicOf = new Map(Array.from(topics.row, (row, mark) => [row, topics.value[mark] as number]));
  const row = place.map((one) => rowOf[one] as number);
  return {
    row,
    person: place.map((one) => person[rows.person[one] as number] as number),
    form: place.map((one) => form[rows.content[one] as number] as number),
    wait: asked.map((index) => wait[index] as number),
    responder: asked.map((index) => responder[index] as number),
    resolved: Uint8Array.from(asked, (index) => resolved[index] as number),
    topic: topics.row.length === 0 ? new Uint32Array() : row.map((one) => topicOf.get(one) ?? 0),
  };
}

function commandsOf({ facts, numbers }: NumberedDay, rowOf: Uint32Array, { at, wait }: Responses, resolved: Uint8Array): Commands {
  const { commands } = facts;
  const requests = new Map(Array.from(at, (place, index) => [place, index]));
  const own = Array.from(commands.row, (place) => requests.get(place));
  return {
    ...marksOf(commands, rowOf, (value) => numbers.command[value] as number),
    asked: Uint8Array.from(own, (index) => (index === undefined ? 0 : 1)),
    wait: Uint32Array.from(own, (index) => (index === undefined ? NEVER : (wait[index] as number))),
    resolved: Uint8Array.from(own, (index) => (index === undefined ? 0 : (resolved[index] as number))),
  };
}

function marksOf(
  { row, value }: Marks<Uint32Array | Float64Array>,
  rowOf: Uint32Array,
  numberOf: (value: number, at: number) => number,
): Marks {
  return {
    row: row.map((at) => rowOf[at] as number),
    value: Uint32Array.from(value, (what, index) => numberOf(what, row[index] as number)),
  };
}

function linksOf({ channel, links }: DayFacts, names: Names): Block['links'] {
  const { numbers, values } = names.links;
  const number = new Uint32Array(links.id.length);
  for (let at = 0; at < number.length; at += 1) {
    const [id, alias, target] = [links.id.at(at), links.alias.at(at), links.target.at(at)];
    const found = numbers.of(`${channel} ${id} ${alias} ${target}`);
    values[found] ??= { channel, id, alias: alias === '' ? null : alias, target: target === '' ? null : target };
    number[at] = found;
  }
  return { number, at: links.at.slice() };
}
