import type { Filters, MessageRow, MessagesView } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import { dataFile, datesIn, tableFolder } from '../lake/layout.js';
import type { Reader } from '../query/reader.js';
import type { Clock, Store } from '../types.js';
import type { Zone } from '../zone.js';
import type { Aliases } from './aliases.js';
import type { DayIndex } from './day-index.js';
import { daysOf } from './filters.js';
import {
  before,
  clockConditions,
  type Found,
  foundIn,
  idConditions,
  MESSAGE_TABLES,
  nativeConditions,
  partsOf,
  type Place,
  searchOf,
  type Slice,
  sliceSql,
  termsOf,
} from './message-sql.js';

export interface MessagesOptions {
  readonly aliases: Aliases;
  /** For the messages themselves. */
  readonly reader: Reader;
  /** Spares searches days; without, every day is read. */
  readonly index?: Pick<DayIndex, 'candidates'>;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  /** Milliseconds after which a search hands out what it has, with a cursor that goes on from there; 120 by default. */
  readonly patience?: number;
}

export interface Search {
  readonly filters: Filters;
  /** Words and "phrases" that the text must have. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface Around {
  /** `<channel>:<id>` */
  readonly conversation: string;
  /** Id of a message; the newest ones without. */
  readonly around?: string | undefined;
  /** Epoch milliseconds when that message was sent, which saves looking for it. */
  readonly at?: number | undefined;
  /** Go on from a page: older ones before `cursor`, or newer ones after `after`. */
  readonly cursor?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface Messages {
  /**
   * Messages that match, newest first. A page may have fewer than `limit`, or none, and still a cursor: so far it got in
   * its time. Throws USAGE for a cursor that is none.
   */
  search(search: Search): Promise<MessagesView>;
  /** Messages of one conversation, oldest first, as many before as after the one asked for. Throws NOT_FOUND. */
  conversation(around: Around): Promise<MessagesView>;
  /** One message by its id. Throws NOT_FOUND. */
  find(id: string, at?: number): Promise<Found>;
  /** Messages that arrived at `since` (epoch milliseconds) or later, newest first, and when the newest of them arrived. */
  arrivedSince(since: number, limit: number): Promise<{ readonly messages: readonly MessageRow[]; readonly newest: number }>;
}

/** Days read in one step at most: each reads twice as many as the one before, as far as there is time for so many. */
const MOST_DAYS = 512;
/** Arrivals may have been sent on the days before. */
const LATE_DAYS = 3;

/** Reads messages by day, newest days first, and stops as soon as a page is full. */
export function messagesIn(options: MessagesOptions): Messages {
  const { aliases, reader, index, enriched, zone, clock } = options;
  const patience = options.patience ?? 120;

  /** People and conversations are one under all their ids. */
  async function withFormerIds(filters: Filters): Promise<Filters> {
    const { conversation = [], person = [] } = filters;
    return {
      ...filters,
      ...(conversation.length > 0 ? { conversation: await aliases.conversations(conversation) } : {}),
      ...(person.length > 0 ? { person: await aliases.people(person) } : {}),
    };
  }

  async function partitions(filters: Filters): Promise<Partitions> {
    const native: Record<string, readonly string[]> = {};
    const dates: Record<string, ReadonlySet<string>> = {};
    for (const table of Object.keys(MESSAGE_TABLES)) {
      const conditions = nativeConditions(table, filters);
      if (conditions === undefined) continue;
      native[table] = conditions;
      dates[table] = new Set(await datesIn(enriched, tableFolder(table)));
    }
    const all = new Set(Object.values(dates).flatMap((some) => [...some]));
    return { native, dates, newestFirst: [...all].sort().reverse() };
  }

  /** Whether any text of a day may match. */
  async function daysThatMay({ native }: Partitions, terms: readonly string[]): Promise<(date: string) => boolean> {
    if (terms.length === 0 || index === undefined) return () => true;
    const tables = await Promise.all(Object.keys(native).map((table) => index.candidates(table, terms)));
    return (date) => tables.some((may) => may(date));
  }

  /** The rows of a slice of these days. */
  async function read(
    { dates, native }: Partitions,
    days: readonly string[],
    slice: Omit<Slice, 'files' | 'native'>,
    signal?: AbortSignal,
  ) {
    const files: Record<string, string[]> = {};
    for (const [table, present] of Object.entries(dates))
      files[table] = await Promise.all(days.filter((date) => present.has(date)).map((date) => enriched.local(dataFile(table, date))));
    return (await reader.rows(() => sliceSql({ ...slice, files, native }), signal)).map(foundIn);
  }

  async function search({ filters, q = '', cursor, limit, signal }: Search): Promise<MessagesView> {
    const older = cursor === undefined ? undefined : placeOf(cursor);
    const { from = '', to = '9999-12-31' } = daysOf(filters.period, zone, clock.now());
    const last = older ? zone.dateAt(older.sentAt) : to;
    const parts = await partitions(await withFormerIds(filters));
    const may = await daysThatMay(parts, termsOf(q));
    const dates = parts.newestFirst.filter((date) => date >= from && date <= to && date <= last && may(date));
    const conditions = [...clockConditions(filters, zone), ...searchOf(q)];
    const until = performance.now() + patience;
    const { found, read: days } = await gathered(dates, limit, until, (part, left) =>
      read(parts, part, { conditions, older, limit: left }, signal),
    );
    const page = found.slice(0, limit);
    const rest =
      found.length > limit ? page.at(-1)?.place : days < dates.length ? before(zone.startOf(dates[days - 1] as string)) : undefined;
    return { messages: page.map(({ row }) => row), next: rest === undefined ? null : cursorOf(rest) };
  }

  /** Messages of a conversation on one side of a place, nearest first. */
  async function beside(parts: Partitions, { older, newer }: { older?: Place; newer?: Place }, limit: number, signal?: AbortSignal) {
    const dates = newer
      ? parts.newestFirst.filter((date) => date >= zone.dateAt(newer.sentAt)).reverse()
      : parts.newestFirst.filter((date) => older === undefined || date <= zone.dateAt(older.sentAt));
    const { found } = await gathered(dates, limit, Infinity, (part, left) =>
      read(parts, part, { conditions: [], older, newer, limit: left }, signal),
    );
    return { found: found.slice(0, limit), more: found.length > limit };
  }

  async function conversation({ conversation: id, around, at, cursor, after, limit, signal }: Around): Promise<MessagesView> {
    const parts = await partitions(await withFormerIds({ period: 'all', conversation: [id] }));
    if (after !== undefined) {
      const { found, more } = await beside(parts, { newer: placeOf(after) }, limit, signal);
      return viewOf(found, true, more);
    }
    if (around === undefined) {
      const { found, more } = await beside(parts, cursor === undefined ? {} : { older: placeOf(cursor) }, limit, signal);
      return viewOf(found.reverse(), more, cursor !== undefined);
    }
    const middle = await find(around, at);
    const half = Math.floor((limit - 1) / 2);
    const older = await beside(parts, { older: middle.place }, half, signal);
    const newer = await beside(parts, { newer: middle.place }, half, signal);
    return viewOf([...older.found.reverse(), middle, ...newer.found], older.more, newer.more);
  }

  async function find(id: string, at?: number): Promise<Found> {
    const named = partsOf(id);
    if (!named) throw new ChatlakeError('USAGE', 'A message is named <channel>:<conversation>:<message id>.');
    const { channel, conversation: chat, message } = named;
    const parts = await partitions({ period: 'all', channel: [channel], conversation: [`${channel}:${chat}`] });
    const native = { [channel]: [...(parts.native[channel] ?? []), ...idConditions(channel, message)] };
    const day = at === undefined ? undefined : zone.dateAt(at / 1000);
    const sure = parts.newestFirst.filter((date) => date === day);
    for (const dates of [sure, parts.newestFirst]) {
      const { found } = await gathered(dates, 0, Infinity, (part) => read({ ...parts, native }, part, { conditions: [], limit: 1 }));
      if (found[0]) return found[0];
    }
    throw new ChatlakeError('NOT_FOUND', `There is no message ${message} in this conversation; it may not be in the tables yet.`);
  }

  async function arrivedSince(since: number, limit: number): Promise<{ messages: MessageRow[]; newest: number }> {
    const parts = await partitions({ period: 'all' });
    const days = parts.newestFirst.slice(0, LATE_DAYS);
    if (days.length === 0) return { messages: [], newest: since };
    const found = await read(parts, days, { conditions: [`received_at >= ${since}`], limit });
    return { messages: found.map(({ row }) => row), newest: found.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), since) };
  }

  return { search, conversation, find, arrivedSince };
}

