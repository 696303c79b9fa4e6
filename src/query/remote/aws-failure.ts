import { ChatlakeError, messageOf, systemCode } from '../../errors.js';

const CREDENTIALS =
  /^(?:UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|InvalidClientTokenId|InvalidAccessKeyId|MissingAuthenticationToken\w*|IncompleteSignature\w*)$/;
const EXPIRED = /^(?:ExpiredToken\w*|TokenRefreshRequired|RequestExpired)$/;
const DENIED = /^(?:AccessDenied\w*|NotAuthorized\w*|AuthorizationError\w*)$/;
const THROTTLED = /^(?:Throttling\w*|TooManyRequests\w*|ProvisionedThroughputExceeded\w*|SlowDown|RequestLimitExceeded)$/;

/**
 * What a failed request to an AWS service means to a user. `service` is its name. Anything unknown is returned as it is: it may be
 * a bug.
 */
export function awsError(service: string, error: unknown): unknown {
  if (error instanceof ChatlakeError || !(error instanceof Error)) return error;
  const { name } = error;
  const code = systemCode(error) ?? systemCode(error.cause);
  if (/region is missing/i.test(error.message)) return new ChatlakeError('SETTINGS', `${service} has no region: set AWS_REGION.`);
  if (CREDENTIALS.test(name))
    return new ChatlakeError('SETTINGS', `${service} does not know these credentials (${name}): check AWS_PROFILE, or AWS_ACCESS_KEY_ID.`);
  if (name === 'CredentialsProviderError')
    return new ChatlakeError(
      'SETTINGS',
      `${service} needs credentials, and none were found or their session has expired: set AWS_PROFILE (aws sso login renews its session), or AWS_ACCESS_KEY_ID.`,
    );
  if (EXPIRED.test(name)) return new ChatlakeError('SETTINGS', `The AWS credentials have expired (${name}): sign in again.`);
  if (DENIED.test(name))
    return new ChatlakeError(
      'SETTINGS',
      `${service} does not allow this (${name}): ${firstLine(error)} docs/engines.md lists the rights needed.`,
    );
  if (THROTTLED.test(name)) return new ChatlakeError('LAKE_UNAVAILABLE', `${service} is too busy (${name}): try again later.`);
  if ((error as { $fault?: string }).$fault === 'client')
    return new ChatlakeError('SETTINGS', `${service} refused (${name}): ${firstLine(error)}`);
  if ((error as { $fault?: string }).$fault === 'server')
    return new ChatlakeError('LAKE_UNAVAILABLE', `${service} failed (${name}): try again later.`);
  if (code !== undefined || name === 'TimeoutError')
    return new ChatlakeError(
      'NETWORK',
      `${service} cannot be reached (${code ?? name}): check the network, AWS_REGION and any AWS_ENDPOINT_URL.`,
    );
  // What came could not be read: another server stands where the service should.
  if (error instanceof SyntaxError && '$response' in error)
    return new ChatlakeError(
      'SETTINGS',
      `What answers is not ${service}: check AWS_ENDPOINT_URL and endpoint_url, which hold for every service; that of S3 alone is AWS_ENDPOINT_URL_S3.`,
    );
  return error;
}

const firstLine = (error: unknown): string => {
  const line = (messageOf(error).split('\n')[0] ?? '').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
};
