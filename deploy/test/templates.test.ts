import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STACK_RECORD } from '../../src/checks/aws-record.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { ofType, resourcesOf, templatesOf, textOf } from './templates.js';

const SECRETS = {
  TELEGRAM_WEBHOOK_SECRET: 'telegram-secret-value',
  WHATSAPP_APP_SECRET: 'app-secret-value',
  WHATSAPP_VERIFY_TOKEN: 'verify-value',
};
const usual = templatesOf({ ...SECRETS, TELEGRAM_CHAT_ID: '-1, -2', ALARM_EMAIL: 'a@example.com' });

describe('the lake', () => {
  it('has buckets that are private, encrypted, versioned, reached by TLS alone and kept when the stack goes', () => {
    const buckets = ofType(usual.lake, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(3);
    for (const [id, { Properties, DeletionPolicy }] of buckets) {
      expect({ id, DeletionPolicy, ...Properties }).toMatchObject({
        DeletionPolicy: 'Retain',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
      usual.lake.hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: { Ref: id },
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
    }
  });

  it('tells the names of its buckets, which whoever removes them must know', () => {
    const outputs = Object.keys(usual.lake.findOutputs('*'));
    for (const name of ['RawBucket', 'EnrichedBucket', 'ResultsBucket'])
      expect(outputs).toContainEqual(expect.stringMatching(new RegExp(`^Lake${name}`)));
  });

  it('moves what is old and large to colder classes', () => {
    const classes = ofType(usual.lake, 'AWS::S3::Bucket').flatMap(([, { Properties }]) =>
      (Properties['LifecycleConfiguration'] as { Rules: { Transitions?: { StorageClass: string }[] }[] }).Rules.flatMap(
        ({ Transitions = [] }) => Transitions.map(({ StorageClass }) => StorageClass),
      ),
    );
    expect(classes).toEqual(['STANDARD_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING']);
  });

  it('has every table and view of the lake in Glue, with the declared columns', () => {
    const tables = ofType(usual.lake, 'AWS::Glue::Table').map(
      ([, { Properties }]) =>
        Properties['TableInput'] as { Name: string; StorageDescriptor: { Columns: { Name: string; Type: string }[] } },
    );
    expect(tables.map(({ Name }) => Name)).toEqual([...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => name));
    const telegram = tables.find(({ Name }) => Name === 'telegram');
    expect(telegram?.StorageDescriptor.Columns.slice(0, 3).map(({ Name, Type }) => [Name, Type])).toEqual([
      ['message_id', 'bigint'],
      ['user_id', 'bigint'],
      ['user_is_bot', 'boolean'],
    ]);
  });

  it('keeps views in the form Athena and Trino write them', () => {
    const messages = ofType(usual.lake, 'AWS::Glue::Table')
      .map(
        ([, { Properties }]) =>
          Properties['TableInput'] as {
            Name: string;
            TableType: string;
            ViewOriginalText: string;
            Description?: string;
            Parameters: object;
          },
      )
      .find(({ Name }) => Name === 'messages');
    // With a description they would take it for a materialized view, and not read it.
    expect(messages).toMatchObject({ TableType: 'VIRTUAL_VIEW', Parameters: { presto_view: 'true', comment: 'Presto View' } });
    expect(messages?.Description).toBeUndefined();
    const encoded = /^\/\* Presto View: (\S+) \*\/$/.exec(messages?.ViewOriginalText ?? '')?.[1] ?? '';
    const view = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { originalSql: string; schema: string; columns: object[] };
    expect(view.originalSql).toMatch(/^SELECT/);
    expect(view).toMatchObject({ schema: 'chatlake', catalog: 'awsdatacatalog', runAsInvoker: true });
    expect(view.columns).toContainEqual({ name: 'context_date', type: 'date' });
  });

  it('has comments that fit into Glue', () => {
    const comments = ofType(usual.lake, 'AWS::Glue::Table').flatMap(([, { Properties }]) =>
      (Properties['TableInput'] as { StorageDescriptor: { Columns: { Comment: string }[] } }).StorageDescriptor.Columns.map(
        ({ Comment }) => Comment,
      ),
    );
    expect(comments.filter((comment) => Buffer.byteLength(comment) > 255)).toEqual([]);
  });

  it('limits what a query reads and encrypts what it gives', () => {
    usual.lake.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10 * 1024 ** 3,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
      },
    });
    usual.lake.resourceCountIs('AWS::Athena::NamedQuery', 5);
  });

  it('takes buckets of an older pipeline as they are', () => {
    const { lake, flow } = templatesOf({ AWS_S3_BUCKET: 'my-raw', AWS_S3_ENRICHED: 'my-enriched' });
    expect(ofType(lake, 'AWS::S3::Bucket')).toHaveLength(1);
    for (const [, { Properties }] of ofType(flow, 'AWS::Lambda::Function')) {
      expect(Properties['Environment']).toMatchObject({
        Variables: { CHATLAKE_RAW: 's3://my-raw', CHATLAKE_ENRICHED: 's3://my-enriched' },
      });
    }
  });
});

