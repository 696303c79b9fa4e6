import { fileColumns } from '../etl/fingerprint.js';
import type { QueryEngine } from '../types.js';
import { LAKE_TABLES, LAKE_VIEWS } from './lake-tables.js';
import { MACROS, RENAMED } from './macros.js';
import { REWRITTEN } from './rules.js';
import { isAvailable } from './sandbox.js';

/** A table or view as the editor shows it. */
export interface Relation {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
}

/** Every table and view of the lake with its columns, from their declarations. */
export function relations(): Relation[] {
  const tables = LAKE_TABLES.map((table) => ({
    name: table.name,
    description: table.description,
    columns: [
      ...fileColumns(table).map(({ name, type, description }) => ({ name, type, description })),
      { name: 'context_date', type: 'DATE', description: "Partition: the day in the lake's time zone." },
    ],
  }));
  return [...LAKE_VIEWS.map(({ name, description, columns }) => ({ name, description, columns: [...columns] })), ...tables];
}

/** Names of Trino's functions that the embedded engine has too. */
export const trinoFunctions = (): string[] => [...Object.keys(MACROS), ...Object.keys(RENAMED), ...REWRITTEN];

/** Names of the functions a statement may call, in order: the engine's own and those of Trino. */
export async function functionNames(engine: QueryEngine): Promise<string[]> {
  const names = new Set(trinoFunctions());
  const { batches } = await engine.run(
    `SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') AND schema_name = 'main'`,
  );
  for await (const batch of batches) for (const [name] of batch) names.add(String(name));
  return [...names].filter((name) => /^[a-z][a-z0-9_]*$/.test(name) && isAvailable(name)).sort();
}
