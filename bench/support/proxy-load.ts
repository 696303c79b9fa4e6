/**
 * Child process: calls sendMessage over raw keep-alive sockets, because an HTTP client would be the slower side.
 * Arguments: port, prefix of the path, connections, calls per second (0 = each connection as fast as answered), seconds, warm-up seconds.
 */
import { connect, type Socket } from 'node:net';
import type { LoadResult } from './load-result.js';
import { PROXY_TOKEN } from './proxy-token.js';

const [prefix = '', ...numbers] = process.argv.slice(2);
const [port = 0, connections = 1, rate = 0, seconds = 1, warmUp = 0] = numbers.map(Number);
const BODY = JSON.stringify({ chat_id: -1001234567890, text: 'x'.repeat(200) });
const CALL = `POST ${prefix}/bot${PROXY_TOKEN}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
/** The last characters of a whole answer. */
const END = Buffer.from('"}}');

const latencies: number[] = [];
let answered = 0;
let failed = 0;
let measuring = false;

interface Line {
  readonly socket: Socket;
  /** When the call on its way was due, or undefined when there is none. */
  due: number | undefined;
}

const lines = await Promise.all(Array.from({ length: connections }, openLine));
const queue: number[] = [];
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

async function openLine(): Promise<Line> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve) => socket.once('connect', resolve));
  const line: Line = { socket, due: undefined };
  let status = 0;
  socket.on('data', (chunk: Buffer) => {
    // "HTTP/1.1 200": the status' first digit stands at 9.
    if (chunk[0] === 0x48 && chunk[1] === 0x54) status = chunk[9] ?? 0;
    if (line.due === undefined || !chunk.subarray(-END.length).equals(END)) return;
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
  line.socket.write(CALL);
}

/** Calls fall due at a steady rate whether or not earlier ones were answered; latency counts from when they were due. */
function openLoop(): void {
  const began = performance.now();
  let due = 0;
  setInterval(() => {
    for (const now = performance.now(); began + (due * 1000) / rate <= now; due += 1) queue.push(began + (due * 1000) / rate);
    for (const line of lines) if (line.due === undefined && queue.length > 0) send(line, queue.shift() as number);
  }, 1);
}
