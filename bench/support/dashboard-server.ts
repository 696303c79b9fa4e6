/**
 * Child process: receivers, tables, API and page, over a lake that is there already; nothing is processed. Says its port; to `usage`
 * it answers with what it takes. Settings are environment variables; `BENCH_NOW` is the clock in epoch milliseconds.
 */
import { loadSettings } from '../../src/config.js';
import { openStack } from '../../src/server/stack.js';

const settings = loadSettings(process.env);
const now = Number(process.env['BENCH_NOW']);
const stop = new AbortController();
const none = () => undefined;
const stack = await openStack({
  settings,
  zone: settings.zone,
  clock: { now: () => now },
  demo: false,
  logger: { info: none, warn: none, error: (fields, text) => process.stderr.write(`${text} ${JSON.stringify(fields)}\n`) },
  signal: stop.signal,
});
const server = await stack.listen(0);

process.on('message', (request) => {
  if (request !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: (user + system) / 1e6, memory: process.memoryUsage.rss() / 2 ** 20, peak: process.resourceUsage().maxRSS / 1024 });
});
process.on('disconnect', () => process.exit());
process.send?.(server.port);
