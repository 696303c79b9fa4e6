import { ChatlakeError, messageOf } from '../errors.js';
import { LAKE_TABLES } from '../query/lake-tables.js';
import { SECRETS } from '../sources/secret-names.js';
import type { Clock, Store } from '../types.js';
import { STACK_RECORD, type StackRecord } from './aws-record.js';
import { fail, type Finding, ok, warn } from './finding.js';
import { checkLake } from './lake.js';
import { duration } from './printable.js';
import { say } from './said.js';

export interface AwsOptions {
  /** Name of the deployment: CHATLAKE_NAME of deploy/.env. */
  readonly name: string;
  readonly clock: Clock;
  readonly openStore: (place: string) => Store;
}

/** Seconds after which no good night means that something is wrong: a day, and time to run. */
const NIGHT = 26 * 3600;

/**
 * Looks at what `deploy/` deployed, one finding at a time: what the template promised, in the account as it is now. Region and
 * credentials are those of the AWS SDK. Changes nothing but a probe object in each bucket, which it removes.
 */
export async function* diagnoseAws({ name, clock, openStore }: AwsOptions): AsyncGenerator<Finding> {
  const record = await readRecord(name);
  if ('level' in record) {
    yield record;
    return;
  }
  yield ok('deployment', say`${name}: webhooks arrive at ${record.api}`);
  yield await checkLake('raw bucket', 'AWS_S3_BUCKET', record.raw, openStore);
  yield await checkLake('enriched bucket', 'AWS_S3_ENRICHED', record.enriched, openStore);
  yield await checked('secrets', () => checkSecrets(record));
  yield await checked('queue', () => checkQueue(record.queue));
  yield await checked('dead letters', () => checkDead(name, record.dead));
  yield await checked('tables', () => checkTables(record));
  yield* await checkedAll('nights', () => checkNights(record, clock));
}

const MEND = 'See that these credentials may read it, and that the deployment is the one you mean; npm run deploy makes what is missing.';

async function readRecord(name: string): Promise<StackRecord | Finding> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const parameter = `/${name}/stack`;
  try {
    const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: parameter }));
    return STACK_RECORD.parse(JSON.parse(Parameter?.Value ?? ''));
  } catch (error) {
    const next = 'In deploy/: npm run deploy. AWS_PROFILE and AWS_REGION must be those it was deployed with.';
    return fail('deployment', say`the parameter ${parameter} cannot be read: ${reason(error)}`, next);
  }
}

