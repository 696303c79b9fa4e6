import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChatlakeError } from '../errors.js';
import type { QueryResult } from '../types.js';
import { formatted } from './format.js';
import { writeParquet } from './format-parquet.js';

export type ExportFormat = 'csv' | 'json' | 'parquet';

/** Writes a result to `file`, at most `maxBytes` of text. Leaves nothing behind when it fails. Throws LIMIT when it is cut or too large. */
export async function writeExport(result: QueryResult, format: ExportFormat, file: string, maxBytes: number): Promise<void> {
  try {
    if (format === 'parquet') await writeParquet(result, file);
    else await pipeline(Readable.from(bounded(formatted(result, format, { csvSafe: true }), maxBytes)), createWriteStream(file));
    if (result.truncated())
      throw new ChatlakeError('LIMIT', 'The result has more rows than an export may have. Read fewer days, or group.');
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function* bounded(pieces: AsyncIterable<string>, maxBytes: number): AsyncGenerator<string> {
  let left = maxBytes;
  for await (const piece of pieces) {
    left -= Buffer.byteLength(piece);
    if (left < 0)
      throw new ChatlakeError(
        'LIMIT',
        `The result is larger than an export may be (${Math.round(maxBytes / 1024 ** 2)} MB). Read fewer days or columns.`,
      );
    yield piece;
  }
}
