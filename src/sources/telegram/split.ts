/**
 * Texts of the elements of the array under the top-level key `key`, each exactly as it stands in `json`, in order.
 * `json` must be valid (parse it first): the scan then only has to know strings from structure.
 * Undefined when there is no such key or it does not hold an array. Of a repeated key the last counts, as in JSON.parse.
 */
export function elementTexts(json: string, key: string): string[] | undefined {
  const text = valueText(json, key);
  return text?.startsWith('[') ? splitArray(text, 0) : undefined;
}

/** The text of the value under the top-level key `key`, in the same way. Undefined when there is none. */
export function valueText(json: string, key: string): string | undefined {
  let at = skipSpace(json, 0);
  if (json[at] !== '{') return undefined;
  let found: string | undefined;
  at = skipSpace(json, at + 1);
  while (json[at] === '"') {
    const keyEnd = skipString(json, at);
    const name: unknown = JSON.parse(json.slice(at, keyEnd));
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = skipValue(json, start);
    if (name === key) found = json.slice(start, end);
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return found;
}

function splitArray(json: string, open: number): string[] {
  const texts: string[] = [];
  let at = skipSpace(json, open + 1);
  while (at < json.length && json[at] !== ']') {
    const end = skipValue(json, at);
    texts.push(json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return texts;
}

/** Position after the value that starts at `at`. */
function skipValue(json: string, at: number): number {
  if (json[at] === '"') return skipString(json, at);
  if (json[at] !== '{' && json[at] !== '[') {
    while (at < json.length && !/[\s,\]}]/.test(json[at] ?? '')) at += 1;
    return at;
  }
  let depth = 0;
  while (at < json.length) {
    const character = json[at];
    if (character === '"') {
      at = skipString(json, at);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
    if (depth === 0) break;
  }
  return at;
}

/** Position after the string whose opening quote is at `at`. */
function skipString(json: string, at: number): number {
  for (let quote = json.indexOf('"', at + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (json[escapes - 1] === '\\') escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
  return json.length + 1;
}

function skipSpace(json: string, at: number): number {
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at += 1;
  return at;
}
