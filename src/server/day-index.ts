import { setImmediate as breath, setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { dataFile, dateOf, tableFolder } from '../lake/layout.js';
import type { Reader } from '../query/reader.js';
import type { Logger, Store } from '../types.js';
import { addText, type Grams, mayHold, newGrams } from './grams.js';
import type { KeptGrams } from './kept-grams.js';
import { MESSAGE_TABLES, textsSql } from './message-sql.js';

/** Tells days in which nothing can match a search, so that they need not be read. */
export interface DayIndex {
  /** Whether messages of a day may have all these terms; true for days that it does not know as they are now. */
  candidates(table: string, terms: readonly string[]): Promise<(date: string) => boolean>;
  /** Takes in the days that changed, newest first; resolves when all are known. Never rejects but for the signal. */
  fill(): Promise<void>;
}

export interface DayIndexOptions {
  readonly reader: Reader;
  readonly enriched: Store;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Part of the time that filling may take; a quarter by default. */
  readonly share?: number;
  /** Where grams are kept over restarts; without, they are made anew each time. */
  readonly kept?: KeptGrams;
}

interface Known {
  readonly etag: string;
  readonly grams: Grams;
}

/** Texts that are looked at before everything else gets its turn: about a millisecond's worth. */
const AT_ONCE = 256;
/** Days that are not kept. */
const NEWEST = 2;
/** Milliseconds for which the files that were seen stand. */
const SEEN_MS = 1000;

/** An index in memory of 32 kB a day and channel, made in the background once for each state of a day. */
export function dayIndex({ reader, enriched, logger, signal, share = 0.25, kept }: DayIndexOptions): DayIndex {
  const known = new Map<string, Known>();
  const seen = new Map<string, { readonly at: number; readonly etags: Promise<ReadonlyMap<string, string>> }>();
  let filling: Promise<void> | undefined;
  let again = false;

  /** Etags of a table's files, by date. */
  function etagsOf(table: string): Promise<ReadonlyMap<string, string>> {
    const last = seen.get(table);
    if (last && performance.now() - last.at < SEEN_MS) return last.etags;
    const etags = listed(enriched, table);
    seen.set(table, { at: performance.now(), etags });
    etags.catch(() => seen.delete(table));
    return etags;
  }

  async function candidates(table: string, terms: readonly string[]): Promise<(date: string) => boolean> {
    const etags = await etagsOf(table);
    return (date) => {
      const day = known.get(`${table} ${date}`);
      if (day === undefined || day.etag !== etags.get(date)) return true;
      return terms.every((term) => mayHold(day.grams, term));
    };
  }

  async function fillOnce(): Promise<void> {
    for (const table of Object.keys(MESSAGE_TABLES)) {
      const etags = await listed(enriched, table);
      const newestFirst = [...etags].sort(([a], [b]) => (a < b ? 1 : -1));
      for (const [at, [date, etag]] of newestFirst.entries()) {
        if (signal.aborted) return;
        if (known.get(`${table} ${date}`)?.etag === etag) continue;
        const held = await kept?.read(table, date, etag);
        if (held !== undefined) {
          known.set(`${table} ${date}`, { etag, grams: held });
          continue;
        }
        const began = performance.now();
        const grams = await gramsOf(table, date);
        known.set(`${table} ${date}`, { etag, grams });
        // The newest days change all the time.
        if (at >= NEWEST) await kept?.write(table, date, etag, grams);
        await sleep((performance.now() - began) * (1 / share - 1), undefined, { signal });
      }
    }
  }

  /** The grams of the file as it is read, which has what it had when its etag was seen, or more. */
  async function gramsOf(table: string, date: string): Promise<Grams> {
    const grams = newGrams();
    const path = await enriched.local(dataFile(table, date));
    for (const values of await reader.column(() => textsSql(table, path), signal)) {
      for (const [at, text] of values.entries()) {
        if (typeof text === 'string') addText(grams, text);
        if (at % AT_ONCE === 0) await breath();
      }
    }
    return grams;
  }

  async function fill(): Promise<void> {
    again = true;
    filling ??= (async () => {
      while (again && !signal.aborted) {
        again = false;
        await fillOnce().catch((error: unknown) => {
          if (!signal.aborted) logger.warn({ error: messageOf(error) }, 'searching is slower for now: not every day could be looked at');
        });
      }
      filling = undefined;
    })();
    return filling;
  }

  return { candidates, fill };
}

async function listed(enriched: Store, table: string): Promise<ReadonlyMap<string, string>> {
  const etags = new Map<string, string>();
  for await (const { key, etag } of enriched.list(tableFolder(table))) {
    const [, folder = '', file] = key.split('/');
    const date = dateOf(folder);
    if (date !== undefined && file === 'data.parquet') etags.set(date, etag);
  }
  return etags;
}
