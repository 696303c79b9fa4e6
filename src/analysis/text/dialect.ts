import { literal } from '../../sources/shape.js';

/**
 * Who reads the SQL. `trino`: Trino and Athena, and the embedded engine too, which takes their spelling. `duckdb`: DuckDB
 * itself, where no statement is translated on the way (definitions of views and tables, the ETL).
 */
export type Dialect = 'trino' | 'duckdb';

/** Whether `pattern` occurs in `text`. Patterns keep to what RE2 and Trino's engine read alike: no look-around, no back-references. */
export function matches(dialect: Dialect, text: string, pattern: string): string {
  return `${dialect === 'duckdb' ? 'regexp_matches' : 'regexp_like'}(${text}, ${literal(pattern)})`;
}

/** `text` with every occurrence of `pattern` replaced; `replacement` is plain text. */
export function replaced(dialect: Dialect, text: string, pattern: string, replacement: string): string {
  return `regexp_replace(${text}, ${literal(pattern)}, ${literal(replacement)}${dialect === 'duckdb' ? ", 'g'" : ''})`;
}

/** `text` with what the first group of `pattern` found in place of every occurrence, and `after` behind it. */
export function kept(dialect: Dialect, text: string, pattern: string, after: string): string {
  return `regexp_replace(${text}, ${literal(pattern)}, ${literal(`${dialect === 'duckdb' ? '\\1' : '$1'}${after}`)}${dialect === 'duckdb' ? ", 'g'" : ''})`;
}
