import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LiveOptions, openLive } from '../../src/server/live.js';
import type { CommitObserver, Logger } from '../../src/types.js';
import { newLake } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { toTelegram } from './receiving.js';
import { newService } from './service.js';

interface Event {
  readonly name: string;
  readonly data: {
    readonly messages?: readonly { readonly text: string }[];
    readonly lines?: number;
    readonly source?: string;
    readonly version?: string;
  };
  /** `performance.now()` */
  readonly at: number;
}

/** Listens to the events of a server; `ended` resolves when the server ends the stream. */
async function listening(port: number): Promise<{ events: Event[]; ended: Promise<void> }> {
  const events: Event[] = [];
  let text = '';
  let over: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  await new Promise<void>((resolve) => {
    const request = httpRequest({ port, path: '/api/live' }, (response) => {
      expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const [, name] = /^event: (.*)$/m.exec(part) ?? [];
          const [, data] = /^data: (.*)$/m.exec(part) ?? [];
          if (name !== undefined && data !== undefined)
            events.push({ name, data: JSON.parse(data) as Event['data'], at: performance.now() });
        }
        resolve();
      });
      response.on('close', over);
    });
    request.on('error', over);
    request.end();
    onTestFinished(() => void request.destroy());
  });
  return { events, ended };
}

describe('a listener that does not read', () => {
  it('is let go, and others hear everything', async () => {
    const runs = { ended: new Set() } as unknown as LiveOptions['runs'];
    const messages = { arrivedSince: async () => ({ messages: [], newest: 0 }) };
    const live = openLive({ messages, runs, clock: { now: () => 0 }, logger: {} as Logger });
    const app = new Hono();
    live.mount(app);
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const deaf = connect(port, '127.0.0.1');
    deaf.write('GET /api/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(deaf, 'readable');
    deaf.pause();
    const { events } = await listening(port);
    const observer = live.watch({ committed: () => undefined } as unknown as CommitObserver);
    const connections = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    expect(await connections()).toBe(2);
    const told = 300;
    for (let at = 0; at < told; at += 1) {
      observer.committed(`${at}`.padEnd(100_000), 1, 1, 0);
      await expect.poll(() => events.length, { interval: 1 }).toBe(at + 1);
    }
    await expect.poll(connections).toBe(1);
    deaf.destroy();
    live.close();
    server.close();
  });
});

describe('GET /api/live', () => {
  it('tells what arrives at once, and shows it soon after, although the lake is looked at rarely', { timeout: 240_000 }, async () => {
    const lake = await newLake();
    lake.clock.now = () => Date.now();
    const service = await newService(lake, { CHATLAKE_REFRESH: '3600' });
    const loop = service.stack.etl.loop();
    await expect.poll(() => service.stack.answers.health()).toMatchObject({ ok: true });
    const { events } = await listening(service.port);
    const delays: number[] = [];
    for (let id = 1; id <= 4; id += 1) {
      const sent = performance.now();
      await toTelegram(service.port, JSON.stringify(telegramMessage({ id, date: Math.floor(Date.now() / 1000), text: `texto ${id}` })));
      const shows = (event: Event) => event.name === 'feed' && event.data.messages?.some(({ text }) => text === `texto ${id}`) === true;
      await expect.poll(() => events.some(shows), { timeout: 50_000, interval: 10 }).toBe(true);
      delays.push((events.find(shows)?.at ?? Infinity) - sent);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(events.find(({ name }) => name === 'arrived')).toMatchObject({ name: 'arrived', data: { source: 'telegram', lines: 1 } });
    expect(new Set(events.filter(({ name }) => name === 'lake').map(({ data }) => data.version)).size).toBeGreaterThanOrEqual(4);
    await expect.poll(() => events.some(({ name }) => name === 'analysis'), { timeout: 50_000 }).toBe(true);
    console.log(`messages were shown ${delays.map((ms) => Math.round(ms)).join(', ')} ms after they were sent`);
    await service.close();
    await loop;
  });

  it('tells of a burst together, and ends with the server', async () => {
    const lake = await newLake();
    const service = await newService(lake);
    const { events, ended } = await listening(service.port);
    const date = Math.floor(Date.now() / 1000);
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: 200 }, (_, id) => toTelegram(service.port, JSON.stringify(telegramMessage({ id, date, text: 'x' })))),
    );
    const lines = () => events.reduce((sum, { data }) => sum + (data.lines ?? 0), 0);
    await expect.poll(lines, { timeout: 30_000 }).toBe(200);
    // One in a quarter of a second at most, however long a busy machine takes.
    expect(events.length).toBeLessThan((performance.now() - begun) / 250 + 10);
    await service.close();
    await ended;
  });
});
