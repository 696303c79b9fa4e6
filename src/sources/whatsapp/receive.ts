import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Receiver } from '../../types.js';
import { secretMatcher } from '../secret.js';

export interface WhatsappReceiverOptions {
  readonly appSecret: string;
  /** Without one every handshake is refused. */
  readonly verifyToken: string | undefined;
  /** Numbers to keep; empty = every number. */
  readonly phoneNumberIds: readonly string[];
}

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * The webhook of the WhatsApp Cloud API (developers.facebook.com/docs/graph-api/webhooks/getting-started): a GET
 * handshake with the verify token, and bodies signed with the app secret over the bytes as sent.
 *
 * The filter drops a body only when all its changes are about other numbers: what names no number is about the account.
 */
export function whatsappReceiver(options: WhatsappReceiverOptions): Receiver {
  const tokenMatches = secretMatcher(options.verifyToken);
  const numbers = new Set(options.phoneNumberIds);

  return {
    source: 'whatsapp',
    admits: (headers) => SIGNATURE.test(String(headers['x-hub-signature-256'])),
    authentic: (headers, body) => {
      const given = SIGNATURE.exec(String(headers['x-hub-signature-256']))?.[1];
      if (given === undefined) return false;
      return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', options.appSecret).update(body).digest());
    },
    wants: numbers.size === 0 ? () => true : (payload) => isAboutAny(payload, numbers),
    handshake: (query) => {
      const matches = tokenMatches(query.get('hub.verify_token') ?? '');
      const challenge = query.get('hub.challenge');
      if (!matches || query.get('hub.mode') !== 'subscribe' || challenge === null) return { status: 403, body: '' };
      return { status: 200, body: challenge };
    },
  };
}

function isAboutAny(payload: Readonly<Record<string, unknown>>, numbers: ReadonlySet<string>): boolean {
  const changes = items(payload['entry']).flatMap((entry) => items(field(entry, 'changes')));
  if (changes.length === 0) return true;
  return changes.some((change) => {
    const id = field(field(field(change, 'value'), 'metadata'), 'phone_number_id');
    return typeof id === 'string' || typeof id === 'number' ? numbers.has(`${id}`) : true;
  });
}

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
