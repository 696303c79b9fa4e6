import type { Zone } from '../zone.js';
import { pathList } from './compile.js';
import { chunkedWriter, removeAll } from './normalise.js';
import type { Session } from './session.js';

/** A raw file of a run, by its number. */
export interface NumberedFile {
  /** From 0, without gaps. */
  readonly index: number;
  /** In the raw lake. */
  readonly key: string;
  /** Where it is read. */
  readonly path: string;
}

/**
 * Rows name their raw file by its number while they are read, merged and sorted: its name is put in their place when they are
 * written. Both are expressions over such a number, once `createFiles` has run.
 */
export const RAW_FILE_OF = (file: string): string => `getvariable('raw_files')[${file} + 1]`;
/** Milliseconds that date a line which does not tell when it arrived. */
export const ARRIVED_OF = (file: string): string => `getvariable('arrivals')[${file} + 1]`;

const CHUNK = 32 * 1024 * 1024;
const COLUMNS = `{'_file': 'BIGINT', 'raw_file': 'VARCHAR', 'arrived': 'BIGINT', 'path': 'VARCHAR'}`;

/** Makes the relation `files`, one row a file: `_file`, `raw_file`, `arrived` and `path`. */
export async function createFiles(
  session: Session,
  files: readonly NumberedFile[],
  day: { readonly zone: Zone; readonly date: string },
  temporary: (suffix: string) => Promise<string>,
): Promise<void> {
  const writer = chunkedWriter(() => temporary('.files'), CHUNK);
  for (const { index, key, path } of files) {
    const arrived = arrivalOf(key.slice(key.lastIndexOf('/') + 1)) ?? day.zone.startOf(day.date) * 1000;
    await writer.add(`${JSON.stringify({ _file: index, raw_file: key, arrived, path })}\n`);
  }
  const paths = await writer.finish();
  await session.run(`CREATE TEMP TABLE files (_file BIGINT, raw_file VARCHAR, arrived BIGINT, path VARCHAR)`);
  if (paths.length > 0)
    await session.run(`INSERT INTO files SELECT * FROM read_json(${pathList(paths)}, format = 'newline_delimited', columns = ${COLUMNS})`);
  await removeAll(paths);
  // A look into a list costs less than a join, and a row needs no name for it.
  const listed = (column: string, type: string) => `(SELECT coalesce(list(${column} ORDER BY _file), []::${type}[]) FROM files)`;
  await session.run(`SET VARIABLE raw_files = ${listed('raw_file', 'VARCHAR')}`);
  await session.run(`SET VARIABLE arrivals = ${listed('arrived', 'BIGINT')}`);
}

/** Milliseconds that an older layout's file name tells: an epoch in seconds (with a fraction) or milliseconds. */
function arrivalOf(name: string): number | undefined {
  const epoch = /^(\d{13}|\d{10}(?:\.\d+)?)(?!\d)/.exec(name)?.[1];
  if (epoch === undefined) return undefined;
  return epoch.length === 13 && !epoch.includes('.') ? Number(epoch) : Math.floor(Number(epoch) * 1000);
}
