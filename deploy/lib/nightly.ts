import { CfnOutput, Duration, TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { StackRecord } from '../../src/checks/aws-record.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { SOURCES } from '../../src/sources/registry.js';
import { addDays } from '../../src/zone.js';
import { allow, arnIn, lakeFunction, mayList, mayMiss, mayTouch, type Packages } from './functions.js';
import type { Place } from './place.js';
import type { Deployment } from './settings.js';

export interface NightlyOptions {
  readonly deployment: Deployment;
  readonly packages: Packages;
  readonly raw: Place;
  readonly enriched: Place;
  readonly database: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly alarms: sns.ITopic;
}

/** Days under way at once. Each may take the connections and the memory of a function; S3 takes far more. */
export const CONCURRENCY = 8;
const RAW_FOLDERS = SOURCES.flatMap(({ name }) => [`${name}/*`, `_rejected/${name}/*`]);
const MANIFESTS = ['_manifest/*', '_lake.json'];
const TABLES = LAKE_TABLES.map(({ name }) => `${name}/*`);

const RETRY: sfn.RetryProps = {
  errors: ['States.ALL'],
  interval: Duration.seconds(10),
  backoffRate: 3,
  maxAttempts: 4,
  maxDelay: Duration.minutes(5),
  jitterStrategy: sfn.JitterType.FULL,
};

/** Days to do -> one function a source and day -> catalog; and who is told when it fails. Runs at night, every few minutes, or by hand. */
export class Nightly extends Construct {
  readonly machine: sfn.StateMachine;
  readonly schedules: StackRecord['schedules'];
  readonly functions: { readonly plan: lambda.Function; readonly day: lambda.Function; readonly register: lambda.Function };

  constructor(scope: Construct, id: string, options: NightlyOptions) {
    super(scope, id);
    const { deployment, alarms } = options;
    this.functions = this.threeFunctions(options);
    const { plan, day, register } = this.functions;
    const name = `${deployment.name}-nightly`;
    const itself = arnIn(this, 'states', 'stateMachine', name, true);
    const role = new iam.Role(this, 'MachineRole', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      description: `What ${name} may do`,
      inlinePolicies: {
        own: new iam.PolicyDocument({
          statements: [
            allow(['lambda:InvokeFunction'], [plan.functionArn, day.functionArn, register.functionArn]),
            allow(['sns:Publish'], [alarms.topicArn]),
            allow(['states:StartExecution'], [itself]),
          ],
        }),
      },
    });
    this.machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: name,
      comment: 'Raw lines of closed days into tables; with an order such as {"from":"2026-01-01","to":"2026-01-31"}, of those days',
      definitionBody: sfn.DefinitionBody.fromChainable(this.definition(alarms, itself)),
      role: role.withoutPolicyUpdates(),
      timeout: Duration.hours(6),
    });
    this.schedules = this.scheduled(deployment);
    new CfnOutput(this, 'Backfill', {
      value: `aws stepfunctions start-execution --state-machine-arn ${this.machine.stateMachineArn} --input '{"from":"2026-01-01","to":"2026-01-31"}'`,
    });
  }

  private threeFunctions({ deployment, packages, raw, enriched, database, environment }: NightlyOptions) {
    const plan = lakeFunction(this, deployment, packages, {
      handler: 'plan',
      description: 'Which sources and days have something unread',
      timeout: Duration.minutes(5),
      memory: 1024,
      environment,
      may: [
        mayList(raw.bucketArn, RAW_FOLDERS),
        mayMiss(enriched.bucketArn, MANIFESTS),
        mayTouch(enriched.bucketArn, ['s3:GetObject'], MANIFESTS),
      ],
    });
    const day = lakeFunction(this, deployment, packages, {
      handler: 'day',
      description: 'One source and day into the tables',
      timeout: Duration.minutes(15),
      memory: 3008,
      disk: 4096,
      environment,
      may: [
        mayList(raw.bucketArn, RAW_FOLDERS),
        mayTouch(raw.bucketArn, ['s3:GetObject'], RAW_FOLDERS),
        mayMiss(enriched.bucketArn, [...MANIFESTS, ...TABLES]),
        mayTouch(enriched.bucketArn, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], [...MANIFESTS, ...TABLES]),
      ],
    });
    const register = lakeFunction(this, deployment, packages, {
      handler: 'register',
      description: 'New days into the catalog',
      timeout: Duration.minutes(5),
      memory: 512,
      environment: { ...environment, ATHENA_DATABASE: database },
      may: [
        mayList(enriched.bucketArn, TABLES),
        allow(
          ['glue:GetDatabase', 'glue:GetTables', 'glue:GetPartitions', 'glue:BatchCreatePartition'],
          [
            arnIn(this, 'glue', 'catalog', '').replace(/\/$/, ''),
            arnIn(this, 'glue', 'database', database),
            ...[...LAKE_TABLES, ...LAKE_VIEWS].map((table) => arnIn(this, 'glue', 'table', `${database}/${table.name}`)),
          ],
        ),
      ],
    });
    return { plan, day, register };
  }

  private definition(alarms: sns.ITopic, itself: string): sfn.IChainable {
    const { plan, day, register } = this.functions;
    // States are named by their ids, which functions have already.
    const states = new Construct(this, 'States');
    const call = (id: string, lambdaFunction: lambda.Function, rest: Partial<tasks.LambdaInvokeProps> = {}) =>
      new tasks.LambdaInvoke(states, id, { lambdaFunction, payloadResponseOnly: true, retryOnServiceExceptions: false, ...rest }).addRetry(
        RETRY,
      );
    const failed = new tasks.SnsPublish(states, 'Tell', {
      topic: alarms,
      subject: 'chatlake: the ETL failed',
      message: sfn.TaskInput.fromObject({
        execution: sfn.JsonPath.stringAt('$$.Execution.Id'),
        state: sfn.JsonPath.objectAt('$'),
      }),
      resultPath: sfn.JsonPath.DISCARD,
    }).next(new sfn.Fail(states, 'Failed', { cause: 'See the message sent, and the log of the function that failed' }));

    const setAside = new sfn.Pass(states, 'Set aside', {
      parameters: {
        'source.$': '$.source',
        'date.$': '$.date',
        failed: true,
      },
    });
    const days = new sfn.Map(states, 'Days', { itemsPath: '$.days', maxConcurrency: CONCURRENCY, resultPath: '$.days' }).itemProcessor(
      call('Day', day).addCatch(setAside, { resultPath: '$.error' }),
    );
    const outcome = new sfn.Choice(states, 'Outcome')
      .when(sfn.Condition.numberGreaterThan('$.end.failed', 0), failed)
      .otherwise(new sfn.Succeed(states, 'Done'));
    const next = startNext(states, itself).addRetry(RETRY).addCatch(failed, { resultPath: '$.error' });
    // Before the outcome: what is left does not wait for the days that failed.
    const left = new sfn.Choice(states, 'Left').when(sfn.Condition.booleanEquals('$.more', true), next.next(outcome)).otherwise(outcome);
    return call('Plan', plan)
      .addCatch(failed, { resultPath: '$.error' })
      .next(days)
      .next(
        call('Register', register, {
          payload: sfn.TaskInput.fromObject({
            order: sfn.JsonPath.objectAt('$.order'),
            more: sfn.JsonPath.objectAt('$.more'),
            days: sfn.JsonPath.objectAt('$.days'),
          }),
          resultPath: '$.end',
        }).addCatch(failed, {
          resultPath: '$.error',
        }),
      )
      .next(left);
  }

  private scheduled({ name, zone, refresh }: Deployment): StackRecord['schedules'] {
    const made = (id: string, description: string, schedule: scheduler.ScheduleExpression, days: string) => {
      const scheduleName = `${name}-${id.toLowerCase()}`;
      const target = new StepFunctionsStartExecution(this.machine, { input: scheduler.ScheduleTargetInput.fromObject({ days }) });
      new scheduler.Schedule(this, id, { scheduleName, description, schedule, target });
      const timezone = schedule.timeZone?.timezoneName;
      return { name: scheduleName, expression: schedule.expressionString, ...(timezone === undefined ? {} : { timezone }) };
    };
    const night = made('Night', 'The days that are closed, ten minutes into the new one', nightly(zone), 'closed');
    if (refresh === undefined) return [night];
    const rate = scheduler.ScheduleExpression.rate(Duration.minutes(refresh));
    return [night, made('Refresh', 'The open day', rate, 'open')];
  }
}

