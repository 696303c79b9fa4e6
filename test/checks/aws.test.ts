import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { diagnoseAws } from '../../src/checks/aws.js';
import type { StackRecord } from '../../src/checks/aws-record.js';
import type { Finding } from '../../src/checks/finding.js';
import { openStore } from '../../src/lake/open.js';
import { LAKE_TABLES } from '../../src/query/lake-tables.js';
import { temporaryFolder } from '../lake/disks.js';

/** Noon in São Paulo. */
const NOW = Date.parse('2024-07-05T15:00:00Z');
const HOUR = 3_600_000;
/** Ten past midnight there. */
const LAST_NIGHT = Date.parse('2024-07-05T03:10:00Z');
const SCHEDULE = { ScheduleExpression: 'cron(10 0 * * ? *)', ScheduleExpressionTimezone: 'America/Sao_Paulo', State: 'ENABLED' };
const WORKGROUP = {
  Name: 'chatlake',
  State: 'ENABLED',
  Configuration: {
    EnforceWorkGroupConfiguration: true,
    BytesScannedCutoffPerQuery: 10 * 1024 ** 3,
    ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
  },
};

interface Run {
  readonly began: number;
  readonly input: string;
  readonly status?: 'SUCCEEDED' | 'FAILED' | 'RUNNING';
}

/** What the account holds. `undefined`: the service says that there is no such thing. */
interface Account {
  schedules: Record<string, object | undefined>;
  workgroup: object | undefined;
  /** Newest first, as AWS lists them. */
  runs: readonly Run[];
}

let server: Server;
let account: Account;
let record: StackRecord;
let asked: string[];

const refused = (type: string) => ({ status: 400, body: { __type: type, message: 'There is none.' } });
const seconds = (milliseconds: number) => milliseconds / 1000;
const PAGE = 50;

