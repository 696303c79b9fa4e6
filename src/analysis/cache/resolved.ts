import { COMPLAINT } from '../facts/day-facts.js';
import { RESPONSE_WINDOW } from '../metrics/questions.js';
import { areAlike } from '../text/meaning.js';
import type { NumberedDay } from './numbered.js';
import { NEVER, type Responses } from './responses.js';

/** What one person asks and complains of in a conversation, in order: places, and of each complaint the place of what was asked last before it. */
interface Talk {
  readonly place: number[];
  /** -1 for what is no complaint, and a complaint of nothing. */
  readonly complainsOf: number[];
  asked: number;
}

/**
 * Which of a day's requests are resolved, as the view `requests` defines it: 1 for those answered after which the same person neither asked it again nor
 * complained of it, in that conversation and within the window; in step with `responses`. `next` is the channel's following day.
 */
export function resolvedAmong(day: NumberedDay, next: NumberedDay | undefined, { at, wait, first }: Responses): Uint8Array {
  const resolved = new Uint8Array(at.length);
  const talks = new Map<number, Talk>();
  for (let index = 0; index < at.length; index += 1)
    if (wait[index] !== NEVER) talks.set(talkAt(day, at[index] as number), { place: [], complainsOf: [], asked: -1 });
  if (talks.size === 0) return resolved;
  const { count } = day.facts;
  const days = next === undefined ? [day] : [day, next];
  for (const [which, one] of days.entries()) note(one, which * count, talks);
  const meanings = days.map(meaningsOf);
  const meant = (place: number) => (place < count ? meanings[0]?.(place) : meanings[1]?.(place - count)) ?? NOTHING;
  const sentAt = (place: number) => (place < count ? secondsAt(day, place) : secondsAt(next as NumberedDay, place - count));
  for (let index = 0; index < at.length; index += 1) {
    if (wait[index] === NEVER) continue;
    const asked = at[index] as number;
    const until = sentAt(asked) + RESPONSE_WINDOW;
    const { place, complainsOf } = talks.get(talkAt(day, asked)) as Talk;
    const trouble = place.some(
      (later, which) =>
        later > (first[index] as number) &&
        sentAt(later) <= until &&
        (complainsOf[which] === asked || sameMeaning(meant(asked), meant(later))),
    );
    resolved[index] = trouble ? 0 : 1;
  }
  return resolved;
}

const secondsAt = ({ facts: { day, rows } }: NumberedDay, at: number): number => day * 86_400 + (rows.sentAt[at] as number);

/** A person's part of a conversation. */
const talkAt = ({ facts: { rows }, numbers }: NumberedDay, at: number): number =>
  (numbers.person[rows.person[at] as number] as number) * 2 ** 26 + (numbers.conversation[rows.conversation[at] as number] as number);

/** Adds what is asked and complained of in these talks; places are counted from `offset`. */
function note(day: NumberedDay, offset: number, talks: ReadonlyMap<number, Talk>): void {
  const { rows, requests, count } = day.facts;
  const asks = new Set(requests.row);
  for (let at = 0; at < count; at += 1) {
    const complains = ((rows.flags[at] as number) & COMPLAINT) !== 0;
    if (!complains && !asks.has(at)) continue;
    const talk = talks.get(talkAt(day, at));
    if (talk === undefined) continue;
    talk.place.push(offset + at);
    talk.complainsOf.push(complains ? talk.asked : -1);
    if (asks.has(at)) talk.asked = offset + at;
  }
}

const NOTHING = new Float64Array();

/** The words of meaning of what is asked at a place. */
function meaningsOf({ facts: { rows, meanings, contents } }: NumberedDay): (at: number) => Float64Array {
  const { content, from, word } = meanings;
  const places = new Uint32Array(contents.key.length + 1);
  for (let place = 0; place < content.length; place += 1) places[content[place] as number] = place + 1;
  places[0] = 0;
  return (at) => {
    const place = places[rows.content[at] as number] as number;
    return place === 0 ? NOTHING : word.subarray(from[place - 1], from[place]);
  };
}

function sameMeaning(a: Float64Array, b: Float64Array): boolean {
  if (a.length === 0 || b.length === 0) return false;
  let both = 0;
  for (const word of a) if (b.includes(word)) both += 1;
  return areAlike(both, a.length, b.length);
}
