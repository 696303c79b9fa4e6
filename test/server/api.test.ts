import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Delivery, simulate } from '../../src/demo/simulate.js';
import { FIRST_COUNTERS } from '../../src/demo/telegram.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { type Answers, answersFrom, mountApi } from '../../src/server/api.js';
import { createApp } from '../../src/server/app.js';
import { openAccess } from '../../src/server/auth.js';
import type { DayStatus, Health } from '../../src/server/health.js';
import { newRuns } from '../../src/server/health.js';
import { createMetrics } from '../../src/server/metrics.js';
import type { Summary } from '../../src/server/summary.js';
import { SOURCES } from '../../src/sources/registry.js';
import type { QueryEngine } from '../../src/types.js';
import { etl, lay, openLake, removeLake, type TestLake } from '../support/lake.js';

interface Said {
  readonly channel: string;
  readonly id: string;
  readonly author: string;
  readonly name: string | undefined;
  readonly at: number;
}

/** What the deliveries say, counted without any of the code under test: one entry a message, at its first appearance. */
function saidIn(deliveries: readonly Delivery[]): Said[] {
  const said = new Map<string, Said>();
  const add = (one: Said) => said.has(one.id) || said.set(one.id, one);
  for (const { source, body } of deliveries) {
    const parsed = JSON.parse(body);
    if (source === 'telegram') {
      const message = parsed.message ?? parsed.edited_message;
      if (!message) continue;
      const { first_name: first, last_name: last, id } = message.from;
      add({ channel: source, id: `t${message.message_id}`, author: String(id), name: last ? `${first} ${last}` : first, at: message.date });
      continue;
    }
    for (const { value } of parsed.entry.flatMap((entry: { changes: unknown[] }) => entry.changes)) {
      for (const message of value.messages ?? []) {
        const contact = value.contacts.find((one: { user_id: string }) => one.user_id === message.from_user_id);
        add({
          channel: source,
          id: message.id,
          author: message.from ?? message.from_user_id,
          name: contact.profile?.name,
          at: Number(message.timestamp),
        });
      }
    }
  }
  return [...said.values()];
}

let lake: TestLake;
let engine: QueryEngine;
let answers: Answers;
let said: Said[];
let empty: Answers;
const apps: { full: Hono; locked: Hono; empty: Hono } = { full: new Hono(), locked: new Hono(), empty: new Hono() };

async function appOver(given: Answers, password?: string): Promise<Hono> {
  const { zone, clock } = lake;
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const access = await openAccess({ password, tokens: [], store: lake.raw, clock });
  const rawLog = { probe: () => Promise.resolve() };
  const mount = (app: Hono) => mountApi(app, given);
  return createApp({ rawLog, metrics: createMetrics(), logger, access, zone, clock, mount });
}

const get = (app: Hono, path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers: { host: 'localhost:8080', ...headers } });
const json = async <T>(app: Hono, path: string): Promise<T> => (await get(app, path)).json() as Promise<T>;

beforeAll(async () => {
  lake = await openLake();
  const to = lake.clock.at / 1000;
  const { deliveries } = simulate({ seed: 'api', zone: lake.zone, from: to - 4 * 86_400, to, pace: 'history' }, FIRST_COUNTERS);
  said = saidIn(deliveries);
  for (const source of ['telegram', 'whatsapp'] as const) {
    await lay(
      lake,
      source,
      lake.clock.at,
      deliveries.filter((one) => one.source === source).map(({ body }) => body),
    );
  }
  const nothing = await openLake();
  engine = await duckdbEngine({ root: lake.enrichedPath });
  const none = await duckdbEngine({ root: nothing.enrichedPath });
  const options = { sources: SOURCES, zone: lake.zone, clock: lake.clock, runs: newRuns() };
  empty = answersFrom({ ...options, engine: none, enriched: nothing.enriched });
  await etl(lake);
  answers = answersFrom({ ...options, engine, enriched: lake.enriched });
  apps.full = await appOver(answers);
  apps.locked = await appOver(answers, 'secret');
  apps.empty = await appOver(empty);
  return async () => {
    await none.close();
    await removeLake(nothing);
  };
});
afterAll(async () => {
  await engine.close();
  await removeLake(lake);
});

