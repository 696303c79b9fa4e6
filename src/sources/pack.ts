import type { Column, Table } from '../types.js';
import { fromJson, withoutNulls } from './shape.js';

/**
 * Sparse columns of a row as one JSON text, or NULL for a row that has none: rows are staged and sorted with that, so that a
 * plain message never carries the columns it does not have.
 */
export const sparseOf = ({ columns }: Pick<Table, 'columns'>): Column[] => columns.filter(({ sparse }) => sparse);

/**
 * The text: from an expression for each column, and a condition that holds when any of them may be there. It holds only those that are:
 * a key and a null for each of the others would be most of what is sorted.
 */
export function pack(columns: readonly Column[], sql: (column: Column) => string, some: string): string {
  return `CASE WHEN ${some} THEN ${withoutNulls(columns.map((column) => [column.name, `CAST(${sql(column)} AS ${column.type})`]))} END`;
}

/** The text for a relation that has the columns. */
export function packOf(table: Table): string {
  const sparse = sparseOf(table);
  return pack(sparse, ({ name }) => `"${name}"`, sparse.map(({ name }) => `"${name}" IS NOT NULL`).join(' OR '));
}

/** A struct of the columns, from the text. */
export function unpacked(table: Table, text: string): string {
  const shape = Object.fromEntries(sparseOf(table).map(({ name, type }) => [name, type === 'VARCHAR[]' ? (['VARCHAR'] as const) : type]));
  // Most rows have none, and a condition costs them less than a text that is not there.
  return `CASE WHEN ${text} IS NOT NULL THEN ${fromJson(text, shape)} END`;
}
