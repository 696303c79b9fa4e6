import { isUtf8 } from 'node:buffer';
import type { Zone } from '../../zone.js';
import { epochOfLocal } from '../local-time.js';
import { type Line, linesOf, LONGEST_LINE } from '../lines.js';
import type { Batch, ExportFile, Found, ImportChoices, Reading } from '../types.js';
import { ordinals } from '../values.js';
import { authorIn } from './author.js';
import type { Dialect } from './dialect.js';
import { dialectOf } from './dialect.js';
import { headerOf, wallClockIn } from './header.js';
import { bodyOf } from './message.js';

/** A message whose lines are being collected. */
interface Open {
  readonly line: number;
  /** Undefined for one that cannot be read. */
  readonly date: number | undefined;
  readonly author: string | undefined;
  readonly texts: string[];
  /** The bytes of its lines, of which what cannot be read is kept. */
  readonly bytes: Buffer[];
  size: number;
  fault: string | undefined;
}

/** Bytes of a message: the app takes far fewer. */
const LONGEST = LONGEST_LINE;

/** The messages of a WhatsApp chat export. Throws IMPORT when the file is none. */
export async function readWhatsapp(file: ExportFile, zone: Zone, choices: ImportChoices): Promise<Reading> {
  const dialect = await dialectOf(file, choices);
  return { source: 'whatsapp', notes: dialect.notes, batches: batches(file, zone, dialect), unnumbered: dialect.sides.unnumbered };
}

async function* batches(file: ExportFile, zone: Zone, dialect: Dialect): AsyncGenerator<Batch> {
  const ordinal = ordinals();
  let open: Open | undefined;
  for await (const { lines, read } of linesOf(await file.open())) {
    const found: Found[] = [];
    const close = () => {
      if (open) found.push(closed(open, dialect, ordinal));
      open = undefined;
    };
    for (const line of lines) {
      const next = begun(line, zone, dialect);
      if (next) {
        close();
        open = next;
      } else if (open && open.size + line.bytes.length <= LONGEST) add(open, line);
      else if (open || line.bytes.some((byte) => byte !== 0x20 && byte !== 0x09)) {
        close();
        found.push({ body: line.bytes, reason: `import: belongs to no message (line ${line.number})` });
      }
    }
    yield { found, read };
  }
  if (open) yield { found: [closed(open, dialect, ordinal)], read: file.size };
}

/** The message that begins with this line, if one does. */
function begun(line: Line, zone: Zone, dialect: Dialect): Open | undefined {
  const text = line.bytes.toString();
  const header = headerOf(text);
  if (header?.layout !== dialect.layout) return undefined;
  const wall = wallClockIn(header, dialect.order);
  const { author, text: said } = authorIn(text.slice(header.end));
  const open: Open = {
    line: line.number,
    date: wall === undefined ? undefined : epochOfLocal(zone, wall),
    author,
    texts: [said],
    bytes: [line.bytes],
    size: line.bytes.length,
    fault: wall === undefined ? 'no such date' : undefined,
  };
  examine(open, line);
  return open;
}

function add(open: Open, line: Line): void {
  open.texts.push(line.bytes.toString());
  open.bytes.push(line.bytes);
  open.size += line.bytes.length + 1;
  examine(open, line);
}

function examine(open: Open, line: Line): void {
  if (line.left > 0) open.fault ??= `${line.left} bytes of a line of ${line.bytes.length + line.left} are not kept`;
  else if (!isUtf8(line.bytes)) open.fault ??= 'not_utf8';
}

function closed(
  { line, date, author, texts, bytes, fault }: Open,
  { chat, sides: { me, number } }: Dialect,
  ordinal: (key: string, date: number) => number,
): Found {
  if (date === undefined || fault !== undefined)
    return {
      body: Buffer.concat(bytes.flatMap((one, at) => (at === 0 ? [one] : [Buffer.from('\n'), one]))),
      reason: `import: ${fault} (line ${line})`,
    };
  return bodyOf({ chat, line, date, author, text: texts.join('\n'), me: me !== undefined && author === me, number }, ordinal);
}
