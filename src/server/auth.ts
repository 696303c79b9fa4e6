import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { ChatlakeError } from '../errors.js';
import { secretMatcher } from '../sources/secret.js';
import type { Clock, Condition, Store } from '../types.js';
import { attempts, type Attempts } from './attempts.js';
import { openPassword, type Password } from './passwords.js';
import { type Sealer, sealer } from './sealed.js';

/** Who looks. `expiresAt` in epoch milliseconds. */
export type Viewer =
  | { readonly as: 'none' | 'local' | 'script' }
  | { readonly as: 'person'; readonly expiresAt: number; readonly session: string }
  | { readonly as: 'link'; readonly expiresAt: number; readonly address: string };

declare module 'hono' {
  interface ContextVariableMap {
    viewer: Viewer;
  }
}

export interface AccessOptions {
  readonly password: string | undefined;
  /** For scripts, as `Authorization: Bearer`. */
  readonly tokens: readonly string[];
  /** Where the salt is kept: never a folder that SQL can read. */
  readonly store: Store;
  readonly clock: Clock;
}

/** Who may look, and how one shows that one may. */
export interface Access {
  /** Whether a password is set. Without one, only this computer may look. */
  readonly locked: boolean;
  /** Recognises who asks. */
  viewerOf(c: Context): Promise<Viewer | Wait>;
  /** A sealed session for the right password; undefined for a wrong one. */
  signIn(c: Context, password: string): Promise<Sealed | Wait | undefined>;
  /** The session stops being one, wherever it was copied to. */
  signOut(session: string): void;
  /** A sealed link that shows `address`. */
  link(address: string, expiresAt: number): Sealed;
  /** What a link shows; undefined when it has expired or is none. */
  linkIn(sealed: string): { readonly address: string; readonly expiresAt: number } | undefined;
}

export interface Sealed {
  readonly text: string;
  readonly expiresAt: number;
}

/** Too many guesses, or too many at once: nothing is said of this one. */
export interface Wait {
  readonly waitSeconds: number;
}

export const SESSION_COOKIE = 'chatlake_session';
export const LINK_COOKIE = 'chatlake_link';
const SESSION_MS = 7 * 86_400_000;
const SALT = '_state/access.json';

/** Throws LAKE_UNAVAILABLE when the salt can be neither read nor kept. */
export async function openAccess({ password, tokens, store, clock }: AccessOptions): Promise<Access> {
  const secret = password === undefined ? undefined : await openPassword(password, await saltIn(store));
  const seals = sealer(secret?.key ?? randomBytes(32), clock);
  const ended = new Map<string, number>();
  const guesses = attempts({ now: () => performance.now() });
  const parts = { secret, seals, guesses, isToken: tokenMatcher(tokens) };

  function sessionIn(c: Context): Viewer | undefined {
    const opened = seals.open<{ id: string }>('session', getCookie(c, SESSION_COOKIE) ?? '');
    if (opened === undefined || ended.has(opened.content.id)) return undefined;
    return { as: 'person', expiresAt: opened.expiresAt, session: opened.content.id };
  }

  return {
    locked: secret !== undefined,
    viewerOf: async (c) => {
      const script = await isScript(c, parts);
      if (script !== false) return script === true ? { as: 'script' } : script;
      if (secret === undefined) return { as: isLocal(c) ? 'local' : 'none' };
      return sessionIn(c) ?? linkViewer(c, seals) ?? { as: 'none' };
    },
    signIn: async (c, given) => {
      const right = await isPassword(c, given, parts);
      if (right !== true) return right === false ? undefined : right;
      const expiresAt = clock.now() + SESSION_MS;
      return { text: seals.seal('session', { id: randomBytes(16).toString('base64url') }, expiresAt), expiresAt };
    },
    signOut: (session) => {
      for (const [id, at] of ended) if (at < clock.now()) ended.delete(id);
      ended.set(session, clock.now() + SESSION_MS);
    },
    link: (address, expiresAt) => ({ text: seals.seal('link', { address }, expiresAt), expiresAt }),
    linkIn: (sealed) => {
      const opened = seals.open<{ address: string }>('link', sealed);
      return opened && { address: opened.content.address, expiresAt: opened.expiresAt };
    },
  };
}

