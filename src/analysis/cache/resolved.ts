import { COMPLAINT } from '../facts/day-facts.js';
import { RESPONSE_WINDOW } from '../metrics/questions.js';
import { areAlike } from '../text/meaning.js';
import type { NumberedDay } from './numbered.js';
import { NEVER, type Responses } from './responses.js';

/**
 * Which of a day's requests are resolved, as the view `requests` defines it: 1 for those answered after which the same person neither asked it again nor
 * complained, in that conversation and within the window; in step with `responses`. `next` is the channel's following day.
 */
export function resolvedAmong(day: NumberedDay, next: NumberedDay | undefined, { at, wait, first }: Responses): Uint8Array {
  const resolved = new Uint8Array(at.length);
  const talks = new Map<number, number[]>();
  for (let index = 0; index < at.length; index += 1) if (wait[index] !== NEVER) talks.set(talkAt(day, at[index] as number), []);
  if (talks.size === 0) return resolved;
  const days = next === undefined ? [day] : [day, next];
  for (const [which, one] of days.entries()) note(one, which === 0 ? 0 : day.facts.count, talks);
  const meanings = days.map(meaningsOf);
  const { count } = day.facts;
  const whose = (place: number) => (place < count ? day : (next as NumberedDay));
  const within = (place: number) => (place < count ? place : place - count);
  const sentAt = (place: number) => whose(place).facts.day * 86_400 + (whose(place).facts.rows.sentAt[within(place)] as number);
  const meant = (place: number) => meanings[place < count ? 0 : 1]?.(within(place)) ?? NOTHING;
  for (let index = 0; index < at.length; index += 1) {
    if (wait[index] === NEVER) continue;
    const asked = at[index] as number;
    const until = sentAt(asked) + RESPONSE_WINDOW;
    const trouble = talks
      .get(talkAt(day, asked))
      ?.some(
        (place) =>
          place > (first[index] as number) &&
          sentAt(place) <= until &&
          (((whose(place).facts.rows.flags[within(place)] as number) & COMPLAINT) !== 0 || sameMeaning(meant(asked), meant(place))),
      );
    resolved[index] = trouble === true ? 0 : 1;
  }
  return resolved;
}

/** A person's part of a conversation. */
const talkAt = ({ facts: { rows }, numbers }: NumberedDay, at: number): number =>
  (numbers.person[rows.person[at] as number] as number) * 2 ** 26 + (numbers.conversation[rows.conversation[at] as number] as number);

/** Adds the places of what is asked and complained of in these talks, each place once, counted from `offset`. */
function note(day: NumberedDay, offset: number, talks: ReadonlyMap<number, number[]>): void {
  const { rows, requests, count } = day.facts;
  const asks = new Set(requests.row);
  for (let at = 0; at < count; at += 1)
    if (((rows.flags[at] as number) & COMPLAINT) !== 0 || asks.has(at)) talks.get(talkAt(day, at))?.push(offset + at);
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
