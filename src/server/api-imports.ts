import type { Hono } from 'hono';
import { z } from 'zod';
import { ChatlakeError } from '../errors.js';
import type { ImportView } from './api-types.js';
import { FRESH } from './failures.js';
import type { Imports } from './imports.js';
import { jsonBody } from './request.js';

const BEGIN = z.object({
  name: z.string('name must be text').max(1000, 'name is longer than 1000 characters'),
  size: z.int('size must be a whole number of bytes').min(1, 'the file is empty'),
});
const name = (what: string) =>
  z.string(`${what} must be text`).min(1, `${what} is empty`).max(200, `${what} is longer than 200 characters`);
const CHOICES = z.object({
  dateOrder: z.enum(['dmy', 'mdy', 'ymd'], 'dateOrder must be dmy, mdy or ymd').optional(),
  timezone: name('timezone').optional(),
  chat: name('chat').optional(),
  me: name('me').optional(),
  number: name('number').optional(),
});
const NOTHING = z.object({});

/**
 * Adds `/api/imports`. Every request that changes something is of a media type that a page elsewhere may not send without being asked
 * (JSON, or bytes under `application/octet-stream`), beside what the guard refuses.
 */
export function mountImports(app: Hono, imports: Imports): void {
  const told = (view: ImportView) => Response.json(view, { headers: FRESH });
  app.post('/api/imports', async (c) => {
    const { name: called, size } = await jsonBody(c, BEGIN);
    return told(await imports.begin(called, size));
  });
  app.post('/api/imports/:id', async (c) => {
    if (!/^application\/octet-stream\b/i.test(c.req.header('content-type') ?? ''))
      throw new ChatlakeError('USAGE', 'Send the bytes of the part, with content-type: application/octet-stream.');
    const offset = c.req.query('offset') ?? '';
    if (!/^\d{1,15}$/.test(offset)) throw new ChatlakeError('USAGE', 'offset must be the number of bytes that were sent before.');
    return told(await imports.add(c.req.param('id'), Number(offset), new Uint8Array(await c.req.arrayBuffer())));
  });
  app.post('/api/imports/:id/preview', async (c) => {
    const { dateOrder, timezone, chat, me, number } = await jsonBody(c, CHOICES);
    return told(imports.preview(c.req.param('id'), { dateOrder, timezone, chat, me, number }));
  });
  app.post('/api/imports/:id/confirm', async (c) => {
    await jsonBody(c, NOTHING);
    return told(imports.confirm(c.req.param('id')));
  });
  app.get('/api/imports/:id', (c) => told(imports.view(c.req.param('id'))));
  app.post('/api/imports/:id/discard', async (c) => {
    await jsonBody(c, NOTHING);
    await imports.discard(c.req.param('id'));
    return c.body(null, 204, FRESH);
  });
}
