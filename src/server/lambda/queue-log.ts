import { ChatlakeError, messageOf } from '../../errors.js';
import { textOf } from '../../lake/line.js';
import type { Clock, RawLog } from '../../types.js';

/** One payload on its way through the queue: its text byte for byte, and beside it what the raw lake needs to file it. */
export interface QueuedLine {
  readonly body: string;
  readonly attributes: {
    readonly source: string;
    /** Epoch milliseconds of its arrival, which decides its day. */
    readonly received_at: string;
    /** Why it is no payload: `body` is then base64. */
    readonly reason?: string;
  };
}

export interface QueueLogOptions {
  /** Resolves once the queue has the line for good. */
  readonly send: (line: QueuedLine) => Promise<void>;
  /** For what the queue cannot carry. */
  readonly aside: () => Promise<Inlet>;
  readonly clock: Clock;
  /** Bytes of a message with its attributes; SQS takes 1 MiB (docs.aws.amazon.com, Amazon SQS message quotas). */
  readonly limit?: number;
}

/** What receiving needs of a RawLog. */
export type Inlet = Pick<RawLog, 'append' | 'reject'>;

type Done = (error: Error | null) => void;

const LIMIT = 1024 * 1024;
/** Names and values of the attributes, generously. */
const ATTRIBUTES = 512;
/** Of the characters that SQS refuses, those that UTF-8 JSON may hold. */
const UNFIT = /[\ufffe\uffff]/;

/** An Inlet that is durable because a queue is: lines are filed later, as of the time they came. */
export function queueLog(options: QueueLogOptions): Inlet {
  const { clock, aside } = options;
  const limit = (options.limit ?? LIMIT) - ATTRIBUTES;

  async function offer(line: QueuedLine, otherwise: (log: Inlet, done: Done) => void): Promise<void> {
    const fits = Buffer.byteLength(line.body) <= limit && line.body !== '' && !UNFIT.test(line.body);
    if (!fits) {
      const log = await aside();
      return settled((done) => otherwise(log, done));
    }
    try {
      await options.send(line);
    } catch (error) {
      throw new ChatlakeError('LAKE_UNAVAILABLE', `The queue does not take a payload of ${line.attributes.source}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  return {
    append: (source, payload, done) => {
      const line = { body: textOf(payload), attributes: { source, received_at: String(clock.now()) } };
      void tell(
        done,
        offer(line, (log, kept) => log.append(source, payload, kept)),
      );
    },
    reject: (source, body, reason, done) => {
      const line = { body: Buffer.from(body).toString('base64'), attributes: { source, received_at: String(clock.now()), reason } };
      void tell(
        done,
        offer(line, (log, kept) => log.reject(source, body, reason, kept)),
      );
    },
  };
}

async function tell(done: Done, kept: Promise<void>): Promise<void> {
  let failure: Error | null = null;
  try {
    await kept;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  done(failure);
}

/** The promise of what is told by a callback. */
export function settled(start: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
