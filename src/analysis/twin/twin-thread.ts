import { workerData } from 'node:worker_threads';
import type { Countable } from '../cache/snapshot.js';
import { countedFor, handed, type Handed } from '../counted.js';
import { PANELS } from '../panels/all.js';
import { tallyOf } from '../tally/tally.js';
import { DONE, type FromTwin, type Job, TAKEN, type ToTwin, type TwinData } from './messages.js';
import { unpacking } from './packed.js';

/** Entry of the thread that counts beside the one of the analysis. See `twin.ts`. */

const { port, state } = workerData as TwinData;
const unpack = unpacking();
let snapshot: Countable | undefined;

function count(job: Job): Handed | undefined {
  if (snapshot === undefined) return undefined;
  if ('selection' in job) return { tally: tallyOf(snapshot, job.selection), counts: [] };
  const { request, panels, forms } = job;
  const wanted = PANELS.filter(({ id }) => panels.includes(id));
  return handed(countedFor({ ...request, snapshot }, wanted, forms));
}

/** Who waits looks again. */
function wake(): void {
  Atomics.add(state, DONE, 1);
  Atomics.notify(state, DONE);
}

port.on('message', (message: ToTwin) => {
  if ('snapshot' in message) {
    snapshot = unpack(message.snapshot);
    Atomics.add(state, TAKEN, 1);
    return;
  }
  const { number, job } = message;
  let counts: Handed | undefined;
  try {
    counts = count(job);
  } catch {
    // Who asked counts it then, and meets what went wrong.
  }
  port.postMessage({ number, counts } satisfies FromTwin);
  wake();
});
