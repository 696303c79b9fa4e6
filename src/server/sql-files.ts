import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportFormat } from '../query/export.js';
import type { IsolatedEngine } from '../query/worker/engine.js';
import type { Exported } from './api-sql.js';

const MOST_ROWS = 1_000_000;

/** Writes the rows of a statement to a file of its own, complete before it is handed out. */
export function exporter(
  engine: Pick<IsolatedEngine, 'exportTo'>,
): (sql: string, format: ExportFormat, signal: AbortSignal) => Promise<Exported> {
  return async (sql, format, signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'chatlake-export-'));
    const discard = () => rm(folder, { recursive: true, force: true });
    try {
      const path = join(folder, `rows.${format}`);
      await engine.exportTo(sql, format, path, { maxRows: MOST_ROWS, signal });
      return { path, bytes: (await stat(path)).size, discard };
    } catch (error) {
      await discard();
      throw error;
    }
  };
}
