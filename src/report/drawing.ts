import { bucketStarts, dateOfDay } from '../analysis/calendar.js';
import { type Cut, cutOf } from '../analysis/cut.js';
import type { Cell, ColumnKind, Panel, PanelColumn, Range } from '../analysis/types.js';

/** Values along time or a cycle: parts one on the other, or, where they are not parts of one whole, as lines. */
export interface Columns {
  readonly as: 'columns';
  readonly lines: boolean;
  readonly column: PanelColumn;
  readonly along: readonly Cell[];
  /** In step with `along`: what the range leaves of a week or month, where that is not all. */
  readonly cuts: readonly (Cut | null)[];
  readonly measure: PanelColumn;
  readonly parts: readonly { readonly name: string; readonly kind: ColumnKind; readonly values: readonly (number | null)[] }[];
}

/** A number by two things. */
export interface Grid {
  readonly as: 'grid';
  readonly down: PanelColumn;
  readonly across: PanelColumn;
  readonly rows: readonly Cell[];
  readonly columns: readonly Cell[];
  readonly measure: PanelColumn;
  readonly values: readonly (readonly (number | null)[])[];
}

export interface BarRow {
  /** One, or a thing and its kind. */
  readonly label: readonly Cell[];
  readonly value: number;
  readonly aside: Cell;
  /** In step with the names of the parts. */
  readonly parts?: readonly number[];
}

/** Things with a number each, and perhaps another. */
export interface Bars {
  readonly as: 'bars';
  readonly label: PanelColumn;
  readonly measure: PanelColumn;
  readonly aside: PanelColumn | undefined;
  /** What a bar is made of, where it is. */
  readonly parts: { readonly column: PanelColumn; readonly names: readonly Cell[] } | undefined;
  readonly rows: readonly BarRow[];
}

/** Several numbers of each thing. */
export interface Table {
  readonly as: 'table';
  readonly columns: readonly PanelColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Drawing = Columns | Grid | Bars | Table;

const NUMERIC: ReadonlySet<ColumnKind> = new Set(['count', 'share', 'seconds', 'number', 'rate']);
/** What counts beside it are there for. */
const RATIOS: ReadonlySet<ColumnKind> = new Set(['share', 'rate']);
const ALONG: ReadonlySet<ColumnKind> = new Set(['date', 'week', 'month', 'hour', 'weekday']);
/** Buckets that fit side by side. */
const MOST_ALONG = 100;
/** Panels whose numbers are parts of one whole. */
const WHOLES: ReadonlySet<string> = new Set(['newcomers']);
/** Key of what has none. */
const NO_PART = 'none';
/** Parts that a bar is still readable with. */
const MOST_PARTS = 4;
/** Shares of one thing that a bar cannot show together. */
const SEVERAL = 2;
export const isNumeric = ({ kind }: PanelColumn): boolean => NUMERIC.has(kind);
const numberIn = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null);

/** How a panel is drawn, by the kinds of its columns; null when it has no numbers. */
export function drawingOf(panel: Panel, range: Range): Drawing | null {
  const [first, second] = panel.columns;
  const measures = panel.columns.map((column, at) => ({ column, at })).filter(({ column }) => isNumeric(column));
  if (first === undefined || measures.length === 0 || panel.rows.length === 0) return null;
  if (measures.filter(({ column: { kind } }) => kind === 'share').length >= SEVERAL)
    return { as: 'table', columns: panel.columns, rows: panel.rows };
  if (first.kind === 'weekday' && second?.kind === 'hour') return gridOf(panel, measures[0]?.at ?? 2, cycle('weekday'), cycle('hour'));
  if (first.kind === 'key' && second !== undefined && ALONG.has(second.kind)) return drawingOf(firstSeries(panel), range);
  if (ALONG.has(first.kind) && second?.kind === 'number' && measures.length > 1) return gridOf(panel, measures[1]?.at ?? 2);
  return ALONG.has(first.kind) ? columnsOf(panel, range) : barsOf(panel);
}

/** What the buckets of a series are, by the unit that is its key. */
const UNITS: Readonly<Record<string, ColumnKind>> = { day: 'date', week: 'week', month: 'month' };

/** The rows of the first key that are few enough to draw, without it. */
function firstSeries(panel: Panel): Panel {
  const keys = distinct(panel.rows.map(([key]) => key ?? null));
  const rowsOf = (key: Cell | undefined) => panel.rows.filter(([own]) => own === key);
  const key = keys.find((one) => rowsOf(one).length <= MOST_ALONG) ?? keys.at(-1);
  const columns = panel.columns.slice(1).map((column, at) => (at === 0 ? { ...column, kind: UNITS[String(key)] ?? column.kind } : column));
  return { ...panel, columns, rows: rowsOf(key).map((row) => row.slice(1)) };
}

function cycle(kind: ColumnKind): readonly Cell[] | null {
  if (kind === 'hour') return Array.from({ length: 24 }, (_, hour) => hour);
  return kind === 'weekday' ? [1, 2, 3, 4, 5, 6, 7] : null;
}

/** Every bucket of a range, those without rows too. */
function bucketsOf(kind: ColumnKind, range: Range): readonly Cell[] | null {
  if (kind === 'date' || kind === 'week' || kind === 'month') return bucketStarts(kind === 'date' ? 'day' : kind, range).map(dateOfDay);
  return cycle(kind);
}

