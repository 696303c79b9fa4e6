import { type FileRun, gatheredLines, numberedLines, wholeFiles } from './compile.js';
import type { Session } from './session.js';

const TEXTS = { lines: numberedLines, object: wholeFiles, gathered: gatheredLines };

/** Makes `texts`: the text of those lines of the relation `wanted` that are found by their numbers. */
export async function findTexts(session: Session, wanted: string, runs: readonly FileRun[]): Promise<void> {
  await session.run(`CREATE OR REPLACE TEMP TABLE texts (_file BIGINT, _line BIGINT, line VARCHAR)`);
  for (const run of runs) {
    // Some line may be longer than text may be: then none of the run is found, and a careful reading tells which.
    await session
      .run(`INSERT INTO texts SELECT _file, _line, line FROM ${TEXTS[run.kind](run)} t SEMI JOIN ${wanted} w USING (_file, _line)`)
      .catch(() => undefined);
  }
}

export const filesOf = async (session: Session, relation: string): Promise<number[]> =>
  (await session.rows<{ file: bigint }>(`SELECT DISTINCT r._file AS file FROM ${relation}`)).map(({ file }) => Number(file));
