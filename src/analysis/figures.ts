import type { Snapshot } from './cache/snapshot.js';
import { share } from './panels/most.js';
import type { Request } from './panels/panel.js';
import { medianSql, where } from './statement.js';
import { IS_MEDIA } from './tally/media.js';
import { lastHourOf } from './tally/hours.js';
import { type Courses, resolvedShare } from './tally/sparks.js';
import { medianOf } from './tally/median.js';
import type { Tally } from './tally/tally.js';
import type { Figure, FigureId } from './types.js';

interface FigureSpec {
  readonly id: FigureId;
  readonly kind: Figure['kind'];
  readonly good: Figure['good'];
  readonly value: (tally: Tally, snapshot: Snapshot) => number | null;
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

/** Every figure, in the order they are shown. */
export const FIGURES: readonly FigureSpec[] = [
  {
    id: 'messages',
    kind: 'count',
    good: 1,
    value: ({ messages }) => messages,
    sql: over('activity', 'count(*)'),
  },
  {
    id: 'people',
    kind: 'count',
    good: 1,
    value: ({ byPerson }, snapshot) => countOf(byPerson, (at) => snapshot.humans[at] === 1),
    sql: over('activity', 'count(DISTINCT person)', 'NOT is_bot'),
  },
  {
    id: 'conversations',
    kind: 'count',
    good: 0,
    value: ({ talks }) => countOf(talks.rows),
    sql: over('activity', 'count(DISTINCT conversation)'),
  },
  {
    id: 'newPeople',
    kind: 'count',
    good: 1,
    value: ({ byPerson, selection }, snapshot) =>
      countOf(byPerson, (at) => snapshot.humans[at] === 1 && (snapshot.firstDay[at] as number) >= selection.from),
    sql: ({ filters, range, zone }) => `SELECT count(DISTINCT a.person) AS value FROM (SELECT * FROM activity
${where(filters, range, zone, 'NOT is_bot')}) a
JOIN people p ON p.person = a.person AND p.first_date >= DATE '${range.from}'`,
  },
  {
    id: 'questions',
    kind: 'count',
    good: 0,
    value: ({ questions }) => questions.count,
    sql: over('questions', 'count(*)'),
  },
  {
    id: 'medianResponse',
    kind: 'seconds',
    good: -1,
    value: ({ questions }) => medianOf(questions.byPerson, questions.byBot),
    sql: ({ filters, range, zone }) =>
      `WITH answered AS (SELECT response_seconds FROM questions\n${where(filters, range, zone)})\nSELECT (${medianSql('response_seconds', 'answered')}) AS value`,
  },
  {
    id: 'unanswered',
    kind: 'count',
    good: -1,
    value: ({ questions }) => questions.unanswered,
    sql: over('questions', 'count(*)', 'response_seconds IS NULL'),
  },
  {
    id: 'resolvedShare',
    kind: 'share',
    good: 1,
    value: ({ questions: { count, unanswered, resolved } }) => resolvedShare(resolved, count, unanswered),
    sql: over('questions', 'CASE WHEN count(response_seconds) > 0 THEN avg(CASE WHEN resolved THEN 1e0 ELSE 0e0 END) END'),
  },
  {
    id: 'mediaShare',
    kind: 'share',
    good: 0,
    value: ({ media, messages }) => share(media, messages),
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
  readonly courses: Courses;
  /** As in the view. */
  readonly underway: boolean;
  readonly words: Readonly<Record<FigureId, FigureWords>>;
}

export function figuresOf(request: Request, { tally, before, courses, underway, words }: FiguresFrom): Figure[] {
  const { snapshot } = request;
  // What is still to come of a day is not nothing.
  const last = underway ? lastHourOf(snapshot, request.selection.to) : Infinity;
  return FIGURES.map(({ id, kind, good, value, sql }): Figure => {
    const now = value(tally, snapshot);
    const none = now === null ? words[id].none : undefined;
    return {
      id,
      label: words[id].label,
      kind,
      value: now,
      before: before === null ? null : value(before, snapshot),
      good,
      spark: courses[id].map((one, at) => (at > last ? null : one)),
      ...(none !== undefined && { note: none }),
      sql: sql(request),
    };
  });
}
