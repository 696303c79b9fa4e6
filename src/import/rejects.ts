import { createHash } from 'node:crypto';
import { REJECTED } from '../lake/layout.js';
import type { Store } from '../types.js';
import type { Found } from './types.js';
import { isObject, type Loose } from './values.js';

type Reject = Extract<Found, { readonly body: Uint8Array }>;

/** Names what a body and its reason are, in as little memory for a long one as for a short one. */
const digest = (reason: string, body: string): string => createHash('sha256').update(`${reason}\n${body}`).digest('base64');
const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** Undefined for a line that was torn by a kill or damaged: the ETL reads none there either, so its body is to be written anew. */
function rejectedIn(line: string): Loose | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tells of the bodies of an import, asked in the order of the file, whether they are still to be written: each one that the lake has with
 * the same bytes and the same reason answers for one of them, whichever run wrote it and under whatever name the file came then.
 * Throws LAKE_UNAVAILABLE.
 */
export async function newRejects(raw: Store, source: string): Promise<(reject: Reject) => boolean> {
  const there = new Map<string, number>();
  const folder = `${REJECTED}/${source}/`;
  for await (const { key } of raw.list(folder)) {
    if (!key.endsWith('.ndjson')) continue;
    for (const line of Buffer.from(await raw.read(key))
      .toString()
      .split('\n')) {
      const rejected = rejectedIn(line);
      if (rejected === undefined) continue;
      const name = digest(String(rejected['reason']), String(rejected['body']));
      there.set(name, (there.get(name) ?? 0) + 1);
    }
  }
  return ({ body, reason }) => {
    const name = digest(reason, base64(body));
    const count = there.get(name) ?? 0;
    if (count > 0) there.set(name, count - 1);
    return count === 0;
  };
}
