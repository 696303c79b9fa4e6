import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What happens to a request: `500` and `503` answer before anything is done; `reset` breaks the connection before, `lost` after it was done;
 * `partial` breaks it in the middle of the answer; `slow` answers late; `expired` says that the credentials have.
 */
export type Fault = '500' | '503' | 'reset' | 'lost' | 'partial' | 'slow' | 'expired';

export interface Passed {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Whether it wrote on a condition. */
  readonly conditional: boolean;
  /** How many came before it. */
  readonly index: number;
}

export interface S3Proxy {
  readonly endpoint: string;
  /** Every request so far. */
  readonly requests: readonly Passed[];
  /** Decides about each request from now on; undefined lets it pass. */
  trouble(decide: (passed: Passed) => Fault | undefined | Promise<Fault | undefined>): void;
  /** Milliseconds added to each answer. */
  latency: number;
  close(): Promise<void>;
}

const SLOW = 400;
const TOLD: Partial<Record<Fault, readonly [number, string]>> = {
  '500': [500, 'InternalError'],
  '503': [503, 'SlowDown'],
  expired: [400, 'ExpiredToken'],
};

/** Stands between a program and a server that speaks S3, and makes trouble. Signatures hold: they are made for the address of this one. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const requests: Passed[] = [];
  let decide: Parameters<S3Proxy['trouble']>[0] = () => undefined;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming;
    const conditional = headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
    const passed = { method, path, conditional, index: requests.length };
    requests.push(passed);
    const body: Buffer[] = [];
    for await (const chunk of incoming) body.push(chunk as Buffer);
    const fault = await decide(passed);
    if (proxy.latency > 0) await delay(proxy.latency);
    if (fault === 'reset') return void incoming.socket.destroy();
    const told = fault && TOLD[fault];
    if (told) {
      outgoing.writeHead(told[0], { 'content-type': 'application/xml' });
      return void outgoing.end(`<?xml version="1.0"?><Error><Code>${told[1]}</Code><Message>trouble</Message></Error>`);
    }
    if (fault === 'slow') await delay(SLOW);
    const { status, head, content } = await forward(method, path, headers, Buffer.concat(body));
    if (fault === 'lost') return void incoming.socket.destroy();
    outgoing.writeHead(status, head);
    if (fault === 'partial') {
      outgoing.write(content.subarray(0, content.length >> 1));
      await delay(1);
      return void incoming.socket.destroy();
    }
    outgoing.end(content);
  }

  const forward = (method: string, path: string, headers: IncomingMessage['headers'], body: Buffer) =>
    new Promise<{ status: number; head: string[]; content: Buffer }>((resolve, reject) => {
      const call = request(target + path, { method, headers, agent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 500, head: answer.rawHeaders, content: Buffer.concat(parts) }));
      });
      call.on('error', reject);
      call.end(body);
    });

  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    trouble: (next) => (decide = next),
    latency: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
  return proxy;
}

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
