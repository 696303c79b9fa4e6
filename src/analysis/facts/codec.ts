import { crc32 } from 'node:zlib';
import type { DayFacts, Texts } from './day-facts.js';

/**
 * Facts as bytes: the length of a JSON header and its checksum, the header, then every array as it lies in memory, each at a multiple of eight.
 * Only this machine reads what it wrote: the byte order is its own.
 */

/** Changes with the layout of the bytes. */
export const CODEC_VERSION = 3;

const ARRAYS = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array } as const;
type ArrayName = keyof typeof ARRAYS;
type Numbers = InstanceType<(typeof ARRAYS)[ArrayName]>;

/** Where a leaf lies: its type, its first byte and how many values it has. Texts are their ends, then their bytes. */
type Leaf = readonly [type: ArrayName | 'Texts', start: number, length: number, bytes: number];
interface Shape {
  [name: string]: Leaf | Shape | number;
}

interface Header {
  readonly etag: string;
  readonly shape: Shape;
  readonly bytes: number;
  readonly checksum: number;
}

const PREFIX = 8;
const aligned = (at: number): number => (at + 7) & ~7;

const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value);
const isTexts = (value: unknown): value is Texts => typeof (value as Texts).at === 'function' && !isNumbers(value);

/** The bytes of facts, with the etag of what they were made from. */
export function encodeFacts(facts: DayFacts, etag: string): Uint8Array {
  const parts: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  let end = 0;
  const put = (bytes: Uint8Array): number => {
    const start = aligned(end);
    parts.push({ start, bytes });
    end = start + bytes.length;
    return start;
  };
  const leafOf = (value: Numbers | Texts): Leaf => {
    if (isNumbers(value))
      return [value.constructor.name as ArrayName, put(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)), value.length, 0];
    const [ends, bytes] = textBytes(value);
    const start = put(new Uint8Array(ends.buffer));
    put(bytes);
    return ['Texts', start, value.length, bytes.length];
  };
  const shapeOf = (value: object): Shape => {
    const shape: Shape = {};
    for (const [name, part] of Object.entries(value) as [string, unknown][])
      shape[name] = typeof part === 'number' ? part : isNumbers(part) || isTexts(part) ? leafOf(part) : shapeOf(part as object);
    return shape;
  };
  const shape = shapeOf(facts);
  const body = new Uint8Array(aligned(end));
  for (const { start, bytes } of parts) body.set(bytes, start);
  const header = Buffer.from(JSON.stringify({ etag, shape, bytes: body.length, checksum: crc32(body) } satisfies Header));
  const whole = new Uint8Array(aligned(PREFIX + header.length) + body.length);
  new DataView(whole.buffer).setUint32(0, header.length, true);
  new DataView(whole.buffer).setUint32(4, crc32(header), true);
  whole.set(header, PREFIX);
  whole.set(body, aligned(PREFIX + header.length));
  return whole;
}

function textBytes(texts: Texts): [ends: Uint32Array, bytes: Uint8Array] {
  const ends = new Uint32Array(texts.length);
  const all: Buffer[] = [];
  let end = 0;
  for (let at = 0; at < texts.length; at += 1) {
    const bytes = Buffer.from(texts.at(at));
    all.push(bytes);
    end += bytes.length;
    ends[at] = end;
  }
  return [ends, Buffer.concat(all)];
}

/** The facts in `bytes`; undefined when they were made from something else, or are not whole. */
export function decodeFacts(bytes: Uint8Array<ArrayBuffer>, etag: string): DayFacts | undefined {
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  if (whole.length < PREFIX) return undefined;
  const view = new DataView(whole.buffer, whole.byteOffset);
  const length = view.getUint32(0, true);
  if (PREFIX + length > whole.length) return undefined;
  const text = whole.subarray(PREFIX, PREFIX + length);
  if (crc32(text) !== view.getUint32(4, true)) return undefined;
  const header = JSON.parse(Buffer.from(text.buffer, text.byteOffset, length).toString()) as Header;
  const body = whole.subarray(aligned(PREFIX + length));
  if (header.etag !== etag || header.bytes !== body.length || header.checksum !== crc32(body)) return undefined;
  return made(header.shape, body) as unknown as DayFacts;
}

function made(shape: Shape, body: Uint8Array<ArrayBuffer>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, part]) => [
      name,
      typeof part === 'number' ? part : Array.isArray(part) ? valueOf(part as unknown as Leaf, body) : made(part as Shape, body),
    ]),
  );
}

function valueOf([type, start, length, size]: Leaf, body: Uint8Array<ArrayBuffer>): Numbers | Texts {
  if (type !== 'Texts') return new ARRAYS[type](body.buffer, body.byteOffset + start, length);
  const ends = new Uint32Array(body.buffer, body.byteOffset + start, length);
  const bytes = Buffer.from(body.buffer, body.byteOffset + aligned(start + length * 4), size);
  return { length, at: (index) => bytes.toString('utf8', index === 0 ? 0 : ends[index - 1], ends[index]) };
}
