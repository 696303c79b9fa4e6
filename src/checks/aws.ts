import { ChatlakeError, messageOf } from '../errors.js';
import { isNight, ORDER } from '../etl/order.js';
import { LAKE_TABLES } from '../query/lake-tables.js';
import { SECRETS } from '../sources/secret-names.js';
import type { Clock, Store } from '../types.js';
import { zoneOf } from '../zone.js';
import { STACK_RECORD, type StackRecord } from './aws-record.js';
import { fail, type Finding, ok, warn } from './finding.js';
import { checkLake } from './lake.js';
import { duration } from './printable.js';
import { type Said, say } from './said.js';

export interface AwsOptions {
  /** Name of the deployment: CHATLAKE_NAME of deploy/.env. */
  readonly name: string;
  readonly clock: Clock;
  readonly openStore: (place: string) => Store;
}

/** Seconds after which no good night means that something is wrong: a day, and time to run. */
const NIGHT = 26 * 3600;
const DAY = 86_400_000;
const MIB = 1024 ** 2;
/** Executions asked about together. */
const AT_ONCE = 10;

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
  yield await checked('workgroup', () => checkWorkgroup(record));
  for (const schedule of record.schedules) {
    const subject = say`schedule ${schedule.name}`;
    yield await checked(subject, () => checkSchedule(subject, schedule));
  }
  yield await checked('nights', () => checkNights(record, clock));
}

/** CloudFormation alone compares with the template before, and would find nothing to do. */
const RESTORE = 'In deploy/: npm run deploy -- --revert-drift';
const MEND = `See that these credentials may read it, and that the deployment is the one you mean. What was removed by hand comes back so: ${RESTORE}`;

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
  return fail('tables', say`missing in the Glue database ${database}: ${missing.join(', ')}`, RESTORE);
}

async function checkWorkgroup({ workgroup }: StackRecord): Promise<Finding> {
  const { AthenaClient, GetWorkGroupCommand } = await import('@aws-sdk/client-athena');
  const { WorkGroup } = await new AthenaClient({}).send(new GetWorkGroupCommand({ WorkGroup: workgroup }));
  const {
    BytesScannedCutoffPerQuery: limit,
    EnforceWorkGroupConfiguration: enforced,
    ResultConfiguration,
  } = WorkGroup?.Configuration ?? {};
  const wrong = [
    ...(WorkGroup?.State === 'ENABLED' ? [] : ['it is disabled']),
    ...(ResultConfiguration?.EncryptionConfiguration ? [] : ['results are not encrypted']),
    ...(limit === undefined ? ['nothing limits what a query reads'] : []),
    ...(enforced === true ? [] : ['queries may set all this aside']),
  ];
  if (limit !== undefined && wrong.length === 0)
    return ok('workgroup', say`${workgroup}: results are encrypted, a query reads ${Math.round(limit / MIB)} MiB at most`);
  return fail('workgroup', say`${workgroup}: ${wrong.join(', ')}`, RESTORE);
}

async function checkSchedule(subject: Said, { name, expression, timezone }: StackRecord['schedules'][number]): Promise<Finding> {
  const { GetScheduleCommand, SchedulerClient } = await import('@aws-sdk/client-scheduler');
  const found = await new SchedulerClient({}).send(new GetScheduleCommand({ Name: name }));
  const now = inZone(found.ScheduleExpression ?? '', timezone === undefined ? undefined : found.ScheduleExpressionTimezone);
  const deployed = inZone(expression, timezone);
  if (now !== deployed) return fail(subject, say`it is ${now}, and was deployed as ${deployed}`, RESTORE);
  if (found.State !== 'ENABLED') return fail(subject, 'disabled: it starts nothing', 'Enable it in EventBridge Scheduler.');
  return ok(subject, deployed);
}

const inZone = (expression: string, timezone: string | undefined): string =>
  timezone === undefined ? expression : `${expression} ${timezone}`;

/**
 * A night is an execution that was asked for every closed day, whoever asked; runs over the open day are none. Its order has to be read one
 * execution at a time, so those that began soonest after a midnight come first.
 */
async function checkNights({ machine, timezone }: StackRecord, clock: Clock): Promise<Finding> {
  const { DescribeExecutionCommand, paginateListExecutions, SFNClient } = await import('@aws-sdk/client-sfn');
  const client = new SFNClient({ maxAttempts: 10 });
  const since = clock.now() - NIGHT * 1000;
  const runs: { readonly arn: string; readonly began: number; readonly status: string }[] = [];
  let older = false;
  // Newest first.
  for await (const { executions = [] } of paginateListExecutions({ client, pageSize: 1000 }, { stateMachineArn: machine })) {
    for (const { executionArn: arn = '', startDate, stopDate, status = '' } of executions) {
      if ((stopDate?.getTime() ?? clock.now()) < since) older = true;
      else runs.push({ arn, began: startDate?.getTime() ?? 0, status });
    }
    if (older) break;
  }
  if (runs.length === 0 && !older) return NONE_YET;

  const zone = zoneOf(timezone);
  const midnight = zone === undefined ? 0 : zone.startOf(zone.dateAt(clock.now() / 1000)) * 1000;
  const sinceMidnight = ({ began }: { readonly began: number }) => (((began - midnight) % DAY) + DAY) % DAY;
  runs.sort((one, other) => sinceMidnight(one) - sinceMidnight(other));
  const nights: typeof runs = [];
  for (let at = 0; at < runs.length && !nights.some(isGood); at += AT_ONCE) {
    const some = runs.slice(at, at + AT_ONCE);
    const orders = await Promise.all(some.map(({ arn }) => client.send(new DescribeExecutionCommand({ executionArn: arn }))));
    nights.push(...some.filter((_, index) => isNightly(orders[index]?.input ?? '')));
  }
  const ago = ({ began }: { readonly began: number }) => duration((clock.now() - began) / 1000);
  const good = nights.find(isGood);
  if (good) return ok('nights', say`the last that ended well began ${ago(good)} ago`);
  const running = nights.find(({ status }) => status === 'RUNNING');
  if (running) return ok('nights', say`one has been under way for ${ago(running)}`);
  if (nights.length > 0)
    return fail(
      'nights',
      'none ended well for a day',
      'See the newest executions of the state machine: each names the day and the function that failed.',
    );
  if (!older) return NONE_YET;
  return fail(
    'nights',
    'none was started for a day',
    'See the schedule of the night above, and whether its role may start the state machine.',
  );
}

const NONE_YET = warn(
  'nights',
  'none yet: the first comes ten minutes after midnight',
  'To try it now, run the command that the deployment printed as Backfill, with {"days":"closed"} as its input.',
);
const isGood = ({ status }: { readonly status: string }): boolean => status === 'SUCCEEDED';

function isNightly(input: string): boolean {
  try {
    const order = ORDER.safeParse(JSON.parse(input));
    return order.success && isNight(order.data);
  } catch {
    return false;
  }
}

/** What a service refuses is a finding as well. */
async function checked(subject: string | Said, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return fail(subject, say`not checked: ${reason(error)}`, MEND);
  }
}

/** The name that AWS gives an error, beside its message when that is ours. */
function reason(error: unknown): string {
  if (error instanceof ChatlakeError || !(error instanceof Error)) return messageOf(error);
  return error.name === 'Error' ? error.message : `${error.name}${error.message === '' ? '' : `: ${error.message}`}`.slice(0, 300);
}
