import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connectionWatch } from '../../src/server/connections.js';

it('lets go of an idle connection although its sender never ends its own half', async () => {
  const watch = connectionWatch(60_000, 100);
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    watch.request(request, response);
    response.end('ok');
  });
  server.on('connection', (socket) => watch.connection(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => {
    watch.stop();
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
  const held = promisify(server.getConnections.bind(server));
  await vi.waitFor(async () => expect(await held()).toBe(0), { timeout: 20_000 });
  expect(socket.writable).toBe(true);
});

it('keeps nothing of an exchange that is over, however long its connection lasts', async () => {
  const watch = connectionWatch(60_000, 60_000);
  let last: WeakRef<IncomingMessage> | undefined;
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    last = new WeakRef(request);
    watch.request(request, response);
    request.resume();
    response.end('ok');
  });
  server.on('connection', (socket) => watch.connection(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  onTestFinished(() => {
    watch.stop();
    socket.destroy();
    server.close();
  });
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi');
  await once(socket, 'data');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await vi.waitFor(() => {
    collect();
    expect(last?.deref()).toBeUndefined();
  });
  expect(socket.destroyed).toBe(false);
});
