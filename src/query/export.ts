import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChatlakeError } from '../errors.js';
import type { QueryResult } from '../types.js';
import { formatted } from './format.js';
import { writeParquet } from './format-parquet.js';

export type ExportFormat = 'csv' | 'json' | 'parquet';

/** Writes a result to `file`, whole: leaves nothing behind when it fails. Throws LIMIT when the row limit cut it. */
export async function writeExport(result: QueryResult, format: ExportFormat, file: string): Promise<void> {
  try {
    if (format === 'parquet') await writeParquet(result, file);
    else await pipeline(Readable.from(formatted(result, format, { csvSafe: true })), createWriteStream(file));
    if (result.truncated())
      throw new ChatlakeError('LIMIT', 'The result has more rows than an export may have. Read fewer days, or group.');
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
