import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { messageOf } from '../../errors.js';
import type { Clock, Logger, RawLog } from '../../types.js';
import { LATEST } from '../../zone.js';
import { payloadOf } from '../route-payload.js';
import { settled } from './queue-log.js';

export interface WriterOptions {
  /** The raw log, which goes by the clock it is given. */
  readonly openLog: (clock: Clock) => RawLog;
  /** Names of the sources there are. */
  readonly sources: readonly string[];
  readonly logger: Logger;
}

interface Line {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: number;
  readonly text: string;
  readonly rejected: string | undefined;
}

/**
 * Files the lines of a batch under the days they arrived: one write a source and day. A message whose line is not durable, or that
 * nobody here could have sent, is reported by its id and comes again, and in the end to the dead-letter queue; the others are done.
 */
export function batchWriter({ openLog, sources, logger }: WriterOptions): (event: SQSEvent) => Promise<SQSBatchResponse> {
  let arrival = 0;
  const log = openLog({ now: () => arrival });

  function keep({ source, receivedAt, text, rejected }: Line): Promise<void> {
    // Read by the raw log before the call returns.
    arrival = receivedAt;
    return settled((done) => {
      if (rejected === undefined) log.append(source, text, done);
      else log.reject(source, Buffer.from(text, 'base64'), rejected, done);
    });
  }

  return async ({ Records }) => {
    const failed: string[] = [];
    const fail = (id: string, error: unknown) => {
      logger.error({ message_id: id, reason: messageOf(error) }, 'a queued line was not kept; it will come again');
      failed.push(id);
    };
    const lines: Line[] = [];
    for (const record of Records) {
      const line = lineOf(record, sources);
      if (typeof line === 'string') fail(record.messageId, line);
      else lines.push(line);
    }
    // By arrival, so that a batch across midnight makes two groups and not many.
    lines.sort((a, b) => a.receivedAt - b.receivedAt);
    await Promise.all(lines.map((line) => keep(line).catch((error: unknown) => fail(line.id, error))));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** What a message says, or why it cannot be one of ours. Never its text. */
function lineOf({ messageId: id, body: text, messageAttributes: attributes }: SQSRecord, sources: readonly string[]): Line | string {
  const source = attributes['source']?.stringValue ?? '';
  if (!sources.includes(source)) return 'it names no source of this lake';
  const receivedAt = Number(attributes['received_at']?.stringValue ?? Number.NaN);
  if (!Number.isSafeInteger(receivedAt) || receivedAt <= 0 || receivedAt > LATEST * 1000) return 'it does not tell when it arrived';
  const rejected = attributes['reason']?.stringValue;
  if (rejected === undefined && 'reason' in payloadOf(Buffer.from(text))) return 'it is no JSON object';
  return { id, source, receivedAt, text, rejected };
}
