import { ddl, type DdlOptions } from '../../../src/query/ddl.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../../src/query/lake-tables.js';
import { CATALOG, type Trino } from './trino.js';

/** The statements of a text as `chatlake ddl` prints it. */
export const statements = (text: string): string[] =>
  text
    .split(/;\n(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** Makes the lake's tables and views in a catalog of Trino by what `ddl` prints, and its days known. */
export async function makeTables(
  trino: Trino,
  options: DdlOptions,
  { catalog = CATALOG, schema = 'default', views = LAKE_VIEWS } = {},
): Promise<void> {
  await trino.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`, schema, catalog);
  for (const statement of statements(ddl('trino', LAKE_TABLES, views, options))) await trino.run(statement, schema, catalog);
  if (options.partitions === 'projection') return;
  for (const { name } of LAKE_TABLES)
    await trino.run(`CALL system.sync_partition_metadata('${schema}', '${name}', 'FULL')`, schema, catalog);
}
