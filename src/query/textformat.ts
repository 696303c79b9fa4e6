import { ChatlakeError } from '../errors.js';
import { call, cast, children, constant, stringConstant } from './ast.js';
import type { Tree } from './ast.js';

/** Java's `%[flags][width][.places]letter`. */
const SPEC = /%([-+ 0,(#]*\d*(?:\.\d+)?)([a-zA-Z%])/g;
const LETTERS = new Set(['s', 'd', 'f', 'e', 'x', 'c', 'b']);
const FRACTIONS = new Set(['f', 'e']);
const TEXTS = new Set(['s', 'b']);

/** Trino's `format`: DuckDB's `printf`, whose letters take arguments of one type only. Throws SQL for a pattern that is not put into its terms. */
export function formatCall(node: Tree): Tree {
  const [written, ...args] = children(node);
  const pattern = stringConstant(written);
  if (pattern === undefined) throw wrong('must be a text constant here');
  let next = 0;
  const printf = pattern.replace(SPEC, (whole, how: string, letter: string) => {
    if (letter === '%') return '%%';
    if (letter === 'n') return '\n';
    const arg = args[next];
    if (!LETTERS.has(letter) || /[(#]/.test(how)) throw wrong(`has ${whole}, which is not supported here`);
    if (arg === undefined) throw wrong(`asks for more values than are given`);
    const type = FRACTIONS.has(letter) ? 'DOUBLE' : TEXTS.has(letter) ? 'VARCHAR' : undefined;
    if (type !== undefined) args[next] = cast(arg, { id: type, type_info: null }, false, { alias: '' });
    next += 1;
    return `%${how}${letter === 'b' ? 's' : letter}`;
  });
  return call('printf', [constant(printf, 'VARCHAR', written?.['query_location']), ...args.slice(0, next)], node);
}

const wrong = (what: string): ChatlakeError => new ChatlakeError('SQL', `SQL is wrong: the pattern of format ${what}.`);
