import { isUtf8 } from 'node:buffer';

/** A body as the lake takes it, or why it cannot be a raw line. */
export type Payload =
  | { readonly text: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly reason: 'not_utf8' | 'invalid_json' | 'not_an_object' };

/** Reads a body: UTF-8 text of one JSON object, or the reason why not. Never throws. */
export function payloadOf(body: Buffer): Payload {
  if (!isUtf8(body)) return { reason: 'not_utf8' };
  const text = body.toString('utf8');
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return { reason: 'invalid_json' };
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return { reason: 'not_an_object' };
  return { text, fields: fields as Readonly<Record<string, unknown>> };
}
