/** Things that run at the same time and end together: when told to, or when the first of them fails. */
export interface SideBySide {
  /** Aborted when everything is to end. */
  readonly signal: AbortSignal;
  add(work: Promise<void>): void;
  /** Resolves when everything is to end. */
  stopped(): Promise<void>;
  /** Resolves when all have ended, with what failed before the end was called for. */
  ended(): Promise<readonly unknown[]>;
}

export function sideBySide(stop: AbortSignal): SideBySide {
  const end = new AbortController();
  const { signal } = end;
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  if (stop.aborted) end.abort();
  else stop.addEventListener('abort', () => end.abort(), { once: true });

  function add(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => {
        // Being interrupted is no failure.
        if (!signal.aborted) failures.push(error);
        end.abort();
      })
      .finally(() => running.delete(watched));
    running.add(watched);
  }

  return {
    signal,
    add,
    stopped: () =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    ended: async () => {
      while (running.size > 0) await Promise.all(running);
      return failures;
    },
  };
}
