import { dateOfDay, startOfBucket } from '../calendar.js';
import { NEVER } from '../cache/responses.js';
import { RESPONSE_WINDOW } from '../metrics/questions.js';
import { where } from '../statement.js';
import { type Gathered, gather, medianOfGathered, put } from '../tally/median.js';
import { blocksIn } from '../tally/selection.js';
import type { Visitor } from '../tally/tally.js';
import type { Cell } from '../types.js';
import { most, share } from './most.js';
import { column, type PanelSpec, plain } from './panel.js';
import { isBot, personKey, personName } from './people.js';
import { daysColumn, daysSql } from './time.js';

/** Upper ends of the groups of response times, in seconds, not included but for the last. */
const GROUPS: readonly (readonly [name: string, below: number])[] = [
  ['10s', 10],
  ['1m', 60],
  ['10m', 600],
  ['1h', 3600],
  ['24h', RESPONSE_WINDOW + 1],
];
const NEVER_GROUP = 'never';

/** Questions by how long the first response took, and whether a bot or a person gave it. */
export const RESPONSE: PanelSpec = {
  id: 'response',
  columns: () => [column('within', 'key'), column('by', 'key'), column('questions', 'count')],
  count: () =>
    plain(({ tally: { questions } }) => {
      const rows: Cell[][] = [];
      let from = 0;
      for (const [name, below] of GROUPS) {
        for (const [by, counts] of [
          ['bot', questions.byBot],
          ['person', questions.byPerson],
        ] as const) {
          const count = counts.subarray(from, below).reduce((a, b) => a + b, 0);
          if (count > 0) rows.push([name, by, count]);
        }
        from = below;
      }
      if (questions.unanswered > 0) rows.push([NEVER_GROUP, null, questions.unanswered]);
      return rows;
    }),
  sql: ({ filters, range, zone }) => `SELECT within, "by", questions FROM (
  SELECT min(place) AS place, within, "by", count(*) AS questions FROM (
    SELECT CASE WHEN responder_is_bot THEN 'bot' WHEN NOT responder_is_bot THEN 'person' END AS "by",
      CASE WHEN response_seconds IS NULL THEN '${NEVER_GROUP}'${GROUPS.map(([name, below]) => ` WHEN response_seconds < ${below} THEN '${name}'`).join('')} END AS within,
      CASE WHEN response_seconds IS NULL THEN ${GROUPS.length}${GROUPS.map(([, below], at) => ` WHEN response_seconds < ${below} THEN ${at}`).join('')} END AS place
    FROM questions
${where(filters, range, zone)}) timed
  GROUP BY within, "by") counted
ORDER BY place, "by"`,
};

/** Questions answered within the target, by bucket. */
export const TARGET: PanelSpec = {
  id: 'target',
  columns: (request) => [daysColumn(request), column('questions', 'count'), column('met', 'count'), column('share', 'share')],
  count: ({ bucket, targetMinutes }) => {
    const buckets = new Map<number, [questions: number, met: number]>();
    const visitor: Visitor = {
      block({ day, questions: { row, wait } }, { ok }) {
        const start = startOfBucket(bucket, day);
        let asked = 0;
        let met = 0;
        for (let at = 0; at < row.length; at += 1) {
          if (ok !== null && ok[row[at] as number] === 0) continue;
          asked += 1;
          if ((wait[at] as number) <= targetMinutes * 60) met += 1;
        }
        if (asked === 0) return;
        const known = buckets.get(start) ?? [0, 0];
        buckets.set(start, [known[0] + asked, known[1] + met]);
      },
    };
    return {
      visitor,
      counts: () => [buckets],
      rows: () => [...buckets].sort(([a], [b]) => a - b).map(([start, [asked, met]]) => [dateOfDay(start), asked, met, share(met, asked)]),
    };
  },
  sql: (request) => {
    const { filters, range, zone, targetMinutes } = request;
    const met = `response_seconds <= ${Math.floor(targetMinutes * 60)}`;
    return `SELECT ${daysSql(request)} AS "${daysColumn(request).name}", count(*) AS questions,
  count(CASE WHEN ${met} THEN 1 END) AS met, avg(CASE WHEN ${met} THEN 1e0 ELSE 0e0 END) AS share
FROM questions
${where(filters, range, zone)}
GROUP BY 1 ORDER BY 1`;
  },
};

const RESPONDERS_SHOWN = 20;

/** Who gives first responses, how many, and the median time it took. */
export const RESPONDERS: PanelSpec = {
  id: 'responders',
  columns: () => [
    column('person', 'key', 'person'),
    column('name', 'text'),
    column('bot', 'key'),
    column('answers', 'count'),
    column('median', 'seconds'),
  ],
  count: ({ snapshot, selection }) => {
    const asked = blocksIn(snapshot, selection).reduce((sum, { questions }) => sum + questions.row.length, 0);
    const waits = gather(asked);
    const responders = gather(asked);
    const visitor: Visitor = {
      block({ questions }, { ok }) {
        const { row, wait, responder } = questions;
        for (let at = 0; at < row.length; at += 1) {
          if (wait[at] === NEVER || (ok !== null && ok[row[at] as number] === 0)) continue;
          put(waits, wait[at] as number);
          put(responders, responder[at] as number);
        }
      },
    };
    return {
      visitor,
      counts: () => [waits, responders],
      rows: ({ tally: { questions }, request: { snapshot } }) => {
        const shown = most(questions.byResponder, RESPONDERS_SHOWN, (number) => personKey(snapshot, number));
        const slotOf = new Uint8Array(snapshot.names.people.values.length);
        const times = shown.map(({ number, count }, at) => {
          slotOf[number] = at + 1;
          return gather(count);
        });
        for (let at = 0; at < waits.count; at += 1) {
          const slot = slotOf[responders.values[at] as number] as number;
          if (slot !== 0) put(times[slot - 1] as Gathered, waits.values[at] as number);
        }
        return shown.map(({ number, text, count }, at) => [
          text,
          personName(snapshot, number),
          isBot(snapshot, number),
          count,
          medianOfGathered(times[at] as Gathered),
        ]);
      },
    };
  },
  sql: ({ filters, range, zone }) => `WITH answered AS (
  SELECT responder, responder_is_bot, response_seconds,
    row_number() OVER (PARTITION BY responder ORDER BY response_seconds) AS place, count(*) OVER (PARTITION BY responder) AS answers
  FROM questions
${where(filters, range, zone, 'responder IS NOT NULL')}
)
SELECT a.responder AS person, max(p."name") AS "name", bool_or(a.responder_is_bot) AS bot, max(a.answers) AS answers,
  avg(CASE WHEN a.place IN ((a.answers + 1) / 2, (a.answers + 2) / 2) THEN CAST(a.response_seconds AS DOUBLE) END) AS "median"
FROM answered a LEFT JOIN people p ON p.person = a.responder
GROUP BY 1 ORDER BY 4 DESC, 1 LIMIT ${RESPONDERS_SHOWN}`,
};
