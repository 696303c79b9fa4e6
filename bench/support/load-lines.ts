/** Sends requests over raw keep-alive sockets, because an HTTP client would be the slower side, and tells the parent process how they went. */
import { connect, type Socket } from 'node:net';
import type { LoadResult } from './load-result.js';

export interface Load {
  readonly port: number;
  readonly connections: number;
  /** Requests per second; 0 = each connection as fast as answered. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** The next request, whole. */
  readonly request: () => string;
  /** Whether an answer ends with this piece of it; unless told, answers come in one piece. */
  readonly isLast?: (chunk: Buffer) => boolean;
}

interface Line {
  readonly socket: Socket;
  /** When the request on its way was due, or undefined when there is none. */
  due: number | undefined;
}

/** Puts a server under load, sends the parent a `LoadResult`, and ends the process. */
export async function load({ port, connections, rate, seconds, warmUp, request, isLast = () => true }: Load): Promise<void> {
  const latencies: number[] = [];
  const queue: number[] = [];
  let answered = 0;
  let failed = 0;
  let measuring = false;

  async function openLine(): Promise<Line> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve) => socket.once('connect', resolve));
    const line: Line = { socket, due: undefined };
    let status = 0;
    socket.on('data', (chunk: Buffer) => {
      // "HTTP/1.1 200": the status' first digit stands at 9.
      if (chunk[0] === 0x48 && chunk[1] === 0x54) status = chunk[9] ?? 0;
      if (line.due === undefined || !isLast(chunk)) return;
      if (measuring) {
        if (status === 0x32) answered += 1;
        else failed += 1;
        latencies.push(performance.now() - line.due);
      }
      line.due = undefined;
      const due = rate > 0 ? queue.shift() : performance.now();
      if (due !== undefined) send(line, due);
    });
    return line;
  }

  function send(line: Line, due: number): void {
    line.due = due;
    line.socket.write(request());
  }

  const lines = await Promise.all(Array.from({ length: connections }, openLine));

  /** Requests fall due at a steady rate whether or not earlier ones were answered; latency counts from when they were due. */
  function openLoop(): void {
    const began = performance.now();
    let due = 0;
    setInterval(() => {
      for (const now = performance.now(); began + (due * 1000) / rate <= now; due += 1) queue.push(began + (due * 1000) / rate);
      for (const line of lines) if (line.due === undefined && queue.length > 0) send(line, queue.shift() as number);
    }, 1);
  }

  if (rate > 0) openLoop();
  else for (const line of lines) send(line, performance.now());
  setTimeout(() => void (measuring = true), warmUp * 1000);
  setTimeout(
    () => {
      latencies.sort((a, b) => a - b);
      const quantile = (q: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? Number.NaN;
      const result: LoadResult = { perSecond: answered / seconds, failed, p50: quantile(0.5), p99: quantile(0.99) };
      process.send?.(result, () => process.exit(0));
    },
    (warmUp + seconds) * 1000,
  );
}
