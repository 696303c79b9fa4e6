import { createHash } from 'node:crypto';
import type { Column, Table } from '../types.js';

/** Columns the ETL adds to every table: where the row comes from. */
export const ORIGIN: readonly Column[] = [
  { name: 'received_at', type: 'BIGINT', description: 'Arrival, epoch milliseconds.' },
  { name: 'raw_file', type: 'VARCHAR', description: 'Raw file that holds it, relative to the raw lake.' },
  { name: 'raw_line', type: 'BIGINT', description: 'Line in that file, from 1.' },
];

/** Every column of a table's files, in order. The partition column `context_date` is in the path. */
export const fileColumns = (table: Table): readonly Column[] => [...table.columns, ...ORIGIN];

/** Changes when the columns of a table's files change. */
export function columnsFingerprint(table: Table): string {
  const columns = fileColumns(table).map(({ name, type }) => [name, type]);
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16);
}
