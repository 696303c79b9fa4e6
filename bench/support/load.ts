/**
 * Child process: sends updates over raw keep-alive sockets, because an HTTP client would be the slower side.
 * Arguments: port, connections, seconds, warm-up seconds, requests per second (0 = each connection as fast as answered).
 */
import { connect, type Socket } from 'node:net';
import type { LoadResult } from './load-result.js';
import { updateRequest } from './updates.js';

const [port = 0, connections = 1, seconds = 1, warmUp = 0, rate = 0] = process.argv.slice(2).map(Number);
const latencies: number[] = [];
let answered = 0;
let failed = 0;
let serial = 0;
let measuring = false;

interface Line {
  readonly socket: Socket;
  /** When the request on its way was due, or undefined when there is none. */
  due: number | undefined;
}

const lines = await Promise.all(Array.from({ length: connections }, openLine));
const queue: number[] = [];
const finish = rate > 0 ? openLoop() : closedLoop();
setTimeout(() => void (measuring = true), warmUp * 1000);
setTimeout(
  () => {
    measuring = false;
    finish();
    latencies.sort((a, b) => a - b);
    const quantile = (q: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? Number.NaN;
    const result: LoadResult = { perSecond: answered / seconds, failed, p50: quantile(0.5), p99: quantile(0.99) };
    process.send?.(result, () => process.exit(0));
  },
  (warmUp + seconds) * 1000,
);

async function openLine(): Promise<Line> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve) => socket.once('connect', resolve));
  const line: Line = { socket, due: undefined };
  socket.on('data', (chunk: Buffer) => {
    if (line.due === undefined) return;
    if (measuring) {
      // "HTTP/1.1 200": the status' first digit stands at 9.
      if (chunk[9] === 0x32) answered++;
      else failed++;
      latencies.push(performance.now() - line.due);
    }
    line.due = undefined;
    next(line);
  });
  return line;
}

function send(line: Line, due: number): void {
  line.due = due;
  line.socket.write(updateRequest(serial++));
}

function next(line: Line): void {
  if (rate === 0) return send(line, performance.now());
  const due = queue.shift();
  if (due !== undefined) send(line, due);
}

function closedLoop(): () => void {
  for (const line of lines) send(line, performance.now());
  return () => undefined;
}

/** Requests fall due at a steady rate whether or not earlier ones were answered; latency counts from when they were due. */
function openLoop(): () => void {
  const began = performance.now();
  let due = 0;
  const timer = setInterval(() => {
    for (const now = performance.now(); began + (due * 1000) / rate <= now; due++) queue.push(began + (due * 1000) / rate);
    for (const line of lines) if (line.due === undefined && queue.length > 0) send(line, queue.shift() as number);
  }, 1);
  return () => clearInterval(timer);
}
