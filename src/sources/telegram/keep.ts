import { repeatsKeys } from '../repeated-keys.js';
import type { PolledUpdate } from './api-types.js';

/** Where the updates of an answer go. */
export interface Sinks {
  /** Keeps one update, its text as Telegram sent it. Resolves when it is durable. Called for several at once. */
  readonly append: (payload: string) => Promise<void>;
  /** Keeps what is not an update, for the quarantine. Resolves when it is durable. */
  readonly reject: (body: string, reason: string) => Promise<void>;
  /** Whether an update belongs in the lake. Asked in order, one at a time. */
  readonly wants: (payload: Readonly<Record<string, unknown>>) => boolean | Promise<boolean>;
}

export interface Kept {
  /** `offset` that confirms what is durable and nothing else; undefined = this answer adds nothing to confirm. */
  readonly offset: number | undefined;
  readonly received: number;
  readonly filtered: number;
  /** The first failure; nothing from that update on is confirmed. */
  readonly failure: Error | undefined;
}

interface Outcome {
  readonly id: number | undefined;
  readonly kind: 'received' | 'filtered' | 'rejected' | 'failed';
  readonly error?: Error;
}

/**
 * Makes the updates of one answer durable, all at once so that they share one sync, and says how far they may be
 * confirmed. `offset` is the one the answer was asked with.
 */
export function keeper(sinks: Sinks): (updates: readonly PolledUpdate[], offset: number | undefined) => Promise<Kept> {
  // What has no usable update_id may come with every answer until it can be confirmed: it is kept once.
  const rejected = new Set<string>();

  const rejectOnce = async (text: string, reason: string) => {
    if (rejected.has(text)) return;
    await sinks.reject(text, reason);
    rejected.add(text);
  };
  const hand = async (update: PolledUpdate): Promise<{ done: Promise<void>; kind: Outcome['kind'] }> => {
    const { text, value } = update;
    if (!isRecord(value)) return { done: rejectOnce(text, 'not a JSON object'), kind: 'rejected' };
    if (updateId(value) === undefined) return { done: rejectOnce(text, 'no integer update_id'), kind: 'rejected' };
    if (!(await sinks.wants(value)) && !repeatsKeys(text)) return { done: Promise.resolve(), kind: 'filtered' };
    return { done: sinks.append(text), kind: 'received' };
  };

  return async (updates, offset) => {
    const texts = new Set(updates.map((update) => update.text));
    for (const text of rejected) if (!texts.has(text)) rejected.delete(text);
    const outcomes: Promise<Outcome>[] = [];
    for (const update of updates) {
      const id = updateId(update.value);
      const failed = (error: unknown): Outcome => ({ id, kind: 'failed', error: asError(error) });
      try {
        const { done, kind } = await hand(update);
        outcomes.push(done.then((): Outcome => ({ id, kind }), failed));
      } catch (error) {
        outcomes.push(Promise.resolve(failed(error)));
        break; // what follows comes again anyway
      }
    }
    return summary(await Promise.all(outcomes), updates, offset);
  };
}

function summary(outcomes: readonly Outcome[], updates: readonly PolledUpdate[], offset: number | undefined): Kept {
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const firstFailure = outcomes.findIndex((outcome) => outcome.kind === 'failed');
  const durable = firstFailure === -1 ? outcomes : outcomes.slice(0, firstFailure);
  return {
    offset: confirmable(
      durable.map((outcome) => outcome.id),
      updates.slice(durable.length).map((update) => updateId(update.value)),
      offset,
    ),
    received: count('received'),
    filtered: count('filtered'),
    failure: outcomes[firstFailure]?.error,
  };
}

/**
 * The offset that confirms the updates `durable` and none of `open`.
 *
 * Ids ascend within an answer, so one without an id has at least the id after the one before it (or, when it comes
 * first, the offset asked with): moving on by one cannot confirm anything but that one, and gets past it in the end.
 */
function confirmable(
  durable: readonly (number | undefined)[],
  open: readonly (number | undefined)[],
  offset: number | undefined,
): number | undefined {
  let next: number | undefined;
  for (const id of durable) {
    if (id !== undefined) next = Math.max(next ?? 0, id + 1);
    else if (next !== undefined || offset !== undefined) next = (next ?? offset ?? 0) + 1;
  }
  if (next === undefined) return undefined;
  return Math.min(next, ...open.filter((id) => id !== undefined));
}

/** Undefined for what is not an update. A negative id would make a negative offset, which destroys what is pending. */
function updateId(value: unknown): number | undefined {
  const id = isRecord(value) ? value['update_id'] : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error('the update could not be kept'));
