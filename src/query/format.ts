import Table from 'cli-table3';
import { isDecimal, isNumeric } from './types.js';
import { jsonText } from './values.js';
import type { QueryColumn, QueryResult } from '../types.js';

export const FORMATS = ['table', 'csv', 'json', 'ndjson', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

export interface FormatOptions {
  /** Columns of the terminal; absent off a terminal: nothing is cut. */
  readonly width?: number;
  /** Puts a quote before CSV text that a spreadsheet would run as a formula. */
  readonly csvSafe?: boolean;
}

type Row = readonly unknown[];

/** A result as text, in pieces. The table is the only format that holds every row at once. */
export async function* formatted(
  result: QueryResult,
  format: Exclude<Format, 'parquet'>,
  options: FormatOptions = {},
): AsyncGenerator<string> {
  if (format === 'table') yield await table(result, options);
  else if (format === 'csv') yield* csv(result, options.csvSafe === true);
  else if (format === 'json') yield* json(result);
  else yield* ndjson(result);
}

// ---------------------------------------------------------------- JSON

/** Names as object keys: a name that comes again gets a number behind. */
function keysOf(columns: readonly QueryColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let key = name;
    for (let again = 1; taken.has(key); again += 1) key = `${name}_${again}`;
    taken.add(key);
    return key;
  });
}

/** One row as a JSON object; integers and decimals with all their digits. */
export function objectWriter(columns: readonly QueryColumn[]): (row: Row) => string {
  const keys = keysOf(columns).map((key) => `${JSON.stringify(key)}:`);
  const decimals = columns.map(({ type }) => isDecimal(type));
  const value = (item: unknown, at: number) => (decimals[at] && typeof item === 'string' ? item : jsonText(item));
  return (row) => `{${row.map((item, at) => `${keys[at]}${value(item, at)}`).join(',')}}`;
}

async function* json(result: QueryResult): AsyncGenerator<string> {
  const object = objectWriter(result.columns);
  let before = '[';
  for await (const batch of result.batches) {
    if (batch.length === 0) continue;
    yield `${before}\n${batch.map(object).join(',\n')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

async function* ndjson(result: QueryResult): AsyncGenerator<string> {
  const object = objectWriter(result.columns);
  for await (const batch of result.batches) yield batch.map((row) => `${object(row)}\n`).join('');
}

// ---------------------------------------------------------------- CSV (RFC 4180)

/** Text and numbers as they are, `NaN` and the infinities too, which JSON has no numbers for; what is nested as JSON. */
const plainText = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : jsonText(value));

function csvField(value: unknown, safe: boolean): string {
  if (value === null || value === undefined) return '';
  const plain = plainText(value);
  const guarded = safe && typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  // An empty text is quoted, so that it differs from NULL.
  return guarded === '' || /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

async function* csv(result: QueryResult, safe: boolean): AsyncGenerator<string> {
  const line = (values: Row) => `${values.map((value) => csvField(value, safe)).join(',')}\r\n`;
  if (result.columns.length > 0) yield line(result.columns.map(({ name }) => name));
  for await (const batch of result.batches) yield batch.map(line).join('');
}

// ---------------------------------------------------------------- table

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]/gu;
const widthOf = (text: string) => Array.from(text).length + (text.match(WIDE)?.length ?? 0);

/** Text of a row must not steer the terminal: line breaks are shown, other control characters replaced. */
const shown = (text: string) => text.replace(/\r\n|\r|\n/g, '↵').replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, '�');

const cellText = (value: unknown) => (value === null || value === undefined ? '' : shown(plainText(value)));

/** Widths that fit the terminal: narrow columns keep theirs, the others share what is left. */
export function fit(natural: readonly number[], width: number): number[] {
  let left = width - natural.length - 1;
  const widths = natural.map(() => 0);
  const order = natural.map((_, at) => at).sort((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0));
  for (const [done, at] of order.entries()) {
    const share = Math.max(5, Math.floor(left / (natural.length - done)));
    widths[at] = Math.min(natural[at] ?? 0, share);
    left -= widths[at] ?? 0;
  }
  return widths;
}

async function table(result: QueryResult, { width }: FormatOptions): Promise<string> {
  if (result.columns.length === 0) return '';
  const rows: string[][] = [];
  for await (const batch of result.batches) for (const row of batch) rows.push(row.map(cellText));
  const names = result.columns.map(({ name }) => shown(name));
  const natural = names.map((name, at) => rows.reduce((most, row) => Math.max(most, widthOf(row[at] ?? '')), widthOf(name)) + 2);
  const numeric = result.columns.map(({ type }) => isNumeric(type));
  const drawn = new Table({
    head: names,
    style: { head: [], border: [], compact: true },
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    ...(width === undefined ? {} : { colWidths: fit(natural, width) }),
  });
  drawn.push(...rows);
  return `${drawn.toString()}\n${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`;
}
