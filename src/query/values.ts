import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  DuckDBUnionType,
} from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';

/**
 * Values of a result. Integers are numbers where a number holds them exactly and bigints beyond 2^53; decimals are
 * numbers up to 15 digits and text beyond; times are text, with ` UTC` behind when they are instants; structs and maps
 * are JSON text; anything else is DuckDB's text.
 */
export type Convert = (value: DuckDBValue) => unknown;

const same: Convert = (value) => value;
const asText: Convert = (value) => (value === null ? null : String(value));

const integer: Convert = (value) => {
  if (typeof value !== 'bigint') return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
};

const decimal: Convert = (value) => {
  if (!(value instanceof DuckDBDecimalValue)) return value;
  const written = value.toString();
  return written.replace(/\D/g, '').replace(/^0+/, '').length <= 15 ? Number(written) : written;
};

const instant: Convert = (value) =>
  value instanceof DuckDBTimestampTZValue ? `${new DuckDBTimestampValue(value.micros).toString()} UTC` : asText(value);

const hex: Convert = (value) => (value instanceof DuckDBBlobValue ? Buffer.from(value.bytes).toString('hex').toUpperCase() : asText(value));

function list(item: Convert): Convert {
  return (value) => (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue ? value.items.map(item) : value);
}

/** JSON text; integers of any size keep their digits. */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value));
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Nested values inside a struct or map, as plain values. */
function plain(type: DuckDBType): Convert {
  if (type instanceof DuckDBStructType) {
    return (value) => {
      if (!(value instanceof DuckDBStructValue)) return null;
      const entries = type.entryNames.map((name, at) => [
        name === '' ? String(at + 1) : name,
        plain(type.entryTypes[at] as DuckDBType)(value.entries[name] ?? null),
      ]);
      return Object.fromEntries(entries) as unknown;
    };
  }
  if (type instanceof DuckDBMapType) {
    return (value) =>
      value instanceof DuckDBMapValue
        ? (Object.fromEntries(
            value.entries.map((entry) => [String(plain(type.keyType)(entry.key)), plain(type.valueType)(entry.value)]),
          ) as unknown)
        : null;
  }
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return list(plain(type.valueType));
  return converter(type);
}

/** How values of a column of `type` are handed out. */
export function converter(type: DuckDBType): Convert {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return list(converter(type.valueType));
  if (type instanceof DuckDBStructType || type instanceof DuckDBMapType) {
    const nested = plain(type);
    return (value) => (value === null ? null : jsonText(nested(value)));
  }
  if (type instanceof DuckDBUnionType) return asText;
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.ENUM:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.SQLNULL:
      return same;
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return integer;
    case DuckDBTypeId.DECIMAL:
      return decimal;
    case DuckDBTypeId.TIMESTAMP_TZ:
      return instant;
    case DuckDBTypeId.BLOB:
      return hex;
    default:
      return asText;
  }
}
