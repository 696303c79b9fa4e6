import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ChatlakeError } from '../../src/errors.js';
import type { Days } from '../../src/etl/pending.js';
import { lookAtRaw, scheduler, type SchedulerOptions } from '../../src/server/scheduler.js';
import { SOURCES } from '../../src/sources/registry.js';
import { etl, lay, newLake, type TestLake } from '../support/lake.js';
import { rowsOf } from '../support/rows.js';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const HOUR = 3_600_000;
let serial = 0;

const update = (atMs: number) => ({
  update_id: ++serial,
  message: {
    message_id: serial,
    date: Math.floor(atMs / 1000),
    chat: { id: -100, type: 'group' },
    from: { id: 1, is_bot: false, first_name: 'A' },
    text: 'oi',
  },
});

/** A scheduler over a real lake that notes what it runs, and fails when two runs overlap. */
function over(lake: TestLake, options: Partial<SchedulerOptions> = {}) {
  const ran: Days[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  let busy = false;
  const it = scheduler({
    run: async (days, signal) => {
      if (busy) throw new Error('two runs at once');
      busy = true;
      ran.push(days);
      await etl(lake, { days, signal });
      busy = false;
    },
    look: lookAtRaw(
      lake.raw,
      SOURCES.map(({ name }) => name),
      lake.zone,
      lake.clock,
    ),
    schedule: '0 0 * * *',
    refresh: 0.02,
    zone: lake.zone,
    clock: lake.clock,
    logger: SILENT,
    signal: stop.signal,
    pace: { rest: 0, napMs: 10, retryMs: 10 },
    ...options,
  });
  return { it, ran, stop };
}

const soon = { timeout: 20_000, interval: 10 };

/** Rows of the table; none while its folder is being made. */
const messages = (lake: TestLake) =>
  rowsOf(lake, 'telegram').then(
    (rows) => rows.length,
    () => 0,
  );

describe('the scheduler', () => {
  it('brings what arrives today into the tables, again and again, and ends at the signal', async () => {
    const lake = await newLake();
    const { it: etlScheduler, stop } = over(lake);
    const loop = etlScheduler.loop();
    await lay(lake, 'telegram', lake.clock.at, [update(lake.clock.at)]);
    await vi.waitFor(async () => expect(await messages(lake)).toBe(1), soon);
    await lay(lake, 'telegram', lake.clock.at, [update(lake.clock.at), update(lake.clock.at)]);
    await vi.waitFor(async () => expect(await messages(lake)).toBe(3), soon);
    stop.abort();
    await loop;
  });

  it('does not run while nothing arrives', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', lake.clock.at, [update(lake.clock.at)]);
    const { it: etlScheduler, ran, stop } = over(lake);
    await etlScheduler.once('all');
    const loop = etlScheduler.loop();
    await sleep(200);
    expect(ran).toEqual(['all']);
    stop.abort();
    await loop;
  });

  it('takes in a group that was on its way at midnight', async () => {
    const lake = await newLake();
    const { it: etlScheduler, stop } = over(lake);
    const loop = etlScheduler.loop();
    await lay(lake, 'telegram', lake.clock.at - 24 * HOUR, [update(lake.clock.at - 24 * HOUR)]);
    await vi.waitFor(async () => expect(await messages(lake)).toBe(1), soon);
    stop.abort();
    await loop;
  });

  it('processes the days that are over when the schedule says so, on the wall clock of the lake', async () => {
    const lake = await newLake();
    const yesterday = lake.clock.at;
    const { it: etlScheduler, ran, stop } = over(lake, { refresh: 0, schedule: '* * * * *' });
    await etlScheduler.once('closed');
    await lay(lake, 'telegram', yesterday, [update(yesterday)]);
    lake.clock.at += 24 * HOUR;
    const loop = etlScheduler.loop();
    lake.clock.at += HOUR;
    await vi.waitFor(async () => expect(await messages(lake)).toBe(1), soon);
    expect(new Set(ran)).toEqual(new Set(['closed']));
    stop.abort();
    await loop;
  });

  it('tries again after a failure', async () => {
    const lake = await newLake();
    await lay(lake, 'telegram', lake.clock.at, [update(lake.clock.at)]);
    let failures = 2;
    const said: string[] = [];
    const { it: etlScheduler, stop } = over(lake, {
      run: async (days, signal) => {
        if (failures-- > 0) throw new ChatlakeError('LAKE_UNAVAILABLE', 'the disk is full');
        await etl(lake, { days, signal });
      },
      logger: { ...SILENT, error: (_fields, message) => said.push(message) },
    });
    const loop = etlScheduler.loop();
    await vi.waitFor(async () => expect(await messages(lake)).toBe(1), soon);
    expect(said).toHaveLength(2);
    stop.abort();
    await loop;
  });

  it('refuses a pattern that is none', async () => {
    const lake = await newLake();
    expect(() => over(lake, { schedule: '61 * * * *' })).toThrow(/CHATLAKE_SCHEDULE/);
  });

  it.each(['America/Sao_Paulo', '-03:00'])('knows midnight in %s', async (zone) => {
    const lake = await newLake(zone);
    expect(() => over(lake)).not.toThrow();
  });
});
