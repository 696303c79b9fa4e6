import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawLog } from '../../src/types.js';

/** Appends and waits for the acknowledgement. */
export function append(log: RawLog, source: string, payload: string): Promise<void> {
  return new Promise((resolve, reject) => {
    log.append(source, payload, (error) => (error ? reject(error) : resolve()));
  });
}

export function reject(log: RawLog, source: string, body: Uint8Array, reason: string): Promise<void> {
  return new Promise((resolve, refuse) => {
    log.reject(source, body, reason, (error) => (error ? refuse(error) : resolve()));
  });
}

/** Text of every segment under `folder`, by path relative to it, in order. */
export async function segmentsIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = new Map<string, string>();
  for (const name of names.filter((path) => path.endsWith('.ndjson')).sort()) found.set(name, await readFile(join(folder, name), 'utf8'));
  return found;
}

export interface RawLine {
  readonly file: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const PREFIX = /^\{"_received_at":\d+,"_line":\d+,?/;

/** The payload of a raw line as it was given, but for line breaks. */
export const payloadIn = (line: string): string => `{${line.replace(PREFIX, '')}`;

/**
 * The complete lines of every segment. Throws when a line is not JSON, or its number is not its place: both never happen
 * but to what follows the last line break, the tail a crash may tear.
 */
export async function rawLines(folder: string): Promise<RawLine[]> {
  const lines: RawLine[] = [];
  for (const [file, text] of await segmentsIn(folder)) {
    const complete = text.split('\n').slice(0, -1);
    for (const [index, line] of complete.entries()) {
      const fields = JSON.parse(line) as Record<string, unknown>;
      const number = /^\{"_received_at":\d+,"_line":(\d+)/.exec(line)?.[1];
      if (Number(number) !== index + 1) throw new Error(`${file}: line ${index + 1} is numbered ${number}`);
      lines.push({ file, text: line, fields });
    }
  }
  return lines;
}
