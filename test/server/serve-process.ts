import { serveCommand } from '../../src/cli/serve.js';
import type { Io } from '../../src/cli/io.js';

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

const io: Io = {
  env: process.env,
  clock: { now: Date.now },
  fetch,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stopping.signal,
  setExitCode: (code) => void (process.exitCode = code),
};
try {
  await serveCommand(io).parseAsync([], { from: 'user' });
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}
process.disconnect();
