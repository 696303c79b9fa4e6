import { ChatlakeError, messageOf } from '../errors.js';
import { LAKE_TABLES, LAKE_VIEWS } from './lake-tables.js';

/** DuckDB's own account of an error, from a connection with `errors_as_json`. */
export interface EngineError {
  /** `Parser`, `Binder`, `Permission`, `IO`, `Interrupt`, ... */
  readonly type: string;
  readonly message: string;
  /** UTF-8 byte offset in the statement, where there is one. */
  readonly position: number | undefined;
}

export function engineError(error: unknown): EngineError {
  const raw = messageOf(error);
  const start = raw.indexOf('{"');
  if (start >= 0) {
    try {
      const parsed = JSON.parse(raw.slice(start)) as { exception_type?: string; exception_message?: string; position?: string };
      const position = parsed.position === undefined ? undefined : Number(parsed.position);
      return { type: parsed.exception_type ?? '', message: parsed.exception_message ?? raw, position };
    } catch {
      // Not JSON after all: a message that happens to hold a brace.
    }
  }
  const [, type, message] = /^([\w ]+?) Error: ([\s\S]*)$/.exec(raw) ?? [];
  return { type: type ?? '', message: (message ?? raw).replace(/\n\nLINE [\s\S]*$/, ''), position: undefined };
}

const characters = (text: string) => Array.from(text);

/** UTF-16 offset in `text` of a UTF-8 byte offset. */
export function utf16Offset(text: string, bytes: number): number {
  return Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8').length;
}

/** Line and column (from 1, in characters) of a UTF-16 offset, and the line with a caret under the place. */
export function place(sql: string, offset: number): { line: number; column: number; excerpt: string } {
  const before = sql.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const end = sql.indexOf('\n', offset);
  const column = characters(before.slice(start)).length + 1;
  const whole = characters(
    sql
      .slice(start, end < 0 ? undefined : end)
      .replace(/\r$/, '')
      .replaceAll('\t', ' '),
  );
  const from = Math.max(0, Math.min(column - 40, whole.length - 80));
  const excerpt = `  ${whole.slice(from, from + 80).join('')}\n  ${' '.repeat(column - 1 - from)}^`;
  return { line: before.split('\n').length, column, excerpt };
}

/**
 * Where a value of a row, which must not get into an error, may begin: at a quote, a colon, a line break or a number. What there may be at
 * most is no such number.
 */
export const VALUE = /['":\n]|(?<![\w-]|at most )-?\d/;

/** The message up to the first value there may be in it. */
export function withoutValues(message: string, value = VALUE): string {
  const end = message.search(value);
  return end < 0 ? message : `${message.slice(0, end).replace(/[\s(]+$/, '')} (the rest is not shown)`.trim();
}

const WITH_VALUES = new Set(['Conversion', 'Out of Range', 'Invalid Input', 'Not implemented']);

/**
 * Signs that a file was replaced or removed while it was read: the same statement may well succeed now. A bare
 * `Invalid` is what Parquet's decoder says of bytes of two files.
 */
export function fileChanged({ type, message }: EngineError): boolean {
  return (
    type === 'IO' ||
    type === 'HTTP' ||
    type === 'Invalid' ||
    /schema mismatch in glob|contents of view were altered|no magic bytes|too small to be a parquet file|^failed to read file/i.test(
      message,
    )
  );
}

const NAMES = new Set([...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => name));

/** The engine's guess at the table that was meant, where it is one of the lake: its own system tables help nobody. */
const withinLake = (message: string): string =>
  message.replace(/\nDid you mean "(?:[^"]*\.)?([^".]+)"\?/, (guess, name: string) => (NAMES.has(name) ? guess : ''));

/** What a user is told. `offset` is the place in `sql` (UTF-16), where it is known. */
export function userError(found: EngineError, sql: string, offset: number | undefined, cause: unknown): ChatlakeError {
  const { type } = found;
  const noTable = type === 'Catalog' && /table/i.test(found.message);
  const message = WITH_VALUES.has(type) ? withoutValues(found.message) : noTable ? withinLake(found.message) : found.message;
  if (/^interrupt/i.test(type)) return new ChatlakeError('CANCELLED', 'The query was cancelled.', { cause });
  if (/^out of memory/i.test(type) || /failed to (?:allocate|pin)|out of memory/i.test(message)) {
    return new ChatlakeError('LIMIT', 'The query needs more memory than it may use. Read fewer days or columns, or group before sorting.', {
      cause,
    });
  }
  if (type === 'Permission')
    return new ChatlakeError('SQL_REFUSED', `Refused: queries here only read the lake's own files. Write one SELECT over its tables.`, {
      cause,
    });
  if (fileChanged(found)) {
    return new ChatlakeError(
      'LAKE_UNAVAILABLE',
      'A file of the lake could not be read; it may just have been replaced. Run the query again; if it stays so, the file is damaged: chatlake etl --rebuild writes the tables again from raw.',
      { cause },
    );
  }
  const next = noTable ? ' SHOW TABLES lists what there is.' : '';
  const plain = message.replace(/\s+$/, '');
  const sentence = /[.!?]$/.test(plain) ? plain : `${plain}.`;
  if (offset === undefined) return new ChatlakeError('SQL', `SQL is wrong: ${sentence}${next}`, { cause });
  const at = place(sql, offset);
  return new ChatlakeError('SQL', `SQL is wrong at line ${at.line}, column ${at.column}: ${sentence}${next}\n${at.excerpt}`, {
    cause,
    at: { line: at.line, column: at.column },
  });
}
