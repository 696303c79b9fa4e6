import { isUtf8 } from 'node:buffer';
import type { Store } from '../types.js';
import { GATHERED } from './compile.js';
import { chunkedWriter, linesOf, type Reject, type TextLine, textOrReject } from './normalise.js';
import type { Input } from './plan.js';
import type { QuickFile } from './quick.js';

/** Files on their way at once: enough to hide how long each takes, few enough for one processor. */
const AT_ONCE = 64;
/** Bytes up to which a file is small: opening a larger one costs little beside reading it. */
const SMALL = 512 * 1024;
/** Fewer small files than this are not worth it. */
const FEW = 16;
const CHUNK = 8 * 1024 * 1024;
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
  const writer = chunkedWriter(
    () => temporary('.gathered'),
    CHUNK,
    (path, bytes) => {
      const file: QuickFile = { path, kind: 'gathered', index: 0, bytes };
      files.push(file);
      wrote(file);
    },
  );
  let turn = Promise.resolve();
  let next = small.values();
  const lane = async () => {
    for (let one = next.next(); !one.done; one = next.next()) {
      const [file, input] = one.value;
      const bytes = await raw.read(input.object.key);
      const lines = numbered(bytes, input, file);
      if (lines === undefined) continue;
      gathered.set(input, bytes.length);
      // One at a time, so that the lines of a file stay together.
      turn = turn.then(() => writer.add(lines));
      await turn;
    }
  };
  const lanes = Array.from({ length: AT_ONCE }, () => lane().finally(() => (next = [].values())));
  // Nothing is written any more when this ends, however it does.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  await writer.finish();
  return { files, inputs: gathered };
}

const isSmall = ({ object, kind, from }: Input): boolean => kind !== 'rejected' && from === 0 && object.size > 0 && object.size <= SMALL;

/** The lines of a file with its number in front; undefined when they are not what they should be, which a careful reading looks into. */
function numbered(read: Uint8Array, { kind }: Input, file: number): string | Uint8Array | undefined {
  if (!isUtf8(read)) return undefined;
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  if (kind === 'lines') return numberedLines(bytes, file);
  const text = bytes.toString();
  return isObject(text) ? line(`{"_file":${file},"_line":1`, text.trim().replaceAll(/[\r\n]+/g, ' ')) : undefined;
}

/** How the raw log begins a line. */
const RECEIVED = Buffer.from('{"_received_at":');

/** As bytes: to make them text and bytes again would take longer than all that S3 has to do with them. */
function numberedLines(bytes: Buffer, file: number): Buffer | undefined {
  if (bytes.at(-1) !== NEWLINE) return undefined;
  const mark = Buffer.from(`{"_file":${file},`);
  const marked = Buffer.allocUnsafe(bytes.length + breaksIn(bytes) * (mark.length - 1));
  let at = 0;
  for (let from = 0; from < bytes.length;) {
    if (!RECEIVED.equals(bytes.subarray(from, from + RECEIVED.length))) return undefined;
    const next = bytes.indexOf(NEWLINE, from) + 1;
    at += mark.copy(marked, at);
    at += bytes.copy(marked, at, from + 1, next);
    from = next;
  }
  return marked;
}

function breaksIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
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
