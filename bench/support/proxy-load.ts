/** Child process: calls sendMessage over raw keep-alive sockets. Arguments: port, prefix of the path, connections, calls per second (0 = as fast as answered). */
import { connect, type Socket } from 'node:net';
import { PROXY_TOKEN } from './proxy-token.js';

const [port = '0', prefix = '', connections = '1', rate = '0'] = process.argv.slice(2);
const BODY = JSON.stringify({ chat_id: -1001234567890, text: 'x'.repeat(200) });
const CALL = `POST ${prefix}/bot${PROXY_TOKEN}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const SECONDS = 3;
const WARM_UP = 1;
/** The last characters of a whole answer. */
const END = Buffer.from('"}}');

const latencies: number[] = [];
let answered = 0;
let failed = 0;
let measuring = false;
const idle: Socket[] = [];

async function open(): Promise<void> {
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  await new Promise((resolve) => socket.once('connect', resolve));
  let due = 0;
  const send = (at: number) => {
    due = at;
    socket.write(CALL);
  };
  starts.set(socket, send);
  let status = 0;
  socket.on('data', (chunk: Buffer) => {
    if (chunk[0] === 0x48 && chunk[1] === 0x54) status = chunk[9] ?? 0;
    if (!chunk.subarray(-7).includes(END)) return;
    if (measuring) {
      if (status === 0x32) answered += 1;
      else failed += 1;
      latencies.push(performance.now() - due);
    }
    if (rate === '0') send(performance.now());
    else idle.push(socket);
  });
  if (rate === '0') send(performance.now());
  else idle.push(socket);
}

const starts = new Map<Socket, (at: number) => void>();
await Promise.all(Array.from({ length: Number(connections) }, open));
const began = performance.now();
let due = 0;
if (rate !== '0')
  setInterval(() => {
    const now = performance.now();
    for (; began + (due * 1000) / Number(rate) <= now; due += 1) {
      const socket = idle.pop();
      if (socket) starts.get(socket)?.(performance.now());
    }
  }, 1);
setTimeout(() => void (measuring = true), WARM_UP * 1000);
setTimeout(
  () => {
    latencies.sort((a, b) => a - b);
    const p99 = latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * 0.99))] ?? Number.NaN;
    process.send?.({ perSecond: answered / SECONDS, p99, failed }, () => process.exit(0));
  },
  (WARM_UP + SECONDS) * 1000,
);
