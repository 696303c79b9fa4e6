import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from './settings.js';

/** Where lines wait, and where those go that nobody could write. */
export interface Lines {
  readonly queue: sqs.IQueue;
  readonly dead: sqs.IQueue;
}

/** Seconds that the writer may take for a batch. */
export const WRITER_SECONDS = 60;
/** Tries of a line before it is put aside. */
const TRIES = 10;

/** The queues. They may hold the only copy of a line, and their names are fixed: so they are kept, whatever becomes of what uses them. */
export class Queues extends Construct implements Lines {
  readonly queue: sqs.Queue;
  readonly dead: sqs.Queue;

  constructor(scope: Construct, id: string, { name, window }: Deployment) {
    super(scope, id);
    const common = {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.dead = new sqs.Queue(this, 'Dead', { ...common, queueName: `${name}-dead` });
    this.queue = new sqs.Queue(this, 'Queue', {
      ...common,
      queueName: `${name}-lines`,
      maxMessageSizeBytes: 1024 * 1024,
      // Six times what the writer may take, and its window (docs.aws.amazon.com, Lambda with SQS).
      visibilityTimeout: Duration.seconds(6 * WRITER_SECONDS + window),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: TRIES },
    });
    new CfnOutput(this, 'Redrive', { value: `aws sqs start-message-move-task --source-arn ${this.dead.queueArn}` });
  }
}
