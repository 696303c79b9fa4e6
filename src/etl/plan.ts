import { dateOf, REJECTED, rawFolder, rejectedFolder } from '../lake/layout.js';
import type { Store, StoredObject } from '../types.js';
import type { FileRecord, Manifest } from './manifest.js';

/** How a raw file is read: one JSON object a line, one object in the whole file (older layout), or rejected bodies. */
export type InputKind = 'lines' | 'object' | 'rejected';

/** A raw file, or the part of it that has not been read. */
export interface Input {
  readonly object: StoredObject;
  readonly kind: InputKind;
  /** First byte to read. */
  readonly from: number;
  /** Number of the line that starts there, and how many lines were read before it. */
  readonly firstLine: number;
  readonly linesBefore: number;
}

/** What there is to do for one source and arrival day. */
export interface DayPlan {
  readonly inputs: readonly Input[];
  /** The manifest that the new tally adds to; undefined when the day is read from the start. */
  readonly base: Manifest | undefined;
  /** Records of files that need no reading. */
  readonly unchanged: readonly FileRecord[];
  /** Keys beside them that nobody reads, such as compressed files. Hidden ones (`_`, `.`) are no part of the lake. */
  readonly foreign: readonly string[];
}

const WHOLE = { from: 0, firstLine: 1, linesBefore: 0 };

const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);

const isHidden = (key: string): boolean => /^[_.]/.test(nameOf(key));

function kindOf(key: string): InputKind | undefined {
  const name = nameOf(key);
  if (/\.(ndjson|jsonl)$/.test(name)) return key.startsWith(`${REJECTED}/`) ? 'rejected' : 'lines';
  return name.endsWith('.json') ? 'object' : undefined;
}

/** Every arrival day that has raw files, in order. */
export const arrivalDays = async (raw: Store, source: string): Promise<string[]> => [...(await arrivalFolders(raw, source)).keys()].sort();

/** The folders of each arrival day that are there. */
export async function arrivalFolders(raw: Store, source: string): Promise<Map<string, string[]>> {
  const days = new Map<string, string[]>();
  for (const folder of [`${source}/`, `${REJECTED}/${source}/`]) {
    for (const name of await raw.children(folder)) {
      const date = dateOf(name);
      if (date !== undefined) days.set(date, [...(days.get(date) ?? []), folder + name]);
    }
  }
  return days;
}

/**
 * Compares the raw files of a day with its manifest. New files are read whole; a file that has grown, from where reading
 * stopped; when a file is gone or its old bytes may have changed, the day is read from the start. `folders`: those of the day that are
 * there, where that is known.
 */
export async function planDay(
  raw: Store,
  source: string,
  date: string,
  manifest: Manifest | undefined,
  folders: readonly string[] = [rawFolder(source, date), rejectedFolder(source, date)],
): Promise<DayPlan> {
  const known = new Map(manifest?.files.map((file) => [file.name, file]));
  const objects: { object: StoredObject; kind: InputKind }[] = [];
  const foreign: string[] = [];
  for (const folder of folders) {
    for await (const object of raw.list(folder)) {
      if (isHidden(object.key)) continue;
      const kind = kindOf(object.key);
      if (kind) objects.push({ object, kind });
      else foreign.push(object.key);
    }
  }
  const present = new Set(objects.map(({ object }) => object.key));
  const inputs: Input[] = [];
  const unchanged: FileRecord[] = [];
  let trusted = manifest !== undefined && manifest.files.every((file) => present.has(file.name));
  for (const { object, kind } of objects) {
    const record = known.get(object.key);
    if (!record) inputs.push({ object, kind, ...WHOLE });
    else if (record.etag === object.etag) unchanged.push(record);
    else if (object.size > record.size && kind !== 'object')
      inputs.push({ object, kind, from: record.read, firstLine: record.next, linesBefore: record.lines });
    else trusted = false;
  }
  if (trusted) return { inputs, base: manifest, unchanged, foreign };
  return { inputs: objects.map(({ object, kind }) => ({ object, kind, ...WHOLE })), base: undefined, unchanged: [], foreign };
}
