import type { IncomingHttpHeaders } from 'node:http';
import type { Receiver, RefusalReason } from '../types.js';
import { repeatsKeys } from '../sources/repeated-keys.js';
import { type Payload, payloadOf } from './route-payload.js';

/**
 * What is decided of a webhook request, wherever it arrives: on a socket (`route.ts`) or as an event (`lambda/ingest.ts`).
 * Each step only after the one before: route, method, media type, headers admitted, size, body authentic, parsed, wanted,
 * durable; then 200.
 */

/** The answer to a request that is not taken. */
export const STATUS = {
  method: 405,
  media_type: 415,
  secret: 401,
  signature: 401,
  too_large: 413,
  aborted: 400,
  lake_unavailable: 503,
} as const satisfies Record<RefusalReason, number>;

/** Answers a webhook request, once. */
export type Reply = (status: number, headers: Readonly<Record<string, string>>) => void;

/** Goes with 503: platforms that mind it come back after so many seconds. */
export const RETRY = { 'retry-after': '5' };

/** Largest body of a webhook in bytes; WhatsApp's go up to 3 MB. */
export const MAX_BODY = 4 * 1024 * 1024;

/** Why a POST is refused before a byte of its body is read, if it is. */
export function refusedByHead(receiver: Receiver, headers: IncomingHttpHeaders, maxBody: number): RefusalReason | undefined {
  if (!isJson(headers['content-type']) || !isPlain(headers['content-encoding'])) return 'media_type';
  if (!receiver.admits(headers)) return 'secret';
  return Number(headers['content-length']) > maxBody ? 'too_large' : undefined;
}

/** What a whole body is. `reason`: authentic, but to be kept in the quarantine. `wanted` false: filtered out on purpose. */
export type Judgement =
  | { readonly refused: 'signature' }
  | { readonly reason: Extract<Payload, { reason: string }>['reason'] }
  | { readonly wanted: boolean | Promise<boolean> };

export function judge(receiver: Receiver, headers: IncomingHttpHeaders, body: Buffer): Judgement {
  if (!receiver.authentic(headers, body)) return { refused: 'signature' };
  const payload = payloadOf(body);
  if ('reason' in payload) return payload;
  const wanted = wantedBy(receiver, payload.fields);
  if (wanted === true) return { wanted };
  const kept = (yes: boolean) => yes || repeatsKeys(body.toString('utf8'));
  return { wanted: wanted === false ? kept(false) : wanted.then(kept) };
}

function wantedBy(receiver: Receiver, fields: Readonly<Record<string, unknown>>): boolean | Promise<boolean> {
  try {
    return receiver.wants(fields);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** `application/json` with any parameters; a missing type is taken for it. */
function isJson(type: string | undefined): boolean {
  return type === undefined || type === 'application/json' || /^application\/json\s*(;|$)/i.test(type);
}

const isPlain = (encoding: string | undefined): boolean => encoding === undefined || /^(identity)?$/i.test(encoding.trim());
