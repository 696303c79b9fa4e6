import { StatementType } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { ChatlakeError } from '../errors.js';
import { locations, parseTree, text as treeText, treeJson } from './ast.js';
import type { Tree } from './ast.js';
import { compatible } from './compat.js';
import { checkTree, refused } from './sandbox.js';
import { mend, tokens, unquoted } from './spelling.js';
import { engineError, userError, utf16Offset } from './sqlerror.js';
import { quoted } from './views.js';
import { literal } from '../sources/shape.js';

/** A statement in the engine's own terms. */
export interface Translated {
  /** One SELECT for DuckDB; the user's statement, changed. */
  readonly select: string;
  /** Goes before it where the statement is an EXPLAIN. */
  readonly prefix: string;
  /** What to tell the user of an error raised when `prefix` characters stood before the SELECT. */
  readonly explain: (connection: DuckDBConnection, error: unknown, prefix: number) => Promise<ChatlakeError>;
}

/** A statement that needs no engine: its answer is a notice. */
export interface Notice {
  readonly notice: string;
}

const isWord = (text: string | undefined, ...words: string[]) => words.includes((text ?? '').toLowerCase());

/** The statement with everything before `from` blanked, so that positions stay. */
const blanked = (sql: string, from: number) => sql.slice(0, from).replace(/[^\n]/g, ' ') + sql.slice(from);

/**
 * Statements that only Athena and Hive have, and EXPLAIN, put into SELECT's terms. `prefix` goes before the
 * translated text.
 */
function dialect(sql: string): { sql: string; prefix: string } | Notice {
  const all = tokens(sql).filter(({ text }) => text !== ';');
  const at = (index: number) => all[index]?.text;
  if (sql.includes('\0')) throw new ChatlakeError('SQL', 'SQL is wrong: the statement holds a NUL character. Write chr(0) for it.');
  if (all.length === 0) throw new ChatlakeError('SQL', 'SQL is wrong: the statement is empty.');
  if (isWord(at(0), 'msck') && isWord(at(1), 'repair') && isWord(at(2), 'table') && all.length <= 6) {
    return { notice: 'Nothing to repair: the days of the lake are found by themselves.' };
  }
  const table = () => {
    const names = all
      .slice(3)
      .filter(({ text }) => text !== '.')
      .map(({ text }) => quoted(unquoted(text)));
    return names.join('.');
  };
  if (isWord(at(0), 'show') && isWord(at(1), 'columns') && isWord(at(2), 'from', 'in') && all.length <= 6) {
    return { sql: `DESCRIBE ${table()}`, prefix: '' };
  }
  if (isWord(at(0), 'explain') && all[1]) {
    const analyze = isWord(at(1), 'analyze');
    const from = all[analyze ? 2 : 1];
    return { sql: blanked(sql, from?.start ?? sql.length), prefix: analyze ? 'EXPLAIN ANALYZE ' : 'EXPLAIN ' };
  }
  return { sql, prefix: '' };
}

/** The one SELECT of a statement as a tree. Throws SQL (with its place) or SQL_REFUSED. */
async function treeOf(
  connection: DuckDBConnection,
  text: string,
  place: (bytes: number | undefined) => number | undefined,
  sql: string,
): Promise<Tree> {
  const rows = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(text)})`);
  const tree = parseTree(String(rows.getRows()[0]?.[0]));
  if (tree['error'] === true) {
    const position = typeof tree['position'] === 'string' ? Number(tree['position']) : undefined;
    const message = treeText(tree, 'error_message');
    if (tree['error_type'] === 'not implemented') throw refused('this is not a SELECT');
    throw userError({ type: 'Parser', message, position }, sql, place(position), undefined);
  }
  const statements = tree['statements'];
  if (!Array.isArray(statements) || statements.length !== 1) throw refused(statements ? 'one statement at a time' : 'this is not a SELECT');
  return tree;
}

/**
 * Puts a statement into DuckDB's terms. Throws ChatlakeError SQL with the place in the statement as written, or
 * SQL_REFUSED for anything but one SELECT (EXPLAIN of one included).
 */
export async function translate(connection: DuckDBConnection, sql: string, aggregates: ReadonlySet<string>): Promise<Translated | Notice> {
  const found = dialect(sql);
  if ('notice' in found) return found;
  const mended = mend(found.sql);
  const inUserText = (bytes: number | undefined) =>
    bytes === undefined || found.sql.length < sql.length ? undefined : mended.original(utf16Offset(mended.text, bytes));
  const tree = await treeOf(connection, mended.text, inUserText, sql);
  checkTree(tree);
  const changed = compatible(tree, aggregates);
  checkTree(changed);
  const rows = await connection.runAndReadAll(`SELECT json_deserialize_sql(${literal(treeJson(changed))})`);
  const select = String(rows.getRows()[0]?.[0]);
  const explain = async (asked: DuckDBConnection, error: unknown, prefix: number) => {
    const told = engineError(error);
    if (told.position === undefined) return userError(told, sql, undefined, error);
    const bytes = await originalLocation(asked, select, told.position - prefix, changed);
    return userError(told, sql, inUserText(bytes), error);
  };
  return { select, prefix: found.prefix, explain };
}

/**
 * The place in the statement as written of a place in its translation: both trees have the same shape, and the
 * changed one still holds the places of the nodes it was made from.
 */
async function originalLocation(connection: DuckDBConnection, text: string, position: number, changed: Tree): Promise<number | undefined> {
  const rows = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(text)})`);
  const translated = locations(parseTree(String(rows.getRows()[0]?.[0])));
  const written = locations(changed);
  return translated.length === written.length ? written[translated.indexOf(position)] : undefined;
}

/** Prepares the translation; refuses anything but one SELECT by the parser's own account. */
export async function prepareSelect(connection: DuckDBConnection, { select, prefix }: Translated): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(`${prefix}${select}`);
  if (statements.count !== 1) throw refused('one statement at a time');
  const prepared = await statements.prepare(0);
  const allowed = prefix === '' ? StatementType.SELECT : StatementType.EXPLAIN;
  if (prepared.statementType !== allowed) throw refused('this is not a SELECT');
  return prepared;
}

/** Statements translated before, the latest last: a dashboard asks the same few again and again. */
const REMEMBERED = 200;

/** `translate` that remembers. */
export function translator(aggregates: ReadonlySet<string>): (connection: DuckDBConnection, sql: string) => Promise<Translated | Notice> {
  const known = new Map<string, Translated | Notice>();
  return async (connection, sql) => {
    const translated = known.get(sql) ?? (await translate(connection, sql, aggregates));
    known.delete(sql);
    known.set(sql, translated);
    const oldest = known.keys().next();
    if (known.size > REMEMBERED && oldest.done !== true) known.delete(oldest.value);
    return translated;
  };
}
