import { HOUR_MASK, KIND_SHIFT } from '../cache/block.js';
import { dateOfDay, startOfBucket } from '../calendar.js';
import { where } from '../statement.js';
import type { Visitor } from '../tally/tally.js';
import type { Cell } from '../types.js';
import { byText, column, type CountRequest, type PanelSpec, plain } from './panel.js';
import { most } from './most.js';
import { bucketColumn, bucketOfRow } from './time.js';

const KINDS_SHOWN = 30;

export const KINDS: PanelSpec = {
  id: 'kinds',
  columns: () => [column('kind', 'key', 'kind'), column('messages', 'count')],
  count: () =>
    plain(({ tally: { byKind }, request: { snapshot } }) =>
      most(byKind, KINDS_SHOWN, (kind) => snapshot.names.kinds.values[kind] ?? '').map(({ text, count }) => [text, count]),
    ),
  sql: ({ filters, range, zone }) => `SELECT kind, count(*) AS messages
FROM activity
${where(filters, range, zone)}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${KINDS_SHOWN}`,
};

/** Kinds that have a part of their own in the series; the others share one. */
const STACKED = 6;

/** Counts by bucket and kind, as blocks are seen. */
function byBucketAndKind({ bucket, selection }: CountRequest): {
  readonly visitor: Visitor;
  readonly cells: Map<string | number, Uint32Array>;
} {
  const cells = new Map<string | number, Uint32Array>();
  const add = (start: string | number, slot: number, count: number): void => {
    let kinds = cells.get(start);
    if (kinds === undefined) cells.set(start, (kinds = new Uint32Array(2 ** (16 - KIND_SHIFT))));
    kinds[slot >> KIND_SHIFT] = (kinds[slot >> KIND_SHIFT] as number) + count;
  };
  const visitor: Visitor = {
    block({ day, slot, slots }, passing) {
      const date = bucket === 'hour' ? '' : dateOfDay(startOfBucket(bucket, day));
      const startOf = (which: number) => (bucket === 'hour' ? which & HOUR_MASK : date);
      const rows = selection.people === null && selection.conversations === null ? null : passing.rows;
      if (rows !== null) {
        for (let at = 0; at < rows.length; at += 1) add(startOf(slot[rows[at] as number] as number), slot[rows[at] as number] as number, 1);
        return;
      }
      for (let at = 0; at < slots.value.length; at += 1) {
        const which = slots.value[at] as number;
        if (selection.slots === null || selection.slots[which] === 1) add(startOf(which), which, slots.count[at] as number);
      }
    },
  };
  return { visitor, cells };
}

/** The series again, by kind: the most frequent kinds, and a part without a name for the others. */
export const SERIES_KINDS: PanelSpec = {
  id: 'series-kinds',
  aside: true,
  columns: (request) => [bucketColumn(request), column('kind', 'key', 'kind'), column('messages', 'count')],
  count: (request) => {
    const { visitor, cells } = byBucketAndKind(request);
    return {
      visitor,
      counts: () => [cells],
      rows: ({ tally: { byKind }, request: { snapshot } }) => {
        const nameOf = (kind: number) => snapshot.names.kinds.values[kind] ?? '';
        const named = most(byKind, STACKED, nameOf).sort((a, b) => byText(a.text, b.text));
        const inOrder = [...cells].sort(([a], [b]) => (typeof a === 'number' ? a - Number(b) : byText(a, String(b))));
        return inOrder.flatMap(([start, kinds]) => {
          const own = named.map(({ number, text }): [string, number] => [text, kinds[number] as number]);
          const others = kinds.reduce((sum, count) => sum + count, 0) - own.reduce((sum, [, count]) => sum + count, 0);
          return [...own, [null, others] as const].flatMap(([kind, count]): Cell[][] => (count === 0 ? [] : [[start, kind, count]]));
        });
      },
    };
  },
  sql: (request) => {
    const { filters, range, zone } = request;
    return `SELECT ${bucketOfRow(request)} AS "${bucketColumn(request).name}", m.most AS kind, count(*) AS messages
FROM activity
LEFT JOIN (SELECT kind AS most FROM activity
${where(filters, range, zone, 'kind IS NOT NULL')}
GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${STACKED}) m ON m.most = kind
${where(filters, range, zone)}
GROUP BY 1, 2 ORDER BY 1, 2`;
  },
};