/** The services of AWS, as much as the checks ask of them: an operation's name and what it was given. */
function answer(operation: string, given: Record<string, unknown>): { status?: number; body: object } {
  const arn = (index: number) => `arn:aws:states:us-east-1:123456789012:execution:chatlake-nightly:${index}`;
  switch (operation) {
    case 'GetParameter':
      return { body: { Parameter: { Name: given['Name'], Value: JSON.stringify(record) } } };
    case 'GetParameters':
      return { body: { Parameters: [{ Name: '/chatlake/TELEGRAM_WEBHOOK_SECRET', Type: 'SecureString' }] } };
    case 'GetQueueAttributes':
      return { body: { Attributes: { ApproximateNumberOfMessages: '0' } } };
    case 'GetTables':
      return { body: { TableList: LAKE_TABLES.map(({ name }) => ({ Name: name })) } };
    case 'GetWorkGroup':
      return account.workgroup === undefined ? refused('InvalidRequestException') : { body: { WorkGroup: account.workgroup } };
    case 'GetSchedule': {
      const found = account.schedules[String(given['Name'])];
      return found === undefined ? { ...refused('ResourceNotFoundException'), status: 404 } : { body: found };
    }
    case 'ListExecutions': {
      const from = Number(given['nextToken'] ?? 0);
      const executions = account.runs.slice(from, from + PAGE).map(({ began, status = 'SUCCEEDED' }, index) => ({
        executionArn: arn(from + index),
        status,
        startDate: seconds(began),
        ...(status === 'RUNNING' ? {} : { stopDate: seconds(began + 60_000) }),
      }));
      return { body: { executions, ...(from + PAGE < account.runs.length ? { nextToken: String(from + PAGE) } : {}) } };
    }
    case 'DescribeExecution': {
      const run = account.runs[Number(String(given['executionArn']).split(':').at(-1))];
      return { body: { executionArn: given['executionArn'], status: run?.status ?? 'SUCCEEDED', input: run?.input } };
    }
    default:
      return refused('UnknownOperationException');
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const schedule = /^\/schedules\/([^/?]+)$/.exec(request.url ?? '')?.[1];
      const operation = schedule === undefined ? String(request.headers['x-amz-target']).replace(/^.*\./, '') : 'GetSchedule';
      asked.push(operation);
      const { status = 200, body } = answer(
        operation,
        schedule === undefined ? (JSON.parse(text) as Record<string, unknown>) : { Name: schedule },
      );
      const type = schedule === undefined ? 'application/x-amz-json-1.1' : 'application/json';
      response.writeHead(status, {
        'content-type': type,
        ...('__type' in body ? { 'x-amzn-errortype': String(body['__type']) } : {}),
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(async () => {
  asked = [];
  record = {
    raw: await temporaryFolder(),
    enriched: await temporaryFolder(),
    timezone: 'America/Sao_Paulo',
    secrets: '/chatlake/',
    queue: `${process.env['AWS_ENDPOINT_URL']}/123456789012/chatlake-lines`,
    dead: `${process.env['AWS_ENDPOINT_URL']}/123456789012/chatlake-dead`,
    machine: 'arn:aws:states:us-east-1:123456789012:stateMachine:chatlake-nightly',
    schedules: [{ name: 'chatlake-night', expression: 'cron(10 0 * * ? *)', timezone: 'America/Sao_Paulo' }],
    database: 'chatlake',
    workgroup: 'chatlake',
    api: 'https://abc.execute-api.us-east-1.amazonaws.com',
  };
  account = {
    schedules: { 'chatlake-night': SCHEDULE },
    workgroup: WORKGROUP,
    runs: [{ began: LAST_NIGHT, input: '{"days":"closed"}' }],
  };
});

async function findings(): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of diagnoseAws({ name: 'chatlake', clock: { now: () => NOW }, openStore })) found.push(finding);
  return found;
}
const about = async (subject: string) => (await findings()).find((finding) => finding.subject === subject);
const bad = (found: readonly Finding[]) => found.filter(({ level }) => level !== 'ok').map(({ subject, message }) => [subject, message]);
/** Runs over the open day every quarter of an hour, for so many hours. */
const refreshes = (hours: number): Run[] =>
  Array.from({ length: 4 * hours }, (_, index) => ({ began: NOW - (index + 0.5) * (HOUR / 4), input: '{"days":"open"}' }));
const inOrder = (runs: readonly Run[]) => runs.toSorted((one, other) => other.began - one.began);

it('a deployment that is whole has nothing to mend', async () => {
  expect(bad(await findings())).toEqual([]);
});

describe('a night', () => {
  it('that is missing is noticed, however many runs over the open day end well', async () => {
    account.runs = refreshes(48);
    expect(await about('nights')).toMatchObject({ level: 'fail', message: 'none was started for a day' });
  });

  it('is found among runs over the open day with few questions', async () => {
    account.runs = inOrder([...refreshes(48), { began: LAST_NIGHT, input: '{"days":"closed"}' }]);
    expect(await about('nights')).toMatchObject({ level: 'ok', message: 'the last that ended well began 11 h ago' });
    expect(asked.filter((operation) => operation === 'DescribeExecution').length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['{"days":"all"}', 'ok'],
    ['{}', 'ok'],
    ['{"days":"closed","after":{"source":"telegram","date":"2024-01-01"}}', 'ok'],
    ['{"from":"2024-01-01","to":"2024-01-31"}', 'fail'],
    ['{"days":"closed","source":"telegram"}', 'fail'],
    ['no order', 'fail'],
  ])('is every execution that was asked for all closed days: %s', async (input, level) => {
    account.runs = [
      { began: NOW - HOUR, input },
      { began: NOW - 72 * HOUR, input: '{"days":"closed"}' },
    ];
    expect(await about('nights')).toMatchObject({ level });
  });

  it('that failed is no good night, nor is one that ended well days ago', async () => {
    account.runs = [
      { began: LAST_NIGHT, input: '{"days":"closed"}', status: 'FAILED' },
      { began: LAST_NIGHT - 24 * HOUR, input: '{"days":"closed"}' },
    ];
    expect(await about('nights')).toMatchObject({ level: 'fail', message: 'none ended well for a day' });
  });

  it('may be under way', async () => {
    account.runs = [{ began: NOW - HOUR, input: '{"days":"closed"}', status: 'RUNNING' }];
    expect(await about('nights')).toMatchObject({ level: 'ok', message: 'one has been under way for 1 h' });
  });

  it('is not missed on the first day', async () => {
    account.runs = refreshes(5);
    expect(await about('nights')).toMatchObject({ level: 'warn' });
    account.runs = [];
    expect(await about('nights')).toMatchObject({ level: 'warn' });
  });
});

describe('a schedule', () => {
  it.each([
    ['was removed', undefined, /not checked: ResourceNotFoundException/],
    ['is disabled', { ...SCHEDULE, State: 'DISABLED' }, /disabled/],
    ['has another time', { ...SCHEDULE, ScheduleExpression: 'cron(0 12 * * ? *)' }, /cron\(0 12.*deployed as cron\(10 0/],
    ['has another zone', { ...SCHEDULE, ScheduleExpressionTimezone: 'UTC' }, /UTC.*deployed as .*Sao_Paulo/],
  ])('that %s is told of', async (_, schedule, message) => {
    account.schedules = { 'chatlake-night': schedule };
    expect(await about('schedule chatlake-night')).toMatchObject({ level: 'fail', message: expect.stringMatching(message) });
  });

  it('of the open day is looked at too, by its rate', async () => {
    record = { ...record, schedules: [...record.schedules, { name: 'chatlake-refresh', expression: 'rate(15 minutes)' }] };
    expect(await about('schedule chatlake-refresh')).toMatchObject({ level: 'fail' });
    account.schedules['chatlake-refresh'] = { ScheduleExpression: 'rate(15 minutes)', ScheduleExpressionTimezone: 'UTC', State: 'ENABLED' };
    expect(await about('schedule chatlake-refresh')).toMatchObject({ level: 'ok', message: 'rate(15 minutes)' });
  });
});

describe('the workgroup', () => {
  const having = (configuration: object) => ({ ...WORKGROUP, Configuration: { ...WORKGROUP.Configuration, ...configuration } });
  it.each([
    ['is not there', undefined, /InvalidRequestException/],
    ['is disabled', { ...WORKGROUP, State: 'DISABLED' }, /it is disabled/],
    ['does not encrypt', having({ ResultConfiguration: {} }), /not encrypted/],
    ['has no limit', having({ BytesScannedCutoffPerQuery: undefined }), /nothing limits/],
    ['enforces nothing', having({ EnforceWorkGroupConfiguration: false }), /may set all this aside/],
  ])('that %s is told of', async (_, workgroup, message) => {
    account.workgroup = workgroup;
    expect(await about('workgroup')).toMatchObject({ level: 'fail', message: expect.stringMatching(message) });
  });
});
