import type { SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { type FileRun, fullLines, objects, pathList, textLines } from './compile.js';
import { fetchedAhead } from './fetch.js';
import { createFiles } from './files.js';
import { type Gathered, gather, linesIn } from './gather.js';
import type { FileRecord } from './manifest.js';
import { chunkedWriter, extentOf, readCarefully, type Reject, removeAll, slice, type TextLine } from './normalise.js';
import type { Input } from './plan.js';
import { type QuickFile, type QuickReader, quickReader, runsOf } from './quick.js';
import type { Session } from './session.js';
import { filesOf, findTexts } from './texts.js';
import { createQuarantine, createUnits } from './units.js';

/**
 * Reads raw files into temporary relations of the session, for one source and arrival day:
 *
 *   files     one row a file (see files.ts)
 *   staged    one row a line
 *   rejects   what cannot become a row
 *
 * Nothing is taken on trust: the lines of a file that was read quickly must be numbered without a gap, as the raw log
 * numbers them; any other file is taken apart line by line.
 */
export interface Staged {
  readonly records: readonly FileRecord[];
  /** Lines read now. */
  readonly lines: number;
  /** Units of the quarantine among what was read. */
  readonly quarantined: number;
}

interface Prepared {
  /** Number of the file, from 0. */
  readonly index: number;
  readonly input: Input;
  /** Undefined where its lines were gathered. */
  readonly path: string | undefined;
  readonly end: number;
  readonly torn: boolean;
}

/** Lines of a file: how many, and the number after the last. */
interface Counted {
  readonly lines: number;
  readonly next: number;
}

/** In this order, so that the files of a kind have numbers in a row. */
const KINDS = ['lines', 'object', 'rejected'] as const;
const CHUNK = 32 * 1024 * 1024;
const REJECT_COLUMNS = `{'_file': 'BIGINT', '_line': 'BIGINT', '_received_at': 'BIGINT', 'reason': 'VARCHAR', 'payload': 'VARCHAR'}`;

export interface StageOptions {
  readonly session: Session;
  readonly raw: Store;
  readonly source: SourceModel;
  readonly zone: Zone;
  readonly date: string;
  /** Whether files may grow while they are read. Then copies are read: the same lines whenever the run looks again. */
  readonly growing: boolean;
  readonly inputs: readonly Input[];
  /** A path for a temporary file; the caller removes what is left. */
  readonly temporary: (suffix: string) => Promise<string>;
}

export async function stageDay(options: StageOptions): Promise<Staged> {
  const inputs = KINDS.flatMap((kind) => options.inputs.filter((input) => input.kind === kind));
  let reader = await quickReader(options);
  try {
    const gathered = await gather({ ...options, inputs, wrote: (file) => reader.add(file) });
    const raw = fetchedAhead(
      options.raw,
      inputs.filter((input) => !gathered.inputs.has(input)),
      options.temporary,
    );
    const careful = new Set<number>();
    for (;;) {
      const staged = await stage({ ...options, raw, inputs }, gathered, careful, reader);
      if ('records' in staged) return staged;
      if (staged.unfound.every((file) => careful.has(file))) throw new Error('Lines were not found again in their files');
      staged.unfound.forEach((file) => careful.add(file));
      await options.session.reset();
      reader = await quickReader(options);
      gathered.files.forEach(reader.add);
    }
  } finally {
    // A statement that was begun is not left behind for whoever uses the session next.
    await reader.stop();
  }
}

/** Files with lines whose text was not found by their numbers: the raw log did not write them. They need a careful reading. */
interface Unfound {
  readonly unfound: readonly number[];
}

/** `reader` has the gathered files already; those of `careful` it is not given. */
async function stage(
  options: StageOptions,
  gathered: Gathered,
  careful: ReadonlySet<number>,
  reader: QuickReader,
): Promise<Staged | Unfound> {
  const { session } = options;
  const prepared: Prepared[] = [];
  for (const [index, input] of options.inputs.entries()) {
    const end = gathered.inputs.get(input);
    const file = end === undefined ? await prepare(options, input, index) : { index, input, path: undefined, end, torn: false };
    prepared.push(file);
    if (!careful.has(index)) quickFiles(file).forEach(reader.add);
  }
  await reader.finish();
  const files = prepared.map(({ index, input, path = '' }) => ({ index, key: input.object.key, path }));
  await createFiles(session, files, options, options.temporary);
  await session.run(`CREATE TEMP TABLE rejects (_file BIGINT, _line BIGINT, _received_at BIGINT, reason VARCHAR, payload VARCHAR)`);

  const counted = await countLines(session, prepared, careful);
  const runs = runsOf([...prepared.filter(({ index }) => counted.has(index)).flatMap(quickFiles), ...gathered.files]);
  const unfound = await readRest(options, runs);
  if (unfound.length > 0) return { unfound };
  const chunks = await readCarefullyInto(
    options,
    prepared.filter(({ index }) => !counted.has(index)),
    gathered.files.map(({ path }) => path),
    counted,
  );

  await createUnits(options);
  const quarantined = await createQuarantine(options, runs, chunks);
  await removeAll(chunks);
  if (quarantined.unfound.length > 0) return quarantined;
  return {
    records: prepared.map((file) => recordOf(file, counted.get(file.index))),
    lines: [...counted.values()].reduce((sum, { lines }) => sum + lines, 0),
    quarantined: quarantined.rows,
  };
}

function recordOf({ input, end, torn }: Prepared, counted: Counted | undefined): FileRecord {
  const { key, size, etag } = input.object;
  return {
    name: key,
    size,
    etag,
    read: end,
    lines: input.linesBefore + (counted?.lines ?? 0),
    next: counted?.next ?? input.firstLine,
    torn: torn ? 1 : 0,
  };
}

/** The part of the file to read, as a local file whose every line is finished. */
async function prepare({ raw, growing, temporary }: StageOptions, input: Input, index: number): Promise<Prepared> {
  const local = await raw.local(input.object.key);
  if (input.kind === 'object') return { index, input, path: local, end: input.object.size, torn: false };
  const { end, torn } = await extentOf(local, input.from);
  if (!growing && input.from === 0 && end === input.object.size) return { index, input, path: local, end, torn };
  const path = await temporary('.ndjson');
  await slice(local, input.from, end, path);
  return { index, input, path, end, torn };
}

interface Numbers {
  readonly file: bigint;
  readonly lines: bigint;
  readonly numbered: bigint;
  readonly first: bigint | null;
  readonly last: bigint | null;
  readonly sum: bigint | null;
  readonly squares: bigint | null;
}

/** Line numbers of each file. Greater ones than an id has room for do not count as numbers. */
const NUMBERS = `SELECT _file AS file, count(*) AS lines, count(n) AS numbered, min(_line) AS first, max(_line) AS last, sum(n) AS sum, sum(n * n) AS squares
  FROM (SELECT _file, _line, CASE WHEN _line BETWEEN 1 AND 68719476735 THEN CAST(_line AS HUGEINT) END AS n FROM staged) GROUP BY _file`;

/** Whether every line has a number, from `from` on, and each number is there once: the sum and that of the squares say so. */
function gapless({ lines, numbered, first, last, sum, squares }: Numbers, from: number): boolean {
  if (numbered !== lines || first !== BigInt(from) || last !== first + lines - 1n) return false;
  const squaresTo = (n: bigint) => (n * (n + 1n) * (2n * n + 1n)) / 6n;
  return sum === ((first + last) * lines) / 2n && squares === squaresTo(last) - squaresTo(first - 1n);
}

/** The lines of each file that the quick reading has read whole; what it read of others is taken out again. */
async function countLines(session: Session, prepared: readonly Prepared[], careful: ReadonlySet<number>): Promise<Map<number, Counted>> {
  const seen = await session.rows<Numbers>(NUMBERS);
  const rows = new Map(seen.map((row) => [Number(row.file), row]));
  const counted = new Map<number, Counted>();
  for (const { index, input, end } of prepared) {
    const row = rows.get(index);
    const lines = Number(row?.lines ?? 0);
    const whole = (row && gapless(row, input.firstLine)) || (input.kind === 'object' && lines === 1);
    if (end === input.from || (whole && !careful.has(index))) counted.set(index, { lines, next: input.firstLine + lines });
  }
  const unread = prepared.filter(({ index }) => !counted.has(index) && rows.has(index));
  if (unread.length > 0) await session.run(`DELETE FROM staged WHERE _file IN (${unread.map(({ index }) => index).join(', ')})`);
  return counted;
}

/** A file as the quick reading takes it; none where it has nothing for it. */
const quickFiles = ({ index, input: { kind, from }, path, end }: Prepared): QuickFile[] =>
  kind === 'rejected' || path === undefined || end === from ? [] : [{ path, kind, index, bytes: end - from }];

/** Stages by the full reading the lines that the quick one left; returns the files in which some were not found. */
async function readRest({ session, source }: StageOptions, runs: readonly FileRun[]): Promise<number[]> {
  await session.run(
    `CREATE TEMP TABLE rest AS SELECT _file, coalesce(_line, 1) AS _line, _received_at, CAST(rest AS JSON) AS line FROM staged WHERE NOT plain`,
  );
  const [rest] = await session.rows<{ lines: bigint; unseen: bigint }>(
    'SELECT count(*) AS lines, count(*) - count(line) AS unseen FROM rest',
  );
  let unfound: number[] = [];
  if (rest && rest.lines > 0n) {
    await session.run('DELETE FROM staged WHERE NOT plain');
    // Materialized, since a table of so few rows is read by one thread.
    await session.run(
      `INSERT INTO staged ${fullLines(source, '(WITH seen AS MATERIALIZED (FROM rest WHERE line IS NOT NULL) FROM seen)')}`,
    );
    if (rest.unseen > 0n) {
      await findTexts(session, '(FROM rest WHERE line IS NULL)', runs);
      await session.run(`INSERT INTO staged ${fullLines(source, objects('texts'))}`);
    }
    unfound = await filesOf(session, `rest r ANTI JOIN (FROM staged WHERE NOT plain) s ON r._file = s._file AND r._line = s._line`);
  }
  await session.run('DROP TABLE rest');
  return unfound;
}

/** Stages suspect files line by line, and counts them; returns the text files it leaves for the quarantine to look into. */
async function readCarefullyInto(
  options: StageOptions,
  suspects: readonly Prepared[],
  large: readonly string[],
  counted: Map<number, Counted>,
): Promise<string[]> {
  const { session, source, temporary } = options;
  const texts = chunkedWriter(() => temporary('.texts'), CHUNK);
  const rejects = chunkedWriter(() => temporary('.rejects'), CHUNK);
  const add = async (found: TextLine | Reject) => {
    const [file, line] = 'text' in found ? [found.file, found.line] : [found._file, found._line];
    counted.set(file, { lines: (counted.get(file)?.lines ?? 0) + 1, next: line + 1 });
    if ('text' in found) await texts.add(`${file}\u0001${line}\u0001${found.text}\n`);
    else await rejects.add(`${JSON.stringify(found)}\n`);
  };
  for (const { index, input, path } of suspects) {
    counted.set(index, { lines: 0, next: input.firstLine });
    if (path === undefined) continue;
    for await (const found of readCarefully(path, input.kind, index, input.firstLine)) await add(found);
  }
  const wanted = new Set(suspects.filter(({ path }) => path === undefined).map(({ index }) => index));
  if (wanted.size > 0) for await (const found of linesIn(large, wanted)) await add(found);
  const paths = await texts.finish();
  for (const path of paths) {
    await session.run(`CREATE OR REPLACE TEMP TABLE texts AS SELECT * FROM ${textLines([path])}`);
    await session.run(`INSERT INTO staged ${fullLines(source, objects('texts'))}`);
    await session.run(
      `INSERT INTO rejects SELECT _file, _line, NULL, CASE WHEN json_valid(line) THEN 'not_an_object' ELSE 'invalid_json' END, line
        FROM texts WHERE NOT json_valid(line) OR json_type(line) <> 'OBJECT'`,
    );
    await session.run('DROP TABLE texts');
  }
  const rejected = await rejects.finish();
  if (rejected.length > 0) {
    await session.run(
      `INSERT INTO rejects SELECT * FROM read_json(${pathList(rejected)}, format = 'newline_delimited', maximum_object_size = 67108864, columns = ${REJECT_COLUMNS})`,
    );
    await removeAll(rejected);
  }
  return paths;
}
