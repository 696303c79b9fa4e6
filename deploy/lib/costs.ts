/**
 * What a month costs, from list prices: US dollars, us-east-1, on demand, November 2026. Allowances that AWS gives every account every
 * month are part of the prices and counted for both designs; those of the first year are not. docs/aws.md holds what `costTable` gives.
 */

/** Dollars for each. The pages: aws.amazon.com/<service>/pricing. */
export const PRICES = {
  httpApiRequest: 1.0e-6,
  restApiRequest: 3.5e-6,
  lambdaRequest: 0.2e-6,
  /** arm64, a GB for a second. */
  lambdaSecond: 0.0000133334,
  sqsRequest: 0.4e-6,
  s3Put: 0.005e-3,
  s3Get: 0.0004e-3,
  /** A GB for a month. */
  s3Storage: 0.023,
  /** A GB taken in. */
  logs: 0.5,
  stepTransition: 25e-6,
} as const;

/** What is free every month. */
export const FREE = { lambdaRequests: 1e6, lambdaSeconds: 400_000, sqsRequests: 1e6, stepTransitions: 4000 } as const;

/** What a month looks like. */
export interface Month {
  readonly label: string;
  readonly messages: number;
  /** Messages of one batch of the writer, on average. */
  readonly batch: number;
  /** Seconds that a night's function runs for one source. */
  readonly nightSeconds: number;
}

/** Bytes of a message in the raw lake, and of its line in the access log. */
const MESSAGE = 1500;
const ACCESS = 110;
const GB = 1e9;
/** Gigabytes of the functions that receive and write, and of the one that processes a day. */
const SMALL = 0.5;
const LARGE = 3;
/** Seconds of a function for one message: the queue takes it; a PUT takes it; a batch is one PUT. */
const SEND = 0.02;
const PUT = 0.06;
const WRITE = 0.2;
/** Questions a month to an idle queue: five pollers, each asking three times a minute (docs.aws.amazon.com, Lambda with SQS). */
const IDLE = 5 * 3 * 60 * 24 * 30;
/** Messages that Lambda takes from a queue with one request, which it may of a busy one ten at a time; and that it removes with one. */
const TAKEN = 1;
const REMOVED = 10;
const NIGHTS = 30;
const SOURCES = 2;
const TRANSITIONS = 10;

/**
 * Batches: with a window of a minute, a group that writes 10,000 messages a month fills one with 3.4 (the rhythm of a public channel, thinned
 * to that rate); a steady million with one every 2.6 s, 24; beyond that a batch is full with 1000.
 */
export const MONTHS: readonly Month[] = [
  { label: '10 thousand', messages: 1e4, batch: 3.4, nightSeconds: 5 },
  { label: '1 million', messages: 1e6, batch: 24, nightSeconds: 10 },
  { label: '100 million', messages: 1e8, batch: 1000, nightSeconds: 240 },
];

export interface Line {
  readonly what: string;
  readonly ours: number;
  /** A REST API whose function writes an object a message. */
  readonly other: number;
}

const over = (amount: number, free: number): number => Math.max(0, amount - free);

/** Dollars of a month, line by line. */
export function costsOf({ messages, batch, nightSeconds }: Month): readonly Line[] {
  const p = PRICES;
  const batches = messages / batch;
  const nights = NIGHTS * SOURCES;
  const seconds = messages * SEND * SMALL + batches * WRITE * SMALL + nights * nightSeconds * LARGE;
  const storage = ((messages * MESSAGE) / GB) * p.s3Storage;
  return [
    { what: 'API: HTTP, or REST', ours: messages * p.httpApiRequest, other: messages * p.restApiRequest },
    {
      what: 'Lambda requests',
      ours: over(messages + batches + nights, FREE.lambdaRequests) * p.lambdaRequest,
      other: over(messages, FREE.lambdaRequests) * p.lambdaRequest,
    },
    {
      what: 'Lambda time',
      ours: over(seconds, FREE.lambdaSeconds) * p.lambdaSecond,
      other: over(messages * PUT * SMALL, FREE.lambdaSeconds) * p.lambdaSecond,
    },
    {
      what: 'SQS requests',
      ours: over(messages + messages / TAKEN + messages / REMOVED + IDLE, FREE.sqsRequests) * p.sqsRequest,
      other: 0,
    },
    { what: 'S3 PUT', ours: batches * p.s3Put, other: messages * p.s3Put },
    { what: 'S3 GET of the ETL', ours: batches * p.s3Get, other: messages * p.s3Get },
    { what: 'Step Functions', ours: over(NIGHTS * TRANSITIONS, FREE.stepTransitions) * p.stepTransition, other: 0 },
    { what: 'Access log', ours: ((messages * ACCESS) / GB) * p.logs, other: 0 },
    { what: "Storage of the month's messages", ours: storage, other: storage },
  ];
}

export const totalOf = (lines: readonly Line[], side: 'ours' | 'other'): number => lines.reduce((sum, line) => sum + line[side], 0);

/** The table of docs/aws.md. */
export function costTable(): string {
  const months = MONTHS.map((month) => ({ month, lines: costsOf(month) }));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cells = (of: (lines: readonly Line[], side: 'ours' | 'other') => number) =>
    months.flatMap(({ lines }) => [dollars(of(lines, 'ours')), dollars(of(lines, 'other'))]);
  const names = months[0]?.lines.map(({ what }) => what) ?? [];
  return [
    row(['USD a month', ...months.flatMap(({ month }) => [`**${month.label}**`, 'REST + PUT'])]),
    row(['---', ...months.flatMap(() => ['---:', '---:'])]),
    ...names.map((what, index) => row([what, ...cells((lines, side) => lines[index]?.[side] ?? 0)])),
    row(['**Sum**', ...cells(totalOf)]),
    row(['Share', ...months.flatMap(({ lines }) => [`**${Math.round((100 * totalOf(lines, 'ours')) / totalOf(lines, 'other'))} %**`, ''])]),
  ].join('\n');
}

const dollars = (amount: number): string => (amount === 0 ? '0' : amount < 1 ? amount.toFixed(4) : amount.toFixed(2));
