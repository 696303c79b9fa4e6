import type { Snapshot } from './cache/snapshot.js';
import type { Day } from './calendar.js';
import type { Request } from './panels/panel.js';
import { medianSql, where } from './statement.js';
import { IS_MEDIA } from './tally/media.js';
import type { Sparks } from './tally/sparks.js';
import { medianOf } from './tally/median.js';
import { CHANNELS, type Tally } from './tally/tally.js';
import type { Figure } from './types.js';

export type FigureId =
  | 'messages'
  | 'people'
  | 'conversations'
  | 'newPeople'
  | 'questions'
  | 'medianResponse'
  | 'unanswered'
  | 'resolvedShare'
  | 'mediaShare';

type Series = ReturnType<Sparks['series']>;

interface FigureSpec {
  readonly id: FigureId;
  readonly kind: Figure['kind'];
  readonly good: Figure['good'];
  readonly value: (tally: Tally, snapshot: Snapshot) => number | null;
  /** The value of each bucket of the range, where these are days or longer. */
  readonly spark: (tally: Tally, series: Series) => readonly (number | null)[];
  /** The same by hour, where it is not the value of each. */
  readonly hourly?: (hours: readonly (Tally | null)[], snapshot: Snapshot) => readonly (number | null)[];
  /** One row, one column: the value. */
  readonly sql: (request: Request) => string;
}

const over =
  (from: 'activity' | 'questions', value: string, ...more: string[]) =>
  (request: Request): string =>
    `SELECT ${value} AS value FROM ${from}\n${where(request.filters, request.range, request.zone, ...more)}`;

const countOf = (counts: Uint32Array, keep: (number: number) => boolean = () => true): number => {
  let found = 0;
  for (let at = 1; at < counts.length; at += 1) if (counts[at] !== 0 && keep(at)) found += 1;
  return found;
};

const isNew = (person: number, from: Day, { humans, firstDay }: Snapshot): boolean =>
  humans[person] === 1 && (firstDay[person] as number) >= from;

/** Every figure, in the order they are shown. */
export const FIGURES: readonly FigureSpec[] = [
  {
    id: 'messages',
    kind: 'count',
    good: 1,
    value: ({ messages }) => messages,
    spark: ({ byDay }, { sums }) => sums(byDay, CHANNELS),
    sql: over('activity', 'count(*)'),
  },
  {
    id: 'people',
    kind: 'count',
    good: 1,
    value: ({ byPerson }, snapshot) => countOf(byPerson, (at) => snapshot.humans[at] === 1),
    spark: (_, { people }) => people,
    sql: over('activity', 'count(DISTINCT person)', 'NOT is_bot'),
  },
  {
    id: 'conversations',
    kind: 'count',
    good: 0,
    value: ({ talks }) => countOf(talks.rows),
    spark: (_, { conversations }) => conversations,
    sql: over('activity', 'count(DISTINCT conversation)'),
  },
  {
    id: 'newPeople',
    kind: 'count',
    good: 1,
    value: ({ byPerson, selection }, snapshot) => countOf(byPerson, (at) => isNew(at, selection.from, snapshot)),
    spark: (_, { newPeople }) => newPeople,
    // Who is new on a day is so in one hour of it: the first.
    hourly: (hours, snapshot) => {
      const known = new Set<number>();
      const arrives = (at: number) => !known.has(at) && known.add(at).has(at);
      return hours.map((tally) => tally && countOf(tally.byPerson, (at) => isNew(at, tally.selection.from, snapshot) && arrives(at)));
    },
    sql: ({ filters, range, zone }) => `SELECT count(DISTINCT a.person) AS value FROM (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot')}) a
JOIN people p ON p.person = a.person AND p.first_date >= DATE '${range.from}'`,
  },
  {
    id: 'questions',
    kind: 'count',
    good: 0,
    value: ({ questions }) => questions.count,
    spark: ({ questions }, { sums }) => sums(questions.byDay),
    sql: over('questions', 'count(*)'),
  },
  {
    id: 'medianResponse',
    kind: 'seconds',
    good: -1,
    value: ({ questions }) => medianOf(questions.byPerson, questions.byBot),
    spark: (_, { medians }) => medians,
    sql: ({ filters, range, zone }) =>
      `WITH answered AS (SELECT response_seconds FROM questions\n${where(filters, range, zone)})\nSELECT (${medianSql('response_seconds', 'answered')}) AS value`,
  },
  {
    id: 'unanswered',
    kind: 'count',
    good: -1,
    value: ({ questions }) => questions.unanswered,
    spark: ({ questions }, { sums }) => sums(questions.unansweredByDay),
    sql: over('questions', 'count(*)', 'response_seconds IS NULL'),
  },
  {
    id: 'resolvedShare',
    kind: 'share',
    good: 1,
    value: ({ questions: { count, unanswered, resolved } }) => (count === unanswered ? null : resolved / count),
    spark: ({ questions }, { sums }) => {
      const [asked, unanswered] = [sums(questions.byDay), sums(questions.unansweredByDay)];
      return sums(questions.resolvedByDay).map((resolved, at) => (asked[at] === unanswered[at] ? null : resolved / (asked[at] as number)));
    },
    sql: over('questions', 'CASE WHEN count(response_seconds) > 0 THEN avg(CASE WHEN resolved THEN 1e0 ELSE 0e0 END) END'),
  },
  {
    id: 'mediaShare',
    kind: 'share',
    good: 0,
    value: ({ media, messages }) => (messages === 0 ? null : media / messages),
    spark: ({ byDay, mediaByDay }, { sums }) => {
      const all = sums(byDay, CHANNELS);
      return sums(mediaByDay).map((media, at) => (all[at] === 0 ? null : media / (all[at] as number)));
    },
    sql: over('activity', `avg(CASE WHEN ${IS_MEDIA} THEN 1e0 ELSE 0e0 END)`),
  },
];

export interface FigureWords {
  readonly label: string;
  /** Why there is no value. */
  readonly none?: string;
}

/** What figures are made from. */
interface FiguresFrom {
  readonly tally: Tally;
  readonly before: Tally | null;
  readonly sparks: Sparks;
  /** Where the range is one day: its hours. */
  readonly hours: readonly (Tally | null)[] | null;
  readonly words: Readonly<Record<FigureId, FigureWords>>;
}

export function figuresOf(request: Request, { tally, before, sparks, hours, words }: FiguresFrom): Figure[] {
  const { snapshot } = request;
  const series = sparks.series(tally);
  return FIGURES.map(({ id, kind, good, value, spark, hourly, sql }): Figure => {
    const byHour = hourly ?? ((tallies) => tallies.map((one) => one && value(one, snapshot)));
    const now = value(tally, snapshot);
    const none = now === null ? words[id].none : undefined;
    return {
      id,
      label: words[id].label,
      kind,
      value: now,
      before: before === null ? null : value(before, snapshot),
      good,
      spark: hours === null ? spark(tally, series) : byHour(hours, snapshot),
      ...(none !== undefined && { note: none }),
      sql: sql(request),
    };
  });
}
