const NEXT = 'docs/aws.md, step 2';

/** What AWS or its SDK calls what is wrong with the way into an account, and what to do about it. */
const WAYS_IN: Readonly<Record<string, string>> = {
  CredentialsProviderError: `No AWS credentials were found: aws configure sso, then export AWS_PROFILE=... (${NEXT}); aws sso login where the session has expired`,
  ExpiredToken: 'The AWS session has expired: aws sso login, or get new credentials',
  ExpiredTokenException: 'The AWS session has expired: aws sso login, or get new credentials',
  UnrecognizedClientException: `AWS does not know these credentials: check AWS_PROFILE or AWS_ACCESS_KEY_ID (${NEXT})`,
  InvalidSignatureException: `AWS does not take these credentials: check AWS_PROFILE or AWS_SECRET_ACCESS_KEY, and this machine's clock (${NEXT})`,
  AccessDeniedException: `These credentials may not deploy: use those of somebody with AdministratorAccess (${NEXT})`,
  ENOTFOUND: 'AWS cannot be reached: check the network, and that AWS_REGION is a region',
  EAI_AGAIN: 'AWS cannot be reached: check the network',
  ECONNREFUSED: 'AWS cannot be reached: check the network, and AWS_ENDPOINT_URL, which should not be set',
};

/** Why an account cannot be entered, with the next step; undefined for whatever else went wrong. */
export function accessTrouble(error: unknown): string | undefined {
  const { name = '', code = '', message = '' } = error as { name?: string; code?: string; message?: string };
  if (/region is missing/i.test(message)) return `No AWS region is set: export AWS_REGION=us-east-1, or another (${NEXT})`;
  return WAYS_IN[name] ?? WAYS_IN[code];
}
