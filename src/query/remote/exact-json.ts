/**
 * `JSON.parse` that loses no digit: an integer of sixteen digits or more becomes a string of them. Which strings those are is
 * told by the declared type of their column. Node.js 20 has no reviver that sees the source text.
 */
export function exactJson(text: string): unknown {
  return JSON.parse(/[[,:]\s*-?\d{16}/.test(text) ? quotedIntegers(text) : text);
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG = /^-?\d{16,}$/;

/** The text with long integers outside strings put into quotes. Reads it once, whatever the strings hold. */
function quotedIntegers(text: string): string {
  const pieces: string[] = [];
  const plain = (from: number, to: number) =>
    pieces.push(text.slice(from, to).replace(NUMBER, (found) => (LONG.test(found) ? `"${found}"` : found)));
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('"', at);
    if (open < 0) break;
    plain(at, open);
    at = endOfString(text, open);
    pieces.push(text.slice(open, at));
  }
  plain(at, text.length);
  return pieces.join('');
}

/** Offset after the quote that closes the string that opens at `open`. */
function endOfString(text: string, open: number): number {
  let at = open + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text.charAt(quote - 1 - slashes) === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}
