import { isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import type { Store } from '../types.js';
import { GATHERED } from './compile.js';
import { linesOf, type Reject, type TextLine, textOrReject } from './normalise.js';
import type { Input } from './plan.js';
import type { QuickFile } from './quick.js';

/** Files on their way at once: enough to hide how long each takes, few enough for one processor. */
const AT_ONCE = 64;
/** Bytes up to which a file is small: opening a larger one costs little beside reading it. */
const SMALL = 512 * 1024;
/** Fewer small files than this are not worth it. */
const FEW = 16;
const CHUNK = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Small raw files as lines of a few large ones, each line with the number of its file in front: opening thousands of files takes long. */
export interface Gathered {
  /** The large files. */
  readonly files: readonly QuickFile[];
  /** Bytes of each input whose lines are all there. The others are read each for itself. */
  readonly inputs: ReadonlyMap<Input, number>;
}

export interface GatherOptions {
  readonly raw: Store;
  /** In the order of their numbers. */
  readonly inputs: readonly Input[];
  readonly temporary: (suffix: string) => Promise<string>;
  /** Called with each large file once it is written. */
  readonly wrote: (file: QuickFile) => void;
}

/** Gathers the small files among the inputs. */
export async function gather({ raw, inputs, temporary, wrote }: GatherOptions): Promise<Gathered> {
  const small = [...inputs.entries()].filter(([, input]) => isSmall(input));
  const gathered = new Map<Input, number>();
  if (small.length < FEW) return { files: [], inputs: gathered };
  const files: QuickFile[] = [];
  /** What is to be written next. Used again and again: a buffer for each file would have the collector look at everything every few files. */
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  let filled = 0;
  async function write(): Promise<void> {
    if (filled === 0) return;
    const file: QuickFile = { path: await temporary('.gathered'), kind: 'gathered', index: 0, bytes: filled };
    await writeFile(file.path, chunk.subarray(0, filled));
    filled = 0;
    files.push(file);
    wrote(file);
  }
  async function add(index: number, input: Input, bytes: Buffer): Promise<void> {
    // It may be another than the one that was listed, or have grown.
    if (bytes.length > SMALL) return;
    if (chunk.length - filled < mostNumbered(bytes)) await write();
    const end = numbered(bytes, input, index, chunk, filled);
    if (end === undefined) return;
    filled = end;
    gathered.set(input, bytes.length);
  }
  let turn = Promise.resolve();
  let next = small.values();
  const lane = async () => {
    for (let one = next.next(); !one.done; one = next.next()) {
      const [index, input] = one.value;
      const bytes = await raw.read(input.object.key);
      // One at a time, so that the lines of a file stay together.
      turn = turn.then(() => add(index, input, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
      await turn;
    }
  };
  const lanes = Array.from({ length: AT_ONCE }, () => lane().finally(() => (next = [].values())));
  // Nothing is written any more when this ends, however it does.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  await write();
  return { files, inputs: gathered };
}

const isSmall = ({ object, kind, from }: Input): boolean => kind !== 'rejected' && from === 0 && object.size > 0 && object.size <= SMALL;

/** Bytes that a file's number takes at most, in front of a line that the raw log wrote. */
const MOST_MARK = 32;
/** The shortest line that the raw log writes. */
const LEAST_LINE = 32;

/** Bytes that `numbered` writes of a file at most. */
const mostNumbered = ({ length }: Buffer): number => length + MOST_MARK * Math.ceil(length / LEAST_LINE + 1);

/**
 * Puts the lines of a file with its number in front into `chunk` from `start` on; returns their end. Undefined when they are not what they should be,
 * which a careful reading looks into.
 */
function numbered(bytes: Buffer, { kind }: Input, file: number, chunk: Buffer, start: number): number | undefined {
  if (!isUtf8(bytes)) return undefined;
  if (kind === 'lines') return numberedLines(bytes, file, chunk, start);
  const text = bytes.toString();
  return isObject(text)
    ? start + chunk.write(line(`{"_file":${file},"_line":1`, text.trim().replaceAll(/[\r\n]+/g, ' ')), start)
    : undefined;
}

/** How the raw log begins a line. */
const RECEIVED = Buffer.from('{"_received_at":');

/**
 * As bytes: to make them text and bytes again would take longer than all that S3 has to do with them. They are put at the end of their room, and
 * moved line by line to its beginning: no line needs an object of its own, and there are millions.
 */
function numberedLines(bytes: Buffer, file: number, chunk: Buffer, start: number): number | undefined {
  if (bytes.at(-1) !== NEWLINE) return undefined;
  const mark = Buffer.from(`{"_file":${file},`);
  const end = start + mostNumbered(bytes);
  let at = start;
  let from = end - bytes.length;
  chunk.set(bytes, from);
  while (from < end) {
    const next = chunk.indexOf(NEWLINE, from) + 1;
    if (next - from < LEAST_LINE || !beginsAt(chunk, from, RECEIVED)) return undefined;
    for (let of = 0; of < mark.length; of += 1, at += 1) chunk[at] = mark[of] as number;
    chunk.copyWithin(at, from + 1, next);
    at += next - from - 1;
    from = next;
  }
  return at;
}

function beginsAt(bytes: Uint8Array, from: number, start: Uint8Array): boolean {
  for (let of = 0; of < start.length; of += 1) if (bytes[from + of] !== start[of]) return false;
  return true;
}

const line = (head: string, object: string): string => `${head}${/^\{\s*\}$/.test(object) ? '' : ','}${object.slice(1)}\n`;

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** More than what was put in front of a line takes. */
const HEAD_BYTES = 64;

/** What a careful reading finds in those of the gathered files whose numbers are wanted: their lines as they were, with their positions. */
export async function* linesIn(paths: readonly string[], wanted: ReadonlySet<number>): AsyncGenerator<TextLine | Reject> {
  const head = new RegExp(GATHERED);
  const before = new Map<number, number>();
  for (const path of paths) {
    for await (const { bytes } of linesOf(path, 1)) {
      const [put = '', number] = head.exec(bytes.toString('latin1', 0, HEAD_BYTES)) ?? [];
      const file = Number(number);
      if (!wanted.has(file)) continue;
      const position = (before.get(file) ?? 0) + 1;
      before.set(file, position);
      yield textOrReject(Buffer.concat([Buffer.from('{'), bytes.subarray(put.length)]), file, position);
    }
  }
}
