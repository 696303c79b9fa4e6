/** Limits how often somebody may guess. Times in milliseconds of a steady clock. */
export interface Attempts {
  /** Seconds until `who` may try again; 0 = now. */
  waitFor(who: string): number;
  failed(who: string): void;
  succeeded(who: string): void;
}

export interface AttemptsOptions {
  readonly now: () => number;
  /** Failures that are free; 10 by default. */
  readonly burst?: number;
  /** Milliseconds that give one of them back; 30 s by default. */
  readonly refillMs?: number;
}

/** Guessers that are remembered; beyond, the longest quiet ones are forgotten. */
const MOST = 10_000;

export function attempts({ now, burst = 10, refillMs = 30_000 }: AttemptsOptions): Attempts {
  /** When everything is given back, by who. */
  const debts = new Map<string, number>();
  const owed = (who: string) => Math.max(0, (debts.get(who) ?? 0) - now());
  return {
    waitFor: (who) => Math.ceil(Math.max(0, owed(who) - (burst - 1) * refillMs) / 1000),
    failed: (who) => {
      const debt = now() + owed(who) + refillMs;
      debts.delete(who);
      debts.set(who, debt);
      const oldest = debts.keys().next();
      if (debts.size > MOST && oldest.done !== true) debts.delete(oldest.value);
    },
    succeeded: (who) => void debts.delete(who),
  };
}
