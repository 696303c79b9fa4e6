import type { Context, Hono, Next } from 'hono';
import type { Clock } from '../types.js';
import type { Zone } from '../zone.js';
import type { Access, Wait } from './auth.js';
import { FRESH } from './failures.js';
import { linkOpens } from './links.js';

export interface GuardOptions {
  readonly access: Access;
  readonly zone: Zone;
  readonly clock: Clock;
  /** Paths that hold nothing of the lake: the page's own files. None by default. */
  readonly open?: ((path: string) => boolean) | undefined;
}

const ALWAYS_OPEN = new Set(['/login', '/api/session']);
const MOST_BYTES = 1024 * 1024;

/** Stands before every route that is mounted after it: sizes, other sites' requests, and who may look at what. */
export function guard(app: Hono, options: GuardOptions): void {
  app.use(limited);
  app.use(async (c, next) => {
    if (isForeign(c)) return refusal(c, 403, 'FOREIGN', 'Requests of other sites are not taken.');
    return next();
  });
  app.use(async (c, next) => {
    const { access, open } = options;
    const viewer = await access.viewerOf(c);
    if ('waitSeconds' in viewer) return tooMany(c, viewer);
    c.set('viewer', viewer);
    if (!access.locked && viewer.as === 'none') return onlyHere(c);
    const { path } = c.req;
    if (ALWAYS_OPEN.has(path) || path.startsWith('/share/') || (isReading(c) && open?.(path) === true)) return next();
    if (viewer.as === 'none') return unknown(c);
    if (viewer.as === 'link' && !linkMay(c, viewer.address, options)) {
      return refusal(c, 403, 'READ_ONLY', 'This link shows one view; it opens nothing else.');
    }
    return next();
  });
}

/** A body's size is taken from its declaration, or counted while it comes. */
async function limited(c: Context, next: Next): Promise<Response | void> {
  const { body, url, method, headers, signal } = c.req.raw;
  if (!body) return next();
  if (headers.has('content-length') && !headers.has('transfer-encoding'))
    return Number(headers.get('content-length')) > MOST_BYTES ? tooLarge(c) : next();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST_BYTES) return tooLarge(c);
    parts.push(part);
  }
  c.req.raw = new Request(url, { method, headers, signal, ...(size > 0 && { body: Buffer.concat(parts) }) });
  return next();
}

const tooLarge = (c: Context): Response => refusal(c, 413, 'TOO_LARGE', 'The request is larger than 1 MB.');

function linkMay(c: Context, address: string, { zone, clock }: GuardOptions): boolean {
  return c.req.method === 'GET' && linkOpens(address, new URL(c.req.url), zone, clock.now());
}

/** A request that another site makes its visitor's browser send. Scripts send neither header. */
function isForeign(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  const changes = !isReading(c);
  if (site !== undefined) {
    const visit = !changes && c.req.header('sec-fetch-mode') === 'navigate';
    return site !== 'same-origin' && site !== 'none' && !visit;
  }
  const origin = c.req.header('origin');
  return changes && origin !== undefined && !isOrigin(origin, c.req.header('host'));
}

const isReading = (c: Context): boolean => c.req.method === 'GET' || c.req.method === 'HEAD';

const isOrigin = (origin: string, host: string | undefined): boolean => URL.canParse(origin) && new URL(origin).host === host;

const onlyHere = (c: Context): Response =>
  refusal(c, 403, 'NOT_HERE', 'Set CHATLAKE_PASSWORD to see this from another computer or through a tunnel.');

/** Asks a script or an address bar for the password; the page asks in its own words. */
function unknown(c: Context): Response {
  const mode = c.req.header('sec-fetch-mode');
  if (mode === undefined || mode === 'navigate') c.header('www-authenticate', 'Basic realm="chatlake", charset="UTF-8"');
  return refusal(c, 401, 'PASSWORD', 'A password is required.');
}

/** Says how long to wait. */
export function tooMany(c: Context, { waitSeconds }: Wait): Response {
  c.header('retry-after', String(waitSeconds));
  return refusal(c, 429, 'TOO_MANY', `Too many attempts: try again in ${waitSeconds} s.`);
}

/** A refusal as JSON for the API, as a line of text elsewhere. */
export function refusal(c: Context, status: 401 | 403 | 404 | 410 | 413 | 429 | 500, code: string, message: string): Response {
  if (c.req.path.startsWith('/api/') || c.req.path === '/login') return c.json({ error: { code, message } }, status, FRESH);
  return c.text(`${message}\n`, status, FRESH);
}
