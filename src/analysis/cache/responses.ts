import { RESPONSE_WINDOW } from '../metrics/questions.js';
import type { Canon } from './block.js';
import { QUESTION, type Timeline } from './timeline.js';

/** The first response to a question, as the view `questions` defines it. */
export interface Response {
  /** Place of the question in its timeline. */
  readonly at: number;
  /** Seconds; NEVER without a response in time. */
  readonly wait: number;
  readonly responder: number;
}

const NEVER = 0xffff_ffff;

/** What comes next in a conversation, seen from its end. */
interface Ahead {
  /** Author of the following message. */
  author: number;
  /** Place of the message that begins the next turn after the following message's own; -1 when there is none. */
  turn: number;
  /** Place of the following message. */
  place: number;
}

/** First responses to the questions of `day`, looked for in it and in the channel's next day. */
export function firstResponses(day: Timeline, next: Timeline | undefined, canon: Canon): Response[] {
  const total = day.count + (next?.count ?? 0);
  const at = (place: number): [Timeline, number] => (place < day.count ? [day, place] : [next as Timeline, place - day.count]);
  const replies = explicitReplies(day, next);
  const ahead = new Map<number, Ahead>();
  const responses: Response[] = [];
  for (let place = total - 1; place >= 0; place -= 1) {
    const [line, row] = at(place);
    const conversation = canon.conversation(line.conversation[row] as number);
    const author = canon.person(line.person[row] as number);
    const known = ahead.get(conversation);
    // Who writes again goes on with the same turn; a message without an author is a turn of its own.
    const turn = known === undefined ? -1 : known.author === author && author !== 0 ? known.turn : known.place;
    if (place < day.count && ((line.flags[row] as number) & QUESTION) !== 0) {
      responses.push(responseTo(place, author, turn));
    }
    ahead.set(conversation, { author, turn, place });
  }
  return responses;

  function responseTo(place: number, author: number, turn: number): Response {
    const asked = day.sentAt[place] as number;
    const key = day.idKey[place] as number;
    const inTime = (other: number) => {
      const [line, row] = at(other);
      return (line.sentAt[row] as number) <= asked + RESPONSE_WINDOW;
    };
    const byReply = (replies.get(key) ?? []).find((other) => {
      const [line, row] = at(other);
      const person = canon.person(line.person[row] as number);
      return other > place && (person === 0 || author === 0 || person !== author) && inTime(other);
    });
    let found = byReply ?? -1;
    if (turn >= 0 && inTime(turn)) {
      const [line, row] = at(turn);
      const repliesTo = line.replyKey[row] as number;
      if ((repliesTo === 0 || repliesTo === key) && (found < 0 || turn < found)) found = turn;
    }
    if (found < 0) return { at: place, wait: NEVER, responder: 0 };
    const [line, row] = at(found);
    return { at: place, wait: (line.sentAt[row] as number) - asked, responder: canon.person(line.person[row] as number) };
  }
}

/** Places of the messages that reply to a question of `day`, by the question's key, in order. */
function explicitReplies(day: Timeline, next: Timeline | undefined): Map<number, number[]> {
  const replies = new Map<number, number[]>();
  for (let at = 0; at < day.count; at += 1) if (day.idKey[at] !== 0) replies.set(day.idKey[at] as number, []);
  const note = (line: Timeline, offset: number) => {
    for (let at = 0; at < line.count; at += 1) {
      const key = line.replyKey[at] as number;
      if (key !== 0) replies.get(key)?.push(at + offset);
    }
  };
  if (replies.size > 0) note(day, 0);
  if (replies.size > 0 && next) note(next, day.count);
  return replies;
}