async function checkSecrets({ secrets }: StackRecord): Promise<Finding> {
  const { GetParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  // Without decryption: whether they are there, and encrypted, is all that is asked.
  const { Parameters = [] } = await new SSMClient({}).send(new GetParametersCommand({ Names: SECRETS.map((secret) => secrets + secret) }));
  const there = new Map(Parameters.map(({ Name = '', Type }) => [Name.slice(secrets.length), Type]));
  const plain = [...there].filter(([, type]) => type !== 'SecureString').map(([secret]) => secret);
  if (plain.length > 0)
    return fail(
      'secrets',
      say`${plain.join(', ')}: stored as plain text`,
      'Delete the parameter, and run npm run deploy in deploy/ again.',
    );
  const on = [...(there.has('TELEGRAM_WEBHOOK_SECRET') ? ['telegram'] : []), ...(there.has('WHATSAPP_APP_SECRET') ? ['whatsapp'] : [])];
  if (on.length === 0)
    return fail('secrets', say`there is none under ${secrets}: every request is refused`, 'Fill in deploy/.env and run npm run deploy.');
  if (there.has('WHATSAPP_APP_SECRET') && !there.has('WHATSAPP_VERIFY_TOKEN'))
    return warn(
      'secrets',
      'WHATSAPP_VERIFY_TOKEN is missing: Meta cannot verify the address',
      'Fill it in in deploy/.env and run npm run deploy.',
    );
  return ok('secrets', say`stored encrypted, for ${on.join(' and ')}`);
}

async function waitingIn(QueueUrl: string): Promise<number> {
  const { GetQueueAttributesCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await new SQSClient({}).send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Number(Attributes?.['ApproximateNumberOfMessages']);
}

/** Lines that wait for longer than the writer's window add up; so many are no window's worth of a usual lake. */
const MANY = 10_000;

async function checkQueue(url: string): Promise<Finding> {
  const waiting = await waitingIn(url);
  if (waiting < MANY) return ok('queue', say`${waiting} lines wait to be written`);
  return warn(
    'queue',
    say`${waiting} lines wait to be written`,
    'See the log of the writer function: it may be failing, or out of concurrency.',
  );
}

async function checkDead(name: string, url: string): Promise<Finding> {
  const waiting = await waitingIn(url);
  if (waiting === 0) return ok('dead letters', 'none');
  return fail(
    'dead letters',
    say`${waiting} lines were put aside because they could not be written`,
    say`See the log of ${name}-writer for the reason; then, in deploy/: npm run redrive. They are kept for 14 days.`,
  );
}

async function checkTables({ database }: StackRecord): Promise<Finding> {
  const { GlueClient, paginateGetTables } = await import('@aws-sdk/client-glue');
  const there = new Set<string>();
  for await (const { TableList = [] } of paginateGetTables({ client: new GlueClient({}) }, { DatabaseName: database }))
    for (const { Name = '' } of TableList) there.add(Name);
  const missing = LAKE_TABLES.map((table) => table.name).filter((table) => !there.has(table));
  if (missing.length === 0) return ok('tables', say`all in the Glue database ${database}`);
  return fail('tables', say`missing in the Glue database ${database}: ${missing.join(', ')}`, 'In deploy/: npm run deploy.');
}

async function checkNights({ machine }: StackRecord, clock: Clock): Promise<Finding[]> {
  const { ListExecutionsCommand, SFNClient } = await import('@aws-sdk/client-sfn');
  const client = new SFNClient({});
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn: machine, maxResults: 100 }));
  const age = (date: Date | undefined) => (clock.now() - (date?.getTime() ?? 0)) / 1000;
  const good = executions.find(({ status }) => status === 'SUCCEEDED');
  const [newest] = executions;
  const start = 'See the schedules of this deployment in EventBridge Scheduler: they may be disabled.';
  if (newest === undefined)
    return [
      warn(
        'nights',
        'none yet: the first comes ten minutes after midnight',
        'To try it now, run the command that the deployment printed as Backfill.',
      ),
    ];
  const findings = [
    age(newest.startDate) > NIGHT
      ? fail('schedule', say`nothing was started for ${duration(age(newest.startDate))}`, start)
      : ok('schedule', say`last started ${duration(age(newest.startDate))} ago`),
  ];
  const look = 'See the newest executions of the state machine: each names the day and the function that failed.';
  if (good === undefined) findings.push(fail('nights', 'none has succeeded', look));
  else if (age(good.stopDate) > NIGHT) findings.push(fail('nights', say`none has succeeded for ${duration(age(good.stopDate))}`, look));
  else findings.push(ok('nights', say`last succeeded ${duration(age(good.stopDate))} ago`));
  return findings;
}

const checked = async (subject: string, check: () => Promise<Finding>): Promise<Finding> =>
  (await checkedAll(subject, async () => [await check()]))[0] as Finding;

/** What a service refuses is a finding as well. */
async function checkedAll(subject: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [fail(subject, say`not checked: ${reason(error)}`, MEND)];
  }
}

/** The name that AWS gives an error, beside its message when that is ours. */
function reason(error: unknown): string {
  if (error instanceof ChatlakeError || !(error instanceof Error)) return messageOf(error);
  return error.name === 'Error' ? error.message : `${error.name}${error.message === '' ? '' : `: ${error.message}`}`.slice(0, 300);
}
