import { workerData } from 'node:worker_threads';
import type { Countable } from '../cache/snapshot.js';
import { countedFor, type Sums, sumsOf } from '../counted.js';
import { PANELS } from '../panels/all.js';
import { DONE, type FromTwin, type Job, TAKEN, type ToTwin, type TwinData } from './messages.js';
import { unpacking } from './packed.js';

/** Entry of the thread that counts beside the one of the analysis. See `twin.ts`. */

const { port, state } = workerData as TwinData;
const unpack = unpacking();
let snapshot: Countable | undefined;

function sums({ request, panels, forms }: Job): Sums | undefined {
  if (snapshot === undefined) return undefined;
  try {
    const wanted = PANELS.filter(({ id }) => panels.includes(id));
    return sumsOf(countedFor({ ...request, snapshot }, wanted, forms));
  } catch {
    // Who asked counts it then, and meets what went wrong.
    return undefined;
  }
}

port.on('message', (message: ToTwin) => {
  if ('snapshot' in message) {
    snapshot = unpack(message.snapshot);
    Atomics.add(state, TAKEN, 1);
    return;
  }
  port.postMessage({ sums: sums(message.job) } satisfies FromTwin);
  Atomics.add(state, DONE, 1);
  Atomics.notify(state, DONE);
});
