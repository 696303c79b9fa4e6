import { RESPONSE_WINDOW, SILENT_KINDS } from '../metrics/questions.js';
import { kindsBut } from './kinds.js';
import type { NumberedDay } from './numbered.js';

/** Stands for no response in time. */
export const NEVER = 0xffff_ffff;

/** First responses to requests, as the view `requests` defines them: places of the requests in their day, seconds or NEVER, who responded, and the response's place. */
export interface Responses {
  readonly at: Uint32Array;
  readonly wait: Uint32Array;
  readonly responder: Uint32Array;
  /** Counted on in the next day; of no meaning where there is none. */
  readonly first: Uint32Array;
}

/** Two days in a row as one line of places. */
interface Line {
  readonly sentAt: Float64Array;
  readonly person: Uint32Array;
  /** 0 for messages that nobody says anything with. */
  readonly conversation: Uint32Array;
  /** Hash of the message replied to, by place; absent where none is. */
  readonly replies: ReadonlyMap<number, number>;
}

/** Of each conversation, seen from its end: author and place of the following message, and place of the message that begins the turn after its own. */
let authorOf = new Uint32Array(1024);
let placeOf = new Int32Array(1024);
let turnOf = new Int32Array(1024);

/** Looks for the first responses to the requests of `day`, in it and in the channel's next day. */
export function firstResponses(day: NumberedDay, next: NumberedDay | undefined): Responses {
  const { requests } = day.facts;
  const found = {
    at: requests.row.slice(),
    wait: new Uint32Array(requests.row.length).fill(NEVER),
    responder: new Uint32Array(requests.row.length),
    first: new Uint32Array(requests.row.length),
  };
  if (requests.row.length === 0) return found;
  const line = lineOf(day, next);
  const repliesTo = explicitReplies(requests.value, line);
  forget(line.conversation);
  let request = requests.row.length - 1;
  for (let place = line.sentAt.length - 1; place >= 0; place -= 1) {
    const conversation = line.conversation[place] as number;
    const author = line.person[place] as number;
    const following = placeOf[conversation] as number;
    // Who writes again goes on with the same turn; a message without an author is a turn of its own.
    const turn = following < 0 ? -1 : authorOf[conversation] === author && author !== 0 ? (turnOf[conversation] as number) : following;
    if (request >= 0 && requests.row[request] === place) {
      const key = requests.value[request] as number;
      const first = responseTo(line, place, turn, key, repliesTo.get(key));
      if (first >= 0) {
        found.wait[request] = (line.sentAt[first] as number) - (line.sentAt[place] as number);
        found.responder[request] = line.person[first] as number;
        found.first[request] = first;
      }
      request -= 1;
    }
    authorOf[conversation] = author;
    placeOf[conversation] = place;
    turnOf[conversation] = turn;
  }
  return found;
}

/** Place of the first response to the request at `place`; -1 when there is none in time. */
function responseTo(line: Line, place: number, turn: number, key: number, replies: readonly number[] | undefined): number {
  const { sentAt, person } = line;
  const until = (sentAt[place] as number) + RESPONSE_WINDOW;
  const author = person[place] as number;
  let found = -1;
  for (const other of replies ?? []) {
    const who = person[other] as number;
    if (other <= place || (who === author && who !== 0) || (sentAt[other] as number) > until) continue;
    found = other;
    break;
  }
  if (turn < 0 || (sentAt[turn] as number) > until) return found;
  const repliesTo = line.replies.get(turn);
  return (repliesTo === undefined || repliesTo === key) && (found < 0 || turn < found) ? turn : found;
}

function lineOf(day: NumberedDay, next: NumberedDay | undefined): Line {
  const count = day.facts.count;
  const total = count + (next?.facts.count ?? 0);
  const line = {
    sentAt: new Float64Array(total),
    person: new Uint32Array(total),
    conversation: new Uint32Array(total),
    replies: new Map<number, number>(),
  };
  const add = ({ facts, numbers }: NumberedDay, offset: number) => {
    const { rows, replies } = facts;
    const says = kindsBut(SILENT_KINDS, facts.kinds);
    const isSaid = (at: number) => says[rows.kind[at] as number] === true;
    for (let at = 0; at < facts.count; at += 1) {
      line.sentAt[offset + at] = facts.day * 86_400 + (rows.sentAt[at] as number);
      line.person[offset + at] = numbers.person[rows.person[at] as number] as number;
      line.conversation[offset + at] = isSaid(at) ? (numbers.conversation[rows.conversation[at] as number] as number) : 0;
    }
    for (let index = 0; index < replies.row.length; index += 1) {
      const at = replies.row[index] as number;
      if (isSaid(at)) line.replies.set(offset + at, replies.value[index] as number);
    }
  };
  add(day, 0);
  if (next !== undefined) add(next, count);
  return line;
}

/** Makes room for these conversations, and knows nothing of them. */
function forget(conversations: Uint32Array): void {
  let size = placeOf.length;
  for (const conversation of conversations) while (conversation >= size) size *= 2;
  if (size > placeOf.length) {
    authorOf = new Uint32Array(size);
    turnOf = new Int32Array(size);
    placeOf = new Int32Array(size);
  }
  for (const conversation of conversations) placeOf[conversation] = -1;
}

/** Places of the messages that reply to a request, by the request's key, in order. */
function explicitReplies(requests: Float64Array, { replies }: Line): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let at = 0; at < requests.length; at += 1) found.set(requests[at] as number, []);
  for (const [place, key] of replies) found.get(key)?.push(place);
  return found;
}
