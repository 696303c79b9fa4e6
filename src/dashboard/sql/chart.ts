import type { Cell, ColumnKind, Panel, PanelColumn } from '../../analysis/types.js';
import type { SqlView } from '../../server/api-types.js';

const NUMBER = /^(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w*INT|FLOAT|REAL|DOUBLE|DECIMAL.*)$/i;
const WHOLE = /^(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w*INT)$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOST = 2000;

/** A value as text: lists and objects as JSON. */
export const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const numbersOf = (rows: SqlView['rows'], index: number): number[] =>
  rows.flatMap((row) => (row[index] === null ? [] : [Number(row[index])]));
const within = (values: readonly number[], low: number, high: number): boolean =>
  values.length > 0 && values.every((value) => Number.isInteger(value) && value >= low && value <= high);

/** How a column is to be read, by its type, its name and what is in it. */
function kindOf(name: string, type: string, rows: SqlView['rows'], index: number): ColumnKind {
  const upper = type.toUpperCase();
  if (upper === 'DATE') return /month/i.test(name) ? 'month' : /week/i.test(name) ? 'week' : 'date';
  if (NUMBER.test(upper)) {
    const values = numbersOf(rows, index);
    if (/hour/i.test(name) && within(values, 0, 23)) return 'hour';
    if (/weekday|day_of_week|dow/i.test(name) && within(values, 1, 7)) return 'weekday';
    if (/share|percent|ratio/i.test(name) && values.every((value) => value >= 0 && value <= 1)) return 'share';
    if (/seconds/i.test(name)) return 'seconds';
    if (/(?:^|_)id$|year|^month|^week/i.test(name)) return 'text';
    return WHOLE.test(upper) && values.every((value) => value >= 0) ? 'count' : 'number';
  }
  const texts = rows.slice(0, 50).flatMap((row) => (row[index] === null ? [] : [plainText(row[index])]));
  return texts.length > 0 && texts.every((text) => DAY.test(text)) ? 'date' : 'text';
}

const cellOf = (kind: ColumnKind, value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (kind === 'text' || kind === 'date' || kind === 'week' || kind === 'month') return plainText(value);
  return Number(value);
};

const ALONG: ReadonlySet<ColumnKind> = new Set(['date', 'week', 'month', 'hour', 'weekday']);
const MEASURE: ReadonlySet<ColumnKind> = new Set(['count', 'number', 'share', 'seconds']);

interface Chosen {
  readonly columns: readonly (PanelColumn & { readonly index: number })[];
  /** Weekday by hour. */
  readonly field: boolean;
}

/** The columns a chart shows, in the order it reads them; null when no chart fits. */
function chosenOf({ columns, rows }: Pick<SqlView, 'columns' | 'rows'>): Chosen | null {
  const read = columns.map(({ name, type }, index) => ({ name, label: name, kind: kindOf(name, type, rows, index), index }));
  const measures = read.filter(({ kind }) => MEASURE.has(kind));
  const along = read.filter(({ kind }) => ALONG.has(kind));
  const names = read.filter(({ kind }) => kind === 'text');
  const [first] = measures;
  if (rows.length === 0 || first === undefined || along.length + names.length === 0) return null;
  const weekday = along.find(({ kind }) => kind === 'weekday');
  const hour = along.find(({ kind }) => kind === 'hour');
  if (weekday !== undefined && hour !== undefined) return { columns: [weekday, hour, first], field: true };
  if (along[0] === undefined) return { columns: [...names.slice(0, 1), ...measures.slice(0, 2)], field: false };
  return { columns: [along[0], ...names.slice(0, 1), ...(names.length > 0 ? [first] : measures.slice(0, 4))], field: false };
}

/** A result as a panel, its columns in the order a chart reads them, `titled` by their names; null when no chart fits. */
export function panelOf(
  { columns, rows, sql }: Pick<SqlView, 'columns' | 'rows'> & { readonly sql: string },
  titled: (measures: string, by: string) => string,
): Panel | null {
  const chosen = chosenOf({ columns, rows });
  if (chosen === null) return null;
  const cells = rows.slice(0, MOST).map((row) => chosen.columns.map(({ index, kind }) => cellOf(kind, row[index])));
  const inOrder = chosen.columns.some(({ kind }) => ALONG.has(kind)) && !chosen.field;
  const shown = inOrder ? [...cells].sort((a, b) => byFirst(a[0] ?? null, b[0] ?? null)) : cells;
  const named = (isMeasure: boolean) =>
    chosen.columns.flatMap(({ name, kind }) => (MEASURE.has(kind) === isMeasure ? [name] : [])).join(', ');
  const title = titled(named(true), named(false));
  return { id: 'sql', title, columns: chosen.columns.map(({ name, label, kind }) => ({ name, label, kind })), rows: shown, sql };
}

const byFirst = (a: Cell, b: Cell): number => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * A statement that sums a result for its field: cells of one weekday and hour may come from several weeks or months, which
 * the field does not show apart, and from rows that are not shown. Null where each cell has one row.
 */
export function summing({ columns, rows, truncated, sql }: SqlView & { readonly sql: string }): string | null {
  const chosen = chosenOf({ columns, rows });
  if (chosen?.field !== true) return null;
  const [weekday, hour, value] = chosen.columns as [PanelColumn & { index: number }, PanelColumn & { index: number }, PanelColumn];
  const cells = new Set(rows.map((row) => `${String(row[weekday.index])} ${String(row[hour.index])}`));
  if (cells.size === rows.length && !truncated) return null;
  const [by, and, of] = [weekday, hour, value].map(({ name }) => quoted(name));
  const inner = sql.replace(/[\s;]+$/, '');
  return `SELECT ${by}, ${and}, CAST(sum(${of}) AS BIGINT) AS ${of} FROM (\n${inner}\n) AS result GROUP BY 1, 2 ORDER BY 1, 2`;
}
