import { ChatlakeError, messageOf, systemCode } from '../errors.js';

/** What S3, or the way there, says of a failed request. */
interface Said {
  readonly name: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
}

export function saidBy(error: unknown): Said {
  const { name, $metadata, Code } = (error ?? {}) as { name?: string; Code?: string; $metadata?: { httpStatusCode?: number } };
  return { name: Code ?? systemCode(error) ?? name ?? '', status: $metadata?.httpStatusCode ?? 0 };
}

/** Whether a read found no object. A missing bucket is something else. */
export function isAbsentObject(error: unknown): boolean {
  return saidBy(error).name === 'NoSuchKey';
}

/**
 * Whether a conditional write was refused because the object is another one: 412; 404 where If-Match names what is gone; 409 where
 * another conditional write was under way (docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 */
export function isConflict(error: unknown): boolean {
  const { name, status } = saidBy(error);
  return status === 412 || name === 'PreconditionFailed' || name === 'NoSuchKey' || name === 'ConditionalRequestConflict';
}

const CREDENTIALS = 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile or role they come from';
const REGION = 'the bucket is in another region: set AWS_REGION to the one the bucket was made in';
const ENDPOINT = 'check AWS_ENDPOINT_URL_S3 (leave it out for AWS), AWS_REGION and the network';
const NO_S3 = `what answers there is no S3: ${ENDPOINT}`;
const BUSY = 'S3 is overloaded or has a fault: try again later';

/** What a user can do about it, by the error's code. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  NoSuchBucket: 'the bucket does not exist there: make it, or correct CHATLAKE_RAW or CHATLAKE_ENRICHED',
  InvalidBucketName: 'this is not the name of a bucket: correct CHATLAKE_RAW or CHATLAKE_ENRICHED',
  InvalidAccessKeyId: `the access key is not known there: ${CREDENTIALS}`,
  SignatureDoesNotMatch: `the secret key is wrong: ${CREDENTIALS}`,
  CredentialsProviderError:
    'no credentials were found, or their session has expired: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile (aws sso login renews its session) or role',
  ExpiredToken: `the session has expired: get new credentials, and restart where they are in the environment`,
  TokenRefreshRequired: `the session has expired: get new credentials`,
  ExpiredTokenException: `the session has expired: get new credentials`,
  InvalidTokenId: `the session token is not valid, or has expired: ${CREDENTIALS}`,
  InvalidToken: `the session token is not valid: ${CREDENTIALS}`,
  AccessDenied: 'these credentials may not do that there: docs/s3.md lists the rights that are needed',
  AllAccessDisabled: 'the bucket is closed',
  RequestTimeTooSkewed: "this machine's clock is wrong by more than 15 minutes: set it",
  PermanentRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
  IllegalLocationConstraintException: REGION,
  MovedPermanently: REGION,
  ECONNREFUSED: `nothing listens there: ${ENDPOINT}`,
  ENOTFOUND: `the host is not known: ${ENDPOINT}`,
  EAI_AGAIN: `the host could not be looked up: ${ENDPOINT}`,
  EHOSTUNREACH: `the host cannot be reached: ${ENDPOINT}`,
  ENETUNREACH: `the network cannot be reached: ${ENDPOINT}`,
  EPROTO: `what answers there does not speak TLS: ${ENDPOINT}`,
  TimeoutError: 'S3 did not answer in time: try again later',
  AbortError: 'S3 did not answer in time: try again later',
  ETIMEDOUT: 'S3 did not answer in time: try again later',
  ECONNRESET: 'the connection broke off: try again later',
  EPIPE: 'the connection broke off: try again later',
  SlowDown: BUSY,
  ServiceUnavailable: BUSY,
  InternalError: BUSY,
  XMinioStorageFull: 'the disk there is full: free some space',
  EntityTooLarge: 'the object is larger than S3 takes',
  InvalidObjectState: 'the object is in an archive: restore it first',
  NotImplemented: 'the server there has no conditional writes (If-Match, If-None-Match), without which nothing is written',
};

/** What went wrong, as a LAKE_UNAVAILABLE with the way out. Never holds a key of access: only codes are told, and what they mean. */
export function s3Failure(action: 'read' | 'write', url: string, error: unknown): ChatlakeError {
  if (error instanceof ChatlakeError) return error;
  const { name, status } = saidBy(error);
  const code = name === '' || name === 'Error' || name === 'Unknown' ? (status === 0 ? '' : String(status)) : name;
  const told = `${code === '' ? '' : ` (${code})`}`;
  return new ChatlakeError('LAKE_UNAVAILABLE', `Cannot ${action} ${url}: ${wayOut(name, status, error)}${told}`, { cause: error });
}

/**
 * The version of an object that an answer tells. S3 tells it of whatever it has or takes: where an answer does not, its word that an object was
 * written is worth nothing.
 */
export function toldEtag(action: 'read' | 'write', url: string, etag: string | undefined): string {
  if (etag === undefined) throw noS3(action, url);
  return etag;
}

/** What went wrong where an answer lacks what every answer of S3 has. */
export const noS3 = (action: 'read' | 'write', url: string): ChatlakeError =>
  new ChatlakeError('LAKE_UNAVAILABLE', `Cannot ${action} ${url}: ${NO_S3}`);

function wayOut(name: string, status: number, error: unknown): string {
  const known = WAYS_OUT[name];
  if (known !== undefined) return known;
  if (/region is missing/i.test(messageOf(error))) return 'no region is set: set AWS_REGION';
  if (/could not load credentials|credential is missing/i.test(messageOf(error))) return WAYS_OUT['CredentialsProviderError'] ?? '';
  if (/protocol|tls|ssl|certificate/i.test(`${name} ${messageOf(error)}`) && status === 0)
    return `the connection is not as expected: ${ENDPOINT}`;
  if (status === 301 || status === 307) return REGION;
  if (status === 400) return `S3 refused the request: ${ENDPOINT}, and the credentials`;
  if (status === 403) return WAYS_OUT['AccessDenied'] ?? '';
  if (status === 429 || status >= 500) return BUSY;
  if (status >= 401) return `S3 refused the request, or what answers there is none: ${ENDPOINT}`;
  if (status > 0) return NO_S3;
  return 'the connection failed: try again later';
}
