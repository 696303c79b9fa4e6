import type { SourceModel, Store } from '../types.js';
import { type FileRun, noLines, quickLines } from './compile.js';
import type { Session } from './session.js';

/** A file for the quick reading. Of a gathered one the lines tell the numbers. */
export interface QuickFile {
  readonly path: string;
  readonly kind: FileRun['kind'];
  /** Its number; 0 where it is gathered. */
  readonly index: number;
  readonly bytes: number;
}

export interface QuickReader {
  /** Takes a file: what waits is read as soon as it is worth a statement. Its lines need not come to be there: a reader of `staged` counts them. */
  readonly add: (file: QuickFile) => void;
  /** Resolves when all files are read, or have turned out to have a line that is not as expected. */
  readonly finish: () => Promise<void>;
  /** Begins nothing more; resolves when what was begun is over. */
  readonly stop: () => Promise<void>;
}

/** Bytes that are worth a statement of their own: of fewer, the engine appends what its threads read twice, to make whole row groups of it. */
const WORTH = 128 * 1024 * 1024;
/** Files that are read alone when reading them together failed; of more, all are taken apart line by line. */
const READ_ALONE = 64;

export interface QuickOptions {
  readonly session: Session;
  readonly source: SourceModel;
  /** Where the files come from. */
  readonly raw: Store;
}

/**
 * Begins the relation `staged`, and reads files into it. Those of S3 while more are on their way, since who waits for them leaves a processor
 * idle; those of this machine all at once, which takes one statement.
 */
export async function quickReader({ session, source, raw }: QuickOptions): Promise<QuickReader> {
  const worth = raw.url === raw.folder ? Infinity : WORTH;
  await session.once(`CREATE TABLE lines_${source.name} AS ${noLines(source)}`);
  await session.run(`CREATE TEMP TABLE staged AS FROM lines_${source.name}`);
  const insert = (run: FileRun) => session.run(`INSERT INTO staged ${quickLines(source, run)}`);
  let waiting: QuickFile[] = [];
  let bytes = 0;
  let reading: Promise<void> | undefined;

  async function read(run: FileRun): Promise<void> {
    try {
      await insert(run);
    } catch {
      // A line somewhere is not what the quick reading expects: find out in which file.
      const alone =
        run.paths.length > READ_ALONE ? [] : run.paths.map((path, position) => ({ ...run, paths: [path], base: run.base + position }));
      for (const one of alone) await insert(one).catch(() => undefined);
    }
  }

  async function readWaiting(least: number): Promise<void> {
    while (waiting.length > 0 && bytes >= least) {
      const runs = runsOf(waiting);
      waiting = [];
      bytes = 0;
      for (const run of runs) await read(run);
    }
    reading = undefined;
  }

  return {
    add(file) {
      waiting.push(file);
      bytes += file.bytes;
      if (bytes >= worth) reading ??= readWaiting(worth);
    },
    async finish() {
      await reading;
      await readWaiting(0);
    },
    async stop() {
      waiting = [];
      await reading;
    },
  };
}

/** Files of a kind with consecutive numbers, together; gathered ones as many as are tried alone when one of them fails. */
export function runsOf(files: readonly QuickFile[]): FileRun[] {
  const runs: { paths: string[]; base: number; kind: FileRun['kind'] }[] = [];
  for (const { path, kind, index } of files) {
    const run = runs.at(-1);
    const follows =
      kind === 'gathered' ? (run?.paths.length ?? 0) < READ_ALONE : run !== undefined && run.base + run.paths.length === index;
    if (run?.kind === kind && follows) run.paths.push(path);
    else runs.push({ paths: [path], base: index, kind });
  }
  return runs;
}
