import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../types.js';

/** Texts that only this lake can have written, each for one purpose and until a time. Anybody can read what they say. */
export interface Sealer {
  seal(purpose: string, content: object, expiresAt: number): string;
  /** Undefined for a text of others, of another purpose, or that has expired. */
  open<T>(purpose: string, sealed: string): { readonly content: T; readonly expiresAt: number } | undefined;
}

/** Longest text that is looked at. */
const MOST = 4096;

export function sealer(key: Uint8Array, clock: Clock): Sealer {
  const mac = (purpose: string, body: string) => createHmac('sha256', key).update(`${purpose}\n${body}`).digest();
  return {
    seal: (purpose, content, expiresAt) => {
      const body = Buffer.from(JSON.stringify({ c: content, e: expiresAt })).toString('base64url');
      return `${body}.${mac(purpose, body).toString('base64url')}`;
    },
    open: <T>(purpose: string, sealed: string) => {
      const [body, given, ...more] = sealed.length > MOST ? [] : sealed.split('.');
      if (body === undefined || given === undefined || more.length > 0) return undefined;
      const wanted = mac(purpose, body);
      const offered = Buffer.from(given, 'base64url');
      if (offered.length !== wanted.length || !timingSafeEqual(offered, wanted)) return undefined;
      const { c, e } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { c: T; e: number };
      return e > clock.now() ? { content: c, expiresAt: e } : undefined;
    },
  };
}