const countBy = <T>(list: readonly T[], key: (item: T) => string | number): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of list) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

describe('GET /api/summary', () => {
  it('counts messages and people of each channel', async () => {
    const { channels } = await json<Summary>(apps.full, '/api/summary');
    expect(channels).toEqual(
      ['telegram', 'whatsapp'].map((channel) => {
        const ours = said.filter((one) => one.channel === channel);
        return { channel, messages: ours.length, people: new Set(ours.map(({ author }) => author)).size };
      }),
    );
  });

  it('counts the messages of each of the last thirty days, by the day they were sent in the zone of the lake', async () => {
    const { days } = await json<Summary>(apps.full, '/api/summary');
    expect(days).toHaveLength(30);
    expect(days.at(-1)?.date).toBe(lake.zone.dateAt(lake.clock.at / 1000));
    for (const { date, messages } of days) {
      expect({ date, messages }).toEqual({
        date,
        messages: countBy(
          said.filter(({ at }) => lake.zone.dateAt(at) === date),
          ({ channel }) => channel,
        ),
      });
    }
  });

  it('counts messages by hour, and names who wrote most', async () => {
    const { hours, people } = await json<Summary>(apps.full, '/api/summary');
    const byHour = countBy(said, ({ at }) => Math.floor(((at + lake.zone.offsetAt(at)) % 86_400) / 3600));
    expect(hours).toEqual(Array.from({ length: 24 }, (_, hour) => byHour[hour] ?? 0));
    const most = Math.max(...Object.values(countBy(said, ({ channel, author }) => `${channel} ${author}`)));
    expect(people[0]?.messages).toBe(most);
    expect(said.some(({ name }) => name === people[0]?.name)).toBe(true);
  });

  it('tells when the newest row arrived, and the rows of each table', async () => {
    const { lastArrival, tables } = await json<Summary>(apps.full, '/api/summary');
    expect(lastArrival).toBe(lake.clock.at);
    expect(tables.find(({ table }) => table === 'telegram')?.rows).toBe(said.filter(({ channel }) => channel === 'telegram').length);
    expect(tables.find(({ table }) => table === 'quarantine')?.rows).toBe(0);
  });

  it('answers for an empty lake', async () => {
    const summary = await json<Summary>(apps.empty, '/api/summary');
    expect(summary).toMatchObject({ lastArrival: null, channels: [], people: [] });
    expect(summary.days).toHaveLength(30);
  });
});

describe('GET /api/status and /api/health', () => {
  it('show sums that add up, for each source and arrival day', async () => {
    const { days } = await json<{ days: DayStatus[] }>(apps.full, '/api/status');
    expect(days.map(({ source, date }) => `${source} ${date}`)).toEqual(['telegram 2030-01-01', 'whatsapp 2030-01-01']);
    for (const day of days) expect(day).toMatchObject({ addsUp: true, quarantined: 0, units: day.rows + day.duplicates });
    const { ok, sums } = await json<Health>(apps.full, '/api/health');
    expect({ ok, lines: sums.lines }).toEqual({ ok: true, lines: days.reduce((sum, { lines }) => sum + lines, 0) });
  });
});

describe('who may look', () => {
  it('is only this computer while there is no password', async () => {
    for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'])
      expect((await get(apps.full, '/api/summary', { host })).status).toBe(200);
    for (const host of ['lake.example', 'localhost.example', '127.0.0.1.example:8080', '']) {
      for (const path of ['/', '/api/summary', '/api/status', '/api/health'])
        expect((await get(apps.full, path, { host })).status).toBe(403);
    }
  });

  it('is anybody whom the password let in, once there is one', async () => {
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect((await get(apps.locked, '/api/summary', { host: 'lake.example', authorization })).status).toBe(200);
    expect((await get(apps.locked, '/api/summary', { host: 'localhost' })).status).toBe(401);
  });
});
