import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { startThread } from '../../thread.js';
import type { Countable } from '../cache/snapshot.js';
import type { Sums } from '../counted.js';
import { DONE, type FromTwin, type Job, TAKEN, type ToTwin, type TwinData } from './messages.js';
import { packing } from './packed.js';

/** A thread that counts beside this one. It sees the same memory, which must not change while it counts: who asks waits for the answer. */
export interface Twin {
  /** Rows from which its help is worth asking for. */
  readonly least: number;
  /** Lets it count; undefined where it is not ready. What is returned waits for the counts; undefined when there are none after all. */
  ask(job: Job): (() => Sums | undefined) | undefined;
  /** Hands over what is counted from now on. */
  give(snapshot: Countable): void;
  close(): Promise<void>;
}

/** Milliseconds that an answer may take: far more than any counting does. */
const PATIENCE = 10_000;
const LEAST = 200_000;

interface Running {
  readonly thread: Worker;
  readonly port: MessagePort;
  readonly state: Int32Array;
  readonly pack: ReturnType<typeof packing>;
  /** Snapshots handed over. */
  given: number;
}

/** Starts when a snapshot has so many rows that it is of use. */
export function openTwin(least = LEAST): Twin {
  let running: Running | undefined;

  function started(): Running {
    const { port1: port, port2: theirs } = new MessageChannel();
    const state = new Int32Array(new SharedArrayBuffer(8));
    const thread = startThread('twin-thread', import.meta.url, {
      workerData: { port: theirs, state } satisfies TwinData,
      transferList: [theirs],
    });
    const begun: Running = { thread, port, state, pack: packing(), given: 0 };
    const gone = () => void (running = running === begun ? undefined : running);
    thread.on('error', gone).on('exit', gone).unref();
    return begun;
  }

  const say = ({ port }: Running, message: ToTwin) => port.postMessage(message);

  return {
    least,
    give(snapshot) {
      if (snapshot.blocks.reduce((sum, { count }) => sum + count, 0) < least) return;
      running ??= started();
      running.given += 1;
      say(running, { snapshot: running.pack(snapshot) });
    },
    ask(job) {
      const asked = running;
      if (asked === undefined || Atomics.load(asked.state, TAKEN) !== asked.given) return undefined;
      const done = Atomics.load(asked.state, DONE);
      say(asked, { job });
      return () => {
        if (Atomics.wait(asked.state, DONE, done, PATIENCE) !== 'timed-out')
          return (receiveMessageOnPort(asked.port)?.message as FromTwin | undefined)?.sums;
        // It must not be at work when what it sees is changed.
        running = undefined;
        void asked.thread.terminate();
        return undefined;
      };
    },
    async close() {
      await running?.thread.terminate();
    },
  };
}
