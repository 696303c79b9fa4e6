import { HOUR_MASK, KIND_SHIFT } from '../cache/block.js';
import type { Day } from '../calendar.js';
import { NEVER } from '../cache/responses.js';
import type { Countable } from '../cache/snapshot.js';
import { share } from '../panels/most.js';
import { mediaAmong } from './media.js';
import { gather, medianOfGathered, put } from './median.js';
import { resolvedShare, type Sparks } from './sparks.js';

const HOURS = 24;

/** The hour of a day's newest message, whatever the filters; -1 where there is none. */
export function lastHourOf({ blocks }: Countable, day: Day): number {
  const hours = blocks.filter((block) => block.day === day).flatMap(({ slots }) => Array.from(slots.value, (slot) => slot & HOUR_MASK));
  return Math.max(-1, ...hours);
}

/** Courses by the hours of one day. Who is new on it is so in the first hour in which they wrote. */
export function hourlySparks({ humans, firstDay, kinds }: Countable): Sparks {
  const media = mediaAmong(kinds);
  const hours = Array.from({ length: HOURS }, () => ({
    messages: 0,
    media: 0,
    people: new Set<number>(),
    conversations: new Set<number>(),
    questions: 0,
    unanswered: 0,
    resolved: 0,
    waits: gather(),
  }));
  type Hour = (typeof hours)[number];
  const firstHour = new Map<number, number>();
  return {
    visitor: {
      block({ day, count, slot, conversation, conversations, runs, questions }, { ok, rows }) {
        const passing = rows?.length ?? count;
        for (let at = 0, run = 0; at < passing; at += 1) {
          const row = rows === null ? at : (rows[at] as number);
          while ((runs.from[run + 1] as number) <= row) run += 1;
          const number = (slot[row] as number) & HOUR_MASK;
          const hour = hours[number] as Hour;
          hour.messages += 1;
          hour.media += media[(slot[row] as number) >> KIND_SHIFT] as number;
          const talk = conversations.value[conversation[row] as number] as number;
          if (talk !== 0) hour.conversations.add(talk);
          const person = runs.person[run] as number;
          if (humans[person] !== 1) continue;
          hour.people.add(person);
          if ((firstDay[person] as number) >= day) firstHour.set(person, Math.min(firstHour.get(person) ?? HOURS, number));
        }
        for (let at = 0; at < questions.row.length; at += 1) {
          const row = questions.row[at] as number;
          if (ok !== null && ok[row] === 0) continue;
          const hour = hours[(slot[row] as number) & HOUR_MASK] as Hour;
          hour.questions += 1;
          const wait = questions.wait[at] as number;
          if (wait === NEVER) {
            hour.unanswered += 1;
            continue;
          }
          hour.resolved += questions.resolved[at] as number;
          put(hour.waits, wait);
        }
      },
    },
    // A day is never counted in two threads.
    counts: () => [],
    courses() {
      const course = <T>(value: (hour: Hour) => T): T[] => hours.map(value);
      const arrived = new Uint32Array(HOURS);
      for (const hour of firstHour.values()) arrived[hour] = (arrived[hour] as number) + 1;
      return {
        messages: course((hour) => hour.messages),
        people: course(({ people }) => people.size),
        conversations: course(({ conversations }) => conversations.size),
        newPeople: [...arrived],
        questions: course((hour) => hour.questions),
        medianResponse: course(({ waits }) => medianOfGathered(waits)),
        unanswered: course((hour) => hour.unanswered),
        resolvedShare: course((hour) => resolvedShare(hour.resolved, hour.questions, hour.unanswered)),
        mediaShare: course((hour) => share(hour.media, hour.messages)),
      };
    },
  };
}
