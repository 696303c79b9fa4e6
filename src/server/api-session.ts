import type { Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { ChatlakeError } from '../errors.js';
import type { Clock } from '../types.js';
import type { Zone } from '../zone.js';
import type { SessionView, ShareView } from './api-types.js';
import { type Access, LINK_COOKIE, SESSION_COOKIE, type Viewer } from './auth.js';
import { FRESH } from './failures.js';
import { refusal, tooMany } from './guard.js';
import { daysOf, filtersIn } from './filters.js';
import { isOwnAddress } from './links.js';
import { jsonBody } from './request.js';

const LOGIN = z.object({ password: z.string('password must be text').max(1000, 'password is too long') });
const MOST_DAYS = 365;
const SHARE = z.object({
  address: z.string('address must be text').refine(isOwnAddress, 'address must be a path of this page with its query'),
  days: z
    .int('days must be a whole number')
    .min(1, 'days must be at least 1')
    .max(MOST_DAYS, `days must be at most ${MOST_DAYS}`)
    .default(7),
});
const DAY_MS = 86_400_000;

const GONE = 410;

export interface SessionApi {
  readonly access: Access;
  readonly zone: Zone;
  readonly clock: Clock;
}

/** Adds `/login`, `/logout`, `/api/session`, `/api/share` and `/share/...`. */
export function mountSession(app: Hono, { access, zone, clock }: SessionApi): void {
  const viewOf = viewFor(access.locked, (address) => daysIn(address, zone, clock));
  app.get('/api/session', (c) => c.json(viewOf(c.get('viewer')), 200, FRESH));

  app.post('/login', async (c) => {
    const { password } = await jsonBody(c, LOGIN);
    const session = await access.signIn(c, password);
    if (session === undefined) return refusal(c, 401, 'PASSWORD', access.locked ? 'This is not the password.' : 'No password is set.');
    if ('waitSeconds' in session) return tooMany(c, session);
    setCookie(c, SESSION_COOKIE, session.text, { ...cookie(c, session.expiresAt, clock), sameSite: 'Strict' });
    deleteCookie(c, LINK_COOKIE, { path: '/' });
    return c.json(viewOf({ as: 'person', expiresAt: session.expiresAt, session: '' }), 200, FRESH);
  });

  app.post('/logout', (c) => {
    const viewer = c.get('viewer');
    if (viewer.as === 'person') access.signOut(viewer.session);
    deleteCookie(c, SESSION_COOKIE, { path: '/' });
    return c.json(viewOf({ as: access.locked ? 'none' : viewer.as } as Viewer), 200, FRESH);
  });

  app.post('/api/share', async (c) => {
    const { address, days } = await jsonBody(c, SHARE);
    if (!access.locked)
      throw new ChatlakeError('USAGE', 'Set CHATLAKE_PASSWORD first: without it nobody else can look, with a link or without.', {
        detail: 'no-password',
      });
    const { pathname, search, searchParams } = new URL(address, 'http://page');
    // Throws for filters that nobody could look through.
    filtersIn(searchParams);
    const { text, expiresAt } = access.link(`${pathname}${search}`, clock.now() + days * DAY_MS);
    return c.json(
      { url: `${isSecure(c) ? 'https' : 'http'}://${c.req.header('host') ?? ''}/share/${text}`, expiresAt } satisfies ShareView,
      200,
      FRESH,
    );
  });

  app.get('/share/:link', async (c, next) => {
    const link = c.req.param('link');
    const shown = access.linkIn(link);
    if (shown === undefined) {
      // The page says it in the visitor's language, where there is one.
      await next();
      return c.res.status === GONE ? c.res : refusal(c, GONE, 'GONE', 'This link has expired, or is not a whole one. Ask for another.');
    }
    // Lax: it is followed from elsewhere, and lets nobody change anything.
    setCookie(c, LINK_COOKIE, link, { ...cookie(c, shown.expiresAt, clock), sameSite: 'Lax' });
    c.header('cache-control', 'no-store');
    return c.redirect(shown.address, 303);
  });
}

const viewFor =
  (locked: boolean, daysOfLink: (address: string) => SessionView['days']) =>
  (viewer: Viewer): SessionView => {
    const trusted = viewer.as === 'local' || viewer.as === 'person' || viewer.as === 'script';
    return {
      password: locked,
      as: viewer.as,
      sql: trusted,
      share: trusted && locked,
      expiresAt: 'expiresAt' in viewer ? viewer.expiresAt : null,
      address: viewer.as === 'link' ? viewer.address : null,
      days: viewer.as === 'link' ? daysOfLink(viewer.address) : null,
    };
  };

function daysIn(address: string, zone: Zone, clock: Clock): SessionView['days'] {
  const { from = null, to = null } = daysOf(filtersIn(new URL(address, 'http://page').searchParams).period, zone, clock.now());
  return { from, to };
}

const cookie = (c: Context, expiresAt: number, clock: Clock) => ({
  path: '/',
  httpOnly: true,
  secure: isSecure(c),
  maxAge: Math.max(1, Math.floor((expiresAt - clock.now()) / 1000)),
});

/** Whether the visitor's browser speaks TLS, by what the proxy that ends it says. */
const isSecure = (c: Context): boolean => /^https\b/i.test(c.req.header('x-forwarded-proto') ?? '') || c.req.url.startsWith('https:');
