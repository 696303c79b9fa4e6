import { jsonText } from '../values.js';

/**
 * A type as Trino's protocol describes it. Values come as JSON, exact (`exact-json.ts`), and are handed out as the embedded
 * engine hands out its own (`../values.ts`).
 */
export interface TypeSignature {
  readonly rawType: string;
  readonly arguments?: readonly TypeArgument[];
}

export interface TypeArgument {
  readonly kind: string;
  readonly value: unknown;
}

type Convert = (value: unknown) => unknown;

const orNull =
  (convert: Convert): Convert =>
  (value) =>
    value === null || value === undefined ? null : convert(value);

/** A number where it is exact, else a bigint. */
export const integer: Convert = (value) => {
  if (typeof value === 'number') return value;
  const exact = BigInt(String(value));
  return exact >= Number.MIN_SAFE_INTEGER && exact <= Number.MAX_SAFE_INTEGER ? Number(exact) : exact;
};

/** Up to 15 digits a number, beyond that text with all of them. */
export const decimal: Convert = (value) => {
  const written = String(value);
  return written.replace(/\D/g, '').replace(/^0+/, '').length <= 15 ? Number(written) : written;
};

/** `NaN` and the infinities come as text. */
export const double: Convert = Number;

/** Times without the zeros at the end of their fraction. */
export const time: Convert = (value) => String(value).replace(/(:\d\d)(?:\.0+|(\.\d*?[1-9])0+)(?=\s|[+-]|$)/, '$1$2');

const bytes: Convert = (value) => Buffer.from(String(value), 'base64').toString('hex').toUpperCase();
const plainText: Convert = (value) => (typeof value === 'string' ? value : jsonText(value));

const SCALARS: Readonly<Record<string, Convert>> = {
  boolean: (value) => value,
  tinyint: integer,
  smallint: integer,
  integer,
  bigint: integer,
  double,
  real: double,
  decimal,
  date: String,
  time,
  'time with time zone': time,
  timestamp: time,
  'timestamp with time zone': time,
  varbinary: bytes,
};

/** The types that are arguments of a type: elements, keys and values, fields. */
const inner = ({ arguments: given = [] }: TypeSignature): { readonly name?: string; readonly type: TypeSignature }[] =>
  given.flatMap(({ kind, value }) => {
    if (kind === 'TYPE') return [{ type: value as TypeSignature }];
    if (kind !== 'NAMED_TYPE') return [];
    const { fieldName, typeSignature } = value as { fieldName?: { name: string } | null; typeSignature: TypeSignature };
    return [{ ...(fieldName && { name: fieldName.name }), type: typeSignature }];
  });

const nested = (type: TypeSignature): Convert => orNull(NESTED[type.rawType]?.(type) ?? SCALARS[type.rawType] ?? plainText);

/** Values inside others, as plain values. */
const NESTED: Readonly<Record<string, (type: TypeSignature) => Convert>> = {
  array: (type) => {
    const convert = nested(inner(type)[0]?.type ?? { rawType: 'unknown' });
    return (value) => (value as unknown[]).map(convert);
  },
  map: (type) => {
    const convert = nested(inner(type)[1]?.type ?? { rawType: 'unknown' });
    return (value) => Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, convert(item)])) as unknown;
  },
  row: (type) => {
    const fields = inner(type).map(({ name, type: field }, at) => ({ name: name ?? String(at + 1), convert: nested(field) }));
    return (value) => Object.fromEntries(fields.map(({ name, convert }, at) => [name, convert((value as unknown[])[at])])) as unknown;
  },
};

/** How values of a column are handed out: lists as lists, maps and rows as JSON text. */
export function converter(type: TypeSignature): Convert {
  if (type.rawType === 'array') {
    const item = converter(inner(type)[0]?.type ?? { rawType: 'unknown' });
    return orNull((value) => (value as unknown[]).map(item));
  }
  const convert = nested(type);
  return type.rawType === 'map' || type.rawType === 'row' ? orNull((value) => jsonText(convert(value))) : convert;
}
