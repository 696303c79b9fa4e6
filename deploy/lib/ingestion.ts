import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigw from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SECRETS } from '../../src/sources/secret-names.js';
import { SOURCES } from '../../src/sources/registry.js';
import { allow, arnIn, lakeFunction, logGroupOf, mayList, mayTouch, type Packages } from './functions.js';
import type { Place } from './place.js';
import { secretsPrefix } from './names.js';
import { type Lines, WRITER_SECONDS } from './queues.js';
import type { Deployment } from './settings.js';

export interface IngestionOptions {
  readonly deployment: Deployment;
  readonly packages: Packages;
  readonly raw: Place;
  readonly lines: Lines;
  /** What every function is told of the lake. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Requests a second that the API takes on and on, and at once: Telegram and Meta send again what was turned away. */
export const THROTTLE = { rateLimit: 500, burstLimit: 1000 };
/** Lines of one object, at most. */
const BATCH = 1000;
/** Where changed chat ids are remembered. */
const STATE = '_state/telegram/';

/** One line a request: neither addresses nor queries, in which the verify token stands. */
const ACCESS = JSON.stringify({ id: '$context.requestId', route: '$context.routeKey', status: '$context.status' });

const NAMES = SOURCES.map(({ name }) => name);
const FOLDERS = NAMES.flatMap((name) => [`${name}/*`, `_rejected/${name}/*`]);

/**
 * Webhook -> ingest -> queue -> writer -> raw lake; or, without a buffer, webhook -> ingest -> raw lake. The writer stays all the same: it
 * writes what was in the queue when the buffer was taken out, and what is put back into it later.
 */
export class Ingestion extends Construct {
  readonly api: apigw.HttpApi;
  readonly ingest: lambda.Function;
  readonly accessLog: logs.LogGroup;

  constructor(scope: Construct, id: string, options: IngestionOptions) {
    super(scope, id);
    const { deployment, raw } = options;
    this.writer(options);
    const queue = deployment.buffer === 'queue' ? options.lines.queue : undefined;
    this.ingest = lakeFunction(this, deployment, options.packages, {
      handler: 'ingest',
      description: 'Verifies and filters webhooks; answers when they are durable',
      timeout: Duration.seconds(15),
      memory: 512,
      environment: {
        ...options.environment,
        CHATLAKE_SECRETS: secretsPrefix(deployment),
        CHATLAKE_SECRETS_VERSION: deployment.secretsVersion,
        ...(deployment.chatIds === '' ? {} : { TELEGRAM_CHAT_ID: deployment.chatIds }),
        ...(deployment.phoneNumberIds === '' ? {} : { WHATSAPP_PHONE_NUMBER_ID: deployment.phoneNumberIds }),
        ...(queue === undefined ? {} : { CHATLAKE_QUEUE: queue.queueUrl }),
      },
      may: [
        allow(
          ['ssm:GetParameters'],
          SECRETS.map((name) => arnIn(this, 'ssm', 'parameter', `${deployment.name}/${name}`)),
        ),
        ...(queue === undefined ? [] : [allow(['sqs:SendMessage'], [queue.queueArn])]),
        mayTouch(raw.bucketArn, ['s3:PutObject', 's3:GetObject'], [...FOLDERS, `${STATE}*`]),
        mayList(raw.bucketArn, [`${STATE}*`]),
      ],
    });
    this.accessLog = logGroupOf(this, 'AccessLog', `/chatlake/${deployment.name}/access`);
    this.api = this.httpApi(deployment);
  }

  private httpApi({ name }: Deployment): apigw.HttpApi {
    const api = new apigw.HttpApi(this, 'Api', {
      apiName: name,
      description: 'Webhooks of Telegram and WhatsApp',
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration('Ingest', this.ingest);
    api.addRoutes({ path: '/webhook/telegram', methods: [apigw.HttpMethod.POST], integration });
    api.addRoutes({ path: '/webhook/whatsapp', methods: [apigw.HttpMethod.GET, apigw.HttpMethod.POST], integration });
    new apigw.HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new apigw.LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(ACCESS),
      },
    });
    new CfnOutput(this, 'TelegramWebhook', { value: `${api.apiEndpoint}/webhook/telegram` });
    new CfnOutput(this, 'WhatsappWebhook', { value: `${api.apiEndpoint}/webhook/whatsapp` });
    return api;
  }

  private writer({ deployment, packages, raw, lines: { queue }, environment }: IngestionOptions): void {
    const { window } = deployment;
    const consume = allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      [queue.queueArn],
    );
    const writer = lakeFunction(this, deployment, packages, {
      handler: 'writer',
      description: 'Files queued lines in the raw lake, one object a batch',
      timeout: Duration.seconds(WRITER_SECONDS),
      memory: 512,
      environment,
      may: [consume, mayTouch(raw.bucketArn, ['s3:PutObject', 's3:GetObject'], FOLDERS)],
    });
    writer.addEventSource(
      new SqsEventSource(queue, {
        batchSize: window === 0 ? 10 : BATCH,
        ...(window === 0 ? {} : { maxBatchingWindow: Duration.seconds(window) }),
        maxConcurrency: 5,
        reportBatchItemFailures: true,
      }),
    );
  }
}