interface Parts {
  readonly secret: Password | undefined;
  readonly seals: Sealer;
  readonly guesses: Attempts;
  readonly isToken: (given: string) => boolean;
}

function linkViewer(c: Context, seals: Sealer): Viewer | undefined {
  const opened = seals.open<{ address: string }>('link', getCookie(c, LINK_COOKIE) ?? '');
  return opened && { as: 'link', address: opened.content.address, expiresAt: opened.expiresAt };
}

/** Whether the `Authorization` header has a token, or the password as HTTP Basic with any user name. */
async function isScript(c: Context, parts: Parts): Promise<boolean | Wait> {
  const header = c.req.header('authorization') ?? '';
  const bearer = /^Bearer ([\x21-\x7e]+)$/i.exec(header)?.[1];
  if (bearer !== undefined) return guessed(c, parts, () => parts.isToken(bearer));
  const given = passwordIn(header);
  return given !== undefined && isPassword(c, given, parts);
}

async function isPassword(c: Context, given: string, parts: Parts): Promise<boolean | Wait> {
  const { secret } = parts;
  return secret !== undefined && given !== '' && guessed(c, parts, () => secret.matches(given));
}

/** One attempt of whoever asks. */
async function guessed(c: Context, { guesses }: Parts, attempt: () => boolean | Promise<boolean | 'busy'>): Promise<boolean | Wait> {
  const who = addressOf(c);
  const waitSeconds = guesses.waitFor(who);
  if (waitSeconds > 0) return { waitSeconds };
  const right = await attempt();
  if (right === 'busy') return { waitSeconds: 1 };
  if (right) guesses.succeeded(who);
  else guesses.failed(who);
  return right;
}

/** The password of a Basic header; undefined when there is none. */
function passwordIn(header: string): string | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1);
}

function tokenMatcher(tokens: readonly string[]): (given: string) => boolean {
  const matchers = tokens.map(secretMatcher);
  // Every one is asked, so that the time does not tell which was near.
  return (given) => matchers.map((matches) => matches(given)).includes(true);
}

/** Where the request comes from, by its connection; an IPv6 address by its network, of which a guesser has the whole. */
function addressOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  const address = incoming?.socket?.remoteAddress ?? '';
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
}

const FORWARDED = ['forwarded', 'via', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip'];

/**
 * Without a password only this computer may look: a tunnel that brings webhooks in from the internet brings visitors
 * too, and a foreign page may point its own name at this address. Both show in the headers.
 */
function isLocal(c: Context): boolean {
  const headers = c.req.raw.headers;
  if (FORWARDED.some((name) => headers.has(name)) || [...headers.keys()].some((name) => name.startsWith('x-forwarded-'))) return false;
  const host = (c.req.header('host') ?? '').replace(/:\d+$/, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The salt of this lake, made when there is none: sessions and links outlive a restart. */
async function saltIn(store: Store): Promise<Uint8Array> {
  const known = await readSalt(store);
  if (known) return known;
  try {
    await store.write(SALT, `${JSON.stringify({ salt: randomBytes(32).toString('base64') })}\n`, await saltCondition(store));
  } catch (error) {
    // Of two processes that start at once, both go by what the first one wrote.
    if (!(error instanceof ChatlakeError && error.code === 'CONFLICT')) throw error;
  }
  return (await readSalt(store)) ?? randomBytes(32);
}

/** A damaged salt is replaced; a new one takes nothing's place. */
async function saltCondition(store: Store): Promise<Condition> {
  try {
    return { ifMatch: (await store.get(SALT)).etag };
  } catch (error) {
    if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return { ifAbsent: true };
    throw error;
  }
}

async function readSalt(store: Store): Promise<Uint8Array | undefined> {
  try {
    const { salt } = JSON.parse(Buffer.from(await store.read(SALT)).toString()) as { salt?: unknown };
    return typeof salt === 'string' && salt.length >= 40 ? Buffer.from(salt, 'base64') : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof ChatlakeError && error.code === 'NOT_FOUND')) return undefined;
    throw error;
  }
}
