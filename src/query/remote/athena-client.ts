import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AthenaClient, AthenaClientConfig, QueryExecution, ResultSet } from '@aws-sdk/client-athena';
import { ChatlakeError } from '../../errors.js';
import { awsError } from './aws-failure.js';
import type { RemoteFailure } from './failure.js';

/** Which Athena to ask, beside what the AWS SDK reads from the environment (region, credentials, endpoint). */
export interface AthenaAddress {
  readonly workgroup: string;
  readonly catalog: string;
  readonly database: string;
  /** `s3://` place of the results; absent: the workgroup's. */
  readonly output?: string | undefined;
  readonly client?: AthenaClientConfig;
}

/** How often a running statement is looked at: at first after `firstMs`, then each time half as long again, up to `mostMs`. */
export interface Polling {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Athena ended the statement. `scanned` bytes are paid for all the same. */
export class AthenaFailed extends Error {
  constructor(
    readonly failure: RemoteFailure,
    readonly scanned: number,
  ) {
    super(failure.name);
  }
}

/** Athena's own account of what a request got wrong. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /output location/i,
    'Athena has no place for results: set ATHENA_OUTPUT to s3://bucket/prefix, or a workgroup that has one (ATHENA_WORKGROUP).',
  ],
  [/workgroup/i, 'Athena does not have the workgroup of ATHENA_WORKGROUP, or it is disabled.'],
];

const STOP_MS = 5_000;
/** The most that Athena gives at a time. */
const PAGE = 1000;

/** One client for all statements. Requests reject with what a user can mend, as ChatlakeError. */
export interface Athena {
  /** Runs a statement to its end. At the signal it is stopped there; rejects with the signal's reason, or AthenaFailed. */
  execute(sql: string, signal: AbortSignal): Promise<QueryExecution>;
  /** The pages of a statement that succeeded. */
  pages(id: string, signal: AbortSignal): AsyncGenerator<ResultSet, void>;
  close(): void;
}

export async function openAthena(address: AthenaAddress, polling: Polling): Promise<Athena> {
  const sdk = await import('@aws-sdk/client-athena');
  const client: AthenaClient = new sdk.AthenaClient({ maxAttempts: 5, ...address.client });

  async function asked<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await request();
    } catch (error) {
      signal.throwIfAborted();
      throw refusal(error) ?? awsError('Athena', error);
    }
  }

  async function start(sql: string, signal: AbortSignal): Promise<string> {
    const started = await asked(
      () =>
        client.send(
          new sdk.StartQueryExecutionCommand({
            QueryString: sql,
            // A request that is repeated after its answer was lost starts nothing twice.
            ClientRequestToken: randomUUID(),
            WorkGroup: address.workgroup,
            QueryExecutionContext: { Catalog: address.catalog, Database: address.database },
            ...(address.output !== undefined && { ResultConfiguration: { OutputLocation: address.output } }),
          }),
        ),
      signal,
    );
    return started.QueryExecutionId ?? '';
  }

  const look = async (id: string, signal: AbortSignal): Promise<QueryExecution> => {
    const command = new sdk.GetQueryExecutionCommand({ QueryExecutionId: id });
    const { QueryExecution } = await asked(() => client.send(command, { abortSignal: signal }), signal);
    return QueryExecution ?? {};
  };

  return {
    async execute(sql, signal) {
      signal.throwIfAborted();
      // Not cut short by the signal: a statement that was started must be stopped, and only its id can say which.
      const id = await start(sql, signal);
      try {
        for (let wait = polling.firstMs; ; wait = Math.min(wait * 1.5, polling.mostMs)) {
          signal.throwIfAborted();
          const execution = await look(id, signal);
          const state = execution.Status?.State;
          if (state === 'SUCCEEDED') return execution;
          if (state === 'FAILED' || state === 'CANCELLED') throw failed(execution);
          await delay(wait * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => signal.throwIfAborted());
        }
      } catch (error) {
        if (signal.aborted) {
          const stop = new sdk.StopQueryExecutionCommand({ QueryExecutionId: id });
          await client.send(stop, { abortSignal: AbortSignal.timeout(STOP_MS) }).catch(() => undefined);
        }
        throw error;
      }
    },
    async *pages(id, signal) {
      let token: string | undefined;
      do {
        const command = new sdk.GetQueryResultsCommand({
          QueryExecutionId: id,
          MaxResults: PAGE,
          ...(token !== undefined && { NextToken: token }),
        });
        const page = await asked(() => client.send(command, { abortSignal: signal }), signal);
        token = page.NextToken;
        yield page.ResultSet ?? {};
      } while (token !== undefined);
    },
    close: () => client.destroy(),
  };
}

function refusal(error: unknown): ChatlakeError | AthenaFailed | undefined {
  if (!(error instanceof Error) || error.name !== 'InvalidRequestException') return undefined;
  const known = REFUSED.find(([pattern]) => pattern.test(error.message));
  if (known) return new ChatlakeError('SETTINGS', known[1]);
  // The rest of what is refused at once is the statement's own fault.
  return new AthenaFailed(named(error.message), 0);
}

/** Reasons read `COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved`. */
function named(reason: string): RemoteFailure {
  const [prefix, name] = /^([A-Z][A-Z0-9_]{3,}): /.exec(reason) ?? [];
  const message = reason.slice(prefix?.length ?? 0);
  if (name !== undefined) return { engine: 'Athena', name, message };
  return { engine: 'Athena', name: /bytes scanned limit/i.test(reason) ? 'EXCEEDED_SCAN_LIMIT' : 'SYNTAX_ERROR', message };
}

function failed({ Status, Statistics }: QueryExecution): AthenaFailed {
  const reason = Status?.StateChangeReason ?? '';
  const scanned = Statistics?.DataScannedInBytes ?? 0;
  const cancelled = Status?.State === 'CANCELLED' && !/limit/i.test(reason);
  const { ErrorCategory, ErrorMessage } = Status?.AthenaError ?? {};
  const failure = named(reason === '' ? (ErrorMessage ?? '') : reason);
  if (cancelled) return new AthenaFailed({ ...failure, name: 'QUERY_CANCELLED' }, scanned);
  // Category 1: Athena's own fault.
  return new AthenaFailed(ErrorCategory === 1 && failure.name === 'SYNTAX_ERROR' ? { ...failure, name: 'INTERNAL' } : failure, scanned);
}
