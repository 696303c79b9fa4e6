import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { StackRecord } from '../../src/checks/aws-record.js';
import type { Packages } from './functions.js';
import { Ingestion } from './ingestion.js';
import { Lake } from './lake.js';
import { secretsPrefix } from './names.js';
import { Nightly } from './nightly.js';
import { Queues } from './queues.js';
import type { Deployment } from './settings.js';
import { Watch } from './watch.js';

/** What is kept: buckets, tables, questions, and the queues. */
export class LakeStack extends Stack {
  readonly lake: Lake;
  readonly queues: Queues;

  constructor(scope: Construct, id: string, deployment: Deployment, props: StackProps = {}) {
    super(scope, id, { description: 'chatlake: the lake', ...props });
    this.lake = new Lake(this, 'Lake', deployment);
    this.queues = new Queues(this, 'Queues', deployment);
  }
}

/** What moves: receiving, the nights, and the watch over both. May be destroyed and made again at any time. */
export class FlowStack extends Stack {
  readonly nightly: Nightly;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    packages: Packages,
    { lake, queues: lines }: LakeStack,
    props: StackProps = {},
  ) {
    super(scope, id, { description: 'chatlake: receiving, ETL and alarms', ...props });
    const { name, zone, alarmEmail } = deployment;
    const alarms = new sns.Topic(this, 'Alarms', { topicName: `${name}-alarms`, enforceSSL: true });
    if (alarmEmail !== undefined) alarms.addSubscription(new EmailSubscription(alarmEmail));

    const environment = {
      CHATLAKE_RAW: `s3://${lake.raw.bucketName}`,
      CHATLAKE_ENRICHED: `s3://${lake.enriched.bucketName}`,
      CHATLAKE_TIMEZONE: zone.name,
    };
    const ingestion = new Ingestion(this, 'Ingestion', { deployment, packages, raw: lake.raw, lines, environment });
    this.nightly = new Nightly(this, 'Nightly', {
      deployment,
      packages,
      database: lake.database,
      raw: lake.raw,
      enriched: lake.enriched,
      environment,
      alarms,
    });
    new Watch(this, 'Watch', { deployment, ingestion, lines, nightly: this.nightly, alarms });

    const record: StackRecord = {
      raw: environment.CHATLAKE_RAW,
      enriched: environment.CHATLAKE_ENRICHED,
      timezone: zone.name,
      secrets: secretsPrefix(deployment),
      queue: lines.queue.queueUrl,
      dead: lines.dead.queueUrl,
      machine: this.nightly.machine.stateMachineArn,
      schedules: this.nightly.schedules,
      database: lake.database,
      workgroup: lake.workgroup,
      api: ingestion.api.apiEndpoint,
    };
    // Where `chatlake doctor --aws` finds the rest.
    new ssm.StringParameter(this, 'Record', {
      parameterName: `/${name}/stack`,
      description: 'Names of what was deployed',
      stringValue: this.toJsonString(record),
    });
    new CfnOutput(this, 'Doctor', { value: `chatlake doctor --aws ${name}` });
  }
}
