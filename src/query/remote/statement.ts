import { ChatlakeError } from '../../errors.js';
import { refused } from '../sandbox.js';
import { type Token, tokens, unquoted } from '../spelling.js';

/** A statement that may be sent to an engine elsewhere. */
export interface RemoteStatement {
  /** Without the semicolons behind it; every place in it is the place in the text as written. */
  readonly sql: string;
  /** Of `MSCK REPAIR TABLE`: the table's name, by parts. */
  readonly repairs?: readonly string[];
}

const QUERY = new Set(['select', 'with', 'values', 'table']);
const TELLING = new Set(['show', 'describe', 'desc']);

const isWord = (token: Token | undefined, ...words: string[]) => token?.kind === 'word' && words.includes(token.text.toLowerCase());
const opens = (token: Token | undefined) => token?.kind === 'symbol' && token.text === '(';

/**
 * One statement that reads. Throws SQL when there is none, SQL_REFUSED for several or any other kind. It is told by its first
 * words, which begin nothing else in Trino's grammar; what the engine's user may do is the engine's to enforce.
 */
export function remoteStatement(written: string): RemoteStatement {
  const all = tokens(written);
  while (all.at(-1)?.text === ';') all.pop();
  const last = all.at(-1);
  if (!last) throw new ChatlakeError('SQL', 'SQL is wrong: the statement is empty.');
  if (all.some(({ kind, text }) => kind === 'symbol' && text === ';')) throw refused('one statement at a time');
  const sql = written.slice(0, last.end);
  if (isWord(all[0], 'msck') && isWord(all[1], 'repair') && isWord(all[2], 'table') && all.length <= 6) {
    const parts = all.slice(3).filter(({ text }) => text !== '.');
    return { sql, repairs: parts.map(({ text }) => unquoted(text)) };
  }
  const first = isWord(all[0], 'explain') ? afterExplain(all) : 0;
  const begins = all.slice(first).find((token) => !opens(token));
  const word = begins?.kind === 'word' ? begins.text.toLowerCase() : '';
  if (QUERY.has(word) || (first === 0 && TELLING.has(word))) return { sql };
  throw refused('this is not a SELECT');
}

/** Index of the token at which the statement that is to be explained begins. */
function afterExplain(all: readonly Token[]): number {
  let at = 1;
  while (isWord(all[at], 'analyze', 'verbose')) at += 1;
  if (opens(all[at]) && isWord(all[at + 1], 'type', 'format')) {
    const close = all.findIndex((token, index) => index > at && token.text === ')');
    return close < 0 ? all.length : close + 1;
  }
  return at;
}
