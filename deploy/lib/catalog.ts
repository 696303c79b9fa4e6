import { Aws } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { fileColumns } from '../../src/etl/fingerprint.js';
import { HIVE_TYPES } from '../../src/query/ddl.js';
import { type LakeView, viewSelect } from '../../src/query/messages.js';
import type { Table } from '../../src/types.js';

export interface CatalogOptions {
  readonly database: string;
  /** Where the enriched lake lies, without a slash at the end. */
  readonly location: string;
  readonly tables: readonly Table[];
  readonly views: readonly LakeView[];
}

const hiveType = (type: keyof typeof HIVE_TYPES | 'DATE'): string => (type === 'DATE' ? 'date' : HIVE_TYPES[type]);

/** The database with every table and view that the columns declare. Days are registered by the state machine. */
export function catalogOf(scope: Construct, { database, location, tables, views }: CatalogOptions): void {
  const own = new glue.CfnDatabase(scope, 'Database', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name: database, description: 'Chats as tables' },
  });
  const add = (name: string, tableInput: glue.CfnTable.TableInputProperty) =>
    new glue.CfnTable(scope, `Table${pascal(name)}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: database,
      tableInput,
    }).addResourceDependency(own);
  for (const table of tables) add(table.name, tableInput(table, location));
  for (const view of views) add(view.name, viewInput(view, database));
}

function tableInput(table: Table, location: string): glue.CfnTable.TableInputProperty {
  return {
    name: table.name,
    description: table.description,
    tableType: 'EXTERNAL_TABLE',
    parameters: { EXTERNAL: 'TRUE', classification: 'parquet', 'parquet.compression': 'ZSTD' },
    partitionKeys: [{ name: 'context_date', type: 'date' }],
    storageDescriptor: {
      columns: fileColumns(table).map(({ name, type, description }) => ({ name, type: hiveType(type), comment: comment(description) })),
      location: `${location}/${table.name}/`,
      inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  };
}

/** A view as Athena and Trino keep theirs in Glue: its definition as JSON in base64, in a comment that both know. */
function viewInput(view: LakeView, schema: string): glue.CfnTable.TableInputProperty {
  const columns = view.columns.map(({ name, type }) => ({ name, type: prestoType(type) }));
  const definition = { originalSql: viewSelect(view, 'trino'), catalog: 'awsdatacatalog', schema, columns };
  return {
    name: view.name,
    description: comment(view.description),
    tableType: 'VIRTUAL_VIEW',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    partitionKeys: [],
    viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    viewExpandedText: '/* Presto View */',
    storageDescriptor: {
      columns: view.columns.map(({ name, type, description }) => ({ name, type: hiveType(type), comment: comment(description) })),
      serdeInfo: {},
    },
  };
}

const prestoType = (type: LakeView['columns'][number]['type']): string => (type === 'VARCHAR[]' ? 'array(varchar)' : type.toLowerCase());

/** Glue's comments hold 255 bytes. */
const comment = (text: string): string => {
  const bytes = Buffer.from(text);
  return bytes.length <= 255 ? text : `${bytes.subarray(0, 250).toString().replace(/�+$/, '')}…`;
};

const pascal = (name: string): string => name.replaceAll(/(^|_)(\w)/g, (_all, _bar, letter: string) => letter.toUpperCase());
