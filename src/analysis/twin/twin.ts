import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.js';
import { startThread } from '../../thread.js';
import type { Countable } from '../cache/snapshot.js';
import type { Handed } from '../counted.js';
import { rowsOf } from '../tally/parts.js';
import { DONE, type FromTwin, type Job, TAKEN, type ToTwin, type TwinData } from './messages.js';
import { packing } from './packed.js';

/** A thread that counts beside this one. It sees the same memory, which must not change while it counts: who asks waits for the answer. */
export interface Twin {
  /** Rows from which its help is worth asking for. */
  readonly least: number;
  /** Whether it has taken a snapshot in. */
  isReady(snapshot: Countable): boolean;
  /**
   * Lets it count a snapshot; undefined where it is not ready for it. What is returned waits for the counts; undefined when there are none
   * after all.
   */
  ask(snapshot: Countable, job: Job): (() => Handed | undefined) | undefined;
  /** Hands over what is counted from now on. False where that is not worth its help, or there is none. */
  give(snapshot: Countable): boolean;
  close(): Promise<void>;
}

/** Milliseconds that an answer may take: far more than any counting does. */
const PATIENCE = 10_000;
const LEAST = 200_000;
/** Times that it may stop by itself; then this thread counts alone. */
const FAILURES = 2;
/** Megabytes for what it uses once: lists of counts lie outside. */
const YOUNG = 8;

interface Running {
  readonly thread: Worker;
  readonly port: MessagePort;
  readonly state: Int32Array;
  readonly pack: ReturnType<typeof packing>;
  /** The last one handed over, and how many there were. */
  snapshot: Countable | undefined;
  given: number;
  /** Jobs asked for. */
  jobs: number;
}

/** Starts when a snapshot has so many rows that it is of use. */
export function openTwin(least = LEAST): Twin {
  let running: Running | undefined;
  let failures = 0;

  function started(): Running {
    const { port1: port, port2: theirs } = new MessageChannel();
    const state = new Int32Array(new SharedArrayBuffer(8));
    const thread = startThread('twin-thread', import.meta.url, {
      workerData: { port: theirs, state } satisfies TwinData,
      transferList: [theirs],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    });
    const begun: Running = { thread, port, state, pack: packing(), snapshot: undefined, given: 0, jobs: 0 };
    thread.on('error', (error) => failed(begun, error));
    thread.unref();
    return begun;
  }

  /** It must not be at work when what it sees is changed. */
  function failed(one: Running, error: unknown): void {
    if (running !== one) return;
    running = undefined;
    failures += 1;
    process.emitWarning(`the second thread of the analysis stopped: ${messageOf(error)}`);
    void one.thread.terminate();
  }

  const say = ({ port }: Running, message: ToTwin) => port.postMessage(message);

  /** The answer to a job; those to others, which nobody waited for, are passed over. */
  function answerTo(number: number, asked: Running): Handed | undefined {
    for (;;) {
      const done = Atomics.load(asked.state, DONE);
      const answer = receiveMessageOnPort(asked.port)?.message as FromTwin | undefined;
      if (answer?.number === number) return answer.counts;
      if (answer === undefined && Atomics.wait(asked.state, DONE, done, PATIENCE) === 'timed-out') break;
    }
    failed(asked, new Error(`no answer within ${PATIENCE / 1000} s`));
    return undefined;
  }

  const isReady = (snapshot: Countable) => running?.snapshot === snapshot && Atomics.load(running.state, TAKEN) === running.given;

  return {
    least,
    isReady,
    give(snapshot) {
      if (failures >= FAILURES || rowsOf(snapshot.blocks) < least) return false;
      running ??= started();
      const one = running;
      try {
        say(one, { snapshot: one.pack(snapshot) });
        one.snapshot = snapshot;
        one.given += 1;
      } catch (error) {
        failed(one, error);
      }
      return running !== undefined;
    },
    ask(snapshot, job) {
      const asked = running;
      if (asked === undefined || !isReady(snapshot)) return undefined;
      asked.jobs += 1;
      const number = asked.jobs;
      say(asked, { job, number });
      return () => answerTo(number, asked);
    },
    async close() {
      const last = running;
      running = undefined;
      await last?.thread.terminate();
    },
  };
}
