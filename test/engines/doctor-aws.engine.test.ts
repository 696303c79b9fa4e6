import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StackRecord } from '../../src/checks/aws-record.js';
import { LAKE_TABLES } from '../../src/query/lake-tables.js';
import { temporaryFolder } from '../lake/disks.js';
import { chatlake } from '../support/cli.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { type Moto, NO_MOTO, startMoto } from './support/moto.js';

const WHY_NOT = NO_MINIO ?? NO_MOTO;
const NAME = 'chatlake';
const NIGHT = { expression: 'cron(10 0 * * ? *)', timezone: 'America/Sao_Paulo' };

describe.skipIf(WHY_NOT)(`chatlake doctor --aws${WHY_NOT ? ` (skipped: ${WHY_NOT})` : ''}`, () => {
  let minio: Minio;
  let moto: Moto;
  let ssm: SSMClient;
  let sqs: SQSClient;
  let record: StackRecord;
  beforeAll(async () => {
    [minio, moto] = await Promise.all([startMinio(), startMoto()]);
    // Before there is a machine: moto has another set of them when it runs them.
    await fetch(`${moto.endpoint}/moto-api/config`, {
      method: 'POST',
      body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
    });
    ssm = new SSMClient(moto.client);
    sqs = new SQSClient(moto.client);
    const sfn = new SFNClient(moto.client);
    const queue = async (QueueName: string) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
    const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
    const machine = await sfn.send(
      new CreateStateMachineCommand({ name: 'chatlake-nightly', definition, roleArn: 'arn:aws:iam::123456789012:role/machine' }),
    );
    record = {
      raw: `s3://${await minio.bucket()}`,
      enriched: `s3://${await minio.bucket()}`,
      timezone: 'America/Sao_Paulo',
      secrets: '/chatlake/',
      queue: await queue('chatlake-lines'),
      dead: await queue('chatlake-dead'),
      machine: machine.stateMachineArn ?? '',
      schedules: [{ name: 'chatlake-night', ...NIGHT }],
      database: 'chatlake',
      workgroup: 'chatlake',
      api: 'https://abc.execute-api.us-east-1.amazonaws.com',
    };
  });
  afterAll(async () => {
    await Promise.all([minio?.stop(), moto?.stop()]);
  });

  const put = (name: string, Value: string, Type: 'String' | 'SecureString') =>
    ssm.send(new PutParameterCommand({ Name: `/${NAME}/${name}`, Value, Type, Overwrite: true }));
  /** Level of each subject, in order, and what was printed. */
  async function doctor() {
    const run = chatlake(await temporaryFolder(), ['doctor', '--aws', '--json'], {
      ...moto.env,
      ...minio.env,
      AWS_ENDPOINT_URL: moto.endpoint,
    });
    const code = await run.ended;
    const stdout = run.out();
    const { findings } = JSON.parse(stdout) as { findings: { level: string; subject: string; message: string }[] };
    return { code, stdout, levels: Object.fromEntries(findings.map(({ subject, level }) => [subject, level])) };
  }

  it('says that nothing was deployed, where nothing was', async () => {
    expect(await doctor()).toMatchObject({ code: 1, levels: { deployment: 'fail' } });
  });

  it('names what is missing', async () => {
    await put('stack', JSON.stringify(record), 'String');
    await put('WHATSAPP_APP_SECRET', 'plain', 'String');
    await sqs.send(new SendMessageCommand({ QueueUrl: record.dead, MessageBody: 'poison' }));
    const { code, levels, stdout } = await doctor();
    expect(code).toBe(1);
    expect(levels).toEqual({
      deployment: 'ok',
      'raw bucket': 'ok',
      'enriched bucket': 'ok',
      secrets: 'fail',
      queue: 'ok',
      'dead letters': 'fail',
      tables: 'fail',
      workgroup: 'fail',
      'schedule chatlake-night': 'fail',
      nights: 'warn',
    });
    expect(stdout).not.toContain('"plain"');
  });

  it('finds nothing to mend in what is whole', async () => {
    await ssm.send(new DeleteParametersCommand({ Names: ['/chatlake/WHATSAPP_APP_SECRET'] }));
    await put('TELEGRAM_WEBHOOK_SECRET', 'secret', 'SecureString');
    record = { ...record, dead: (await sqs.send(new CreateQueueCommand({ QueueName: 'chatlake-empty' }))).QueueUrl ?? '' };
    await put('stack', JSON.stringify(record), 'String');
    const glue = new GlueClient(moto.client);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'chatlake' } }));
    for (const { name } of LAKE_TABLES) await glue.send(new CreateTableCommand({ DatabaseName: 'chatlake', TableInput: { Name: name } }));
    await new AthenaClient(moto.client).send(
      new CreateWorkGroupCommand({
        Name: 'chatlake',
        Configuration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: 10 * 1024 ** 3,
          ResultConfiguration: { OutputLocation: 's3://results/', EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
        },
      }),
    );
    await new SchedulerClient(moto.client).send(
      new CreateScheduleCommand({
        Name: 'chatlake-night',
        ScheduleExpression: NIGHT.expression,
        ScheduleExpressionTimezone: NIGHT.timezone,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: record.machine, RoleArn: 'arn:aws:iam::123456789012:role/schedule', Input: '{"days":"closed"}' },
      }),
    );
    const sfn = new SFNClient(moto.client);
    await sfn.send(new StartExecutionCommand({ stateMachineArn: record.machine, input: '{}' }));
    await expect.poll(async () => (await doctor()).levels).toMatchObject({ nights: 'ok' });
    const { code, levels } = await doctor();
    expect(Object.values(levels).filter((level) => level !== 'ok')).toEqual([]);
    expect(code).toBe(0);
  });
});
