import { type Signal, signal } from '@preact/signals';
import { askJson, isRefusal, type Refusal } from '../api/client.js';

/** What an address answered. The last answer stays while the next is on its way, so that nothing jumps. */
export interface Resource<T> {
  readonly data: Signal<T | null>;
  /** The address that `data` answers. */
  readonly from: Signal<string | null>;
  readonly error: Signal<Refusal | null>;
  readonly loading: Signal<boolean>;
  /** Whether `data` answers an address that is not the last one asked. */
  readonly stale: Signal<boolean>;
  /** Asks; an answer to an earlier question is dropped. */
  load(address: string): Promise<void>;
  /** Asks the last address again. */
  again(): Promise<void>;
}

const REMEMBERED = 24;
/** Milliseconds. */
const RETRY = 3000;

/** `read` asks an address and rejects with a Refusal. An answer that was there before is shown at once, and asked for again behind it. */
export function resource<T>(
  read: (address: string, signal: AbortSignal) => Promise<T> = (address, abort) => askJson<T>(address, { signal: abort }),
): Resource<T> {
  const data = signal<T | null>(null);
  const from = signal<string | null>(null);
  const error = signal<Refusal | null>(null);
  const loading = signal(false);
  const stale = signal(false);
  const known = new Map<string, T>();
  let running: AbortController | undefined;
  let last: string | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function show(address: string, value: T): void {
    data.value = value;
    from.value = address;
    stale.value = address !== last;
    error.value = null;
  }

  async function load(address: string): Promise<void> {
    running?.abort();
    clearTimeout(retry);
    const mine = new AbortController();
    running = mine;
    last = address;
    const before = known.get(address);
    if (before !== undefined) show(address, before);
    stale.value = data.peek() !== null && from.peek() !== address;
    loading.value = true;
    try {
      const value = await read(address, mine.signal);
      if (running !== mine) return;
      known.delete(address);
      known.set(address, value);
      if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
      show(address, value);
    } catch (failure) {
      if (running !== mine) return;
      if (!isRefusal(failure)) throw failure;
      error.value = failure;
      // The server may be starting, or the network away: tried again until it answers.
      if (failure.status === 0 || failure.status >= 500) retry = setTimeout(() => void load(address), RETRY);
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  return { data, from, error, loading, stale, load, again: async () => (last === undefined ? undefined : load(last)) };
}