describe('receiving', () => {
  it('has three routes, throttled, and no other way in', () => {
    expect(
      ofType(usual.flow, 'AWS::ApiGatewayV2::Route')
        .map(([, { Properties }]) => Properties['RouteKey'])
        .sort(),
    ).toEqual(['GET /webhook/whatsapp', 'POST /webhook/telegram', 'POST /webhook/whatsapp']);
    usual.flow.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 },
    });
    usual.flow.resourceCountIs('AWS::Lambda::Url', 0);
  });

  it('logs of a request neither its address nor its query', () => {
    const [[, stage] = []] = ofType(usual.flow, 'AWS::ApiGatewayV2::Stage');
    const settings = stage?.Properties['AccessLogSettings'] as { Format: string } | undefined;
    expect(Object.values(JSON.parse(settings?.Format ?? '{}') as object)).toEqual([
      '$context.requestId',
      '$context.routeKey',
      '$context.status',
    ]);
  });

  it('has a queue that is encrypted and keeps lines for two weeks, and another for those that nobody can write', () => {
    const queues = ofType(usual.lake, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(2);
    for (const [, { Properties, DeletionPolicy }] of queues) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
      expect(DeletionPolicy).toBe('Retain');
    }
    usual.lake.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'chatlake-lines',
      RedrivePolicy: { maxReceiveCount: 10 },
      VisibilityTimeout: 420,
    });
    usual.flow.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    usual.lake.hasOutput('*', {
      Value: { 'Fn::Join': Match.arrayWith([Match.arrayWith([Match.stringLikeRegexp('start-message-move-task')])]) },
    });
  });

  it('keeps nothing in the stack that may be destroyed and made again: a name that stays could not be given a second time', () => {
    const kept = Object.values(resourcesOf(usual.flow)).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(kept).toEqual([]);
    usual.flow.resourceCountIs('AWS::SQS::Queue', 0);
  });

  it('writes straight to the raw lake when there is to be no buffer, and what is still in the queue is written too', () => {
    const { flow, lake } = templatesOf({}, { buffer: 'none' });
    lake.resourceCountIs('AWS::SQS::Queue', 2);
    const waiting = (template: typeof flow) => ofType(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
    expect(waiting(flow)).toHaveLength(1);
    expect(waiting(flow)).toEqual(waiting(templatesOf().flow));
    expect(ofType(flow, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties['AlarmName'])).toEqual(
      expect.arrayContaining(['chatlake-deadletters', 'chatlake-queuedelay']),
    );
    const [[, ingest] = []] = ofType(flow, 'AWS::IAM::Role').filter(([id]) => id.startsWith('IngestionIngestRole'));
    expect(JSON.stringify(ingest?.Properties)).not.toContain('sqs:');
    flow.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'chatlake-ingest',
      Environment: { Variables: Match.objectLike({ CHATLAKE_QUEUE: Match.absent() }) },
    });
    flow.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'chatlake-silence', MetricName: 'Invocations' });
  });
});

