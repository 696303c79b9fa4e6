/** MySQL date patterns, as Trino's `date_format` and `date_parse` take them, in DuckDB's `strftime` spelling. */
const SPECIFIERS: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  // Trino's timestamps from epochs and text hold milliseconds.
  f: '%g000',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

/** Specifiers that MySQL has and Trino refuses. */
const REFUSED = new Set(['D', 'U', 'u', 'V', 'w', 'X']);

/** The pattern in DuckDB's spelling, or the specifier that Trino does not support. */
export function mysqlPattern(pattern: string): { readonly strftime: string } | { readonly unsupported: string } {
  let strftime = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char !== '%') {
      strftime += char;
      continue;
    }
    at += 1;
    const specifier = pattern.charAt(at);
    if (REFUSED.has(specifier)) return { unsupported: `%${specifier}` };
    // As in Trino, any other letter stands for itself.
    strftime += SPECIFIERS[specifier] ?? specifier;
  }
  return { strftime };
}

const JODA: readonly (readonly [RegExp, string])[] = [
  [/^y{4,}|^y(?!y)|^Y{4,}/, '%Y'],
  [/^yy(?!y)/, '%y'],
  [/^MMMM+/, '%B'],
  [/^MMM/, '%b'],
  [/^MM/, '%m'],
  [/^M/, '%-m'],
  [/^dd/, '%d'],
  [/^d/, '%-d'],
  [/^EEEE+/, '%A'],
  [/^E{1,3}/, '%a'],
  [/^HH/, '%H'],
  [/^H/, '%-H'],
  [/^hh/, '%I'],
  [/^h/, '%-I'],
  [/^mm/, '%M'],
  [/^ss/, '%S'],
  [/^SSS/, '%g'],
  [/^a+/, '%p'],
  [/^DDD/, '%j'],
  [/^ww/, '%V'],
  [/^xxxx/, '%G'],
  [/^e/, '%u'],
];

/** A Joda pattern, as Trino's `format_datetime` takes it; undefined when it has a letter that is not known here. */
export function jodaPattern(pattern: string): string | undefined {
  let strftime = '';
  let rest = pattern;
  while (rest !== '') {
    const quoted = /^'((?:[^']|'')*)'/.exec(rest);
    const known = JODA.find(([letters]) => letters.test(rest));
    const taken = quoted?.[0] ?? (known ? known[0].exec(rest)?.[0] : undefined) ?? rest.charAt(0);
    if (quoted) strftime += (quoted[1] === '' ? "'" : (quoted[1] ?? '').replaceAll("''", "'")).replaceAll('%', '%%');
    else if (known) strftime += known[1];
    else if (/^[A-Za-z]/.test(rest)) return undefined;
    else strftime += taken === '%' ? '%%' : taken;
    rest = rest.slice(taken.length);
  }
  return strftime;
}
