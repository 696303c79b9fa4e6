import { ChatlakeError } from '../errors.js';

/** Folder of temporary files, the store's own: its keys are neither listed nor taken. */
export const TEMPORARY = '_tmp';

/** Whether `key` names an object inside the store, and none of the store's own. */
export function isKey(key: string): boolean {
  const parts = key.split('/');
  return parts[0] !== TEMPORARY && !key.includes('\0') && !parts.some((part) => part === '' || part === '.' || part === '..');
}

/** Returns `key` when it names an object inside the store; throws USAGE for anything that could lead elsewhere. */
export function checkedKey(key: string): string {
  if (!isKey(key)) {
    throw new ChatlakeError('USAGE', `${JSON.stringify(key)} is not a key: parts between slashes must not be empty, "." or ".."`);
  }
  return key;
}

/** Returns `prefix` when it is empty or a folder inside the store, ending in `/`. */
export function checkedPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  if (!prefix.endsWith('/')) throw new ChatlakeError('USAGE', `${JSON.stringify(prefix)} is not a prefix: it must end in "/"`);
  checkedKey(prefix.slice(0, -1));
  return prefix;
}

/** Order of keys by code point, which is the order of their UTF-8 bytes and the one S3 lists in. */
export function byKey(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they come after every other code unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