describe('every function', () => {
  const functions = ofType(usual.flow, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);

  it('runs on arm64 and Node 22 with a log that ends', () => {
    expect(functions).toHaveLength(5);
    for (const { Architectures, Runtime } of functions)
      expect({ Architectures, Runtime }).toEqual({ Architectures: ['arm64'], Runtime: 'nodejs22.x' });
    const logs = ofType(usual.flow, 'AWS::Logs::LogGroup');
    expect(logs).toHaveLength(6);
    for (const [, { Properties }] of logs) expect(Properties['RetentionInDays']).toBe(30);
  });

  it('knows where the lake is, and only ingest where the secrets are', () => {
    for (const { FunctionName, Environment } of functions) {
      const { Variables } = Environment as { Variables: Record<string, unknown> };
      expect(Object.keys(Variables)).toEqual(expect.arrayContaining(['CHATLAKE_RAW', 'CHATLAKE_ENRICHED', 'CHATLAKE_TIMEZONE']));
      expect('CHATLAKE_SECRETS' in Variables).toBe(FunctionName === 'chatlake-ingest');
    }
    usual.flow.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'chatlake-ingest',
      Environment: { Variables: Match.objectLike({ TELEGRAM_CHAT_ID: '-1,-2' }) },
    });
  });
});

describe('secrets', () => {
  it('are in no template', () => {
    const text = JSON.stringify([usual.lake.toJSON(), usual.flow.toJSON()]);
    for (const value of Object.values(SECRETS)) expect(text).not.toContain(value);
  });
});

describe('the night', () => {
  it.each([
    ['America/Sao_Paulo', 'cron(10 0 * * ? *)', 'America/Sao_Paulo'],
    ['Europe/Lisbon', 'cron(10 0 * * ? *)', 'Europe/Lisbon'],
    // Summer time begins at midnight: ten past is skipped then, and the scheduler would leave the night out.
    ['America/Santiago', 'cron(10 0,1 * * ? *)', 'America/Santiago'],
    ['-03:00', 'cron(10 3 * * ? *)', 'Etc/UTC'],
    ['+05:30', 'cron(40 18 * * ? *)', 'Etc/UTC'],
  ])('begins at ten past midnight in %s', (zone, expression, timezone) => {
    const { flow } = templatesOf({ CHATLAKE_TIMEZONE: zone });
    flow.resourceCountIs('AWS::Scheduler::Schedule', 1);
    flow.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'chatlake-night',
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: timezone,
      State: 'ENABLED',
      Target: Match.objectLike({ Input: '{"days":"closed"}' }),
    });
  });

  it('is joined by runs over the open day when asked for', () => {
    const { flow } = templatesOf({}, { refresh: '15m' });
    flow.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'chatlake-refresh',
      ScheduleExpression: 'rate(15 minutes)',
      Target: Match.objectLike({ Input: '{"days":"open"}' }),
    });
  });
});

