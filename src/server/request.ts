import type { Context } from 'hono';
import type { z } from 'zod';
import { ChatlakeError } from '../errors.js';

/** The JSON body of a request. Throws USAGE, naming what is wrong but not the value. */
export async function jsonBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new ChatlakeError('USAGE', 'Send JSON, with content-type: application/json.');
  const given: unknown = await c.req.json().catch(() => undefined);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const why = given === undefined ? 'it is not JSON' : (parsed.error.issues[0]?.message ?? 'unknown');
  throw new ChatlakeError('USAGE', `The request is wrong: ${why}.`);
}
