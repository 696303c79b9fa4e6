/** Types of result columns as engines spell them: DuckDB in capitals, Trino and Athena in small letters. */

const INTEGER = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/i;
const FLOATING = /^(?:DOUBLE|FLOAT|REAL)$/i;
const DECIMAL = /^DECIMAL\((\d+),\s*(\d+)\)$/i;

export const isDecimal = (type: string): boolean => DECIMAL.test(type);
export const isNumeric = (type: string): boolean => INTEGER.test(type) || FLOATING.test(type) || isDecimal(type);

/** The type of a list's items; undefined for any other type. */
const itemType = (type: string): string | undefined => (/^array\((.*)\)$/i.exec(type) ?? /^(.*)\[\]$/.exec(type))?.[1];

/**
 * The type a column gets in a Parquet file, in DuckDB's spelling, out of the set that DuckDB, Trino, Spark and Hive read alike: sums
 * of integers are BIGINT, instants and nested values text.
 */
export function parquetType(type: string): string {
  const item = itemType(type);
  if (item !== undefined) {
    const inner = parquetType(item);
    return itemType(item) === undefined && /^(?:BIGINT|VARCHAR|DOUBLE|DATE|BOOLEAN)$/.test(inner) ? `${inner}[]` : 'VARCHAR';
  }
  if (INTEGER.test(type)) return 'BIGINT';
  if (FLOATING.test(type)) return 'DOUBLE';
  const [, digits, scale] = DECIMAL.exec(type) ?? [];
  if (digits !== undefined) return `DECIMAL(${digits},${scale})`;
  if (/^(?:BOOLEAN|DATE)$/i.test(type)) return type.toUpperCase();
  return /^TIMESTAMP(?:\(\d+\))?$/i.test(type) ? 'TIMESTAMP' : 'VARCHAR';
}
