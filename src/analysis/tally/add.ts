import { addCounts, type Counts } from './counts.js';
import type { ActiveIn } from './people.js';
import type { Tally } from './tally.js';

/** Adds what was counted of the days before to what was counted of the others, which knows better of the week that both have. */
export function addBefore(tally: Tally, before: Tally): Tally {
  addCounts(countsIn(tally), countsIn(before));
  const { questions } = tally;
  questions.count += before.questions.count;
  questions.unanswered += before.questions.unanswered;
  questions.resolved += before.questions.resolved;
  tally.messages += before.messages;
  tally.media += before.media;
  const { day, week, month } = before.active;
  const { active } = tally;
  return { ...tally, active: { day: joined(day, active.day), week: joined(week, active.week), month: joined(month, active.month) } };
}

const countsIn = ({ talks, questions, ...tally }: Tally): Counts => [
  tally.byDay,
  tally.mediaByDay,
  tally.byKind,
  tally.byTime,
  tally.byHour,
  tally.byPerson,
  tally.charsByPerson,
  talks.rows,
  talks.conversations,
  questions.byDay,
  questions.unansweredByDay,
  questions.resolvedByDay,
  questions.byPerson,
  questions.byBot,
  questions.byResponder,
];

const joined = (before: readonly ActiveIn[], others: readonly ActiveIn[]): ActiveIn[] => {
  const start = others[0]?.start ?? Infinity;
  return [...before.filter((one) => one.start < start), ...others];
};
