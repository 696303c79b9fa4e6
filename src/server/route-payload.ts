import { isUtf8 } from 'node:buffer';

/** What a body says, or why it cannot be a raw line. Strings in `fields` have a character for every byte: they are for deciding by, not for reading. */
export type Payload =
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly reason: 'not_utf8' | 'invalid_json' | 'not_an_object' };

/** Reads a body: UTF-8 text of one JSON object, or the reason why not. Never throws. */
export function payloadOf(body: Buffer): Payload {
  if (!isUtf8(body)) return { reason: 'not_utf8' };
  let fields: unknown;
  try {
    // Decoding the characters would change nothing: what makes JSON valid, and all that is decided by, is ASCII.
    fields = JSON.parse(body.toString('latin1'));
  } catch {
    return { reason: 'invalid_json' };
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return { reason: 'not_an_object' };
  return { fields: fields as Readonly<Record<string, unknown>> };
}
