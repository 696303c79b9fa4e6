import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Filters } from '../../src/analysis/types.js';
import { addDays } from '../../src/zone.js';
import { analysed, type Analysed } from './analysed.js';
import { LAST_DAY, randomRows, ZONE } from './lake.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** A quarter to midnight of the last day. */
const NOW = (ZONE.startOf(addDays(LAST_DAY, 1)) - 900) * 1000;

let lake: Analysed;
beforeAll(async () => {
  lake = await analysed(randomRows('hours'), NOW);
});
afterAll(() => lake.close());

const view = (filters: Filters) => lake.analysis.view(filters, { language: 'en', targetMinutes: 10, panels: [] });
const day = (back: number) => `${addDays(LAST_DAY, -back)}..${addDays(LAST_DAY, -back)}` as const;

it.each<Omit<Filters, 'period'>>([
  {},
  { channel: ['whatsapp'] },
  { kind: ['text'] },
  { direction: ['in'], kind: ['photo', 'voice', 'image'] },
  { person: ['telegram:1', 'telegram:3'] },
  { conversation: ['telegram:-1001000'] },
  { conversation: ['telegram:-1001000', 'whatsapp:5511900000002'], direction: ['in'] },
  { hour: [9, 10, 11, 20] },
])('each figure has in an hour of a day the value of that hour, under %j', async (limits) => {
  const { hour: wanted = HOURS } = limits;
  let seen = 0;
  for (const back of [1, 2, 3]) {
    const filters = { ...limits, period: day(back) };
    const { figures } = await view(filters);
    const of = async (hours: readonly number[]) => {
      const those = hours.filter((hour) => wanted.includes(hour));
      return those.length === 0 ? undefined : view({ ...filters, hour: those });
    };
    const hours = await Promise.all(HOURS.map((hour) => of([hour])));
    const until = await Promise.all(HOURS.map((hour) => of(HOURS.slice(0, hour + 1))));
    for (const [at, { id, kind, spark, value }] of figures.entries()) {
      const valueIn = (one: (typeof hours)[number]) => (one === undefined ? (kind === 'count' ? 0 : null) : one.figures[at]?.value);
      // Who is new is so once a day, in the first hour of theirs.
      const arrived = HOURS.map((hour) => Number(valueIn(until[hour])) - (hour === 0 ? 0 : Number(valueIn(until[hour - 1]))));
      expect([id, spark]).toEqual([id, id === 'newPeople' ? arrived : hours.map(valueIn)]);
      if (id === 'messages') seen += value ?? 0;
    }
  }
  expect(seen).toBeGreaterThan(0);
});

it('a day that is not over has no more hours than its newest message, whatever the filters, and no measure in a whole one', async () => {
  const all = await view({ period: 'today' });
  const hours = (course: readonly (number | null)[] = []) => course.filter((value) => value !== null).length;
  const reached = hours(all.figures[0]?.spark);
  expect(all.underway).toBe(true);
  expect(all.figures[0]?.spark[reached - 1]).toBeGreaterThan(0);
  const nobody = await view({ period: 'today', person: ['telegram:0'] });
  expect(nobody.figures[0]?.spark).toEqual(HOURS.map((hour) => (hour < reached ? 0 : null)));
  const silent = all.answers.find(({ id }) => id === 'silent');
  expect([silent?.tone, silent?.evidence]).toEqual(['plain', expect.stringMatching(/The day is not over\./)]);
  expect((await view({ period: day(1) })).underway).toBe(false);
  expect((await view({ period: day(-1) })).underway).toBe(true);
  expect((await view({ period: '7d' })).underway).toBe(false);
});
