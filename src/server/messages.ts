import type { Filters, MessageRow, MessagesView } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import { dateOf, tableFolder } from '../lake/layout.js';
import { MESSAGES } from '../query/messages.js';
import { literal } from '../sources/shape.js';
import type { Clock, QueryEngine, QueryOptions, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { aliasesIn } from './aliases.js';
import { daysOf } from './filters.js';
import { before, conditionsOf, type Found, foundIn, partsOf, type Place, searchOf, sliceSql } from './message-sql.js';

export interface MessagesOptions {
  readonly engine: QueryEngine;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  /** Milliseconds after which a search hands out what it has, with a cursor that goes on from there; 200 by default. */
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
  /** Messages that arrived after `since` (epoch milliseconds), newest first, and when the newest of them arrived. */
  arrivedSince(since: number, limit: number): Promise<{ readonly messages: readonly MessageRow[]; readonly newest: number }>;
}

/** Days read at first; each further step reads twice as many, since a page that is not full yet is a rare one. */
const FIRST_DAYS = 4;
const MOST_DAYS = 512;
/** Arrivals may have been sent on the days before. */
const LATE_DAYS = 3;

/** Reads messages by day, newest days first, and stops as soon as a page is full. */
export function messagesIn(options: MessagesOptions): Messages {
  const { engine, enriched, zone, clock } = options;
  const patience = options.patience ?? 200;
  const aliases = aliasesIn(engine);

  /** People and conversations are one under all their ids. */
  async function withFormerIds(filters: Filters): Promise<Filters> {
    const { conversation = [], person = [] } = filters;
    return {
      ...filters,
      ...(conversation.length > 0 ? { conversation: await aliases.conversations(conversation) } : {}),
      ...(person.length > 0 ? { person: await aliases.people(person) } : {}),
    };
  }

  /** Days that have messages, newest first. */
  async function days(): Promise<string[]> {
    const found = new Set<string>();
    for (const { from } of MESSAGES.parts)
      for (const name of await enriched.children(tableFolder(from))) {
        const date = dateOf(name);
        if (date !== undefined) found.add(date);
      }
    return [...found].sort().reverse();
  }

  async function read(sql: string, signal?: AbortSignal): Promise<Found[]> {
    const given: QueryOptions = { maxRows: 5000, timeoutMs: 30_000, ...(signal ? { signal } : {}) };
    const { batches } = await engine.run(sql, given);
    const found: Found[] = [];
    for await (const batch of batches) for (const values of batch) found.push(foundIn(values));
    return found;
  }

  async function search({ filters, q = '', cursor, limit, signal }: Search): Promise<MessagesView> {
    const older = cursor === undefined ? undefined : placeOf(cursor);
    const { from = '', to = '9999-12-31' } = daysOf(filters.period, zone, clock.now());
    const last = older ? zone.dateAt(older.sentAt) : to;
    const dates = (await days()).filter((date) => date >= from && date <= to && date <= last);
    const conditions = [...conditionsOf(await withFormerIds(filters), zone), ...searchOf(q)];
    const found: Found[] = [];
    const until = performance.now() + patience;
    let at = 0;
    for (let size = FIRST_DAYS; at < dates.length && found.length <= limit; size = Math.min(size * 2, MOST_DAYS)) {
      if (at > 0 && performance.now() > until) break;
      const part = dates.slice(at, at + size);
      const slice = { from: part.at(-1) as string, to: part[0] as string, conditions, older, limit: limit + 1 - found.length };
      found.push(...(await read(sliceSql(slice), signal)));
      at += part.length;
    }
    const page = found.slice(0, limit);
    const rest = found.length > limit ? page.at(-1)?.place : at < dates.length ? before(zone.startOf(dates[at - 1] as string)) : undefined;
    return { messages: page.map(({ row }) => row), next: rest === undefined ? null : cursorOf(rest) };
  }

  /** Messages of `conditions` on one side of a place, nearest first. */
  async function beside(conditions: readonly string[], side: { older?: Place; newer?: Place }, limit: number, signal?: AbortSignal) {
    const { older, newer } = side;
    const all = await days();
    const dates = newer
      ? all.filter((date) => date >= zone.dateAt(newer.sentAt)).reverse()
      : all.filter((date) => older === undefined || date <= zone.dateAt(older.sentAt));
    const found: Found[] = [];
    let at = 0;
    for (let size = FIRST_DAYS; at < dates.length && found.length <= limit; size = Math.min(size * 2, MOST_DAYS)) {
      const part = dates.slice(at, at + size).sort();
      const slice = { from: part[0] as string, to: part.at(-1) as string, conditions, older, newer, limit: limit + 1 - found.length };
      found.push(...(await read(sliceSql(slice), signal)));
      at += part.length;
    }
    return { found: found.slice(0, limit), more: found.length > limit };
  }

  async function conversation({ conversation: id, around, at, cursor, after, limit, signal }: Around): Promise<MessagesView> {
    const conditions = conditionsOf(await withFormerIds({ period: 'all', conversation: [id] }), zone);
    if (after !== undefined) {
      const { found, more } = await beside(conditions, { newer: placeOf(after) }, limit, signal);
      return viewOf(found, true, more);
    }
    if (around === undefined) {
      const { found, more } = await beside(conditions, cursor === undefined ? {} : { older: placeOf(cursor) }, limit, signal);
      return viewOf(found.reverse(), more, cursor !== undefined);
    }
    const middle = await find(around, at);
    const half = Math.floor((limit - 1) / 2);
    const older = await beside(conditions, { older: middle.place }, half, signal);
    const newer = await beside(conditions, { newer: middle.place }, half, signal);
    return viewOf([...older.found.reverse(), middle, ...newer.found], older.more, newer.more);
  }

  async function find(id: string, at?: number): Promise<Found> {
    const parts = partsOf(id);
    if (!parts) throw new ChatlakeError('USAGE', 'A message is named <channel>:<conversation>:<message id>.');
    const { channel, conversation: chat, message } = parts;
    const conditions = [`channel = ${literal(channel)}`, `conversation_id = ${literal(chat)}`, `message_id = ${literal(message)}`];
    const day = at === undefined ? undefined : zone.dateAt(at / 1000);
    const ranges = [...(day === undefined ? [] : [{ from: day, to: day }]), { from: '0001-01-01', to: '9999-12-31' }];
    for (const range of ranges) {
      const [found] = await read(sliceSql({ ...range, conditions, limit: 1 }));
      if (found) return found;
    }
    throw new ChatlakeError('NOT_FOUND', `There is no message ${message} in this conversation; it may not be in the tables yet.`);
  }

  async function arrivedSince(since: number, limit: number): Promise<{ messages: MessageRow[]; newest: number }> {
    const dates = (await days()).slice(0, LATE_DAYS);
    if (dates.length === 0) return { messages: [], newest: since };
    const slice = { from: dates.at(-1) as string, to: dates[0] as string, conditions: [`received_at > ${since}`], limit };
    const found = await read(sliceSql(slice));
    return { messages: found.map(({ row }) => row), newest: found.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), since) };
  }

  return { search, conversation, find, arrivedSince };
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
