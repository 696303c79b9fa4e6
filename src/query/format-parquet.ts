import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { literal } from '../sources/shape.js';
import type { QueryResult } from '../types.js';
import { objectWriter } from './format.js';
import { parquetType } from './types.js';

/**
 * Writes a result as one Parquet file. The rows come from the sandboxed engine; only this writer, in a DuckDB of its
 * own, touches `file`. Integers that no BIGINT holds are refused.
 */
export async function writeParquet(result: QueryResult, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-parquet-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    // Columns are numbered meanwhile, since names may come twice.
    const numbered = result.columns.map(({ type }, at) => ({ name: `c${at}`, type }));
    const object = objectWriter(numbered);
    const lines = (async function* () {
      for await (const batch of result.batches) yield batch.map((row) => `${object(row)}\n`).join('');
    })();
    const rows = join(folder, 'rows.ndjson');
    await pipeline(Readable.from(lines), createWriteStream(rows));
    const types = numbered.map(({ name, type }) => `${name}: ${literal(parquetType(type))}`).join(', ');
    const names = new Set<string>();
    const select = result.columns.map(({ name }, at) => {
      let unique = name;
      for (let again = 1; names.has(unique.toLowerCase()); again += 1) unique = `${name}_${again}`;
      names.add(unique.toLowerCase());
      return `c${at} AS "${unique.replaceAll('"', '""')}"`;
    });
    const source = `read_json(${literal(rows)}, format = 'newline_delimited', columns = {${types}}, maximum_object_size = 268435456)`;
    await connection.run(`COPY (SELECT ${select.join(', ')} FROM ${source}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