describe('the record that doctor reads', () => {
  it.each([{}, { CHATLAKE_TIMEZONE: '-03:00' }])('has the schedules as they are in the template (%j)', (env) => {
    const { flow } = templatesOf(env, { refresh: '15m' });
    const [[, parameter] = []] = ofType(flow, 'AWS::SSM::Parameter');
    const { schedules } = STACK_RECORD.parse(JSON.parse(textOf(parameter?.Properties['Value'])));
    const made = ofType(flow, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
    expect(schedules.map(({ name, expression, timezone }) => [name, expression, timezone])).toEqual(
      made.map(({ Name, ScheduleExpression, ScheduleExpressionTimezone }) => [Name, ScheduleExpression, ScheduleExpressionTimezone]),
    );
    expect(schedules).toHaveLength(2);
  });
});

describe('the watch', () => {
  it('has an alarm for whatever loses or delays messages, each telling somebody, and none beyond those that are free', () => {
    const alarms = ofType(usual.flow, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      ['deadletters', 'etlfailure', 'etlmissing', 'functionthrottles', 'queuedelay', 'servererrors', 'silence', 'throttled'].map(
        (name) => `chatlake-${name}`,
      ),
    );
    // Paid for by the metric: one that computes has several.
    const metrics = alarms.flatMap(
      ({ Metrics }) => (Metrics as { MetricStat?: object }[] | undefined)?.filter(({ MetricStat }) => MetricStat) ?? [{}],
    );
    expect(metrics.length).toBeLessThanOrEqual(10);
    for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
    // What the documentation counts as free.
    usual.flow.resourceCountIs('AWS::Logs::MetricFilter', 2);
    usual.flow.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const said = `Also: ${alarms.length} alarms on ${metrics.length} metrics, two metrics of its own and one dashboard`;
    expect(readFileSync(new URL('../../docs/aws.md', import.meta.url), 'utf8')).toContain(said);
    usual.flow.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'a@example.com' });
  });

  it('misses a night also where runs over the open day end well all day', () => {
    const { flow } = templatesOf({}, { refresh: '15m' });
    flow.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'chatlake-etlmissing',
      Namespace: 'chatlake/chatlake',
      MetricName: 'NightsDone',
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 26,
      DatapointsToAlarm: 26,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    const [[log] = []] = ofType(flow, 'AWS::Logs::LogGroup').filter(
      ([, { Properties }]) => Properties['LogGroupName'] === '/aws/lambda/chatlake-register',
    );
    flow.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: log },
      FilterPattern: '{ $.message.night = "done" }',
      MetricTransformations: [{ MetricNamespace: 'chatlake/chatlake', MetricName: 'NightsDone', MetricValue: '1' }],
    });
  });

  it('goes off after as many silent hours as are set', () => {
    const { flow } = templatesOf({ SILENCE_HOURS: '6' });
    flow.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'chatlake-silence',
      EvaluationPeriods: 6,
      Period: 3600,
      TreatMissingData: 'breaching',
    });
  });
});

describe('settings of a deployment', () => {
  it.each([
    [{ CHATLAKE_NAME: 'Chat Lake' }, {}, /CHATLAKE_NAME must be 2 to 20/],
    [{ CHATLAKE_TIMEZONE: 'Mars/Olympus' }, {}, /CHATLAKE_TIMEZONE must be/],
    [{ AWS_S3_BUCKET: 's3://bucket' }, {}, /AWS_S3_BUCKET must be the name/],
    [{ SILENCE_HOURS: '48' }, {}, /SILENCE_HOURS/],
    // What the functions would refuse to begin with.
    [{ TELEGRAM_CHAT_ID: '-100 200' }, {}, /TELEGRAM_CHAT_ID must be chat ids/],
    [{ TELEGRAM_CHAT_ID: '--' }, {}, /TELEGRAM_CHAT_ID must be chat ids/],
    [{ WHATSAPP_PHONE_NUMBER_ID: '1 2' }, {}, /WHATSAPP_PHONE_NUMBER_ID must be ids/],
    [{ TELEGRAM_WEBHOOK_SECRET: 'not allowed!' }, {}, /TELEGRAM_WEBHOOK_SECRET must be (?![^]*not allowed)/],
    [{}, { buffer: 'kafka' }, /buffer/],
    [{}, { refresh: '15' }, /refresh must be minutes or hours/],
    [{}, { refresh: '48h' }, /refresh must be at most a day/],
  ])('that are wrong (%j %j) are refused with a line that says so', (env, options, message) => {
    expect(() => templatesOf(env as Record<string, string>, options as Record<string, string>)).toThrow(message);
  });

  it('give every name its beginning, so that two lakes can be in one account', () => {
    const { flow, lake } = templatesOf({ CHATLAKE_NAME: 'other-lake' });
    const names = [...Object.values(resourcesOf(flow)), ...Object.values(resourcesOf(lake))].flatMap(({ Properties }) =>
      ['FunctionName', 'QueueName', 'StateMachineName', 'RoleName', 'AlarmName', 'TopicName', 'DashboardName', 'LogGroupName'].flatMap(
        (key) => (key in Properties ? [textOf(Properties[key])] : []),
      ),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !name.includes('other-lake') && !name.startsWith('${'))).toEqual([]);
    lake.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'other_lake' } });
  });
});
