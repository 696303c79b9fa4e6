import { setTimeout as delay } from 'node:timers/promises';
import type * as SdkModule from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Access } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { s3Failure, saidBy } from './s3-failure.js';

/** A bucket and a prefix in it, as `s3://bucket/prefix` names them. */
export interface S3Place {
  readonly url: string;
  readonly bucket: string;
  /** Empty, or ending in `/`. */
  readonly prefix: string;
}

/** Throws USAGE for what is no such address. */
export function s3PlaceOf(url: string): S3Place {
  const found = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(url);
  const parts = (found?.[2] ?? '').split('/').filter((part) => part !== '');
  if (!found?.[1] || parts.some((part) => part === '.' || part === '..'))
    throw new ChatlakeError('USAGE', `${url} is not a place in S3: write s3://bucket or s3://bucket/prefix`);
  return { url: ['s3:/', found[1], ...parts].join('/'), bucket: found[1], prefix: parts.map((part) => `${part}/`).join('') };
}

export type Sdk = typeof SdkModule;

export interface Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/** Requests that may be under way at once; the sockets they need are kept open. */
const SOCKETS = 128;
/** Milliseconds to connect, to wait for an answer's beginning, and in which a connection may carry nothing. */
const CONNECT = 4000;
const ANSWER = 60_000;
const IDLE = 20_000;
/** Tries of a request, apart by random pauses that double: the SDK's standard mode. */
const TRIES = 5;

/** Loads the SDK and makes a client when first asked: commands that need no S3 do not pay for it. */
export function s3Connection(access: S3Access): () => Promise<Connection> {
  let made: Promise<Connection> | undefined;
  const make = async () => {
    const sdk = await import('@aws-sdk/client-s3');
    const { endpoint, region } = access;
    const client = new sdk.S3Client({
      // Other servers than AWS are told buckets apart by path: they seldom have a host name for each.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(region === undefined ? (endpoint === undefined ? {} : { region: 'us-east-1' }) : { region }),
      maxAttempts: TRIES,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: CONNECT,
        requestTimeout: ANSWER,
        throwOnRequestTimeout: true,
        socketTimeout: IDLE,
        socketAcquisitionWarningTimeout: ANSWER,
        httpAgent: { keepAlive: true, maxSockets: SOCKETS },
        httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
      },
    });
    return { sdk, client };
  };
  return () => (made ??= make());
}

/**
 * Runs `read` again when the answer broke off in its middle, which the SDK does not see: it is done when the answer begins. Rejects with
 * LAKE_UNAVAILABLE, but hands on what S3 itself said, which it would say again.
 */
export async function readWhole<T>(url: string, read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      const { status } = saidBy(error);
      if (error instanceof ChatlakeError || status > 0) throw error;
      if (attempt === TRIES || !/aborted|reset|premature|timeout|length|socket|checksum/i.test(String(error)))
        throw s3Failure('read', url, error);
      await delay(Math.random() * 100 * 2 ** attempt);
    }
  }
}
