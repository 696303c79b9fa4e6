import type { Readable } from 'node:stream';

/** Bytes kept of a line. */
export const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its line break. */
  readonly bytes: Buffer;
  /** Bytes that were left out, when the line is longer than is kept. */
  readonly left: number;
}

/** The lines of a text file in batches, however long they are, with the bytes read so far. */
export async function* linesOf(stream: Readable): AsyncGenerator<{ readonly lines: readonly Line[]; readonly read: number }> {
  let rest: Buffer[] = [];
  let kept = 0;
  let left = 0;
  let number = 1;
  let read = 0;

  function keep(bytes: Buffer): void {
    const room = Math.max(0, LONGEST_LINE - kept);
    if (room > 0 && bytes.length > 0) rest.push(bytes.subarray(0, room));
    kept += Math.min(room, bytes.length);
    left += Math.max(0, bytes.length - room);
  }
  function finish(): Line {
    const whole = rest.length === 1 ? (rest[0] as Buffer) : Buffer.concat(rest);
    const line = { number: number++, bytes: whole.at(-1) === RETURN && left === 0 ? whole.subarray(0, -1) : whole, left };
    rest = [];
    kept = left = 0;
    return line;
  }

  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    read += bytes.length;
    const lines: Line[] = [];
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      keep(bytes.subarray(from, at));
      lines.push(finish());
      from = at + 1;
    }
    keep(bytes.subarray(from));
    if (lines.length > 0) yield { lines, read };
  }
  if (kept > 0 || left > 0) yield { lines: [finish()], read };
}
