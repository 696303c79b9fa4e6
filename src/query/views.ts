import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { columnsFingerprint, fileColumns } from '../etl/fingerprint.js';
import { LAKE_FILE } from '../lake/layout.js';
import { globbed, literal } from '../sources/shape.js';
import type { Table } from '../types.js';
import { readBy, viewSelect } from './messages.js';
import type { LakeView } from './messages.js';

/** Schema that holds the tables: Athena's name for it. */
export const SCHEMA = 'default';

/**
 * How a table's files are read. `empty`: there are none. `uniform`: every file has the columns declared, so that one
 * file tells the columns. `older`: every file has the same, other columns. `mixed`: any file may lack any column.
 */
export type Reading = 'empty' | 'uniform' | 'older' | 'mixed';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const columnsOf = (table: Table) => [...fileColumns(table), { name: 'context_date', type: 'DATE' }];

/** DuckDB's SELECT over a table's files. `location` is a folder or URL. */
export function tableSelect(table: Table, location: string, reading: Reading): string {
  return filesSelect(table, literal(`${globbed(location)}/${table.name}/context_date=*/data.parquet`), reading);
}

/** The same over files that are given: a pattern or a list, in SQL. */
export function filesSelect(table: Table, files: string, reading: Reading): string {
  const columns = columnsOf(table);
  const none = `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoted(name)}`).join(', ')} WHERE false`;
  if (reading === 'empty') return none;
  const parquet = `read_parquet(${files}, hive_partitioning = true, hive_types = {'context_date': DATE}${reading === 'mixed' ? ', union_by_name = true' : ''})`;
  if (reading === 'uniform') return `SELECT ${columns.map(({ name }) => quoted(name)).join(', ')} FROM ${parquet}`;
  // The empty relation brings the columns that no file has; it costs nothing to run.
  const cast = columns.map(({ name, type }) => `CAST(${quoted(name)} AS ${type}) AS ${quoted(name)}`);
  return `SELECT ${cast.join(', ')} FROM (${none} UNION ALL BY NAME SELECT * FROM ${parquet})`;
}

/** Runs trusted SQL. */
export type Execute = (sql: string) => Promise<unknown>;

export interface LakeViews {
  /**
   * Makes the views fit the files that are there now; cheap when nothing changed. `careful`: take nothing the lake
   * says of itself for granted.
   */
  refresh(careful?: boolean): Promise<void>;
}

/** The tables of the lake under `root` as views of schema `default`, and `views` over them. */
export function lakeViews(root: string, tables: readonly Table[], views: readonly LakeView[], execute: Execute): LakeViews {
  const folder = resolve(root);
  const expected = new Map(tables.map((table) => [table.name, columnsFingerprint(table)]));
  const current = new Map<string, Reading>();
  let ready = false;
  let last: Promise<void> = Promise.resolve();

  const define = (name: string, select: string) => execute(`CREATE OR REPLACE VIEW ${quoted(SCHEMA)}.${quoted(name)} AS ${select}`);

  /**
   * A view is bound when it is created, which over many files takes long, and again when it is read. So views are
   * created while their tables are empty.
   */
  async function begin(): Promise<void> {
    for (const table of tables) {
      await define(table.name, tableSelect(table, folder, 'empty'));
      current.set(table.name, 'empty');
    }
    const defined = new Set(current.keys());
    for (const view of views) {
      if (!readBy(view).every((name) => defined.has(name))) continue;
      await define(
        view.name,
        viewSelect(view, 'duckdb', (name) => `${quoted(SCHEMA)}.${quoted(name)}`),
      );
      defined.add(view.name);
    }
    ready = true;
  }

  async function update(careful: boolean): Promise<void> {
    if (!ready) await begin();
    const fingerprints = careful ? undefined : declared(folder);
    const folders = new Set(namesIn(folder));
    for (const table of tables) {
      const known = current.get(table.name);
      const present = known !== undefined && known !== 'empty' && !careful ? true : folders.has(table.name) && hasFiles(folder, table.name);
      const reading = present ? readingOf(expected.get(table.name), fingerprints?.[table.name]) : 'empty';
      if (reading === known && !careful) continue;
      await define(table.name, tableSelect(table, folder, reading));
      current.set(table.name, reading);
    }
  }

  return {
    refresh(careful = false) {
      const next = last.then(() => update(careful));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

function readingOf(expected: string | undefined, fingerprint: unknown): Reading {
  if (fingerprint === expected) return 'uniform';
  return typeof fingerprint === 'string' && fingerprint !== 'mixed' ? 'older' : 'mixed';
}

/**
 * What the lake says of its tables' columns: by table, a fingerprint or `mixed`. Absent or unreadable: nothing. Like the look for files, at once: it
 * comes before every statement, and the way to another thread and back takes longer than a small file.
 */
function declared(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const lake = JSON.parse(readFileSync(join(folder, LAKE_FILE), 'utf8')) as { columns?: Readonly<Record<string, unknown>> } | null;
    return lake?.columns;
  } catch {
    return undefined;
  }
}

const hasFiles = (folder: string, table: string): boolean =>
  namesIn(join(folder, table)).some(
    (name) => name.startsWith('context_date=') && namesIn(join(folder, table, name)).includes('data.parquet'),
  );

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
