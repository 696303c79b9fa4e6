import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { type Analysis, openAnalysis } from '../analysis/analysis.js';
import { ChatlakeError, messageOf } from '../errors.js';
import { openTwin } from '../analysis/twin/twin.js';
import { mirrorOf } from '../lake/mirror.js';
import { openStore } from '../lake/open.js';
import { zoneOf } from '../zone.js';
import type { ThreadCall, ThreadReply, ThreadRequest, ThreadSetup } from './analysis-messages.js';

/** Entry of the thread that keeps the analysis, so that counting never holds up what receives. See `analysis-client.ts`. */

// What is read of a lake is garbage a moment later. Let to itself, the heap grows to several times what lives before that is collected.
setFlagsFromString('--heap-growing-percent=80');

const { enriched, s3, timezone, folder } = workerData as ThreadSetup;
const mirror = mirrorOf(openStore(enriched, s3), { megabytes: s3?.cache.megabytes ?? Infinity });
let now = 0;

async function open(): Promise<Analysis> {
  const zone = zoneOf(timezone);
  if (zone === undefined) throw new ChatlakeError('SETTINGS', `there is no time zone ${timezone}`);
  return openAnalysis({ enriched: mirror.store, zone, clock: { now: () => now }, folder, twin: openTwin() });
}

const opening = open();
opening.catch(() => undefined);

/** Ends this thread, not the process. */
async function end(): Promise<never> {
  const analysis = await opening.catch(() => undefined);
  await analysis?.close();
  await mirror.close();
  return process.exit();
}

async function answer(call: ThreadCall): Promise<unknown> {
  if (call.name === 'close') return end();
  const analysis = await opening;
  switch (call.name) {
    case 'view':
      return analysis.view(call.filters, call.options);
    case 'questions':
      return analysis.questions(call.filters, { language: call.language });
    case 'options':
      return analysis.options(call.field, call.query);
    case 'aliases':
      return analysis.aliases();
    case 'refresh':
      return analysis.refresh();
  }
}

parentPort?.on('message', (request: ThreadRequest) => {
  now = request.now;
  const reply = (rest: Omit<ThreadReply, 'id'>) => parentPort?.postMessage({ id: request.id, ...rest } satisfies ThreadReply);
  answer(request.call).then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: { message: messageOf(error), ...(error instanceof ChatlakeError && { code: error.code }) } }),
  );
});
