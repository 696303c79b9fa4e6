import type { SourceModel, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { type FileRun, fullLines, noLines, objects, pathList, quickLines, textLines } from './compile.js';
import { fetchedAhead } from './fetch.js';
import { createFiles } from './files.js';
import { type Gathered, gather, linesIn } from './gather.js';
import type { FileRecord } from './manifest.js';
import { chunkedWriter, extentOf, readCarefully, type Reject, removeAll, slice, type TextLine } from './normalise.js';
import type { Input } from './plan.js';
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
  await createStaged(options);
  const ahead = readAhead(options);
  const gathered = await gather({ ...options, inputs, wrote: ahead.read }).finally(ahead.finished);
  const raw = fetchedAhead(
    options.raw,
    inputs.filter((input) => !gathered.inputs.has(input)),
    options.temporary,
  );
  const careful = new Set<number>();
  for (let unread: readonly string[] = ahead.failed; ; unread = gathered.paths) {
    const staged = await stage({ ...options, raw, inputs }, { ...gathered, unread }, careful);
    if ('records' in staged) return staged;
    if (staged.unfound.every((file) => careful.has(file))) throw new Error('Lines were not found again in their files');
    staged.unfound.forEach((file) => careful.add(file));
    await options.session.reset();
    await createStaged(options);
  }
}

async function createStaged({ session, source }: StageOptions): Promise<void> {
  await session.once(`CREATE TABLE lines_${source.name} AS ${noLines(source)}`);
  await session.run(`CREATE TEMP TABLE staged AS FROM lines_${source.name}`);
}

/** Reads gathered files quickly while more are gathered, which leaves a processor idle. */
function readAhead({ session, source }: StageOptions) {
  const failed: string[] = [];
  let waiting: string[] = [];
  let reading: Promise<void> | undefined;
  async function readWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const paths = waiting;
      waiting = [];
      await session
        .run(`INSERT INTO staged ${quickLines(source, { paths, base: 0, kind: 'gathered' })}`)
        .catch(() => void failed.push(...paths));
    }
    reading = undefined;
  }
  return {
    /** Paths of files with a line that is not what the quick reading expects. */
    failed,
    read: (path: string) => {
      waiting.push(path);
      reading ??= readWaiting();
    },
    finished: async () => reading,
  };
}

/** Files with lines whose text was not found by their numbers: the raw log did not write them. They need a careful reading. */
interface Unfound {
  readonly unfound: readonly number[];
}

/** `unread`: gathered files that are not staged yet. */
async function stage(
  options: StageOptions,
  gathered: Gathered & { readonly unread: readonly string[] },
  careful: ReadonlySet<number>,
): Promise<Staged | Unfound> {
  const { session, source } = options;
  const prepared: Prepared[] = [];
  for (const [index, input] of options.inputs.entries()) {
    const end = gathered.inputs.get(input);
    prepared.push(end === undefined ? await prepare(options, input, index) : { index, input, path: undefined, end, torn: false });
  }
  const files = prepared.map(({ index, input, path = '' }) => ({ index, key: input.object.key, path }));
  await createFiles(session, files, options, options.temporary);
  await session.run(`CREATE TEMP TABLE rejects (_file BIGINT, _line BIGINT, _received_at BIGINT, reason VARCHAR, payload VARCHAR)`);

  const counted = await readQuickly(options, prepared, together(gathered.unread), careful);
  const runs = [
    ...consecutive(prepared.filter(({ index, input, end }) => counted.has(index) && end > input.from)),
    ...together(gathered.paths),
  ];
  const unfound = await readRest(options, runs);
  if (unfound.length > 0) return { unfound };
  const chunks = await readCarefullyInto(
    options,
    prepared.filter(({ index }) => !counted.has(index)),
    gathered.paths,
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

/** Files that are read alone when reading them together failed; of more, all are taken apart line by line. */
const READ_ALONE = 64;

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

/** Reads what the quick reading can read; returns the lines of each file that it has read whole. */
async function readQuickly(
  { session, source }: StageOptions,
  prepared: readonly Prepared[],
  large: readonly FileRun[],
  careful: ReadonlySet<number>,
): Promise<Map<number, Counted>> {
  const insert = (run: FileRun) => session.run(`INSERT INTO staged ${quickLines(source, run)}`);
  const single = consecutive(prepared.filter(({ index, input, end }) => end > input.from && !careful.has(index)));
  for (const run of [...single, ...large]) {
    try {
      await insert(run);
    } catch {
      // A line somewhere is not what the quick reading expects: find out in which file.
      const alone =
        run.paths.length > READ_ALONE ? [] : run.paths.map((path, position) => ({ ...run, paths: [path], base: run.base + position }));
      for (const one of alone) await insert(one).catch(() => undefined);
    }
  }
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

/** Gathered files, as many together as are tried alone when one of them fails. */
const together = (paths: readonly string[]): FileRun[] =>
  Array.from({ length: Math.ceil(paths.length / READ_ALONE) }, (_, at) => ({
    paths: paths.slice(at * READ_ALONE, (at + 1) * READ_ALONE),
    base: 0,
    kind: 'gathered',
  }));

/** Files of a kind with consecutive numbers, together. */
function consecutive(files: readonly Prepared[]): FileRun[] {
  const runs: { paths: string[]; base: number; kind: 'lines' | 'object' }[] = [];
  for (const { index, path, input } of files) {
    if (input.kind === 'rejected' || path === undefined) continue;
    const run = runs.at(-1);
    if (run?.kind === input.kind && run.base + run.paths.length === index) run.paths.push(path);
    else runs.push({ paths: [path], base: index, kind: input.kind });
  }
  return runs;
}

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
    await session.run(`INSERT INTO staged ${fullLines(source, '(FROM rest WHERE line IS NOT NULL)')}`);
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
