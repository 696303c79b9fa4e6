import type { Context, Hono } from 'hono';
import { ChatlakeError } from '../errors.js';
import type { QueryEngine, Store } from '../types.js';
import { LATEST } from '../zone.js';
import { FRESH } from './failures.js';
import { filtersIn } from './filters.js';
import type { Messages } from './messages.js';
import { rawLineOf } from './raw-lines.js';

export interface MessagesApi {
  readonly messages: Messages;
  readonly engine: QueryEngine;
  readonly raw: Store;
}

const PAGE = 50;
const MOST = 500;

/** Adds `/api/messages`, `/api/conversation` and `/api/raw`. */
export function mountMessages(app: Hono, { messages, engine, raw }: MessagesApi): void {
  app.get('/api/messages', async (c) => {
    const query = new URL(c.req.url).searchParams;
    const search = { filters: filtersIn(query), q: query.get('q')?.slice(0, 500), cursor: text(query, 'cursor'), limit: limitOf(query) };
    return c.json(await messages.search({ ...search, signal: c.req.raw.signal }), 200, FRESH);
  });

  app.get('/api/conversation', async (c) => {
    const query = new URL(c.req.url).searchParams;
    const around = {
      conversation: required(c, 'conversation'),
      around: text(query, 'around'),
      at: timeOf(query),
      cursor: text(query, 'cursor'),
      after: text(query, 'after'),
      limit: limitOf(query),
    };
    return c.json(await messages.conversation({ ...around, signal: c.req.raw.signal }), 200, FRESH);
  });

  app.get('/api/raw', async (c) => {
    const found = await messages.find(required(c, 'message'), timeOf(new URL(c.req.url).searchParams));
    return c.json(await rawLineOf(raw, engine, found), 200, FRESH);
  });
}

const text = (query: URLSearchParams, name: string): string | undefined => query.get(name) || undefined;

function required(c: Context, name: string): string {
  const given = c.req.query(name);
  if (given === undefined || given === '') throw new ChatlakeError('USAGE', `${name} is missing from the address.`);
  return given;
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? PAGE);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new ChatlakeError('USAGE', `limit must be a whole number from 1 to ${MOST}.`);
}

/** Epoch milliseconds of `at`, where it is given. */
function timeOf(query: URLSearchParams): number | undefined {
  const at = Number(query.get('at') ?? NaN);
  return Number.isFinite(at) && at > 0 && at < LATEST * 1000 ? at : undefined;
}
