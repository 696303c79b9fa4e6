import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { InputKind } from './plan.js';

/** A raw line that is text but may be anything; `line` is its position in its file, from 1. */
export interface TextLine {
  readonly file: number;
  readonly line: number;
  readonly text: string;
}

/** Something that cannot become a row, with the reason. */
export interface Reject {
  readonly _file: number;
  readonly _line: number;
  readonly _received_at: number | null;
  readonly reason: string;
  readonly payload: string;
}

/** Longest line that is looked into; the platforms send at most 4 MB. */
const LONGEST = 16 * 1024 * 1024 - 64;
const NEWLINE = 0x0a;

export interface Extent {
  /** Byte after the last finished line. */
  readonly end: number;
  /** Whether an unfinished line follows. */
  readonly torn: boolean;
}

/**
 * Where the finished lines of a file end. A last line without its line break still counts as finished when it is a whole
 * JSON object: other writers leave the break out.
 */
export async function extentOf(path: string, from: number): Promise<Extent> {
  const { size } = await stat(path);
  const handle = await open(path);
  try {
    let end = size;
    let tail: Buffer = Buffer.alloc(0);
    while (end > from) {
      const start = Math.max(from, end - 65_536);
      const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      tail = Buffer.concat([buffer, tail]);
      const found = tail.lastIndexOf(NEWLINE);
      if (found >= 0) {
        tail = tail.subarray(found + 1);
        end = size - tail.length;
        break;
      }
      end = start;
      if (tail.length > LONGEST) return { end: from, torn: true };
    }
    if (tail.length === 0) return { end: size, torn: false };
    return isObject(tail) ? { end: size, torn: false } : { end, torn: true };
  } finally {
    await handle.close();
  }
}

function isObject(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Copies bytes `from` to `end` of a file, with a line break after the last line. */
export async function slice(path: string, from: number, end: number, target: string): Promise<void> {
  const out = createWriteStream(target);
  if (end > from) {
    let last = NEWLINE;
    for await (const chunk of createReadStream(path, { start: from, end: end - 1 })) {
      const bytes = chunk as Buffer;
      last = bytes[bytes.length - 1] ?? last;
      if (!out.write(bytes)) await once(out, 'drain');
    }
    if (last !== NEWLINE) out.write('\n');
  }
  out.end();
  await finished(out);
}

/** Each line of a file with its position; bytes, without the line break. Blank lines are left out but counted. */
export async function* linesOf(path: string, firstLine: number): AsyncGenerator<{ line: number; bytes: Buffer }> {
  let rest: Buffer[] = [];
  let line = firstLine;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    let bytes = chunk as Buffer;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE)) {
      const whole = rest.length > 0 ? Buffer.concat([...rest, bytes.subarray(0, at)]) : bytes.subarray(0, at);
      rest = [];
      if (!isBlank(whole)) yield { line, bytes: whole };
      line += 1;
      bytes = bytes.subarray(at + 1);
    }
    if (bytes.length > 0) rest.push(bytes);
  }
  const last = Buffer.concat(rest);
  if (!isBlank(last)) yield { line, bytes: last };
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/** What a careful reading of a file yields: `text` lines that DuckDB can look at, or rejects. */
export async function* readCarefully(path: string, kind: InputKind, file: number, firstLine: number): AsyncGenerator<TextLine | Reject> {
  if (kind === 'object') {
    const [whole, ...more] = await takeAll(path);
    if (whole === undefined) return;
    if (more.length > 0 && !isObject(Buffer.concat([whole, ...more]))) yield* sorted(linesOf(path, firstLine), file);
    else yield textOrReject(Buffer.concat([whole, ...more]), file, 1);
  } else if (kind === 'rejected') {
    for await (const { line, bytes } of linesOf(path, firstLine)) yield rejected(bytes, file, line);
  } else {
    yield* sorted(linesOf(path, firstLine), file);
  }
}

/** Lines of a file, each with its break: a file of one line has one. */
async function takeAll(path: string): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for await (const { bytes } of linesOf(path, 1)) parts.push(Buffer.concat([bytes, Buffer.from('\n')]));
  return parts;
}

async function* sorted(lines: AsyncIterable<{ line: number; bytes: Buffer }>, file: number): AsyncGenerator<TextLine | Reject> {
  for await (const { line, bytes } of lines) yield textOrReject(bytes, file, line);
}

/** An escape in a JSON text: a surrogate pair, half of one alone, or any other. The half has no form in UTF-8, so no table can hold it. */
const ESCAPE = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|[^])/g;

/** A line as text that DuckDB can look at, or why it is none. */
export function textOrReject(bytes: Buffer, file: number, line: number): TextLine | Reject {
  const reject = (reason: string) => ({ _file: file, _line: line, _received_at: null, reason, payload: textOf(bytes) });
  if (bytes.length > LONGEST) return { ...reject('too_long'), payload: '' };
  if (!isUtf8(bytes)) return reject('not_utf8');
  const text = bytes
    .toString()
    .replace(/[\r\n]+/g, ' ')
    .replace(ESCAPE, (escape, half?: string) => (half === undefined ? escape : '\\ufffd'))
    .trim();
  // A control character inside a JSON text is an error anywhere; it would also confuse the reader of text files.
  // oxlint-disable-next-line no-control-regex
  return text === '' || /[\u0000-\u0008\u000b-\u001f]/.test(text) ? reject('invalid_json') : { file, line, text };
}

/** A line of the raw log's rejected bodies. */
function rejected(bytes: Buffer, file: number, line: number): Reject {
  try {
    const kept = JSON.parse(bytes.toString()) as { _received_at?: number; reason?: string; body?: string };
    return {
      _file: file,
      _line: line,
      _received_at: kept._received_at ?? null,
      reason: kept.reason ?? 'unknown',
      payload: textOf(Buffer.from(kept.body ?? '', 'base64')),
    };
  } catch {
    return { _file: file, _line: line, _received_at: null, reason: 'invalid_json', payload: textOf(bytes) };
  }
}

/** Bytes as text where they are text; base64 otherwise. */
export const textOf = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString() : `base64:${bytes.toString('base64')}`);

/** Writes lines to numbered files of a bounded size; returns their paths when done. */
export function chunkedWriter(next: () => Promise<string>, bound: number) {
  const paths: string[] = [];
  let batch: Uint8Array[] = [];
  let size = 0;
  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    const path = await next();
    const handle = await open(path, 'w');
    try {
      await handle.writeFile(Buffer.concat(batch));
    } finally {
      await handle.close();
    }
    paths.push(path);
    batch = [];
    size = 0;
  }
  return {
    async add(lines: string | Uint8Array): Promise<void> {
      const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines;
      batch.push(bytes);
      size += bytes.length;
      if (size > bound) await flush();
    },
    async finish(): Promise<string[]> {
      await flush();
      return paths;
    },
  };
}

export const removeAll = async (paths: readonly string[]): Promise<void> => {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
};
