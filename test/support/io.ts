import { PassThrough } from 'node:stream';
import type { Io } from '../../src/cli/io.js';

export interface TestIo extends Io {
  readonly input: PassThrough;
  out(): string;
  err(): string;
  exitCode(): number;
  abort(): void;
}

/** An Io over memory streams. `terminal`: both ends claim to be one, and stdin takes raw mode. */
export function testIo(
  options: { env?: Record<string, string>; terminal?: boolean; fetch?: typeof fetch; now?: () => number } = {},
): TestIo {
  const stop = new AbortController();
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const text = { stdout: '', stderr: '' };
  streams.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  streams.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  if (options.terminal) {
    Object.assign(streams.stdin, { isTTY: true, setRawMode: () => streams.stdin });
    Object.assign(streams.stdout, { isTTY: true, columns: 200 });
  }
  let exitCode = 0;
  return {
    env: options.env ?? {},
    clock: { now: options.now ?? (() => Date.now()) },
    fetch: options.fetch ?? fetch,
    stdin: streams.stdin as unknown as NodeJS.ReadStream,
    stdout: streams.stdout as unknown as NodeJS.WriteStream,
    stderr: streams.stderr as unknown as NodeJS.WriteStream,
    stop: stop.signal,
    setExitCode: (code) => void (exitCode = code),
    input: streams.stdin,
    out: () => text.stdout,
    err: () => text.stderr,
    exitCode: () => exitCode,
    abort: () => stop.abort(),
  };
}
