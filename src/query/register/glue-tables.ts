import type { TableInput } from '@aws-sdk/client-glue';
import { fileColumns } from '../../etl/fingerprint.js';
import type { Table } from '../../types.js';
import { type DdlOptions, HIVE, PARQUET, projection, TRINO } from '../ddl.js';
import { type LakeView, viewSelect } from '../messages.js';

/** The most that Glue takes as a column's comment, and as a table's description. */
const COMMENT = 255;
const DESCRIPTION = 2048;

/** A table of the lake as Glue keeps it: what `ddl --engine athena` says, in Glue's words. */
export function glueTable(table: Table, options: DdlOptions): TableInput & { readonly Name: string } {
  return {
    Name: table.name,
    Description: table.description.slice(0, DESCRIPTION),
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      'parquet.compression': 'ZSTD',
      ...(options.partitions === 'projection' && Object.fromEntries(projection(table, options))),
    },
    PartitionKeys: [{ Name: 'context_date', Type: 'date' }],
    StorageDescriptor: {
      Columns: fileColumns(table).map(({ name, type, description }) => ({
        Name: name,
        Type: HIVE[type],
        Comment: description.slice(0, COMMENT),
      })),
      Location: `${options.location}/${table.name}/`,
      InputFormat: PARQUET.input,
      OutputFormat: PARQUET.output,
      SerdeInfo: { SerializationLibrary: PARQUET.serde, Parameters: { 'serialization.format': '1' } },
    },
  };
}

const typeIn = (names: typeof HIVE, type: LakeView['columns'][number]['type']): string => (type === 'DATE' ? 'date' : names[type]);

/**
 * A view as Athena and Trino keep theirs in Glue: its text, the schema its names are looked up in, and its columns, as JSON in base64 in a
 * comment (`io.trino.plugin.hive.ViewReaderUtil`). It has no description: they would take that for the comment by which they know a view
 * from a materialized one.
 */
export function glueView(view: LakeView, database: string): TableInput & { readonly Name: string } {
  const definition = {
    originalSql: viewSelect(view, 'trino'),
    catalog: 'awsdatacatalog',
    schema: database,
    columns: view.columns.map(({ name, type }) => ({ name, type: typeIn(TRINO, type) })),
    // Its reader's own permissions count; an owner, which it would else need, is none of Glue's.
    runAsInvoker: true,
  };
  return {
    Name: view.name,
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: view.columns.map(({ name, type, description }) => ({
        Name: name,
        Type: typeIn(HIVE, type),
        Comment: description.slice(0, COMMENT),
      })),
      SerdeInfo: {},
    },
    ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    ViewExpandedText: '/* Presto View */',
  };
}