const MINUTE = 10;

/**
 * Ten minutes past midnight in `zone`; an offset, which the scheduler does not know, as the time it is in UTC. Where summer time begins at
 * midnight, an hour later as well: the scheduler leaves out a time that the clock skips, and a second run in a night finds nothing to do.
 */
export function nightly(zone: Deployment['zone'], now = Date.now()): scheduler.ScheduleExpression {
  if (/^[A-Za-z]/.test(zone.name)) {
    const hour = skipsMidnight(zone, now) ? '0,1' : '0';
    return scheduler.ScheduleExpression.cron({ minute: String(MINUTE), hour, timeZone: TimeZone.of(zone.name) });
  }
  const utc = (((MINUTE - zone.offsetAt(0) / 60) % 1440) + 1440) % 1440;
  return scheduler.ScheduleExpression.cron({ minute: String(utc % 60), hour: String(Math.floor(utc / 60)), timeZone: TimeZone.ETC_UTC });
}

/** Whether some day of the year that begins at `now` (epoch milliseconds) has no midnight. */
function skipsMidnight(zone: Deployment['zone'], now: number): boolean {
  const today = zone.dateAt(now / 1000);
  return Array.from({ length: 366 }, (_, days) => zone.startOf(addDays(today, days))).some(
    (start) => (start + zone.offsetAt(start)) % 86_400 !== 0,
  );
}

/** A history holds 25,000 events: what one execution leaves over, another one does. */
const startNext = (scope: Construct, itself: string): sfn.CustomState =>
  new sfn.CustomState(scope, 'Go on', {
    stateJson: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: { StateMachineArn: itself, 'Input.$': '$.order' },
      ResultPath: null,
    },
  });
