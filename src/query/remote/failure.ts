import { ChatlakeError } from '../../errors.js';
import type { ErrorCode, TextPlace } from '../../errors.js';
import { place, VALUE, withoutValues } from '../sqlerror.js';

/** A statement's end without success, in the engine's words. Athena's engine is a Trino: it has the same names. */
export interface RemoteFailure {
  readonly engine: 'Trino' | 'Athena';
  /** Such as `COLUMN_NOT_FOUND`. */
  readonly name: string;
  /** May begin with `line 1:8: `. */
  readonly message: string;
}

/** Trino also puts values between brackets. */
const IN_BRACKETS = new RegExp(`[[(]|${VALUE.source}`);

const CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(?:USER_CANCELL?ED|QUERY_CANCELL?ED)$/, 'CANCELLED'],
  [/^(?:EXCEEDED_|QUERY_QUEUE_FULL|ADMINISTRATIVELY_|EXHAUSTED_|QUERY_HAS_TOO_MANY|CLUSTER_OUT_OF_MEMORY|QUERY_TEXT_TOO_LARGE)/, 'LIMIT'],
  [/^(?:PERMISSION_DENIED|ACCESS_DENIED|READ_ONLY_VIOLATION)$/, 'SQL_REFUSED'],
  [
    /^(?:HIVE_|ICEBERG_|GENERIC_INTERNAL_ERROR|NO_NODES_AVAILABLE|REMOTE_|PAGE_|SERVER_|TOO_MANY_REQUESTS|GLUE_|AMAZON_|CATALOG_NOT_AVAILABLE|INTERNAL)/,
    'LAKE_UNAVAILABLE',
  ],
];

/**
 * What a user is told. A message about the statement has a place in it, and one about a file names that; any other may hold
 * values of a row, and is cut before them.
 */
export function remoteError({ engine, name, message }: RemoteFailure, sql: string): ChatlakeError {
  const code = CODES.find(([pattern]) => pattern.test(name))?.[1] ?? 'SQL';
  const [prefix, line, column] = /^line (\d+):(\d+): /.exec(message) ?? [];
  const about = prefix ?? (name.startsWith('HIVE_') ? '' : undefined);
  const told = sentence(about === undefined ? withoutValues(message, IN_BRACKETS) : (message.slice(about.length).split('\n')[0] ?? ''));
  switch (code) {
    case 'CANCELLED':
      return new ChatlakeError('CANCELLED', `The query was cancelled in ${engine}.`);
    case 'LIMIT':
      return new ChatlakeError('LIMIT', `${engine} stopped the query (${name}): ${told} Read fewer days or columns, or ask for more room.`);
    case 'SQL_REFUSED':
      return new ChatlakeError('SQL_REFUSED', `${engine} refused (${name}): ${told} Ask who runs it for the right to read.`);
    case 'LAKE_UNAVAILABLE':
      return new ChatlakeError(
        'LAKE_UNAVAILABLE',
        `${engine} could not read the lake (${name}): ${told} A file may just have been replaced: run the query again; "chatlake register" makes new days known.`,
      );
    default:
      return wrongSql(told + nextStep(name), sql, line === undefined ? undefined : { line: Number(line), column: Number(column) });
  }
}

function wrongSql(told: string, sql: string, at: TextPlace | undefined): ChatlakeError {
  if (at === undefined) return new ChatlakeError('SQL', `SQL is wrong: ${told}`);
  const { excerpt } = place(sql, offsetOf(sql, at));
  return new ChatlakeError('SQL', `SQL is wrong at line ${at.line}, column ${at.column}: ${told}\n${excerpt}`, { at });
}

const nextStep = (name: string): string =>
  /^(?:TABLE|SCHEMA|CATALOG)_NOT_FOUND$/.test(name)
    ? ' SHOW TABLES lists what there is; "chatlake register" or "chatlake ddl" makes the tables.'
    : '';

/** UTF-16 offset of a place. Columns are counted in characters. */
function offsetOf(sql: string, { line, column }: TextPlace): number {
  const lines = sql.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const start = Array.from(lines[line - 1] ?? '').slice(0, column - 1);
  return before + start.join('').length;
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
