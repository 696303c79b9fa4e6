import { describe, expect, it } from 'vitest';
import { pendingDays } from '../../../src/etl/pending.js';
import { runEtl } from '../../../src/etl/run.js';
import { dayWorker, NIGHT_DONE, planner, registrar } from '../../../src/server/lambda/nightly.js';
import { SOURCES } from '../../../src/sources/registry.js';
import { rawFolder } from '../../../src/lake/layout.js';
import type { Logger } from '../../../src/types.js';
import { layBytes, newLake, rawLines, type TestLake } from '../../support/lake.js';

const update = (id: number, iso: string) => ({
  update_id: id,
  message: { message_id: id, chat: { id: -1, type: 'group' }, date: Date.parse(iso) / 1000, text: 'oi' },
});

/** A lake where it is noon of the fifth, with raw lines of three days. */
async function threeDays(): Promise<TestLake> {
  const lake = await newLake();
  lake.clock.at = Date.parse('2024-07-05T15:00:00Z');
  for (const [index, date] of ['2024-07-03', '2024-07-04', '2024-07-05'].entries()) {
    const at = Date.parse(`${date}T15:00:00Z`);
    await layBytes(lake, `${rawFolder('telegram', date)}${at}-a-0.ndjson`, rawLines([update(index + 1, `${date}T14:59:00Z`)], at));
  }
  return lake;
}

/** A logger and the fields of what it was told. */
function kept(): { readonly logger: Logger; readonly logged: object[] } {
  const logged: object[] = [];
  const keep = (fields: object) => void logged.push(fields);
  return { logger: { info: keep, warn: keep, error: keep }, logged };
}

const planOf = (lake: TestLake, most?: number) => planner({ ...lake, sources: SOURCES }, pendingDays, most);
const worker = (lake: TestLake) => dayWorker({ ...lake, sources: SOURCES }, runEtl);
const telegram = (...dates: string[]) => dates.map((date) => ({ source: 'telegram', date }));

describe('the plan of a night', () => {
  it('is the closed days that have something unread', async () => {
    const lake = await threeDays();
    expect(await planOf(lake)({})).toEqual({ days: telegram('2024-07-03', '2024-07-04'), more: false, order: {} });
    expect(await worker(lake)({ source: 'telegram', date: '2024-07-03' })).toEqual({
      source: 'telegram',
      date: '2024-07-03',
      rows: 1,
      quarantined: 0,
    });
    expect((await planOf(lake)({})).days).toEqual(telegram('2024-07-04'));
  });

  it('is the open day, every day or a range when the order says so', async () => {
    const lake = await threeDays();
    const plan = planOf(lake);
    expect((await plan({ days: 'open' })).days).toEqual(telegram('2024-07-05'));
    expect((await plan({ days: 'all' })).days).toHaveLength(3);
    expect((await plan({ from: '2024-07-04' })).days).toEqual(telegram('2024-07-04', '2024-07-05'));
    expect((await plan({ from: '2024-07-03', to: '2024-07-03' })).days).toEqual(telegram('2024-07-03'));
    expect((await plan({ days: 'all', source: 'whatsapp' })).days).toEqual([]);
  });

  it.each([
    [{ from: '2024-07-05', to: '2024-07-03' }, /from: must not be after "to"/],
    [{ from: '2024-02-30' }, /from: /],
    [{ from: '2024-07-03', days: 'all' }, /Give "days", or "from" and "to"/],
    [{ Comment: 'Insert your JSON here' }, /Comment/],
    [null, /it: /],
  ])('refuses an order that cannot be meant: %j', async (order, why) => {
    await expect(planOf(await threeDays())(order)).rejects.toThrow(why);
  });

  it('takes no more than one execution can, and says that there is more', async () => {
    const lake = await threeDays();
    expect(await planOf(lake, 2)({ days: 'all' })).toEqual({
      days: telegram('2024-07-03', '2024-07-04'),
      more: true,
      order: { days: 'all', after: { source: 'telegram', date: '2024-07-04' } },
    });
    expect((await planOf(lake, 3)({ days: 'all' })).more).toBe(false);
  });

  it('goes on after its last day, also when that and others failed and are still unread, until every source had its turn', async () => {
    const lake = await threeDays();
    const at = Date.parse('2024-07-03T15:00:00Z');
    await layBytes(lake, `${rawFolder('whatsapp', '2024-07-03')}${at}-a-0.ndjson`, rawLines([{ object: 'x' }], at));
    const parts: unknown[] = [];
    let order: unknown = { days: 'all' };
    for (let more = true; more;) {
      const plan = await planOf(lake, 1)(order);
      parts.push(plan.days);
      ({ more, order } = plan);
    }
    expect(parts).toEqual([
      telegram('2024-07-03'),
      telegram('2024-07-04'),
      telegram('2024-07-05'),
      [{ source: 'whatsapp', date: '2024-07-03' }],
    ]);
  });

  it.each([
    [{ days: 'yesterday' }, /days/],
    [{ from: '2024-7-1' }, /from/],
    [{ form: '2024-07-01' }, /form/],
    [{ days: 'all', from: '2024-07-01' }, /Give "days", or/],
    [{ source: 'signal' }, /no source "signal"/],
    ['closed', /it: /],
  ])('refuses the order %j', async (order, message) => {
    await expect(planOf(await threeDays())(order)).rejects.toThrow(message);
  });
});

describe('the end of a night', () => {
  it('counts the days that failed and names the first of them', async () => {
    const days = [...telegram('2024-07-03'), { source: 'whatsapp', date: '2024-07-04', failed: true, error: { Error: 'X', Cause: 'Y' } }];
    const { logger, logged } = kept();
    expect(await registrar(() => Promise.resolve(3), logger)({ order: {}, more: false, days })).toEqual({
      registered: 3,
      done: 1,
      failed: 1,
      which: ['whatsapp 2024-07-04'],
    });
    expect(logged).toEqual([]);
  });

  it.each([
    [{ days: 'closed' }, false, [NIGHT_DONE]],
    [{}, false, [NIGHT_DONE]],
    [{ days: 'all', after: { source: 'telegram', date: '2024-07-03' } }, false, [NIGHT_DONE]],
    [{ days: 'closed' }, true, []],
    [{ days: 'open' }, false, []],
    [{ from: '2024-07-01', to: '2024-07-31' }, false, []],
    [{ days: 'closed', source: 'telegram' }, false, []],
  ])('is told of where every closed day was done: %j, more: %j', async (order, more, told) => {
    const { logger, logged } = kept();
    await registrar(() => Promise.resolve(0), logger)({ order, more, days: [] });
    expect(logged).toEqual(told);
  });
});