const distinct = (cells: readonly Cell[]): Cell[] => [...new Set(cells)];

function gridOf(panel: Panel, measure: number, rows?: readonly Cell[] | null, columns?: readonly Cell[] | null): Grid {
  const byPlace = new Map(panel.rows.map((row) => [`${row[0]} ${row[1]}`, numberIn(row[measure])]));
  const down = rows ?? distinct(panel.rows.map(([cell]) => cell ?? null));
  const across = columns ?? distinct(panel.rows.map(([, cell]) => cell ?? null)).sort((a, b) => Number(a) - Number(b));
  const missing = rows ? 0 : null;
  return {
    as: 'grid',
    down: panel.columns[0] as PanelColumn,
    across: panel.columns[1] as PanelColumn,
    rows: down,
    columns: across,
    measure: panel.columns[measure] as PanelColumn,
    values: down.map((row) => across.map((column) => byPlace.get(`${row} ${column}`) ?? missing)),
  };
}

function columnsOf(panel: Panel, range: Range): Columns {
  const column = panel.columns[0] as PanelColumn;
  const named = panel.columns.findIndex(({ kind }, at) => at > 0 && (kind === 'key' || kind === 'text'));
  const measures = panel.columns.map((one, at) => ({ one, at })).filter(({ one }) => isNumeric(one));
  const measure = (measures.find(({ one: { kind } }) => RATIOS.has(kind)) ?? measures[0]) as { one: PanelColumn; at: number };
  const present = distinct(panel.rows.map(([cell]) => cell ?? null));
  const buckets = bucketsOf(column.kind, range) ?? present;
  const along = present.every((cell) => buckets.includes(cell)) ? buckets : present;
  const place = new Map(along.map((cell, at) => [cell, at]));
  const blank = () => along.map((): number | null => (measure.one.kind === 'count' ? 0 : null));
  const parts = new Map<string, { name: string; kind: ColumnKind; values: (number | null)[] }>();
  const note = (name: string, kind: ColumnKind, row: readonly Cell[], at: number) => {
    const part = parts.get(name) ?? { name, kind, values: blank() };
    parts.set(name, part);
    part.values[place.get(row[0] ?? null) as number] = numberIn(row[at]);
  };
  for (const row of panel.rows) {
    if (named > 0) note(String(row[named]), 'key', row, measure.at);
    // Numbers of one kind share an axis.
    else for (const { one, at } of measures.filter(({ one: { kind } }) => kind === measure.one.kind)) note(one.label, 'text', row, at);
  }
  const lines = named < 0 && (RATIOS.has(measure.one.kind) || (parts.size > 1 && !WHOLES.has(panel.id)));
  const cuts = along.map((cell) => cutOf(column.kind, String(cell), range));
  return { as: 'columns', lines, column, along, cuts, measure: measure.one, parts: [...parts.values()] };
}

function barsOf(panel: Panel): Bars {
  const { columns } = panel;
  const [rate, count] = (['rate', 'count'] as const).map((one) => columns.findIndex(({ kind }) => kind === one)) as [number, number];
  const measure = rate >= 0 ? rate : count >= 0 ? count : columns.findIndex(isNumeric);
  const [first, second] = columns;
  if (first?.kind === 'key' && second?.kind === 'key' && columns[2]?.kind !== 'text') return keyedBars(panel, measure, second);
  const text = columns.findIndex(({ kind }) => kind === 'text');
  const label = text >= 0 ? text : columns.findIndex((column) => !isNumeric(column));
  const aside = columns.findIndex((column, at) => at > label && at !== measure && isNumeric(column));
  return {
    as: 'bars',
    label: columns[Math.max(label, 0)] as PanelColumn,
    measure: columns[measure] as PanelColumn,
    aside: columns[aside],
    parts: undefined,
    rows: panel.rows.map((row) => ({
      label: [row[label] ?? null],
      value: numberIn(row[measure]) ?? 0,
      aside: row[aside] ?? null,
    })),
  };
}

/** Bars by two keys: the second divides the bar when it has a few words, and stands beside the first when it has many or codes. */
function keyedBars(panel: Panel, measure: number, second: PanelColumn): Bars {
  const common = {
    as: 'bars',
    label: panel.columns[0] as PanelColumn,
    measure: panel.columns[measure] as PanelColumn,
    aside: undefined,
  } as const;
  const names = distinct(panel.rows.map((row) => row[1] ?? NO_PART));
  if (names.length > MOST_PARTS || names.some((name) => /^\d/.test(String(name)))) {
    const rows = panel.rows.map(([one = null, two = null, ...rest]) => ({
      label: two === null ? [one] : [one, two],
      value: numberIn(rest[measure - 2]) ?? 0,
      aside: null,
    }));
    return { ...common, parts: undefined, rows };
  }
  const rows = distinct(panel.rows.map(([label]) => label ?? null)).map((label) => {
    const own = panel.rows.filter(([one]) => one === label);
    const parts = names.map((name) =>
      own.reduce((sum, row) => sum + ((row[1] ?? NO_PART) === name ? (numberIn(row[measure]) ?? 0) : 0), 0),
    );
    return { label: [label], value: parts.reduce((sum, part) => sum + part, 0), aside: null, parts };
  });
  return { ...common, parts: { column: second, names }, rows };
}
