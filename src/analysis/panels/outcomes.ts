import { NEVER } from '../cache/responses.js';
import { topicLabel } from '../metrics/topics.js';
import { where } from '../statement.js';
import type { Counts } from '../tally/counts.js';
import { type Gathered, gather, medianOfGathered, put } from '../tally/median.js';
import type { Visitor } from '../tally/tally.js';
import type { Cell } from '../types.js';
import { most, share } from './most.js';
import { column, type ColumnSpec, type PanelSpec, type Request } from './panel.js';
import { topicCells, topicOrder } from './topic.js';

const SHOWN = 30;

/** What came of requests of several kinds, by a kind's number. */
interface Outcomes {
  readonly asked: Uint32Array;
  readonly resolved: Uint32Array;
  /** Seconds to each answer, and in step with them what kind was answered. */
  readonly waits: Gathered;
  readonly kinds: Gathered;
}

const newOutcomes = (size: number): Outcomes => ({
  asked: new Uint32Array(size),
  resolved: new Uint32Array(size),
  waits: gather(),
  kinds: gather(),
});

const countsIn = ({ asked, resolved, waits, kinds }: Outcomes): Counts => [asked, resolved, waits, kinds];

function note({ asked, resolved, waits, kinds }: Outcomes, kind: number, wait: number, helped: number): void {
  asked[kind] = (asked[kind] as number) + 1;
  if (wait === NEVER) return;
  put(waits, wait);
  put(kinds, kind);
  resolved[kind] = (resolved[kind] as number) + helped;
}

/** The kinds asked most: what each is called, then its requests, share answered, median seconds, share resolved. `orderOf` orders kinds asked alike. */
function rowsOf(
  { asked, resolved, waits, kinds }: Outcomes,
  orderOf: (kind: number) => string,
  cellsOf: (kind: number) => readonly Cell[],
): Cell[][] {
  const shown = most(asked, SHOWN, orderOf);
  const placeOf = new Map(shown.map(({ number }, at) => [number, at]));
  const times = shown.map(() => gather());
  for (let at = 0; at < waits.count; at += 1) {
    const place = placeOf.get(kinds.values[at] as number);
    if (place !== undefined) put(times[place] as Gathered, waits.values[at] as number);
  }
  return shown.map(({ number, count }, at) => {
    const answered = (times[at] as Gathered).count;
    return [
      ...cellsOf(number),
      count,
      share(answered, count),
      medianOfGathered(times[at] as Gathered),
      answered === 0 ? null : share(resolved[number] as number, count),
    ];
  });
}

const OUTCOME_COLUMNS: readonly ColumnSpec[] = [column('answered', 'share'), column('median', 'seconds'), column('resolved', 'share')];

/** The same rows of a relation with `keys`, `response_seconds` and `resolved`. */
const outcomesSql = (keys: readonly string[], counted: string, relation: string): string => {
  const by = keys.join(', ');
  return `SELECT ${by}, count(*) AS ${counted}, avg(CASE WHEN response_seconds IS NULL THEN 0e0 ELSE 1e0 END) AS answered,
  avg(CASE WHEN place IN ((answers + 1) / 2, (answers + 2) / 2) THEN CAST(response_seconds AS DOUBLE) END) AS "median",
  CASE WHEN count(response_seconds) > 0 THEN avg(CASE WHEN resolved THEN 1e0 ELSE 0e0 END) END AS resolved
FROM (
  SELECT ${by}, response_seconds, resolved, row_number() OVER (PARTITION BY ${by} ORDER BY response_seconds NULLS LAST) AS place,
    count(response_seconds) OVER (PARTITION BY ${by}) AS answers
  FROM ${relation}
) asked
GROUP BY ${by} ORDER BY ${keys.length + 1} DESC, ${by} LIMIT ${SHOWN}`;
};

const reached = ({ filters, range, zone }: Request, ...more: string[]) => where(filters, range, zone, ...more);

/** How each bot command is answered: by whom ever, as a question would be. */
export const COMMAND_OUTCOMES: PanelSpec = {
  id: 'command-outcomes',
  columns: () => [column('command', 'text'), column('requests', 'count'), ...OUTCOME_COLUMNS],
  count: ({ snapshot }) => {
    const outcomes = newOutcomes(snapshot.sizes.commands);
    const visitor: Visitor = {
      block({ commands: { row, value, asked, wait, resolved } }, { ok }) {
        for (let at = 0; at < row.length; at += 1) {
          if (asked[at] === 0 || (ok !== null && ok[row[at] as number] === 0)) continue;
          note(outcomes, value[at] as number, wait[at] as number, resolved[at] as number);
        }
      },
    };
    return {
      visitor,
      counts: () => countsIn(outcomes),
      rows: ({ request: { snapshot } }) => {
        const nameOf = (number: number) => snapshot.names.commands.values[number] ?? '';
        return rowsOf(outcomes, nameOf, (number) => [nameOf(number)]);
      },
    };
  },
  sql: (request) =>
    outcomesSql(
      ['command'],
      'requests',
      `(SELECT lower(given) AS command, response_seconds, resolved
    FROM (SELECT commands, response_seconds, resolved FROM requests
${reached(request)}) asked
    CROSS JOIN UNNEST(commands) AS t(given)) commanded`,
    ),
};

/** How the questions of each forum topic are answered. */
export const TOPIC_OUTCOMES: PanelSpec = {
  id: 'topic-outcomes',
  columns: () => [column('conversation', 'key', 'conversation'), column('topic', 'text'), column('questions', 'count'), ...OUTCOME_COLUMNS],
  count: ({ snapshot }) => {
    const outcomes = newOutcomes(snapshot.sizes.topics);
    const visitor: Visitor = {
      block({ topics, questions: { row, topic, wait, resolved } }, { ok }) {
        if (topics.row.length === 0) return;
        for (let at = 0; at < row.length; at += 1) {
          if (topic[at] === 0 || (ok !== null && ok[row[at] as number] === 0)) continue;
          note(outcomes, topic[at] as number, wait[at] as number, resolved[at] as number);
        }
      },
    };
    return {
      visitor,
      counts: () => countsIn(outcomes),
      rows: ({ request: { snapshot } }) =>
        rowsOf(
          outcomes,
          (number) => topicOrder(snapshot, number),
          (number) => topicCells(snapshot, number),
        ),
    };
  },
  sql: (
    request,
  ) => `SELECT o.conversation, ${topicLabel('n."name"', 'o.topic')} AS topic, o.questions, o.answered, o."median", o.resolved FROM (
${outcomesSql(
  ['conversation', 'topic'],
  'questions',
  `questions
${reached(request, 'topic IS NOT NULL')}`,
)}) o LEFT JOIN topics n ON n.conversation = o.conversation AND n.topic = o.topic
ORDER BY 3 DESC, 1, o.topic`,
};
