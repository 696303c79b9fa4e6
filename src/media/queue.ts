import type { Clock, Logger, QueryEngine, RawLog, Store } from '../types.js';
import { addDays, type Zone } from '../zone.js';
import { keepFile, MediaFailure } from './files.js';
import type { OpenFile } from './platforms.js';

/** A message whose file is neither kept nor given up. */
interface Wanted {
  readonly source: string;
  readonly id: string;
  /** Epoch seconds. */
  readonly sent: number;
  /** What names the message in a raw line. */
  readonly about: Readonly<Record<string, unknown>>;
}

export interface MediaOptions {
  readonly engine: QueryEngine;
  readonly raw: Store;
  readonly rawLog: Pick<RawLog, 'append'>;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly sources: Readonly<Record<string, OpenFile>>;
  /** Bytes of the largest file that is kept. */
  readonly most: number;
  /** Milliseconds between two looks at the tables, and after the first failure of a file; 10 s both. */
  readonly pause?: number;
  readonly backoff?: number;
}

/** Days for which an id is tried: WhatsApp's live no longer. */
const DAYS = 7;
/** Days after that within which what was not had is recorded. */
const AFTER = 3;
const AT_ONCE = 4;
/** Files looked at in one round; more than that failing at once would hold up later ones. */
const A_ROUND = 5000;
const LONGEST = 3_600_000;

/** Rows of a table whose file is wanted, in one shape. What is imported has ids of no use, and what is deleted is let go. */
const PENDING: Readonly<Record<string, { readonly columns: string; readonly where: string; readonly order: string }>> = {
  telegram: {
    columns: 'file_id, "date", chat_id, business_connection_id, message_id',
    where: 'file_id IS NOT NULL AND media_file IS NULL AND media_error IS NULL AND imported_from IS NULL AND deleted_date IS NULL',
    order: '"date", chat_id, message_id',
  },
  whatsapp: {
    columns: 'media_id, "date", phone_number_id, message_id',
    where: 'media_id IS NOT NULL AND media_file IS NULL AND media_error IS NULL AND imported_from IS NULL',
    order: '"date", message_id',
  },
};

export interface MediaQueue {
  /** Looks once, and fetches what is due. Resolves with how many files were kept or given up. */
  round(signal: AbortSignal): Promise<number>;
  /** Goes on until the signal. */
  loop(signal: AbortSignal): Promise<void>;
}

/**
 * Fetches the files of messages. What is to do stands in the tables: a message with a file id and neither a file nor an error; so a
 * restart forgets nothing but when a file was tried last. What became of a file is a raw line, which the ETL puts in the row.
 */
export function mediaQueue(options: MediaOptions): MediaQueue {
  const { clock, rawLog, raw, logger, pause = 10_000, backoff = 10_000 } = options;
  /** Told, but not in the row yet. */
  const told = new Set<string>();
  const tries = new Map<string, { readonly count: number; readonly next: number }>();

  /** Until when a platform asked to be left alone: its limit is of the bot, whose own calls it holds up too. */
  const resting = new Map<string, number>();
  const rests = (source: string) => (resting.get(source) ?? 0) > clock.now();

  async function round(signal: AbortSignal): Promise<number> {
    let done = 0;
    for (const [source, open] of Object.entries(options.sources)) {
      if (rests(source)) continue;
      const wanted = await pendingIn(options, source);
      const keys = new Set(wanted.map(keyOf));
      for (const key of [...told, ...tries.keys()]) {
        if (key.startsWith(`${source}:`) && !keys.has(key)) {
          told.delete(key);
          tries.delete(key);
        }
      }
      const due = wanted.filter((one) => !told.has(keyOf(one)) && (tries.get(keyOf(one))?.next ?? 0) <= clock.now());
      const workers = Array.from({ length: AT_ONCE }, async () => {
        for (let one = due.shift(); one && !signal.aborted && !rests(source); one = due.shift())
          if (await attempt(one, open, signal)) done += 1;
      });
      await Promise.all(workers);
    }
    return done;
  }

  /** Whether it is known what became of the file. */
  async function attempt(one: Wanted, open: OpenFile, signal: AbortSignal): Promise<boolean> {
    const { source, id, sent } = one;
    if (clock.now() / 1000 - sent > DAYS * 86_400) return tell(one, { error: 'expired' });
    try {
      return await tell(one, { ...(await keepFile(raw, await open(id, signal), options.most)) });
    } catch (error) {
      if (signal.aborted) return false;
      const failure = error instanceof MediaFailure ? error : new MediaFailure('unreachable', false);
      if (failure.final) return tell(one, { error: failure.reason });
      if (failure.retryAfterMs > 0) resting.set(source, Math.max(resting.get(source) ?? 0, clock.now() + failure.retryAfterMs));
      const count = (tries.get(keyOf(one))?.count ?? 0) + 1;
      const wait = Math.max(failure.retryAfterMs, Math.min(LONGEST, backoff * 2 ** (count - 1)));
      tries.set(keyOf(one), { count, next: clock.now() + wait });
      if (count === 1) logger.warn({ source, reason: failure.reason }, 'a file could not be fetched; it will be tried again');
      return false;
    }
  }

  /** Whether it is durable; what is not is found again in the tables. */
  function tell(one: Wanted, outcome: object): Promise<boolean> {
    const media = { ...one.about, date: Math.floor(clock.now() / 1000), sent: one.sent, ...outcome };
    return new Promise((resolve) => {
      rawLog.append(one.source, JSON.stringify({ media }), (error) => {
        if (!error) told.add(keyOf(one));
        resolve(!error);
      });
    });
  }

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await round(signal).catch(() => {
        if (!signal.aborted) logger.warn({}, 'the tables could not be asked which files are missing; they will be asked again');
      });
      await rest(pause, signal);
    }
  }

  return { round, loop };
}

const keyOf = ({ source, about }: Wanted): string => `${source}:${JSON.stringify(about)}`;

async function pendingIn({ engine, zone, clock }: MediaOptions, source: string): Promise<Wanted[]> {
  const { columns, where, order } = PENDING[source] as (typeof PENDING)[string];
  const from = addDays(zone.dateAt(clock.now() / 1000), -(DAYS + AFTER));
  const { batches } = await engine.run(
    `SELECT ${columns} FROM ${source} WHERE ${where} AND context_date >= DATE '${from}' ORDER BY ${order} LIMIT ${A_ROUND}`,
  );
  const found: Wanted[] = [];
  for await (const batch of batches) {
    for (const [id, sent, place, ...rest] of batch) {
      const about =
        source === 'telegram'
          ? { chat: { id: Number(place) }, business_connection_id: rest[0] ?? undefined, message_id: Number(rest[1]) }
          : { metadata: { phone_number_id: place }, message_id: rest[0] };
      found.push({ source, id: String(id), sent: Number(sent), about });
    }
  }
  return found;
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
