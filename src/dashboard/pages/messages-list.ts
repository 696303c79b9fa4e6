import { signal } from '@preact/signals';
import type { MessageRow, MessagesView } from '../../analysis/types.js';
import { askJson, isRefusal, type Refusal } from '../api/client.js';
import { apiQuery, type Place } from '../state/address.js';

const PAGE = 100;
/** Pages in a row that may come back empty before the reader is asked whether to go on. */
const PATIENCE = 40;

export const rows = signal<readonly MessageRow[]>([]);
export const next = signal<string | null>(null);
export const loading = signal(false);
export const failure = signal<Refusal | null>(null);
/** The search that `rows` answer. */
export const answered = signal<string | null>(null);

let running: AbortController | undefined;
let current = '';

function address(query: string, cursor?: string): string {
  const at = new URLSearchParams(query);
  at.set('limit', String(PAGE));
  if (cursor !== undefined) at.set('cursor', cursor);
  return `/api/messages?${at}`;
}

/** Filters and words of a place, as the API takes them. */
export function searchOf(place: Place): string {
  const query = apiQuery(place);
  if (place.extras.q !== undefined) query.set('q', place.extras.q);
  return query.toString();
}

async function read(cursor: string | undefined): Promise<void> {
  const mine = new AbortController();
  running = mine;
  loading.value = true;
  failure.value = null;
  try {
    await readPages(cursor, mine);
  } catch (problem) {
    if (running === mine && isRefusal(problem)) failure.value = problem;
    else if (running === mine) throw problem;
  } finally {
    if (running === mine) loading.value = false;
  }
}

/** A page may be empty and yet not the last: the search had no more time. Goes on until there is something to show. */
async function readPages(from: string | undefined, mine: AbortController): Promise<void> {
  let cursor = from;
  let fresh = from === undefined;
  for (let tries = 0; tries < PATIENCE; tries++) {
    const page = await askJson<MessagesView>(address(current, cursor), { signal: mine.signal });
    if (running !== mine) return;
    rows.value = fresh ? page.messages : [...rows.value, ...page.messages];
    next.value = page.next;
    answered.value = current;
    fresh = false;
    if (page.next === null || page.messages.length > 0) return;
    cursor = page.next;
  }
}

/** Shows the newest messages of a search; the ones before stay until they are there. */
export function search(query: string): void {
  running?.abort();
  current = query;
  void read(undefined);
}

export function more(): void {
  if (!loading.value && next.value !== null) void read(next.value);
}

/** Puts what is new on top. Resolves with how many rows came. */
export async function refresh(): Promise<number> {
  if (loading.value || answered.value !== current) return 0;
  const asked = current;
  try {
    const page = await askJson<MessagesView>(address(asked));
    if (asked !== current || loading.value) return 0;
    const known = new Set(rows.value.map(({ id }) => id));
    const fresh = page.messages.filter(({ id }) => !known.has(id));
    const edited = new Map(page.messages.map((row) => [row.id, row]));
    if (page.messages.length > 0 && fresh.length === page.messages.length && rows.value.length > 0) return 0;
    rows.value = [...fresh, ...rows.value.map((row) => edited.get(row.id) ?? row)];
    return fresh.length;
  } catch {
    return 0;
  }
}