/** Days that have messages, by table, and what the rows of each table must be. */
interface Partitions {
  readonly native: Readonly<Record<string, readonly string[]>>;
  readonly dates: Readonly<Record<string, ReadonlySet<string>>>;
  readonly newestFirst: readonly string[];
}

/**
 * Reads `dates` in steps, each of more days, until there are more than `limit` messages or no time for a further one before `until`: a page that is
 * not full after the first day is one of rare messages, or of quiet days.
 */
async function gathered(
  dates: readonly string[],
  limit: number,
  until: number,
  read: (days: readonly string[], left: number) => Promise<readonly Found[]>,
): Promise<{ readonly found: readonly Found[]; readonly read: number }> {
  const found: Found[] = [];
  let at = 0;
  for (let size = 1; size >= 1 && at < dates.length && found.length <= limit;) {
    const began = performance.now();
    const part = dates.slice(at, at + size);
    found.push(...(await read(part, limit + 1 - found.length)));
    at += part.length;
    const now = performance.now();
    size = Math.min(2 * size, MOST_DAYS, Math.floor(((until - now) / (now - began)) * part.length));
  }
  return { found, read: at };
}

function viewOf(found: readonly Found[], older: boolean, newer: boolean): MessagesView {
  const [first, last] = [found[0], found.at(-1)];
  return {
    messages: found.map(({ row }) => row),
    next: older && first ? cursorOf(first.place) : null,
    newer: newer && last ? cursorOf(last.place) : null,
  };
}

const cursorOf = ({ sentAt, channel, conversation, message }: Place): string =>
  Buffer.from(JSON.stringify([sentAt, channel, conversation, message])).toString('base64url');

function placeOf(cursor: string): Place {
  try {
    const [sentAt, channel, conversation, message] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (Number.isInteger(sentAt) && [channel, conversation, message].every((part) => typeof part === 'string'))
      return { sentAt: Number(sentAt), channel: String(channel), conversation: String(conversation), message: String(message) };
  } catch {
    // Told below.
  }
  throw new ChatlakeError('USAGE', 'The cursor is none that was handed out.');
}
