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
const listeners = new Set<Listener>();
let held: MessageRow[] = [];
let stale = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls back when the lake's files changed, at most once a second, never while paused or out of sight. */
export function onLake(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  stale = true;
  if (paused.value || document.hidden || timer !== undefined) return;
  stale = false;
  for (const listener of listeners) listener();
  timer = setTimeout(() => {
    timer = undefined;
    if (stale) tell();
  }, EVERY);
}

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
  if (stale) tell();
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
    // What happened while there was no connection is not told again.
    if (!connected.value) tell();
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
  on('lake', tell);
  on<LiveEvents['feed']>('feed', ({ messages }) => take(messages));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && stale) tell();
  });
  setInterval(() => {
    const since = Date.now() - 60_000;
    if (arrivals.value.some((at) => at < since)) arrivals.value = arrivals.value.filter((at) => at >= since);
  }, 5000);
}
