import { textOf } from '../lake/line.js';
import type { Clock, RawLog } from '../types.js';

/**
 * Lets the demonstration's past arrive in its own time: thirty days of history are received in seconds, and yet each
 * delivery is filed under the day, and dated with the moment, at which it would have come.
 */
export interface DemoTime {
  /** For everything that receives: the moment of the delivery being taken, else the real time. */
  readonly clock: Clock;
  /** Says that `body` is about to be sent and when it arrives, milliseconds since the epoch. */
  expect(body: string, at: number): void;
  /** Back to the real time. */
  release(): void;
  /** Wraps the raw log that `clock` was given to. */
  readonly watch: (log: RawLog) => RawLog;
}

export function demoTime(real: Clock): DemoTime {
  const expected = new Map<string, number>();
  let told: number | undefined;
  return {
    clock: { now: () => told ?? real.now() },
    expect: (body, at) => void expected.set(body, at),
    release: () => {
      expected.clear();
      told = undefined;
    },
    watch: (log) => ({
      ...log,
      append: (source, payload, done) => {
        const text = textOf(payload);
        told = expected.get(text) ?? told;
        expected.delete(text);
        log.append(source, payload, done);
      },
    }),
  };
}
