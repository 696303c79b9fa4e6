import { Duration } from 'aws-cdk-lib';
import * as cw from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { NIGHT_DONE } from '../../src/server/lambda/nightly.js';
import type { Ingestion } from './ingestion.js';
import type { Nightly } from './nightly.js';
import type { Lines } from './queues.js';
import type { Deployment } from './settings.js';

export interface WatchOptions {
  readonly deployment: Deployment;
  readonly ingestion: Ingestion;
  readonly lines: Lines;
  readonly nightly: Nightly;
  readonly alarms: sns.ITopic;
}

const FIVE = Duration.minutes(5);
const HOUR = Duration.hours(1);
/** Hours within which a night ends well, on the longest day of the year as on any other. */
const NIGHT = 26;

/** Alarms for whatever loses or delays messages, and a dashboard of the same. Ten at most: so many are free. */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, { deployment, ingestion, lines: { queue, dead }, nightly, alarms }: WatchOptions) {
    super(scope, id);
    const { name, silenceHours } = deployment;
    const { api, ingest, accessLog } = ingestion;
    const { machine } = nightly;
    const alarm = (alarmId: string, alarmDescription: string, metric: cw.IMetric, props: Partial<cw.AlarmProps> = {}) =>
      new cw.Alarm(this, alarmId, {
        alarmName: `${name}-${alarmId.toLowerCase()}`,
        alarmDescription,
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: cw.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: cw.TreatMissingData.NOT_BREACHING,
        ...props,
      }).addAlarmAction(new SnsAction(alarms));

    const sum = { statistic: 'Sum', period: FIVE };
    const throttled = new logs.MetricFilter(this, 'TurnedAway', {
      logGroup: accessLog,
      metricNamespace: `chatlake/${name}`,
      metricName: 'Throttled',
      filterPattern: logs.FilterPattern.stringValue('$.status', '=', '429'),
      metricValue: '1',
    }).metric(sum);
    const failures = api.metricServerError(sum);
    const errors = (period: Duration) =>
      new cw.MathExpression({
        expression: 'failed + late + aborted',
        usingMetrics: {
          failed: machine.metricFailed({ period, statistic: 'Sum' }),
          late: machine.metricTimedOut({ period, statistic: 'Sum' }),
          aborted: machine.metricAborted({ period, statistic: 'Sum' }),
        },
        period,
        label: 'ETL failures',
      });
    const arrivals = (period: Duration) =>
      deployment.buffer === 'none'
        ? ingest.metricInvocations({ period, statistic: 'Sum' })
        : queue.metricNumberOfMessagesSent({ period, statistic: 'Sum' });

    alarm('ServerErrors', 'Webhooks are answered with 5xx: the platforms send again for a while, then give up', failures, {
      evaluationPeriods: 2,
    });
    alarm('Throttled', 'Webhooks are turned away because there are too many of them', throttled, { evaluationPeriods: 2 });
    alarm('FunctionThrottles', 'Lambda refuses to run ingest: the concurrency of the account is used up', ingest.metricThrottles(sum));
    alarm(
      'DeadLetters',
      'Lines could not be written and were put aside: see why, then redrive them',
      dead.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: FIVE }),
    );
    alarm(
      'QueueDelay',
      'The oldest line has waited for half an hour: the writer cannot write',
      queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: FIVE }),
      { threshold: 1800 },
    );
    alarm('EtlFailure', 'A run of the ETL failed', errors(FIVE));
    // The machine's successes would count runs over the open day as well, and the scheduler's metrics know schedules by their group, and
    // that an execution was started at best. So `register` says in its log when a night is done.
    const [[field, value]] = Object.entries(NIGHT_DONE) as [[string, string]];
    const nights = new logs.MetricFilter(this, 'NightDone', {
      logGroup: nightly.functions.register.logGroup,
      metricNamespace: `chatlake/${name}`,
      metricName: 'NightsDone',
      filterPattern: logs.FilterPattern.stringValue(`$.message.${field}`, '=', value),
      metricValue: '1',
    }).metric({ statistic: 'Sum', period: HOUR });
    alarm('EtlMissing', 'The closed days were not brought into the tables for a day', nights, {
      comparisonOperator: cw.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: NIGHT,
      datapointsToAlarm: NIGHT,
      treatMissingData: cw.TreatMissingData.BREACHING,
    });
    alarm('Silence', `No message for ${silenceHours} hours: see whether the webhook is still set`, arrivals(HOUR), {
      comparisonOperator: cw.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: silenceHours,
      datapointsToAlarm: silenceHours,
      treatMissingData: cw.TreatMissingData.BREACHING,
    });

    const graph = (title: string, left: cw.IMetric[], right: cw.IMetric[] = []) => new cw.GraphWidget({ title, left, right, width: 12 });
    new cw.Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: [
        [
          graph('Requests', [api.metricCount(sum), api.metricClientError(sum), failures, throttled]),
          graph('Answer time', [api.metricLatency({ statistic: 'p50' }), api.metricLatency({ statistic: 'p99' })]),
        ],
        [
          graph(
            'Queue',
            [queue.metricNumberOfMessagesSent(sum), queue.metricNumberOfMessagesDeleted(sum)],
            [queue.metricApproximateAgeOfOldestMessage()],
          ),
          graph('Put aside', [dead.metricApproximateNumberOfMessagesVisible()]),
        ],
        [
          graph('ETL', [machine.metricSucceeded({ statistic: 'Sum', period: HOUR }), errors(HOUR)], [machine.metricTime()]),
          graph(
            'A day of the ETL',
            [nightly.functions.day.metricDuration({ statistic: 'Maximum' })],
            [nightly.functions.day.metricErrors(sum)],
          ),
        ],
      ],
    });
  }
}
