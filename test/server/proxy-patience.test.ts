import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proxy } from '../../src/server/proxy/proxy.js';
import type { Loss } from '../../src/outbound/keeper.js';
import { BOT_TOKEN, platform } from './proxying.js';

const WAIT = 200;

/** A proxy that gives a call up after `WAIT` milliseconds, and what it counted. */
async function impatient(url: string) {
  const tally = { passed: 0, failed: 0, refused: new Map() };
  const kept: unknown[] = [];
  const keeper = {
    keep: (call: unknown) => void kept.push(call),
    lost: (_: string, reason: Loss) => void kept.push(reason),
    settled: async () => undefined,
  };
  const passing = proxy({ platforms: { telegram: { url, admits: () => true } }, keeper, tally: () => tally, patience: WAIT });
  const server = createServer((request, response) => void passing.handle(request, response, false));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await passing.close();
  });
  return { call: `http://127.0.0.1:${(server.address() as AddressInfo).port}/proxy/telegram/bot${BOT_TOKEN}/sendMessage`, tally, kept };
}

describe('a platform that says nothing', () => {
  it('is given up after a while, and the caller told so', async () => {
    let given: IncomingMessage | undefined;
    const url = await platform((request) => void (given = request.resume()));
    const { call, tally, kept } = await impatient(url);
    const answer = await fetch(call, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([504, { ok: false, error_code: 504, description: 'Gateway Timeout' }]);
    expect([tally.passed, tally.failed, kept]).toEqual([1, 1, []]);
    await expect.poll(() => given?.socket.destroyed).toBe(true);
  });

  it('in the middle of its answer, breaks the answer off', async () => {
    const url = await platform((_, response) => void response.writeHead(200, { 'content-length': '100' }).write('{"ok":'));
    const { call, kept } = await impatient(url);
    const answer = await fetch(call, { method: 'POST', body: '{}' });
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(kept).toEqual(['unreadable']);
  });

  it('is waited for as long as something still moves', async () => {
    const url = await platform((_, response) => {
      let left = 8;
      const timer = setInterval(() => {
        response.write('.');
        left -= 1;
        if (left > 0) return;
        clearInterval(timer);
        response.end();
      }, WAIT / 4);
    });
    const { call, kept } = await impatient(url);
    const answer = await fetch(call, { method: 'POST', body: '{}' });
    expect(await answer.text()).toBe('........');
    expect(kept).toHaveLength(1);
  });
});

describe('a platform that answers before it has the whole request', () => {
  it('and then goes away: the rest of the request is let go', async () => {
    let platformSide: Socket | undefined;
    const url = await platform((request, response) => {
      platformSide = request.socket;
      request.pause();
      response.end('enough');
    });
    const { call } = await impatient(url);
    const request = httpRequest(call, { method: 'POST' });
    const sent = once(request, 'finish');
    request.end(Buffer.alloc(32 * 1024 * 1024));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(Buffer.concat((await response.toArray()) as Buffer[]).toString()).toBe('enough');
    platformSide?.destroy();
    await sent;
  });
});
