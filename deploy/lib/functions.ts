import { ArnFormat, type Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Deployment } from './settings.js';

/** Folders that `bundle.ts` made: the code alone, and the code with the SQL engine for arm64. */
export interface Packages {
  readonly light: string;
  readonly full: string;
}

export interface FunctionSpec {
  /** Export of `server/lambda.ts`, and end of the function's name. */
  readonly handler: 'ingest' | 'writer' | 'plan' | 'day' | 'register';
  readonly description: string;
  readonly timeout: Duration;
  /** Megabytes; Lambda gives CPU in proportion. */
  readonly memory: number;
  /** Megabytes of /tmp. */
  readonly disk?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** All that it may do, besides writing its own log. */
  readonly may: readonly iam.PolicyStatement[];
}

export const RETENTION = logs.RetentionDays.ONE_MONTH;

/** A function of the bundle, with a role, a log and nothing else of its own. */
export function lakeFunction(scope: Construct, { name }: Deployment, packages: Packages, spec: FunctionSpec): lambda.Function {
  const id = spec.handler[0]?.toUpperCase() + spec.handler.slice(1);
  const functionName = `${name}-${spec.handler}`;
  const logGroup = logGroupOf(scope, `${id}Log`, `/aws/lambda/${functionName}`);
  const role = new iam.Role(scope, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${functionName} may do`,
    inlinePolicies: {
      own: new iam.PolicyDocument({
        statements: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]), ...spec.may],
      }),
    },
  });
  return new lambda.Function(scope, id, {
    functionName,
    description: spec.description,
    runtime: lambda.Runtime.NODEJS_22_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(spec.handler === 'day' ? packages.full : packages.light),
    handler: `lambda.${spec.handler}`,
    timeout: spec.timeout,
    memorySize: spec.memory,
    ...(spec.disk === undefined ? {} : { ephemeralStorageSize: Size.mebibytes(spec.disk) }),
    environment: { NODE_OPTIONS: '--enable-source-maps', ...spec.environment },
    role: role.withoutPolicyUpdates(),
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
    // Start, end and report of each invocation cost more log than all the rest; the metrics tell the same.
    systemLogLevelV2: lambda.SystemLogLevel.WARN,
  });
}

export function logGroupOf(scope: Construct, id: string, logGroupName: string): logs.LogGroup {
  return new logs.LogGroup(scope, id, { logGroupName, retention: RETENTION, removalPolicy: RemovalPolicy.DESTROY });
}

export const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });

/** Listing what lies under `prefixes` of a bucket, and nothing else. */
export const mayList = (bucketArn: string, prefixes: readonly string[]): iam.PolicyStatement =>
  allow(['s3:ListBucket'], [bucketArn], { StringLike: { 's3:prefix': [...prefixes] } });

/**
 * The same for whoever reads objects that may be absent, such as the manifest of a new day: S3 asks for this permission, without a prefix,
 * before it says so, and would else answer 403, so that absent could not be told from forbidden. The whole bucket may then be listed, too.
 */
export const mayMiss = (bucketArn: string, prefixes: readonly string[]): iam.PolicyStatement =>
  allow(['s3:ListBucket'], [bucketArn], { StringLikeIfExists: { 's3:prefix': [...prefixes] } });

/** `actions` on the objects under `prefixes` of a bucket. */
export const mayTouch = (bucketArn: string, actions: string[], prefixes: readonly string[]): iam.PolicyStatement =>
  allow(
    actions,
    prefixes.map((prefix) => `${bucketArn}/${prefix}`),
  );

/** The ARN of something whose name is known before it is made. */
export const arnIn = (scope: Construct, service: string, resource: string, resourceName: string, colon = false): string =>
  Stack.of(scope).formatArn({ service, resource, resourceName, ...(colon ? { arnFormat: ArnFormat.COLON_RESOURCE_NAME } : {}) });
