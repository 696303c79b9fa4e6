const OPENING = 0x7b;

/** The raw line of a payload is its own text with two keys spliced in front: `head`, the line's number, `tail`, a line break. */
export const headOf = (receivedAt: number): string => `{"_received_at":${receivedAt},"_line":`;

/**
 * What follows the line's number for `payload`, one JSON object: its bytes as they came, on one line, each as the character of its value
 * (Latin-1). That costs a copy where decoding and encoding characters would cost four times as much, and nothing can get lost in it.
 */
export function tailOf(payload: string | Uint8Array): string {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  let rest = bytes.toString('latin1', bytes.indexOf(OPENING) + 1);
  // Valid JSON has line breaks only between tokens, where a space means the same.
  if (rest.includes('\n') || rest.includes('\r')) rest = rest.replace(/[\r\n]/g, ' ');
  return /^\s*\}/.test(rest) ? rest : `,${rest}`;
}

/** The same for a body that is kept for the quarantine. */
export function rejectedTailOf(body: Uint8Array, reason: string): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return `,"reason":${JSON.stringify(reason)},"body":"${bytes.toString('base64')}"}`;
}

/** A payload as text. */
export const textOf = (payload: string | Uint8Array): string =>
  typeof payload === 'string' ? payload : Buffer.from(payload).toString('utf8');
