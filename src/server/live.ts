import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { messageOf } from '../errors.js';
import type { Clock, CommitObserver, Logger } from '../types.js';
import type { LiveEvents } from './api-types.js';
import type { Runs } from './health.js';
import type { Messages } from './messages.js';

/** Tells who looks what happens, as server-sent events. */
export interface Live {
  /** Passes commits on, and tells of them. */
  watch(observer: CommitObserver): CommitObserver;
  /** Tells that the analysis has taken in the tables. */
  analysed(): void;
  /** Adds `GET /api/live`. */
  mount(app: Hono): void;
  /** Ends every stream. */
  close(): void;
}

export interface LiveOptions {
  readonly messages: Pick<Messages, 'arrivedSince'>;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Listener = <Name extends keyof LiveEvents>(name: Name, event: LiveEvents[Name]) => void;

/** Commits of a busy lake are told together, so often at most. */
const APART_MS = 250;
const FEED = 50;
const MOST_LISTENERS = 500;
const PING_MS = 15_000;
/** Events that may be on their way to one listener: who reads slower than this is let go, and may come back. */
const MOST_UNREAD = 100;
/** A stream ends after this time, and the page opens another: who looks is asked again. */
const LONGEST_MS = 30 * 60_000;

export function openLive({ messages, runs, clock, logger }: LiveOptions): Live {
  const listeners = new Set<Listener>();
  const closing = new AbortController();
  const tell: Listener = (name, event) => {
    for (const listener of listeners) listener(name, event);
  };
  const arrived = together((source, lines) => tell('arrived', { source, lines, at: clock.now() }));
  const boot = clock.now().toString(36);
  let since = clock.now();
  let told: ReadonlySet<string> = new Set();
  let version = '';

  async function feed(): Promise<void> {
    if (listeners.size === 0) {
      since = clock.now();
      return;
    }
    const { messages: found, newest } = await messages.arrivedSince(since, FEED);
    since = newest;
    // Those of the newest millisecond are found again.
    const fresh = found.filter(({ id }) => !told.has(id));
    told = new Set(found.map(({ id }) => id));
    if (fresh.length > 0) tell('feed', { messages: fresh });
  }

  runs.ended.add(() => {
    const now = `${boot}.${runs.revision}`;
    if (now === version) return;
    version = now;
    tell('lake', { version });
    feed().catch((error: unknown) => logger.warn({ error: messageOf(error) }, 'the newest messages could not be told'));
  });

  const answer = (c: Context): Response => {
    if (listeners.size >= MOST_LISTENERS) return c.json({ error: { code: 'TOO_MANY', message: 'Too many pages are open.' } }, 503);
    c.header('cache-control', 'no-store');
    // Proxies must not gather what is to be told at once.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      let unread = 0;
      const say = (write: () => Promise<unknown>) => {
        if (unread >= MOST_UNREAD) return hangUp(c);
        unread += 1;
        void write().finally(() => void (unread -= 1));
      };
      const listener: Listener = (name, event) => say(() => stream.writeSSE({ event: name, data: JSON.stringify(event) }));
      listeners.add(listener);
      const ping = setInterval(() => say(() => stream.write(': \n\n')), PING_MS);
      await stream.write('retry: 2000\n\n');
      await ended(AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST_MS)]), (gone) => stream.onAbort(gone));
      clearInterval(ping);
      listeners.delete(listener);
    });
  };

  return {
    watch: (observer) => ({
      ...observer,
      committed: (source, lines, bytes, seconds) => {
        observer.committed(source, lines, bytes, seconds);
        if (listeners.size > 0) arrived(source, lines);
      },
    }),
    analysed: () => tell('analysis', { at: clock.now() }),
    mount: (app) => void app.get('/api/live', answer),
    close: () => closing.abort(),
  };
}

/** Ends the connection at once, with all that waits to be read from it. */
function hangUp(c: Context): void {
  const { outgoing } = (c.env ?? {}) as { outgoing?: { destroy(): void } };
  outgoing?.destroy();
}

/** Resolves at the signal, or when the listener is gone. */
function ended(signal: AbortSignal, onGone: (gone: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    onGone(resolve);
  });
}

/** Tells of the first at once, and of those that follow closely together. */
function together(tell: (source: string, lines: number) => void): (source: string, lines: number) => void {
  const waiting = new Map<string, number>();
  return (source, lines) => {
    const more = waiting.get(source);
    if (more !== undefined) {
      waiting.set(source, more + lines);
      return;
    }
    waiting.set(source, 0);
    tell(source, lines);
    setTimeout(() => {
      const gathered = waiting.get(source) ?? 0;
      waiting.delete(source);
      if (gathered > 0) tell(source, gathered);
    }, APART_MS).unref();
  };
}
