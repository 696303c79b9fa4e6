import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ChatlakeError, ErrorCode } from '../errors.js';

/** Answers of the API are of the moment: none may be kept by a cache. */
export const FRESH = { 'cache-control': 'no-store' };

const STATUS: Partial<Readonly<Record<ErrorCode, ContentfulStatusCode>>> = {
  USAGE: 400,
  SQL: 400,
  SQL_REFUSED: 400,
  LIMIT: 400,
  NOT_FOUND: 404,
  LAKE_UNAVAILABLE: 503,
  LAKE_MISMATCH: 503,
  CANCELLED: 503,
};

/** What the API says of a failure that its caller can mend: `{error: {code, message, detail?, line?, column?}}`. */
export function failure(c: Context, error: ChatlakeError): Response {
  const { code, message, detail, at } = error;
  const status = STATUS[code] ?? 500;
  return c.json(
    { error: { code, message, ...(detail !== undefined && { detail }), ...at } },
    status,
    status === 503 ? { ...FRESH, 'retry-after': '2' } : FRESH,
  );
}
