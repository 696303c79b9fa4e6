import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { analystRole } from './analyst.js';
import { catalogOf } from './catalog.js';
import type { Place } from './place.js';
import { NAMED_QUERIES } from './queries.js';
import type { Deployment } from './settings.js';

const GIB = 1024 ** 3;
/** Bytes that one query may read: at 5 dollars a terabyte, five cents. */
const SCAN_LIMIT = 10 * GIB;
/** Objects below it stay where they are: the colder classes charge for as much. */
const WORTH_MOVING = 128 * 1024;

/** The buckets, the tables over them, and the way to ask them. The buckets stay when the stack goes. */
export class Lake extends Construct {
  readonly raw: Place;
  readonly enriched: Place;
  readonly results: Place;
  readonly database: string;
  readonly workgroup: string;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    const { name } = deployment;
    this.raw = deployment.rawBucket === undefined ? this.bucket('Raw', RAW_RULES) : this.existing('Raw', deployment.rawBucket);
    this.enriched =
      deployment.enrichedBucket === undefined
        ? this.bucket('Enriched', ENRICHED_RULES)
        : this.existing('Enriched', deployment.enrichedBucket);
    this.results = this.bucket('Results', RESULTS_RULES);
    this.database = name.replaceAll('-', '_');
    this.workgroup = name;

    catalogOf(this, { database: this.database, location: `s3://${this.enriched.bucketName}`, tables: LAKE_TABLES, views: LAKE_VIEWS });
    const workgroup = new athena.CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroup,
      description: 'Questions to the chat lake: encrypted results, a limit on what one query reads',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: SCAN_LIMIT,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.results.bucketName}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const { id: query, name: title, description, sql } of NAMED_QUERIES) {
      new athena.CfnNamedQuery(this, `Query${query}`, {
        name: title,
        description,
        database: this.database,
        queryString: sql,
        workGroup: this.workgroup,
      }).addResourceDependency(workgroup);
    }
    const analyst = analystRole(this, {
      name,
      enriched: this.enriched,
      results: this.results,
      database: this.database,
      workgroup: this.workgroup,
    });

    new CfnOutput(this, 'RawBucket', { value: this.raw.bucketName });
    new CfnOutput(this, 'EnrichedBucket', { value: this.enriched.bucketName });
    new CfnOutput(this, 'ResultsBucket', { value: this.results.bucketName });
    new CfnOutput(this, 'AnalystRole', { value: analyst.roleArn });
    Tags.of(Stack.of(this)).add('chatlake', name);
  }

  private existing(id: string, bucketName: string): Place {
    return s3.Bucket.fromBucketName(this, id, bucketName);
  }

  private bucket(id: string, lifecycleRules: s3.LifecycleRule[]): Place {
    const bucket = new s3.Bucket(this, id, {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        ...lifecycleRules,
        { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(7), expiredObjectDeleteMarker: true },
      ],
    });
    // CloudFormation wants these numbers as text.
    for (const [index, { objectSizeGreaterThan }] of lifecycleRules.entries()) {
      if (objectSizeGreaterThan === undefined) continue;
      const path = `LifecycleConfiguration.Rules.${index}.ObjectSizeGreaterThan`;
      (bucket.node.defaultChild as s3.CfnBucket).addPropertyOverride(path, String(objectSizeGreaterThan));
    }
    return bucket;
  }
}

/** Raw lines are read once, soon after they came, and again only when tables are rebuilt. */
const RAW_RULES: s3.LifecycleRule[] = [
  {
    id: 'colder',
    objectSizeGreaterThan: WORTH_MOVING,
    transitions: [
      { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
      { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
    ],
  },
  { id: 'overwritten', noncurrentVersionExpiration: Duration.days(30) },
  { id: 'probes', prefix: '_tmp/', expiration: Duration.days(1) },
];
/** A day's file is replaced by each run that has news of it: the versions before are kept for a week. */
const ENRICHED_RULES: s3.LifecycleRule[] = [
  {
    id: 'colder',
    objectSizeGreaterThan: WORTH_MOVING,
    transitions: [{ storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
  },
  { id: 'overwritten', noncurrentVersionExpiration: Duration.days(7) },
];
const RESULTS_RULES: s3.LifecycleRule[] = [{ id: 'results', expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) }];
