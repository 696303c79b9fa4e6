/** The raw line of a payload is its own text with two keys spliced in front: `head`, the line's number, `tail`, a line break. */
export const headOf = (receivedAt: number): string => `{"_received_at":${receivedAt},"_line":`;

/** What follows the line's number for `payload`, the text of one JSON object: its bytes as they came, on one line. */
export function tailOf(payload: string): string {
  let rest = payload.slice(payload.indexOf('{') + 1);
  // Valid JSON has line breaks only between tokens, where a space means the same.
  if (rest.includes('\n') || rest.includes('\r')) rest = rest.replace(/[\r\n]/g, ' ');
  return /^\s*\}/.test(rest) ? rest : `,${rest}`;
}

/** The same for a body that is kept for the quarantine. */
export function rejectedTailOf(body: Uint8Array, reason: string): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return `,"reason":${JSON.stringify(reason)},"body":"${bytes.toString('base64')}"}`;
}
