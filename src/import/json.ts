import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { faulty } from './notes.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET = 0x5d;

/** What each byte means between strings: 1 opens, 2 closes, 3 is a quote, 4 ends a bare value, 0 nothing. */
const MEANING = new Uint8Array(256);
for (const byte of Buffer.from('{[')) MEANING[byte] = 1;
for (const byte of Buffer.from('}]')) MEANING[byte] = 2;
MEANING[QUOTE] = 3;
for (const byte of Buffer.from(', \n\r\t:')) MEANING[byte] = 4;

/** The input ended inside a value. */
export class Truncated extends Error {
  override readonly name = 'Truncated';
}

/**
 * A JSON text of any size, read from its beginning through a window that holds one value at a time. It knows strings from structure
 * and nothing else: what a value holds is for `JSON.parse` to say. Values longer than `longest` bytes are skipped.
 */
export class JsonReader {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Bytes before the window. */
  private before = 0;
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly longest: number;
  /** What there is of a value that the end of the file cut: its beginning, or its end where it was too long. */
  cut: Buffer = Buffer.alloc(0);

  constructor(stream: Readable, longest: number) {
    this.chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.longest = longest;
  }

  /** Bytes of the input that are behind. */
  get position(): number {
    return this.before + this.at;
  }

  /** Lets go of the input. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  /** The next byte that is no space, not taken; -1 at the end. */
  async peek(): Promise<number> {
    for (;;) {
      for (; this.at < this.bytes.length; this.at++) {
        const byte = this.bytes[this.at] as number;
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      }
      if (!(await this.more(this.at))) return -1;
    }
  }

  /** Takes the next byte that is no space, which must be one of `wanted`. */
  async take(wanted: string): Promise<string> {
    const byte = await this.peek();
    if (byte < 0) throw new Truncated(`the file ends at byte ${this.position}`);
    const character = String.fromCharCode(byte);
    if (!wanted.includes(character))
      throw faulty('no-json', `No JSON at byte ${this.position}: expected ${Array.from(wanted).join(' or ')}`);
    this.at += 1;
    return character;
  }

  /** The bytes of the next value; undefined when it is too long to be kept (it is passed over). Throws Truncated. */
  async value(): Promise<Buffer | undefined> {
    await this.peek();
    let start = this.at;
    let whole = true;
    const scan = new Scan();
    for (;;) {
      const end = scan.over(this.bytes, this.at);
      if (end >= 0) {
        this.at = end;
        return whole ? this.bytes.subarray(start, end) : undefined;
      }
      this.at = this.bytes.length;
      if (this.at - start > this.longest) {
        whole = false;
        start = this.at;
      }
      const kept = this.at - start;
      if (!(await this.more(start))) {
        this.at = this.bytes.length;
        if (scan.bare && whole) return this.bytes.subarray(start);
        this.cut = this.bytes.subarray(start);
        throw new Truncated(`the file ends at byte ${this.position}, inside a value`);
      }
      start = 0;
      this.at = kept;
    }
  }

  /**
   * The elements of an array that has been opened, in batches: the bytes of each, and `undefined` for one that was too long. Takes
   * the closing bracket. Throws Truncated after the elements before.
   */
  async *elements(): AsyncGenerator<(Buffer | undefined)[]> {
    if ((await this.peek()) === 0x5d) {
      this.at += 1;
      return;
    }
    let batch: (Buffer | undefined)[] = [];
    for (;;) {
      if (this.inWindow(batch)) break;
      const window = this.bytes;
      try {
        batch.push(await this.value());
        // A window is read to its end before its elements are handed over together.
        if ((await this.take(',]')) === ']') break;
      } catch (error) {
        if (batch.length > 0) yield batch;
        throw error;
      }
      if (this.bytes !== window) {
        yield batch;
        batch = [];
      }
    }
    yield batch;
  }

  /** Takes elements and the commas after them, as far as the window has them whole; true when it took the closing bracket. */
  private inWindow(batch: (Buffer | undefined)[]): boolean {
    const bytes = this.bytes;
    const length = bytes.length;
    for (;;) {
      let at = this.at;
      while (at < length && MEANING[bytes[at] as number] === 4 && bytes[at] !== COMMA && bytes[at] !== COLON) at += 1;
      const end = new Scan().over(bytes, at);
      if (end < 0 || end === at) return false;
      let after = end;
      while (after < length && MEANING[bytes[after] as number] === 4 && bytes[after] !== COMMA && bytes[after] !== COLON) after += 1;
      const closed = bytes[after] === BRACKET;
      if (!closed && bytes[after] !== COMMA) return false;
      batch.push(end - at > this.longest ? undefined : bytes.subarray(at, end));
      this.at = after + 1;
      if (closed) return true;
    }
  }

  /** Adds a chunk to the window, which begins at `from` now. */
  private async more(from: number): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done === true) return false;
    const first = this.before === 0 && this.bytes.length === 0;
    this.before += from;
    this.bytes = from === this.bytes.length ? next.value : Buffer.concat([this.bytes.subarray(from), next.value]);
    // A byte order mark is no part of the text.
    this.at = first && this.bytes.indexOf('\ufeff') === 0 ? 3 : 0;
    return true;
  }
}

/** Finds the end of one value, over as many pieces as it comes in. */
class Scan {
  /** Whether the value is a number or a word, which only what follows ends. */
  bare = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private begun = false;

  /** Position after the value, or -1 when `bytes` end before it does. */
  over(bytes: Buffer, from: number): number {
    let at = from;
    const end = bytes.length;
    if (!this.begun && at < end) {
      this.begun = true;
      this.bare = (MEANING[bytes[at] as number] as number) === 0;
    }
    while (at < end) {
      if (this.inString) {
        at = this.string(bytes, at, end);
        if (this.inString) return -1;
        if (this.depth === 0) return at;
        continue;
      }
      const meaning = MEANING[bytes[at] as number] as number;
      at += 1;
      if (meaning === 0) continue;
      if (meaning === 3) this.inString = true;
      else if (meaning === 1) this.depth += 1;
      else if (this.depth === 0) return at - 1;
      else if (meaning === 2 && --this.depth === 0) return at;
    }
    return -1;
  }

  private string(bytes: Buffer, from: number, end: number): number {
    let at = from;
    if (this.escaped && at < end) {
      this.escaped = false;
      at += 1;
    }
    while (at < end) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === QUOTE) {
        this.inString = false;
        return at;
      }
      if (byte === BACKSLASH) {
        if (at === end) this.escaped = true;
        else at += 1;
      }
    }
    return at;
  }
}

/** What is wrong with a value that was read. */
export type Fault = 'not_utf8' | 'invalid_json';

/** The value of some bytes; Telegram Desktop writes control characters as `\x1F`, which JSON does not know. */
export function parsed(bytes: Buffer): { readonly value: unknown } | { readonly fault: Fault } {
  if (!isUtf8(bytes)) return { fault: 'not_utf8' };
  const text = bytes.toString();
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    try {
      return {
        value: JSON.parse(text.replace(/\\(?:x([0-9A-Fa-f]{2})|[^])/g, (all, hex?: string) => (hex ? `\\u00${hex}` : all))) as unknown,
      };
    } catch {
      return { fault: 'invalid_json' };
    }
  }
}
