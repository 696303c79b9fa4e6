/**
 * Spellings of Trino and Athena that DuckDB's parser does not take, mended in the text. Every edit is recorded, so
 * that a position in the mended text can be told in the text as written.
 */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  readonly text: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Mended {
  readonly text: string;
  /** Offset in the text as written of an offset in the mended one (both UTF-16). */
  readonly original: (offset: number) => number;
}

const TOKEN = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|[\p{L}_][\p{L}\p{N}_$]*|\d+(?:\.\d+)?|\S/gu;

/** The tokens of a statement, without comments and white space. */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const text = match[0];
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    const first = text.charAt(0);
    const kind =
      first === "'"
        ? 'string'
        : first === '"' || first === '`'
          ? 'quoted'
          : /\p{L}|_/u.test(first)
            ? 'word'
            : /\d/.test(first)
              ? 'number'
              : 'symbol';
    found.push({ kind, text, start: match.index, end: match.index + text.length });
  }
  return found;
}

const is = (token: Token | undefined, word: string): boolean => token?.kind === 'word' && token.text.toLowerCase() === word;
const symbol = (token: Token | undefined, text: string): boolean => token?.kind === 'symbol' && token.text === text;

/** Index of the token that closes the parenthesis at `open`, and the indexes of the commas directly inside. */
function inside(all: readonly Token[], open: number): { close: number; commas: number[] } | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let at = open; at < all.length; at += 1) {
    const text = all[at]?.kind === 'symbol' ? all[at]?.text : '';
    if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') {
      depth -= 1;
      if (depth === 0) return { close: at, commas };
    } else if (text === ',' && depth === 1) commas.push(at);
  }
  return undefined;
}

/** `if(a, b)` needs its third argument. */
function twoArmedIf(all: readonly Token[], at: number): Edit[] {
  if (!is(all[at], 'if') || !symbol(all[at + 1], '(')) return [];
  const found = inside(all, at + 1);
  const close = found && all[found.close];
  return close && found.commas.length === 1 ? [{ start: close.start, end: close.start, text: ', NULL' }] : [];
}

/** `array(varchar)` as a type: after AS, or inside another such type. */
function arrayType(all: readonly Token[], at: number): Edit[] {
  const before = all[at - 1];
  const [word, open] = [all[at], all[at + 1]];
  if (!word || !open || !is(word, 'array') || !symbol(open, '(')) return [];
  if (!is(before, 'as') && !(symbol(before, '(') && is(all[at - 2], 'array'))) return [];
  const found = inside(all, at + 1);
  const close = found && all[found.close];
  if (!close || is(all[at + 2], 'select') || is(all[at + 2], 'with')) return [];
  return [
    { start: word.start, end: open.end, text: '' },
    { start: close.start, end: close.end, text: '[]' },
  ];
}

/** `timestamp(3) with time zone` takes no precision in DuckDB. */
function zonedPrecision(all: readonly Token[], at: number): Edit[] {
  const [open, digits, close] = [all[at + 1], all[at + 2], all[at + 3]];
  if (!is(all[at], 'timestamp') || !open || !close || !symbol(open, '(') || digits?.kind !== 'number' || !symbol(close, ')')) return [];
  return is(all[at + 4], 'with') ? [{ start: open.start, end: close.end, text: '' }] : [];
}

/** `listagg(x, s) WITHIN GROUP (ORDER BY y)` is `listagg(x, s ORDER BY y)`. */
function listAggregate(sql: string, all: readonly Token[], at: number): Edit[] {
  if (!is(all[at], 'listagg') || !symbol(all[at + 1], '(')) return [];
  const args = inside(all, at + 1);
  if (!args || !is(all[args.close + 1], 'within') || !is(all[args.close + 2], 'group')) return [];
  const order = inside(all, args.close + 3);
  const [close, open, end] = [all[args.close], all[args.close + 3], order && all[order.close]];
  if (!close || !open || !end) return [];
  return [{ start: close.start, end: end.end, text: ` ${sql.slice(open.end, end.start)})` }];
}

/** `lag(x) IGNORE NULLS` is `lag(x IGNORE NULLS)`. */
function nullTreatment(all: readonly Token[], at: number): Edit[] {
  const [close, word, nulls] = [all[at], all[at + 1], all[at + 2]];
  if (!close || !word || !nulls || !symbol(close, ')') || !is(nulls, 'nulls')) return [];
  if (!is(word, 'ignore') && !is(word, 'respect')) return [];
  return [{ start: close.start, end: nulls.end, text: ` ${word.text} NULLS)` }];
}

