import { computed, signal } from '@preact/signals';
import type { MessageRow, MessagesView } from '../../analysis/types.js';
import type { LiveEvents } from '../../server/api-types.js';
import { askJson } from '../api/client.js';
import { kept, keep } from './settings.js';

const FEED = 60;
const BEGIN = 8;
/** Between two looks at a lake that changes all the time. */
const EVERY = 1000;

export const paused = signal(kept('paused') === 'yes');
export const connected = signal(true);
/** Newest first. */
export const feed = signal<readonly MessageRow[]>([]);
/** When something last arrived; epoch milliseconds. */
export const lastArrival = signal<number | null>(null);
/** What came in while paused. */
export const waiting = signal(0);

const arrivals = signal<readonly number[]>([]);
export const lastMinute = computed(() => arrivals.value.length);

type Listener = () => void;

interface Changes {
  readonly on: (listener: Listener) => () => void;
  readonly tell: () => void;
  /** Tells what was held back. */
  readonly resume: () => void;
}

/** Calls back when something changed, at most once a second, never while paused or out of sight. */
function changes(): Changes {
  const listeners = new Set<Listener>();
  let stale = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const resume = () => {
    if (!stale || paused.value || document.hidden || timer !== undefined) return;
    stale = false;
    for (const listener of listeners) listener();
    timer = setTimeout(() => {
      timer = undefined;
      resume();
    }, EVERY);
  };
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: () => {
      stale = true;
      resume();
    },
    resume,
  };
}

const lake = changes();
const analysis = changes();

/** Calls back when the lake's files changed. */
export const onLake = lake.on;
/** Calls back when figures and charts are of the lake's newest state. */
export const onAnalysis = analysis.on;

let held: MessageRow[] = [];
let opened = false;

const tellAll = (): void => {
  lake.tell();
  analysis.tell();
};
const resumeAll = (): void => {
  lake.resume();
  analysis.resume();
};

function take(rows: readonly MessageRow[]): void {
  if (paused.value) {
    held = merged(held, rows);
    waiting.value = held.length;
    return;
  }
  feed.value = merged(feed.value, rows);
}

function merged(before: readonly MessageRow[], rows: readonly MessageRow[]): MessageRow[] {
  const known = new Map(before.map((row) => [row.id, row]));
  for (const row of rows) known.set(row.id, row);
  return [...known.values()].sort((a, b) => b.sentAt - a.sentAt).slice(0, FEED);
}

export function setPaused(value: boolean): void {
  paused.value = value;
  keep('paused', value ? 'yes' : null);
  if (value) return;
  feed.value = merged(feed.value, held);
  held = [];
  waiting.value = 0;
  resumeAll();
}

/** What was there before the page was opened. */
async function begin(): Promise<void> {
  try {
    const { messages } = await askJson<MessagesView>(`/api/messages?period=7d&limit=${BEGIN}`);
    feed.value = merged(messages, feed.value);
  } catch {
    // What arrives from now on is shown anyway.
  }
}

/** Opens the stream of events; it connects again by itself. */
export function listen(): void {
  void begin();
  const source = new EventSource('/api/live');
  const on = <T>(name: string, take: (data: T) => void) =>
    source.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data) as T));
  source.addEventListener('open', () => {
    // What happened before there was a connection is not told again. The first view is on its way, and not asked for twice.
    if (opened && connected.value) return;
    setTimeout(tellAll, opened ? 0 : EVERY);
    opened = true;
    connected.value = true;
  });
  source.addEventListener('error', () => {
    connected.value = false;
  });
  on<LiveEvents['arrived']>('arrived', ({ lines }) => {
    const now = Date.now();
    lastArrival.value = now;
    arrivals.value = [...arrivals.value, ...Array.from({ length: Math.min(lines, 500) }, () => now)];
  });
  on('lake', lake.tell);
  on('analysis', analysis.tell);
  on<LiveEvents['feed']>('feed', ({ messages }) => take(messages));
  document.addEventListener('visibilitychange', () => {
    resumeAll();
  });
  setInterval(() => {
    const since = Date.now() - 60_000;
    if (arrivals.value.some((at) => at < since)) arrivals.value = arrivals.value.filter((at) => at >= since);
  }, 5000);
}
