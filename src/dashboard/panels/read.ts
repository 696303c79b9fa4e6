import type { Cell, Panel, PanelColumn, Range } from '../../analysis/types.js';
import { isNumeric } from '../format/cell.js';
import { addDays, mondayOf } from '../format/date.js';

/** How a panel is drawn. */
export type Drawing =
  | 'columns'
  /** Columns in pieces, by one thing or another. */
  | 'stacked'
  | 'lines'
  /** Columns up and down from a line in the middle. */
  | 'change'
  /** Columns of one unit of time out of several. */
  | 'units'
  | 'bars'
  /** Bars in pieces. */
  | 'parts'
  /** Bars behind long texts. */
  | 'wash'
  | 'heat'
  | 'grid'
  | 'table';

const ALONG: ReadonlySet<PanelColumn['kind']> = new Set(['date', 'week', 'month', 'time', 'hour', 'weekday']);

const has = (panel: Panel, kind: PanelColumn['kind']): boolean => panel.columns.some((column) => column.kind === kind);

/** The drawing that fits the kinds of a panel's columns. */
export function drawingFor(panel: Panel): Drawing {
  const first = panel.columns[0];
  if (first === undefined || !panel.columns.some(isNumeric)) return 'table';
  if (has(panel, 'hour') && has(panel, 'weekday')) return 'heat';
  if (ALONG.has(first.kind)) return valuesOf(panel).every(({ kind }) => kind !== 'count') ? 'lines' : 'columns';
  return 'bars';
}

export const indexOf = (panel: Panel, test: (column: PanelColumn) => boolean): number => panel.columns.findIndex(test);

/** Columns of numbers, in order. */
export const valuesOf = (panel: Panel): readonly PanelColumn[] => panel.columns.filter(isNumeric);

export interface Pivot {
  /** The values along the axis, in the order of the rows. */
  readonly along: readonly Cell[];
  readonly column: PanelColumn;
  readonly parts: readonly {
    readonly name: string;
    /** The column whose cells it shows, and the key that chose its rows when a column did. */
    readonly column: PanelColumn;
    readonly key: Cell | undefined;
    readonly keyColumn: PanelColumn | undefined;
    readonly values: readonly (number | null)[];
  }[];
}

const number = (cell: Cell | undefined): number | null =>
  typeof cell === 'number' ? cell : cell === null || cell === undefined ? null : Number(cell);

/** Beyond this many buckets gaps are not worth drawing. */
const MOST = 1200;

/** Every bucket of a range in order, those without rows too; null for what has no order of its own. */
function bucketsIn({ kind }: PanelColumn, range: Range | null): readonly Cell[] | null {
  if (kind === 'hour') return Array.from({ length: 24 }, (_, hour) => hour);
  if (kind === 'weekday') return Array.from({ length: 7 }, (_, day) => day + 1);
  if (range === null || (kind !== 'date' && kind !== 'week' && kind !== 'month')) return null;
  const buckets: string[] = [];
  let at = kind === 'month' ? `${range.from.slice(0, 7)}-01` : kind === 'week' ? mondayOf(range.from) : range.from;
  while (at <= range.to && buckets.length < MOST) {
    buckets.push(at);
    at = kind === 'month' ? `${addDays(at, 31).slice(0, 7)}-01` : addDays(at, kind === 'week' ? 7 : 1);
  }
  return buckets;
}

/**
 * Rows as parts along the first column: a column of names makes a part of each name, and several columns of numbers a
 * part each. Buckets of `range` that have no row are there too.
 */
export function pivot(panel: Panel, range: Range | null = null): Pivot {
  const column = panel.columns[0] as PanelColumn;
  const named = panel.columns.findIndex(({ kind }, index) => index > 0 && (kind === 'key' || kind === 'text'));
  const present = new Map(panel.rows.map((row) => [String(row[0]), row[0] ?? null]));
  const buckets = bucketsIn(column, range) ?? [];
  const known = new Set(buckets.map(String));
  const along = [...present.keys()].every((key) => known.has(key)) ? buckets : [...present.values()];
  const place = new Map(along.map((value, index) => [String(value), index]));
  const counted = valuesOf(panel).every(({ kind }) => kind === 'count');
  const blank = () => along.map((): number | null => (counted ? 0 : null));
  const numeric = panel.columns.map((one, index) => ({ one, index })).filter(({ one }) => isNumeric(one));
  if (named < 0) {
    const parts = numeric.map(({ one, index }) => {
      const values = blank();
      for (const row of panel.rows) values[place.get(String(row[0])) as number] = number(row[index]);
      return { name: one.name, column: one, key: undefined, keyColumn: undefined, values };
    });
    return { along, column, parts };
  }
  const keyColumn = panel.columns[named] as PanelColumn;
  const measure = numeric[0] as { one: PanelColumn; index: number };
  const keys = new Map<string, { key: Cell; values: (number | null)[] }>();
  for (const row of panel.rows) {
    const key = row[named] ?? null;
    let found = keys.get(String(key));
    if (found === undefined) {
      found = { key, values: blank() };
      keys.set(String(key), found);
    }
    found.values[place.get(String(row[0])) as number] = number(row[measure.index]);
  }
  const parts = [...keys].map(([name, { key, values }]) => ({ name, column: measure.one, key, keyColumn, values }));
  return { along, column, parts };
}

export interface Rows {
  readonly label: PanelColumn;
  readonly labelIndex: number;
  /** The column whose value a click filters by. */
  readonly key: PanelColumn | undefined;
  readonly keyIndex: number;
  readonly value: PanelColumn;
  readonly valueIndex: number;
  /** A second number worth a place beside the first. */
  readonly aside: PanelColumn | undefined;
  readonly asideIndex: number;
}

/** Which columns of a panel are the name, the bar and the number beside it. */
export function rowsOf(panel: Panel): Rows {
  const { columns } = panel;
  const text = indexOf(panel, ({ kind }) => kind === 'text');
  const key = indexOf(panel, ({ filter }) => filter !== undefined);
  const named = text >= 0 ? text : Math.max(key, 0);
  const [rate, count] = (['rate', 'count'] as const).map((one) => indexOf(panel, ({ kind }) => kind === one)) as [number, number];
  const value = rate >= 0 ? rate : count >= 0 ? count : indexOf(panel, isNumeric);
  const aside = columns.findIndex((column, index) => index !== value && isNumeric(column));
  return {
    label: columns[named] as PanelColumn,
    labelIndex: named,
    key: columns[key],
    keyIndex: key,
    value: columns[value] as PanelColumn,
    valueIndex: value,
    aside: columns[aside],
    asideIndex: aside,
  };
}

/** The cells of a panel by two of its columns. */
export function crossed(panel: Panel, row: number, column: number, value: number): Map<string, number | null> {
  return new Map(panel.rows.map((cells) => [`${cells[row]} ${cells[column]}`, number(cells[value])]));
}

/** The Monday of the week so many weeks after another. */
export const weekAfter = (monday: string, weeks: number): string => addDays(monday, 7 * weeks);

/** The last week that rows of a first week and weeks after it tell of: what would come later has not been yet. */
export const latestWeek = (rows: Panel['rows']): string =>
  rows.map(([monday, weeks]) => weekAfter(String(monday), Number(weeks))).reduce((last, week) => (week > last ? week : last), '');
