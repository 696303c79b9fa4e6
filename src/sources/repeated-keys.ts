const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Whether an object in `text`, valid JSON, has a key twice. Readers differ on which of its values counts (the filters see the last, the tables
 * the first), so what is left out because of one of them could be what the other would keep.
 */
export function repeatsKeys(text: string): boolean {
  /** Keys of the objects that are open; undefined for arrays. */
  const open: (Set<string> | undefined)[] = [];
  let atKey = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      atKey = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      atKey = false;
    } else if (token === ',') atKey = open.at(-1) !== undefined;
    else if (atKey) {
      const key = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
      atKey = false;
    }
  }
  return false;
}
