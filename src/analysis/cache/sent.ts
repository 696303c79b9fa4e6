import { OUT } from '../facts/day-facts.js';
import { FUNNEL_WINDOW, REPLIED } from '../metrics/funnel.js';
import { NO_REPLIES } from '../metrics/questions.js';
import { kindsBut } from './kinds.js';
import type { NumberedDay } from './numbered.js';

/** What a business sent on a day, each message and recipient once. */
export interface Sent {
  /** Conversation of each. */
  readonly conversation: Uint32Array;
  /** What each came to: bits of metrics/funnel.ts. */
  readonly reached: Uint8Array;
  /** How many there are of each value of `reached`. */
  readonly byReached: Uint32Array;
  /** Hash of each. */
  readonly key: Float64Array;
  /** Hashes of those that the next day has too (a status that came past midnight): there they count no more. */
  readonly again: ReadonlySet<number>;
}

const NOTHING: Sent = {
  conversation: new Uint32Array(),
  reached: new Uint8Array(),
  byReached: new Uint32Array(),
  key: new Float64Array(),
  again: new Set(),
};

interface Message {
  readonly id: number;
  readonly conversation: number;
  sentAt: number;
  reached: number;
}

/** What was sent on `day`, and what it had come to by the end of `next`. */
export function sentOn(day: NumberedDay, next: NumberedDay | undefined): Sent {
  const messages = messagesOf(day);
  if (messages.size === 0) return NOTHING;
  const days = next === undefined ? [day] : [day, next];
  const byId = new Map<number, Message[]>();
  const received = new Map<number, number[]>();
  for (const message of messages.values()) {
    const known = byId.get(message.id);
    if (known === undefined) byId.set(message.id, [message]);
    else known.push(message);
    received.set(message.conversation, []);
  }
  for (const numbered of days) {
    tell(numbered, byId);
    receive(numbered, received);
  }
  for (const message of messages.values()) {
    const reply = firstAfter(received.get(message.conversation) ?? [], message.sentAt);
    if (reply !== undefined && reply <= message.sentAt + FUNNEL_WINDOW) message.reached |= REPLIED;
  }
  const again = next === undefined ? [] : [...messagesOf(next).keys()].filter((key) => messages.has(key));
  const all = [...messages.values()];
  const byReached = new Uint32Array(256);
  for (const { reached } of all) byReached[reached] = (byReached[reached] as number) + 1;
  return {
    conversation: Uint32Array.from(all, ({ conversation }) => conversation),
    reached: Uint8Array.from(all, ({ reached }) => reached),
    byReached,
    key: Float64Array.from(messages.keys()),
    again: new Set(again),
  };
}

/** A message may be there twice, by itself and by its status: the earlier moment is when it was sent. */
function messagesOf({ facts, numbers }: NumberedDay): Map<number, Message> {
  const { tracked, rows } = facts;
  const found = new Map<number, Message>();
  for (let mark = 0; mark < tracked.row.length; mark += 1) {
    const at = tracked.row[mark] as number;
    const id = tracked.value[mark] as number;
    const conversation = numbers.conversation[rows.conversation[at] as number] as number;
    if (conversation === 0) continue;
    const sentAt = facts.day * 86_400 + (rows.sentAt[at] as number);
    // A hash of 52 bits and a number: exact in a double.
    const key = id + conversation;
    const known = found.get(key);
    if (known === undefined) found.set(key, { id, conversation, sentAt, reached: 0 });
    else known.sentAt = Math.min(known.sentAt, sentAt);
  }
  return found;
}

function tell({ facts: { day, told } }: NumberedDay, byId: ReadonlyMap<number, readonly Message[]>): void {
  for (let at = 0; at < told.key.length; at += 1) {
    for (const message of byId.get(told.key[at] as number) ?? [])
      if (day * 86_400 + (told.at[at] as number) <= message.sentAt + FUNNEL_WINDOW) message.reached |= told.stage[at] as number;
  }
}

/** Adds when somebody wrote in these conversations, in order. */
function receive({ facts, numbers }: NumberedDay, received: ReadonlyMap<number, number[]>): void {
  const { rows, kinds, day, count } = facts;
  const writes = kindsBut(NO_REPLIES, kinds);
  for (let at = 0; at < count; at += 1) {
    if (((rows.flags[at] as number) & OUT) !== 0 || writes[rows.kind[at] as number] !== true) continue;
    received.get(numbers.conversation[rows.conversation[at] as number] as number)?.push(day * 86_400 + (rows.sentAt[at] as number));
  }
}

/** The first of `times`, which are in order, that is later than `moment`. */
function firstAfter(times: readonly number[], moment: number): number | undefined {
  let from = 0;
  let to = times.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((times[middle] as number) > moment) to = middle;
    else from = middle + 1;
  }
  return times[from];
}
