import { fileColumns } from '../etl/fingerprint.js';
import type { ColumnType, Table } from '../types.js';
import { viewSelect } from './messages.js';
import type { LakeView } from './messages.js';
import { quoted, tableSelect } from './views.js';
import { literal } from '../sources/shape.js';

export type DdlEngine = 'athena' | 'trino' | 'duckdb';

export interface DdlOptions {
  /** Folder or URL of the enriched lake, without a slash at the end. */
  readonly location: string;
  /**
   * `registered`: the catalog is told of each day (by the ETL, or MSCK REPAIR TABLE). `projection`: days are derived
   * from a range, so nothing needs telling, at the price of slower queries without a filter on the day.
   */
  readonly partitions: 'registered' | 'projection';
  /** First day of the projected range, `YYYY-MM-DD`. */
  readonly projectedFrom?: string;
  /** Names of tables without a file yet: DuckDB takes no pattern that finds nothing. */
  readonly empty?: ReadonlySet<string>;
}

/** Hive's and Glue's names of the types. */
export const HIVE: Readonly<Record<ColumnType, string>> = {
  BIGINT: 'bigint',
  BOOLEAN: 'boolean',
  VARCHAR: 'string',
  DOUBLE: 'double',
  'VARCHAR[]': 'array<string>',
};
export const TRINO: Readonly<Record<ColumnType, string>> = {
  BIGINT: 'bigint',
  BOOLEAN: 'boolean',
  VARCHAR: 'varchar',
  DOUBLE: 'double',
  'VARCHAR[]': 'array(varchar)',
};

/** One statement for a table, or for a view over those before it. */
export interface DdlStatement {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly sql: string;
}

/** The statements that describe `tables` and `views` to an engine, each ending in a semicolon. */
export function ddl(engine: DdlEngine, tables: readonly Table[], views: readonly LakeView[], options: DdlOptions): string {
  return ddlStatements(engine, tables, views, options)
    .map(({ sql }) => `${sql};\n`)
    .join('\n');
}

/** The same, one by one, in the order they must run. */
export function ddlStatements(
  engine: DdlEngine,
  tables: readonly Table[],
  views: readonly LakeView[],
  options: DdlOptions,
): readonly DdlStatement[] {
  const table = { athena: athenaTable, trino: trinoTable, duckdb: duckdbTable }[engine];
  const dialect = engine === 'duckdb' ? 'duckdb' : 'trino';
  return [
    ...tables.map((each) => ({ name: each.name, kind: 'table' as const, sql: table(each, options) })),
    ...views.map((view) => ({
      name: view.name,
      kind: 'view' as const,
      sql: `CREATE OR REPLACE VIEW ${view.name} AS\n${viewSelect(view, dialect)}`,
    })),
  ];
}

/** Properties of partition projection, which Athena and Trino spell alike. */
export function projection(
  table: Table,
  { location, projectedFrom = '2013-01-01' }: Pick<DdlOptions, 'location' | 'projectedFrom'>,
): [string, string][] {
  return [
    ['projection.enabled', 'true'],
    ['projection.context_date.type', 'date'],
    ['projection.context_date.format', 'yyyy-MM-dd'],
    ['projection.context_date.range', `${projectedFrom},NOW+1DAYS`],
    ['storage.location.template', `${location}/${table.name}/context_date=\${context_date}`],
  ];
}

/** Hive's classes for Parquet. */
export const PARQUET = {
  serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  input: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  output: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
} as const;

const athenaText = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function athenaTable(table: Table, options: DdlOptions): string {
  const columns = fileColumns(table).map(({ name, type, description }) => `  \`${name}\` ${HIVE[type]} COMMENT ${athenaText(description)}`);
  const properties: [string, string][] = [
    ['parquet.compression', 'ZSTD'],
    ...(options.partitions === 'projection' ? projection(table, options) : []),
  ];
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`${table.name}\`(\n${columns.join(',\n')})`,
    `COMMENT ${athenaText(table.description)}`,
    'PARTITIONED BY (\n  `context_date` date)',
    `ROW FORMAT SERDE\n  '${PARQUET.serde}'`,
    `STORED AS INPUTFORMAT\n  '${PARQUET.input}'`,
    `OUTPUTFORMAT\n  '${PARQUET.output}'`,
    `LOCATION\n  ${athenaText(`${options.location}/${table.name}/`)}`,
    `TBLPROPERTIES (\n${properties.map(([key, value]) => `  ${athenaText(key)}=${athenaText(value)}`).join(',\n')})`,
  ].join('\n');
}

function trinoTable(table: Table, options: DdlOptions): string {
  const columns = [
    ...fileColumns(table).map(({ name, type, description }) => `  ${quoted(name)} ${TRINO[type]} COMMENT ${literal(description)}`),
    '  "context_date" date COMMENT \'Partition: day it was sent.\'',
  ];
  const properties = [
    `  external_location = ${literal(`${options.location}/${table.name}/`)}`,
    "  format = 'PARQUET'",
    "  partitioned_by = ARRAY['context_date']",
  ];
  if (options.partitions === 'projection') {
    const pairs = projection(table, options);
    const list = (at: 0 | 1) => `ARRAY[${pairs.map((pair) => literal(pair[at])).join(', ')}]`;
    properties.push(`  extra_properties = MAP(${list(0)},\n    ${list(1)})`);
  }
  return `CREATE TABLE IF NOT EXISTS ${table.name} (\n${columns.join(',\n')}\n)\nCOMMENT ${literal(table.description)}\nWITH (\n${properties.join(',\n')}\n)`;
}

function duckdbTable(table: Table, { location, empty }: DdlOptions): string {
  const none = empty?.has(table.name) === true;
  const note = none ? '-- It has no day yet: print this again when it has one.\n' : '';
  return `${note}CREATE OR REPLACE VIEW ${table.name} AS\n${tableSelect(table, location, none ? 'empty' : 'mixed')}`;
}
