import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server as if it were far away: what it sends arrives `latency` milliseconds later. Bytes are passed on unread, which costs next to nothing. */
export async function farAway(endpoint: string, latency: number): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(endpoint);
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const there = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    for (const [socket, other] of [
      [near, there],
      [there, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => open.delete(socket));
    }
    near.pipe(there);
    there.on('data', (chunk) => void setTimeout(() => near.write(chunk), latency));
    there.on('end', () => void setTimeout(() => near.end(), latency));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
