import { ChatlakeError } from '../errors.js';
import { isTree, text, walk } from './ast.js';
import type { Tree } from './ast.js';

/**
 * What a statement may do, beyond what DuckDB's own settings forbid. Table functions are allowed by name: some that
 * read nothing change the engine for everyone (`enable_logging` makes it write files) or tell what is none of a
 * reader's business (`duckdb_secrets`).
 */
const TABLE_FUNCTIONS = new Set([
  'unnest',
  'range',
  'generate_series',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'read_parquet',
  'parquet_scan',
  'parquet_schema',
  'parquet_metadata',
  'parquet_file_metadata',
  'read_json',
  'read_ndjson',
  'read_csv',
  'glob',
  'summary',
  'duckdb_tables',
  'duckdb_views',
  'duckdb_columns',
  'duckdb_functions',
  'duckdb_types',
  'duckdb_keywords',
  'duckdb_schemas',
  'duckdb_databases',
  'pragma_table_info',
  'pragma_version',
]);

/** Scalar functions with an effect beyond their value, or that tell of the machine. */
const SCALAR_FUNCTIONS = new Set([
  'write_log',
  'getenv',
  'current_setting',
  'getvariable',
  'nextval',
  'currval',
  'parse_duckdb_log_message',
  'sleep_ms',
  'enable_profiling',
  'add_parquet_key',
  'get_block_size',
  'txid_current',
  'query',
  'query_table',
  'json_execute_serialized_sql',
]);
/** Relations of DuckDB's own that are none of a reader's business. */
const RELATIONS = new Set(['duckdb_logs', 'duckdb_log_contexts', 'duckdb_settings', 'duckdb_secrets', 'pg_settings']);

/** Whether a statement may call the scalar or aggregate function `name`. */
export const isAvailable = (name: string): boolean => !SCALAR_FUNCTIONS.has(name);

/** Throws SQL_REFUSED when the tree calls what a reader may not. */
export function checkTree(tree: Tree): void {
  walk(tree, (node) => {
    const type = text(node, 'type');
    if (type === 'TABLE_FUNCTION') {
      const name = isTree(node['function']) ? text(node['function'], 'function_name').toLowerCase() : '';
      if (!TABLE_FUNCTIONS.has(name)) throw refused(`the table function ${name || '(unnamed)'} is not available`);
    } else if (type === 'BASE_TABLE') {
      const name = text(node, 'table_name').toLowerCase();
      if (RELATIONS.has(name)) throw refused(`${name} is not available`);
    } else if (node['class'] === 'FUNCTION') {
      const name = text(node, 'function_name').toLowerCase();
      if (SCALAR_FUNCTIONS.has(name)) throw refused(`the function ${name} is not available`);
    }
  });
}

export function refused(what: string): ChatlakeError {
  return new ChatlakeError('SQL_REFUSED', `Refused: ${what}. Queries here only read the lake: write one SELECT over its tables.`);
}
