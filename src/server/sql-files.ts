import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExportFormat, writeExport } from '../query/export.js';
import type { QueryEngine } from '../types.js';
import type { Exported } from './api-sql.js';

const MOST_ROWS = 1_000_000;
const MOST_BYTES = 512 * 1024 * 1024;

/** Writes the rows of a statement to a file of its own, complete before it is handed out. */
export function exporter(engine: QueryEngine): (sql: string, format: ExportFormat, signal: AbortSignal) => Promise<Exported> {
  return async (sql, format, signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'chatlake-export-'));
    const discard = () => rm(folder, { recursive: true, force: true });
    try {
      const path = join(folder, `rows.${format}`);
      await writeExport(await engine.run(sql, { maxRows: MOST_ROWS, signal }), format, path, MOST_BYTES);
      return { path, bytes: (await stat(path)).size, discard };
    } catch (error) {
      await discard();
      throw error;
    }
  };
}