/** `default.telegram`: a word that DuckDB keeps to itself. */
function defaultSchema(all: readonly Token[], at: number): Edit[] {
  const word = all[at];
  const isName = symbol(all[at + 1], '.') || (is(all[at - 1], 'from') && is(all[at - 2], 'tables'));
  return word && is(word, 'default') && isName ? [{ start: word.start, end: word.end, text: '"default"' }] : [];
}

/** `X'ff'` is bytes. */
function bytes(all: readonly Token[], at: number): Edit[] {
  const [word, digits] = [all[at], all[at + 1]];
  if (!word || !is(word, 'x') || digits?.kind !== 'string' || digits.start !== word.end) return [];
  return [{ start: word.start, end: digits.end, text: `unhex(${digits.text.replace(/\s/g, '')})` }];
}

/** `CAST(x AS varchar(9))` cuts what is longer. */
function shortText(all: readonly Token[], at: number): Edit[] {
  const [word, open] = [all[at], all[at + 1]];
  if (!word || !(is(word, 'cast') || is(word, 'try_cast')) || !symbol(open, '(')) return [];
  const found = inside(all, at + 1);
  if (!found) return [];
  const [as, type, left, digits] = [found.close - 5, found.close - 4, found.close - 3, found.close - 2].map((index) => all[index]);
  const close = all[found.close];
  if (!close || !is(as, 'as') || !is(type, 'varchar') || !symbol(left, '(') || digits?.kind !== 'number') return [];
  return [
    { start: word.start, end: word.start, text: 'left(' },
    { start: close.end, end: close.end, text: `, ${digits.text})` },
  ];
}

const AFTER_VALUES = new Set(['union', 'except', 'intersect', 'order', 'limit', 'offset', 'fetch']);

/** `VALUES 1, 2` has its rows without parentheses. */
function bareValues(all: readonly Token[], at: number): Edit[] {
  if (!is(all[at], 'values') || symbol(all[at + 1], '(') || !all[at + 1]) return [];
  const edits: Edit[] = [];
  let depth = 0;
  let from = at + 1;
  const row = (to: number) => {
    const [first, last] = [all[from], all[to - 1]];
    if (first && last && to > from)
      edits.push({ start: first.start, end: first.start, text: '(' }, { start: last.end, end: last.end, text: ')' });
    from = to + 1;
  };
  for (let index = at + 1; index <= all.length; index += 1) {
    const token = all[index];
    if (
      !token ||
      (depth === 0 && (symbol(token, ')') || symbol(token, ';') || (token.kind === 'word' && AFTER_VALUES.has(token.text.toLowerCase()))))
    ) {
      row(index);
      break;
    }
    if (symbol(token, '(') || symbol(token, '[')) depth += 1;
    else if (symbol(token, ')') || symbol(token, ']')) depth -= 1;
    else if (symbol(token, ',') && depth === 0) row(index);
  }
  return edits;
}

function apply(sql: string, edits: readonly Edit[]): Mended {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  let text = '';
  let last = 0;
  for (const edit of sorted) {
    text += sql.slice(last, edit.start) + edit.text;
    last = edit.end;
  }
  const original = (offset: number) => {
    let shift = 0;
    for (const edit of sorted) {
      const at = edit.start + shift;
      if (offset < at) break;
      if (offset < at + edit.text.length) return edit.start;
      shift += edit.text.length - (edit.end - edit.start);
    }
    return offset - shift;
  };
  return { text: text + sql.slice(last), original };
}

/** The statement in a spelling that DuckDB's parser takes. */
export function mend(sql: string): Mended {
  const all = tokens(sql);
  const edits = all.flatMap((_, at) => [
    ...twoArmedIf(all, at),
    ...arrayType(all, at),
    ...zonedPrecision(all, at),
    ...listAggregate(sql, all, at),
    ...bareValues(all, at),
    ...nullTreatment(all, at),
    ...defaultSchema(all, at),
    ...bytes(all, at),
    ...shortText(all, at),
  ]);
  return apply(sql, edits);
}

/** The text of a possibly quoted name. */
export const unquoted = (name: string): string => (/^["`]/.test(name) ? name.slice(1, -1) : name);
